#include "codec/customer_json.hpp"
#include "codec/json_tree.hpp"
#include "codec/order_json.hpp"
#include "codec/product_json.hpp"
#include "door.hpp"
#include "model/fold.hpp"

using namespace cartbell;
using namespace cartbell::test;

namespace {

Stamp stamp_at(int64_t position, Instant at) {
    Stamp stamp;
    stamp.position = position;
    stamp.received_at = at + second_us;
    stamp.occurred_at = at;
    return stamp;
}

struct Shop {
    Settings settings = shop_settings();
    std::vector<codec::Parsed> operations;
    std::vector<Entry> entries;

    void take(std::string_view json) {
        operations.reserve(16);
        operations.push_back(parse_one(json, settings));
        REQUIRE(errors_of(operations.back()).empty());
        const Operation &operation = operations.back().operation;
        const Instant at =
            operation.occurred_at != no_instant ? operation.occurred_at : Instant{1'000'000'000'000'000};
        entries.push_back({stamp_at(static_cast<int64_t>(entries.size()) + 1, at), &operation});
    }
    Order order() const { return fold_order(entries); }
    Customer customer() const { return fold_customer(operations.front().operation.customer.front(), entries); }
    Product product() const { return fold_product(entries); }
};

std::string order_text(const Order &order, const Settings &settings, codec::Detail detail) {
    std::string out;
    codec::append_order(out, order, settings, detail);
    return out;
}

// The compact text at a member path of a JSON text; "" if there is none.
std::string at(std::string_view json, std::initializer_list<std::string_view> path) {
    const Result<codec::Document> document = codec::read_document(json, 1 << 20, 64);
    if (!document.ok()) {
        FAIL(document.error().message << " in " << json);
        return {};
    }
    const codec::Node *node = &document->root();
    for (const std::string_view name : path) {
        if (node->kind == codec::Kind::array) {
            size_t index = std::stoul(std::string(name));
            const codec::Node *found = nullptr;
            for (const codec::Node &child : codec::children(document->tree, *node))
                if (index-- == 0) found = &child;
            node = found;
        } else {
            node = document->tree.find(*node, name);
        }
        if (!node) return {};
    }
    std::string out;
    codec::append_compact(out, document->tree, *node, codec::KeyOrder::as_is);
    return out;
}

}  // namespace

TEST_CASE("an order's state has the shape of an operation's order, with the computed members") {
    Shop shop;
    shop.take(order_example);
    const std::string json = order_text(shop.order(), shop.settings, codec::Detail::all);
    CHECK(at(json, {"order_id"}) == R"("100045")");
    CHECK(at(json, {"total"}) == R"("99.80")");
    CHECK(at(json, {"delivery", "address", "city"}) == R"("Riga")");
    CHECK(at(json, {"delivery", "address", "street"}) == R"("Brivibas iela 1")");
    CHECK(at(json, {"delivery", "cost"}) == R"("4.90")");
    CHECK(at(json, {"payment", "bonuses_paid"}) == R"("0")");
    CHECK(at(json, {"payments", "0", "installments"}) == "1");
    CHECK(at(json, {"lines", "0", "category"}) == R"(["Kitchen","Mugs"])");
    CHECK(at(json, {"lines", "0", "weight"}) == R"("0.4")");
    CHECK(at(json, {"lines", "0", "fields", "engraving"}) == R"("Anna")");
    CHECK(at(json, {"fields", "gift"}) == "true");
    CHECK(at(json, {"placed_at"}) == R"("2026-11-20T09:15:00Z")");
    CHECK(at(json, {"status", "payment"}) ==
          R"({"code":"awaiting","at":"2026-11-20T09:15:02Z","name":"Awaiting payment"})");
    CHECK(at(json, {"reached", "payment", "awaiting"}) == R"("2026-11-20T09:15:02Z")");
    CHECK(at(json, {"in_analytics"}) == "true");
    CHECK(at(json, {"line_count"}) == "1");
    CHECK(at(json, {"quantity"}) == R"("2")");
    CHECK(at(json, {"customer"}) == R"({"external_id":"C-17"})");
    CHECK(at(json, {"version"}) == "1");
    CHECK(
        at(json, {"history", "2"}) ==
        R"({"set":"payment","from":null,"to":"awaiting","at":"2026-11-20T09:15:02Z","received_at":"2026-11-20T09:15:01Z","source":"shop",)"
        R"("status":{"general":"received","delivery":"assembling","payment":"awaiting"}})");
}

TEST_CASE("the code before, and the first time of a code, are told") {
    Shop shop;
    for (const auto &[id, code] :
         {std::pair{"1", "awaiting"}, {"2", "paid"}, {"3", "refunded"}, {"4", "paid"}})
        shop.take(R"({"type":"order","id":")" + std::string(id) + R"(","occurred_at":"2026-01-0)" + id +
                  R"(T00:00:00Z","order":{"order_id":"1","status":{"payment":")" + code + R"("}}})");
    const std::string json = order_text(shop.order(), shop.settings, codec::Detail::all);
    CHECK(at(json, {"status", "payment", "previous"}) == R"("refunded")");
    CHECK(at(json, {"reached", "payment", "paid"}) == R"("2026-01-02T00:00:00Z")");
    CHECK(at(json, {"customer"}) == "null");
}

TEST_CASE("what was sent comes back as what can be sent: the same facts, and no computed member") {
    Shop shop;
    shop.take(order_example);
    shop.take(
        R"({"type":"order","id":"op-2","occurred_at":"2026-11-21T00:00:00Z","order":{"order_id":"100045","url":"u \"q\"","tax":"0.1234","coupons":["a","b"],)"
        R"("line_changes":[{"line_id":"2","name":"Tee","quantity":"0.5"}],"fields":{"deposit":"5 USD","weight":"1.5","due":"1990-05-14","tags":["x"],"points":7}}})");
    const Order order = shop.order();
    const std::string sent = order_text(order, shop.settings, codec::Detail::sent);
    Shop again;
    again.take(
        R"({"type":"order","id":"r","whole":true,"source":"shop","customer":{"external_id":"C-17"},"order":)" +
        sent + "}");
    const Order copy = again.order();
    CHECK(order_text(copy, again.settings, codec::Detail::sent) == sent);
    CHECK(copy.lines == order.lines);
    CHECK(copy.payments == order.payments);
    CHECK(copy.status == order.status);
    CHECK(copy.record.customs == order.record.customs);
    CHECK(copy.sent_placed_at == order.sent_placed_at);
}

TEST_CASE("a default placed_at is shown, and not sent") {
    Shop shop;
    shop.take(
        R"({"type":"order","id":"1","source":"shop","occurred_at":"2026-01-01T00:00:00Z","order":{"order_id":"1"}})");
    CHECK(at(order_text(shop.order(), shop.settings, codec::Detail::all), {"placed_at"}) ==
          R"("2026-01-01T00:00:00Z")");
    CHECK(at(order_text(shop.order(), shop.settings, codec::Detail::all), {"source"}) == R"("shop")");
    CHECK(order_text(shop.order(), shop.settings, codec::Detail::sent) ==
          R"({"order_id":"1","status":{},"payments":[],"lines":[]})");
}

TEST_CASE("money has its currency's digits, more only if they are not zero") {
    Shop shop;
    shop.take(order_json(R"("currency":"JPY","total":"1500","tax":"0.5","fields":{"deposit":"5 USD"})"));
    const std::string json = order_text(shop.order(), shop.settings, codec::Detail::all);
    CHECK(at(json, {"total"}) == R"("1500")");
    CHECK(at(json, {"tax"}) == R"("0.5")");
    CHECK(at(json, {"fields", "deposit"}) == R"("5.00 USD")");
}

TEST_CASE("kept JSON comes back as it was kept") {
    Shop shop;
    shop.settings.shop.keep_unknown_fields = true;
    shop.take(order_json(R"("fields":{"x":{"b":[1.50,null],"a":"é"}})"));
    CHECK(at(order_text(shop.order(), shop.settings, codec::Detail::sent), {"fields", "x"}) ==
          R"({"a":"é","b":[1.50,null]})");
}

TEST_CASE("a customer's state is identities and profile, and comes back as an operation") {
    Shop shop;
    shop.take(
        R"({"type":"customer","id":"1","occurred_at":"2026-01-01T00:00:00Z","customer":{"external_id":"C-17","email":"A@b.eu"},)"
        R"("profile":{"full_name":"Anna","birth_date":"--05-14","fields":{"vip":true}}})");
    std::string all, sent;
    codec::append_customer(all, shop.customer(), shop.settings, codec::Detail::all);
    CHECK(at(all, {"customer"}) == R"({"external_id":"C-17","email":"a@b.eu"})");
    CHECK(at(all, {"profile", "birth_date"}) == R"("--05-14")");
    CHECK(at(all, {"profile", "known"}) == "true");
    CHECK(at(all, {"profile", "fields"}) == R"({"vip":true})");
    CHECK(at(all, {"identities"}) == R"([{"external_id":"C-17"},{"email":"a@b.eu"}])");
    CHECK(at(all, {"version"}) == "1");
    codec::append_customer(sent, shop.customer(), shop.settings, codec::Detail::sent);
    CHECK(
        sent ==
        R"({"customer":{"external_id":"C-17","email":"a@b.eu"},"profile":{"full_name":"Anna","birth_date":"--05-14","fields":{"vip":true}}})");
    CHECK(errors_of(R"({"type":"customer","id":"2",)" + sent.substr(1)).empty());
}

TEST_CASE("a product's state has the shape of an operation's product, with the computed members, and comes back as an operation") {
    Shop shop;
    shop.take(
        R"({"type":"product","id":"1","occurred_at":"2026-01-01T00:00:00Z","product":{"product_id":"SKU-9","name":"Mug","category":["Kitchen","Mugs"],)"
        R"("price":"1500","currency":"JPY","stock":"12","fields":{"eco":true}}})");
    std::string all, sent;
    codec::append_product(all, shop.product(), shop.settings, codec::Detail::all);
    CHECK(all ==
          R"({"product_id":"SKU-9","name":"Mug","category":["Kitchen","Mugs"],"price":"1500","currency":"JPY","stock":"12","available":true,)"
          R"("created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z","price_changed_at":"2026-01-01T00:00:00Z",)"
          R"("stock_changed_at":"2026-01-01T00:00:00Z","fields":{"eco":true},"version":1})");
    codec::append_product(sent, shop.product(), shop.settings, codec::Detail::sent);
    CHECK(sent ==
          R"({"product_id":"SKU-9","name":"Mug","category":["Kitchen","Mugs"],"price":"1500","currency":"JPY","stock":"12","fields":{"eco":true}})");
    CHECK(errors_of(R"({"type":"product","id":"2","whole":true,"product":)" + sent + "}").empty());
}
