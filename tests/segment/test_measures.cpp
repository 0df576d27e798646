#include <doctest/doctest.h>

#include "segment/asked.hpp"

using namespace cartbell;
using namespace cartbell::testing;

namespace {

// Three purchases and a cancelled order.
const std::string ann = with_orders(R"(
  {"order_id":"1","placed_at":"2026-01-10T12:00:00Z","total":"10.00","coupons":["A"],
   "lines":[{"line_id":"1","product_id":"mug","quantity":"2","price":"3.00","total":"6.00","category":["Kitchen","Mugs"]},
            {"line_id":"2","product_id":"pan","quantity":"1","total":"4.00"}]},
  {"order_id":"2","placed_at":"2026-02-10T12:00:00Z","total":"30.00","status":{"general":"completed","payment":"paid"},
   "lines":[{"line_id":"1","product_id":"mug","quantity":"1","total":"30.00"}]},
  {"order_id":"3","placed_at":"2026-03-10T12:00:00Z","total":"20.00","status":{"general":"completed"}},
  {"order_id":"4","placed_at":"2026-04-10T12:00:00Z","total":"500.00","status":{"general":"cancelled"},
   "lines":[{"line_id":"1","product_id":"car","quantity":"1","total":"500.00"}]})");
const std::string nobody = R"({"customer":{"anonymous_id":"a"}})";

}  // namespace

TEST_CASE(
    "orders and lines see every order; purchases and bought those whose statuses are all in_analytics (a set "
    "without a status counts)") {
    const Shop shop;
    CHECK(shop.holds(R"({"orders":{"count":4}})", ann));
    CHECK(shop.holds(R"({"purchases":{"count":3}})", ann));
    CHECK(shop.holds(R"({"lines":{"count":4}})", ann));
    CHECK(shop.holds(R"({"bought":{"count":3}})", ann));
    CHECK(shop.holds(R"({"orders":{"where":{"in_analytics":false},"count":1}})", ann));
    CHECK(shop.holds(R"({"lines":{"where":{"order.in_analytics":true},"count":3}})", ann));
}

TEST_CASE("one AGGREGATE at most, default count at least 1") {
    const Shop shop;
    CHECK(shop.holds(R"({"purchases":{}})", ann));
    CHECK_FALSE(shop.holds(R"({"purchases":{}})", nobody));
    CHECK_FALSE(shop.holds(R"({"bought":{"where":{"product_id":"car"}}})", ann));
    CHECK(shop.refused(R"({"orders":{"count":1,"sum":{"of":"total","is":1}}})") == "bad_type /orders/sum");
}

TEST_CASE(
    "over no rows count, sum, distinct are 0, every and none hold, first and last do not, the others are "
    "missing") {
    const Shop shop;
    for (const char *held :
         {R"({"orders":{"count":0}})", R"({"orders":{"sum":{"of":"total","is":0}}})",
          R"({"orders":{"distinct":{"of":"source","is":0}}})", R"({"orders":{"every":{"total":{"gt":1}}}})",
          R"({"orders":{"none":{"total":{"gt":1}}}})",
          R"({"orders":{"avg":{"of":"total","is":{"exists":false}}}})",
          R"({"orders":{"min":{"of":"total","is":{"exists":false}}}})",
          R"({"orders":{"max":{"of":"total","is":{"exists":false}}}})",
          R"({"orders":{"mode":{"of":"source","is":{"exists":false}}}})"}) {
        CAPTURE(held);
        CHECK(shop.holds(held, nobody));
    }
    CHECK_FALSE(shop.holds(R"({"orders":{"first":{}}})", nobody));
    CHECK_FALSE(shop.holds(R"({"orders":{"last":{}}})", nobody));
    CHECK_FALSE(shop.holds(R"({"orders":{"avg":{"of":"total","is":{"ge":0}}}})", nobody));
    CHECK_FALSE(shop.holds(R"({"orders":{"avg":{"of":"total","is":{"lt":5}}}})", nobody));
}

TEST_CASE("aggregates are exact") {
    const Shop shop;
    CHECK(shop.holds(R"({"purchases":{"sum":{"of":"total","is":60}}})", ann));
    CHECK(shop.holds(R"({"purchases":{"avg":{"of":"total","is":"20.00"}}})", ann));
    CHECK(shop.holds(R"({"orders":{"avg":{"of":"total","is":{"between":["140","140"]}}}})", ann));
    CHECK(shop.holds(R"({"purchases":{"min":{"of":"total","is":"10"}}})", ann));
    CHECK(shop.holds(R"({"purchases":{"max":{"of":"total","is":{"eq":30.00}}}})", ann));
    CHECK(shop.holds(R"({"lines":{"sum":{"of":"quantity","is":5}}})", ann));
    CHECK(shop.holds(R"({"lines":{"distinct":{"of":"product_id","is":3}}})", ann));
    CHECK(shop.holds(R"({"purchases":{"max":{"of":"placed_at","is":{"before":"2026-03-11"}}}})", ann));
}

TEST_CASE("avg is tested exactly: a third of 1 is neither 0.333333 nor 0.3333") {
    const Shop shop;
    const std::string third =
        with_orders(R"({"order_id":"1","lines":[{"line_id":"1","quantity":"1","price":"1"},
        {"line_id":"2","quantity":"0","price":"0"},{"line_id":"3","quantity":"0","price":"0"}]})");
    CHECK(shop.holds(R"({"lines":{"avg":{"of":"quantity","is":{"gt":"0.333333","lt":"0.333334"}}}})", third));
    CHECK_FALSE(shop.holds(R"({"lines":{"avg":{"of":"quantity","is":"0.333333"}}})", third));
    CHECK(shop.holds(R"({"lines":{"avg":{"of":"price","is":{"gt":"0.3333","lt":"0.3334"}}}})", third));
}

TEST_CASE("rows whose value is missing are left out of a sum or average") {
    const Shop shop;
    const std::string some =
        with_orders(R"({"order_id":"1","lines":[{"line_id":"1","quantity":"4"},{"line_id":"2"}]})");
    CHECK(shop.holds(R"({"lines":{"avg":{"of":"quantity","is":4}}})", some));
    CHECK(shop.holds(R"({"lines":{"sum":{"of":"quantity","is":4}}})", some));
    CHECK(shop.holds(R"({"lines":{"count":2}})", some));
    const auto why = shop.explained(R"({"lines":{"avg":{"of":"quantity","is":4}}})", some);
    REQUIRE(why.left_out.size() == 1);
    CHECK(why.left_out[0].reason == "value_missing");
    CHECK(why.left_out[0].rows == 1);
}

TEST_CASE("first and last choose among the rows that where and period leave") {
    const Shop shop;
    CHECK(shop.holds(R"({"purchases":{"last":{"order_id":"3"}}})", ann));
    CHECK(shop.holds(R"({"orders":{"last":{"order_id":"4"}}})", ann));
    CHECK(shop.holds(R"({"orders":{"first":{"order_id":"1"}}})", ann));
    CHECK(shop.holds(R"({"orders":{"where":{"total":{"gt":15}},"first":{"order_id":"2"}}})", ann));
    CHECK(shop.holds(
        R"({"orders":{"period":{"between":["2026-02-01","2026-03-01"]},"last":{"order_id":"2"}}})", ann));
    CHECK_FALSE(shop.holds(R"({"orders":{"where":{"total":{"gt":1000}},"last":{}}})", ann));
}

TEST_CASE("equal times by order_id, then the line's position") {
    const Shop shop;
    const std::string twins = with_orders(R"(
      {"order_id":"b","placed_at":"2026-01-01T00:00:00Z","lines":[{"line_id":"9","name":"x"},{"line_id":"1","name":"y"}]},
      {"order_id":"a","placed_at":"2026-01-01T00:00:00Z","lines":[{"line_id":"5","name":"z"}]})");
    CHECK(shop.holds(R"({"orders":{"first":{"order_id":"a"}}})", twins));
    CHECK(shop.holds(R"({"orders":{"last":{"order_id":"b"}}})", twins));
    CHECK(shop.holds(R"({"lines":{"first":{"name":"z"}}})", twins));
    CHECK(shop.holds(R"({"lines":{"last":{"name":"y"}}})", twins));
}

TEST_CASE("mode is the most frequent value by rows (of equals the newest)") {
    const Shop shop;
    CHECK(shop.holds(R"({"lines":{"mode":{"of":"product_id","is":"mug"}}})", ann));
    const std::string even = with_orders(R"(
      {"order_id":"1","placed_at":"2026-01-01T00:00:00Z","payment":{"type":"card"}},
      {"order_id":"2","placed_at":"2026-01-02T00:00:00Z","payment":{"type":"cash"}},
      {"order_id":"3","placed_at":"2026-01-03T00:00:00Z","payment":{"type":"cash"}},
      {"order_id":"4","placed_at":"2026-01-04T00:00:00Z","payment":{"type":"card"}},
      {"order_id":"5","placed_at":"2026-01-05T00:00:00Z","payment":{"type":"cod"}})");
    CHECK(shop.holds(R"({"orders":{"mode":{"of":"payment.type","is":"card"}}})", even));
    CHECK(shop.holds(
        R"({"orders":{"where":{"order_id":{"not_in":["4"]}},"mode":{"of":"payment.type","is":"cash"}}})",
        even));
}

TEST_CASE("every and none ask all rows that where and period leave") {
    const Shop shop;
    CHECK(shop.holds(R"({"purchases":{"every":{"total":{"le":30}}}})", ann));
    CHECK_FALSE(shop.holds(R"({"orders":{"every":{"total":{"le":30}}}})", ann));
    CHECK(shop.holds(R"({"purchases":{"none":{"total":{"gt":30}}}})", ann));
    CHECK_FALSE(shop.holds(R"({"orders":{"none":{"total":{"gt":30}}}})", ann));
    CHECK(shop.holds(R"({"orders":{"where":{"total":{"gt":15}},"none":{"total":10}}})", ann));
}

TEST_CASE("conditions of one row bind to one and the same row") {
    const Shop shop;
    CHECK(shop.holds(R"({"lines":{"where":{"product_id":"mug","quantity":2}}})", ann));
    CHECK_FALSE(shop.holds(R"({"lines":{"where":{"product_id":"pan","quantity":2}}})", ann));
    CHECK(shop.holds(
        R"({"orders":{"where":{"lines":{"where":{"product_id":"mug"}},"total":{"lt":15}},"count":1}})", ann));
    CHECK_FALSE(shop.holds(
        R"({"orders":{"where":{"lines":{"where":{"product_id":"car"}},"total":{"lt":15}}}})", ann));
}

TEST_CASE("in an order row lines, payments and history are measures of that order") {
    const Shop shop;
    CHECK(shop.holds(R"({"orders":{"where":{"lines":{"count":2}},"count":1}})", ann));
    CHECK(shop.holds(R"({"orders":{"where":{"lines":{"sum":{"of":"total","is":{"ge":"30"}}}},"count":2}})",
                     ann));
    CHECK(shop.holds(R"({"orders":{"last":{"lines":{"where":{"product_id":"car"}}}}})", ann));
    const std::string paid = with_orders(R"({"order_id":"1","placed_at":"2026-01-01T00:00:00Z",
      "status":{"payment":{"code":"awaiting","at":"2026-01-01T00:00:00Z"}},
      "payments":[{"payment_id":"1","type":"voucher","amount":"20.00"},{"payment_id":"2","type":"card","amount":"5.00"}],
      "history_ops":[{"occurred_at":"2026-01-03T00:00:00Z","status":{"payment":"paid"}},
                     {"occurred_at":"2026-01-04T00:00:00Z","status":{"delivery":"shipped"}}]})");
    CHECK(shop.holds(
        R"({"orders":{"where":{"payments":{"where":{"type":"voucher"},"sum":{"of":"amount","is":20}}}}})",
        paid));
    CHECK(shop.holds(
        R"({"orders":{"where":{"history":{"where":{"set":"payment","from":"awaiting","to":"paid"}}}}})",
        paid));
    CHECK(shop.holds(
        R"({"orders":{"where":{"history":{"where":{"status.payment":"paid","status.delivery":"shipped"},"count":1}}}})",
        paid));
    CHECK(shop.holds(
        R"({"orders":{"where":{"history":{"period":{"between":["2026-01-03","2026-01-04"]},"count":1}}}})",
        paid));
    CHECK(shop.holds(
        R"({"orders":{"where":{"history":{"first":{"to":"awaiting"},"where":{"set":"payment"}}}}})", paid));
    CHECK(shop.holds(R"({"orders":{"where":{"history":{"last":{"set":"delivery","source":"system"}}}}})",
                     paid));
}

TEST_CASE(
    "status.<set> is the code, .at since when, .previous the code before, .name; reached.<set>.<code> when "
    "the order first got it") {
    const Shop shop;
    const std::string moved = with_orders(R"({"order_id":"1","placed_at":"2026-01-01T00:00:00Z",
      "status":{"delivery":{"code":"assembling","at":"2026-01-01T00:00:00Z"}},
      "history_ops":[{"occurred_at":"2026-01-02T00:00:00Z","status":{"delivery":"shipped"}},
                     {"occurred_at":"2026-01-05T00:00:00Z","status":{"delivery":"ready"}},
                     {"occurred_at":"2026-01-06T00:00:00Z","status":{"delivery":"shipped"}}]})");
    CHECK(shop.holds(
        R"({"orders":{"where":{"status.delivery":"shipped","status.delivery.previous":"ready","status.delivery.name":"Shipped",
        "status.delivery.at":"2026-01-06T00:00:00Z","reached.delivery.shipped":"2026-01-02"}}})",
        moved));
    CHECK(shop.holds(
        R"({"orders":{"where":{"reached.delivery.delivered":{"exists":false},"status.payment":{"exists":false}}}})",
        moved));
}

TEST_CASE("line rows reach their order and customer") {
    const Shop shop;
    const std::string riga = R"({"customer":{"external_id":"C-1"},"profile":{"city":"Riga"},
       "orders":[{"order_id":"1","total":"9.00","lines":[{"line_id":"1","category":["Kitchen","Mugs"]}]}]})";
    CHECK(shop.holds(R"({"lines":{"where":{"order.total":9,"customer.city":"Riga","category.1":"Mugs"}}})",
                     riga));
    CHECK(shop.holds(R"({"orders":{"where":{"customer.city":"Riga"}}})", riga));
}

TEST_CASE("a predicate ranges over every customer; known keeps those with an external id, e-mail or phone") {
    const Shop shop;
    CHECK(shop.holds("true", nobody));
    CHECK_FALSE(shop.holds("false", nobody));
    CHECK(shop.holds(R"({"customer":{"known":false}})", nobody));
    CHECK(shop.holds(R"({"customer":{"known":true}})", ann));
}

TEST_CASE("all, any, not and at_least combine predicates") {
    const Shop shop;
    CHECK(shop.holds(R"({"all":[]})", nobody));
    CHECK_FALSE(shop.holds(R"({"any":[]})", nobody));
    CHECK(shop.holds(R"({"all":[true,{"not":false}]})", nobody));
    CHECK(shop.holds(R"({"at_least":2,"of":[true,false,true]})", nobody));
    CHECK_FALSE(shop.holds(R"({"at_least":3,"of":[true,false,true]})", nobody));
    CHECK(shop.holds(R"({"at_least":0,"of":[false]})", nobody));
    CHECK(shop.holds(
        R"({"customer":{"any":[{"city":"Riga"},{"known":false}],"not":{"city":"Riga"},"all":[{"known":false}]}})",
        nobody));
}

TEST_CASE("segment inside segment uses the other's verdict and its next change") {
    const Shop shop;
    const auto inner = shop.compile(R"({"purchases":{"period":{"past":"10d"}}})");
    REQUIRE(inner.ok());
    const auto find = [&](std::string_view code) {
        return code == "fresh" ? inner->program : std::shared_ptr<const segment::Program>{};
    };
    const auto outer = shop.compile(R"({"not":{"segment":"fresh"}})", find);
    REQUIRE(outer.ok());
    const Person person = person_of(ann, shop.settings);
    const auto verdict = evaluate(*outer->program, person.facts(), shop.world(time("2026-03-11T00:00:00Z")));
    CHECK_FALSE(verdict.holds);
    CHECK(format_instant(verdict.next_change) == "2026-03-20T12:00:00Z");
    CHECK(shop.refused(R"({"any":[{"segment":"unknown"}]})", find) == "unknown_segment /any/0/segment");
}

TEST_CASE("the seed's own example: fewer than 5 purchases, the last more than a month ago") {
    const Shop shop;
    const char *predicate =
        R"({"all":[{"purchases":{"count":{"lt":5}}},{"purchases":{"last":{"placed_at":{"ago":{"gt":"1mo"}}}}}]})";
    CHECK(shop.at(predicate, ann, "2026-04-10T12:00:00Z") == "false 2026-04-10T12:00:00.000001Z");
    CHECK(shop.at(predicate, ann, "2026-04-10T12:00:00.000001Z") == "true never");
    CHECK(shop.at(predicate, nobody, "2026-04-10T12:00:00Z") == "false never");
}
