// Tests of texts, numbers, money, lists and undeclared fields (formats.md §2 "test", "Rules").
#include <doctest/doctest.h>

#include "segment/asked.hpp"

using namespace cartbell;
using namespace cartbell::testing;

namespace {

const std::string mug = with_orders(
    R"({"order_id":"100045","placed_at":"2026-03-10T12:00:00Z","currency":"EUR","subtotal":"49.90","total":"54.80",
  "delivery":{"cost":"4.90","address":{"city":"Riga"},"note":"Ring twice"},"coupons":["SPRING","VIP"],
  "lines":[{"line_id":"1","name":"Mug","category":["Kitchen","Mugs"],"quantity":"2.5","price":"19.96"}]})");

std::string order(std::string_view row) {
    return R"({"orders":{"where":)" + std::string(row) + "}}";
}
std::string line(std::string_view row) {
    return R"({"lines":{"where":)" + std::string(row) + "}}";
}

void all_hold(const Shop &shop, const std::string &person, std::initializer_list<std::string> predicates) {
    for (const std::string &predicate : predicates) {
        CAPTURE(predicate);
        CHECK(shop.holds(predicate, person));
    }
}
void none_holds(const Shop &shop, const std::string &person, std::initializer_list<std::string> predicates) {
    for (const std::string &predicate : predicates) {
        CAPTURE(predicate);
        CHECK_FALSE(shop.holds(predicate, person));
    }
}

}  // namespace

TEST_CASE("texts are compared by their bytes") {
    all_hold(
        Shop(), mug,
        {order(R"({"delivery.address.city":"Riga"})"), order(R"({"delivery.address.city":{"ne":"riga"}})"),
         order(R"({"delivery.address.city":{"in":["Tallinn","Riga"]}})"),
         order(R"({"delivery.address.city":{"not_in":[]}})"),
         order(R"({"delivery.note":{"contains":"twice","starts_with":"Ring","ends_with":"e"}})"),
         order(R"({"delivery.address.city":{"in":["a","b","c","d","e","f","Riga","h","i","j"]}})"),
         order(R"({"delivery.address.city":{"not_in":["a","b","c","d","e","f","g","h","i","j"]}})")});
    none_holds(
        Shop(), mug,
        {order(R"({"delivery.address.city":"riga"})"), order(R"({"delivery.note":{"contains":"Twice"}})"),
         order(R"({"delivery.address.city":{"in":[]}})"),
         order(R"({"delivery.address.city":{"in":["a","b","c","d","e","f","g","h","i","j"]}})")});
}

TEST_CASE(
    "a test on a missing value, or with a missing operand, is false for every operator but exists:false; not "
    "is plain negation") {
    const Shop shop;
    none_holds(
        shop, mug,
        {order(R"({"delivery.tracking":{"ne":"x"}})"), order(R"({"delivery.tracking":{"not_in":["x"]}})"),
         order(R"({"delivery.tracking":{"exists":true}})"), order(R"({"refunded":{"lt":5}})"),
         order(R"({"total":{"ne":{"field":"refunded"}}})"),
         order(R"({"total":{"in":["54.80",{"field":"refunded"}]}})"),
         order(R"({"delivery.until":{"ago":{"ne":"1d"}}})"), line(R"({"brand":{"ne":"x"}})")});
    all_hold(
        shop, mug,
        {order(R"({"delivery.tracking":{"exists":false}})"), order(R"({"not":{"delivery.tracking":"x"}})"),
         order(R"({"not":{"total":{"lt":{"field":"refunded"}}}})")});
}

TEST_CASE("numbers are exact decimals") {
    Shop shop;
    shop.field(Object::order, "big", Type::integer).field(Object::order, "ratio", Type::decimal);
    const std::string numbers =
        with_orders(R"({"order_id":"1","fields":{"big":9223372036854775807,"ratio":"0.1"}})");
    all_hold(shop, numbers,
             {order(R"({"fields.big":9223372036854775807})"),
              order(R"({"fields.big":{"gt":9223372036854775806}})"), order(R"({"fields.ratio":0.1})"),
              order(R"({"fields.ratio":"0.10"})"), order(R"({"fields.ratio":{"lt":0.100001}})"),
              order(R"({"fields.big":{"gt":1e3}})")});
    all_hold(shop, mug,
             {line(R"({"quantity":2.5})"), line(R"({"quantity":{"between":["2.5","2.500001"]}})"),
              order(R"({"quantity":2.5})"), order(R"({"line_count":{"lt":1.5}})")});
    CHECK(shop.refused(order(R"({"fields.ratio":0.1234567})")) == "bad_constant /orders/where/fields.ratio");
    CHECK(shop.refused(order(R"({"fields.big":1e30})")) == "bad_constant /orders/where/fields.big");
}

TEST_CASE("operands are fields of the same row, times a number, plus or minus a value") {
    all_hold(Shop(), mug,
             {order(R"({"total":{"gt":{"field":"subtotal"}}})"),
              order(R"({"total":{"eq":{"field":"subtotal","plus":"4.90"}}})"),
              order(R"({"subtotal":{"eq":{"field":"total","minus":"4.90 EUR"}}})"),
              order(R"({"total":{"between":[{"field":"subtotal"},{"field":"subtotal","times":1.1}]}})"),
              order(R"({"subtotal":{"eq":{"field":"delivery.cost","times":10,"plus":0.90}}})"),
              line(R"({"quantity":{"lt":{"field":"quantity","plus":0.000001}}})")});
    const Shop shop;
    CHECK(shop.refused(order(R"({"total":{"gt":{"field":"placed_at"}}})")) ==
          "bad_type /orders/where/total/gt/field");
    CHECK(shop.refused(order(R"({"total":{"gt":{"field":"nothing"}}})")) ==
          "unknown_path /orders/where/total/gt/field");
    CHECK(shop.refused(order(R"({"placed_at":{"gt":{"field":"delivery.at","times":2}}})")) ==
          "bad_type /orders/where/placed_at/gt/times");
    CHECK(shop.refused(R"({"orders":{"sum":{"of":"total","is":{"gt":{"field":"total"}}}}})") ==
          "bad_type /orders/sum/is/gt");
    CHECK(shop.refused(order(R"({"total":{"gt":{"this":"order.total"}}})")) ==
          "not_yet /orders/where/total/gt/this");
}

TEST_CASE("against a list a constant means has this element; under is a path prefix") {
    all_hold(Shop(), mug,
             {order(R"({"coupons":"VIP"})"), order(R"({"coupons":{"ne":"WINTER"}})"),
              order(R"({"coupons":{"contains":"VIP"}})"), order(R"({"coupons":{"in":["X","VIP"]}})"),
              order(R"({"coupons":{"not_in":["X"]}})"), order(R"({"coupons":{"any_of":["X","SPRING"]}})"),
              order(R"({"coupons":{"all_of":["VIP","SPRING"]}})"), order(R"({"coupons":{"none_of":["X"]}})"),
              line(R"({"category":{"under":["Kitchen"]}})"),
              line(R"({"category":{"under":["Kitchen","Mugs"]}})"), line(R"({"category.0":"Kitchen"})")});
    none_holds(Shop(), mug,
               {order(R"({"coupons":"SPRINGVIP"})"), order(R"({"coupons":{"all_of":["VIP","X"]}})"),
                order(R"({"coupons":{"none_of":["VIP"]}})"), line(R"({"category":{"under":["Mugs"]}})"),
                line(R"({"category":{"under":["Kitchen","Mugs","Blue"]}})"),
                line(R"({"category.2":{"exists":true}})")});
}

TEST_CASE("a constant without currency is in the test's currency, else the measure's, else the shop's") {
    Shop shop;
    shop.rate("USD", "EUR", "2026-01-01", "0.5");
    const std::string dollars = with_orders(
        R"({"order_id":"1","placed_at":"2026-03-10T12:00:00Z","currency":"USD","total":"10.00"})");
    all_hold(shop, dollars,
             {order(R"({"total":"5.00"})"), order(R"({"total":"10.00 USD"})"),
              order(R"({"total":{"eq":10,"currency":"USD"}})"),
              R"({"orders":{"currency":"USD","where":{"total":10}}})",
              R"({"orders":{"currency":"USD","sum":{"of":"total","is":10}}})",
              R"({"orders":{"sum":{"of":"total","is":5}}})",
              R"({"orders":{"sum":{"of":"total","is":{"eq":10,"currency":"USD"}}}})",
              R"({"orders":{"sum":{"of":"total","is":"10 USD"}}})"});
    CHECK(shop.refused(R"({"orders":{"currency":"USD","sum":{"of":"total","is":"5 EUR"}}})") ==
          "bad_constant /orders/sum/is");
    CHECK(shop.refused(R"({"orders":{"sum":{"of":"total","is":{"between":["5 EUR","5 USD"]}}}})") ==
          "bad_constant /orders/sum/is/between/1");
}

TEST_CASE(
    "converted by the newest rate dated at or before the order's day in the shop's zone, else by the "
    "inverse, never in chains") {
    Shop shop("Asia/Tokyo");
    shop.rate("USD", "EUR", "2026-03-10", "0.5")
        .rate("USD", "EUR", "2026-03-11", "0.25")
        .rate("EUR", "GBP", "2026-01-01", "0.8");
    const auto dollars = [](std::string_view at, std::string_view currency) {
        return with_orders(R"({"order_id":"1","placed_at":")" + std::string(at) + R"(","currency":")" +
                           std::string(currency) + R"(","total":"10.00"})");
    };
    CHECK(shop.holds(order(R"({"total":5})"), dollars("2026-03-10T14:59:59Z", "USD")));
    CHECK(
        shop.holds(order(R"({"total":2.5})"), dollars("2026-03-10T15:00:00Z", "USD")));  // the 11th in Tokyo
    CHECK_FALSE(shop.holds(order(R"({"total":{"ge":0}})"),
                           dollars("2026-03-09T00:00:00Z", "USD")));  // no rate yet: false
    CHECK(shop.holds(order(R"({"total":12.5})"),
                     dollars("2026-03-09T00:00:00Z", "GBP")));  // the inverse of 0.8
    CHECK_FALSE(shop.holds(order(R"({"total":{"ge":"0 GBP"}})"),
                           dollars("2026-03-12T00:00:00Z", "USD")));  // never in chains
}

TEST_CASE("without a rate a test is false and a row is left out of aggregates, named in the explanation") {
    const Shop shop;
    const std::string mixed =
        with_orders(R"({"order_id":"1","placed_at":"2026-03-10T12:00:00Z","currency":"USD","total":"10.00"},
       {"order_id":"2","placed_at":"2026-03-11T12:00:00Z","total":"7.00"})");
    const char *sum = R"({"orders":{"sum":{"of":"total","is":7}}})";
    CHECK(shop.holds(sum, mixed));
    CHECK(shop.holds(R"({"orders":{"count":2}})", mixed));
    CHECK(shop.holds(R"({"orders":{"where":{"total":{"gt":0}},"count":1}})", mixed));
    CHECK(shop.holds(R"({"orders":{"where":{"not":{"total":{"gt":0}}},"count":1}})",
                     mixed));  // not is plain negation
    for (const char *asked : {sum, R"({"orders":{"where":{"total":{"gt":0}},"count":1}})"}) {
        const auto why = shop.explained(asked, mixed);
        REQUIRE(why.left_out.size() == 1);
        CHECK(why.left_out[0].reason == "no_rate");
        CHECK(why.left_out[0].rows == 1);
    }
}

TEST_CASE("rounded half even to 4 decimals row by row") {
    Shop shop;
    shop.rate("USD", "EUR", "2026-01-01", "0.5");
    const std::string rows =
        with_orders(R"({"order_id":"1","placed_at":"2026-03-10T12:00:00Z","currency":"USD","total":"0.0001"},
       {"order_id":"2","placed_at":"2026-03-11T12:00:00Z","currency":"USD","total":"0.0003"})");
    CHECK(shop.holds(R"({"orders":{"sum":{"of":"total","is":"0.0002"}}})",
                     rows));  // 0.00005 -> 0, 0.00015 -> 0.0002
}

TEST_CASE("money of a customer is converted at today's rate, which can change at the shop's midnight") {
    Shop shop;
    shop.field(Object::customer, "credit", Type::money)
        .rate("USD", "EUR", "2026-03-10", "0.5")
        .rate("USD", "EUR", "2026-03-11", "2");
    const std::string credit = with_profile(R"({"fields":{"credit":"10.00 USD"}})");
    CHECK(shop.at(R"({"customer":{"fields.credit":{"gt":5}}})", credit, "2026-03-10T10:00:00Z") ==
          "false 2026-03-11T00:00:00Z");
    CHECK(shop.at(R"({"customer":{"fields.credit":{"gt":5}}})", credit, "2026-03-11T00:00:00Z") ==
          "true 2026-03-12T00:00:00Z");
}

TEST_CASE("dates without year are equal to themselves and have no order") {
    const std::string may = with_profile(R"({"birth_date":"--05-14"})");
    CHECK(Shop().holds(R"({"customer":{"birth_date":"--05-14"}})", may));
    CHECK(Shop().holds(R"({"customer":{"birth_date":{"ne":"1990-05-14"}}})", may));
    CHECK_FALSE(Shop().holds(R"({"customer":{"birth_date":{"before":"1990-05-14"}}})", may));
    CHECK_FALSE(Shop().holds(R"({"customer":{"birth_date":{"ge":"0001-01-01"}}})", may));
    CHECK(Shop().holds(R"({"customer":{"birth_date":{"between":["1990-05-14","1990-05-14"]}}})",
                       with_profile(R"({"birth_date":"1990-05-14"})")));
}

TEST_CASE("an undeclared kept field is what its JSON is") {
    Shop shop;
    shop.settings.shop.keep_unknown_fields = true;
    const std::string kept = with_orders(
        R"({"order_id":"1","fields":{"t":"a\"\u00e9\ud83d\ude00","n":12.5,"b":true,"l":["x",7],"o":{"p":1}}})");
    all_hold(shop, kept,
             {order(R"({"fields.t":"a\"é😀"})"), order(R"({"fields.n":{"gt":12,"lt":12.6}})"),
              order(R"({"fields.b":true})"), order(R"({"fields.l":"x"})"),
              order(R"({"fields.l":{"any_of":["7"]}})"), order(R"({"fields.o":{"exists":true}})"),
              order(R"({"fields.n":{"ne":"text"}})"), R"({"orders":{"sum":{"of":"fields.n","is":12.5}}})",
              R"({"orders":{"mode":{"of":"fields.t","is":{"starts_with":"a"}}}})"});
    none_holds(shop, kept,
               {order(R"({"fields.n":"12.5"})"), order(R"({"fields.o":1})"),
                order(R"({"fields.t":{"gt":1}})"), order(R"({"fields.none":{"ne":1}})")});
}
