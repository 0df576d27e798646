// formats.md §1: {"type":"product","id":"…","product":{"product_id":"SKU-9","name":"Mug",…,"fields":{}}}
#include "door.hpp"

using namespace cartbell;
using namespace cartbell::test;

namespace {

std::string product_json(std::string_view members, std::string_view source = "shop") {
    std::string json = R"({"type":"product","id":"1","source":")" + std::string(source) + R"(","product":{"product_id":"SKU-9")";
    if (!members.empty()) json += ",";
    return json + std::string(members) + "}}";
}

}  // namespace

TEST_CASE("the example of a product is read whole") {
    const codec::Parsed parsed = parse_one(product_json(
        R"("group_id":"mugs","name":"Mug","brand":"Kiln","url":"u","image_url":"i","category":["Kitchen","Mugs"],"price":"49.95","old_price":60,)"
        R"("currency":"EUR","stock":"12","available":true,"fields":{"eco":true})"));
    REQUIRE(errors_of(parsed).empty());
    const Operation &operation = parsed.operation;
    CHECK(operation.type == OperationType::product);
    CHECK(operation.customer.empty());
    CHECK(operation.product.product_id == "SKU-9");
    const Record &attributes = operation.product.attributes;
    CHECK(attributes.text(product_field::name) == "Mug");
    CHECK(*attributes.find(product_field::category) == Value::of_list({"Kitchen", "Mugs"}));
    CHECK(attributes.find(product_field::price)->number == 499'500);
    CHECK(attributes.find(product_field::old_price)->number == 600'000);
    CHECK(attributes.find(product_field::stock)->number == 12 * decimal_unit_e6);
    CHECK(attributes.find(product_field::available)->number == 1);
    CHECK(attributes.find_custom("eco")->number == 1);
    for (size_t i = 1; i < attributes.cells.size(); ++i) CHECK(attributes.cells[i - 1].field < attributes.cells[i].field);
}

TEST_CASE("a product is a patch: null clears") {
    const codec::Parsed parsed = parse_one(product_json(R"("price":null,"category":null,"fields":{"eco":null})"));
    REQUIRE(errors_of(parsed).empty());
    CHECK(parsed.operation.product.attributes.find(product_field::price)->missing());
    CHECK(parsed.operation.product.attributes.find(product_field::category)->missing());
    CHECK(parsed.operation.product.attributes.find_custom("eco")->missing());
}

TEST_CASE("what is wrong with a product, each with its pointer") {
    CHECK(errors_of(R"({"type":"product","id":"1"})") == Errors{"missing_product /product"});
    CHECK(errors_of(R"({"type":"product","id":"1","product":null})") == Errors{"missing_product /product"});
    CHECK(errors_of(R"({"type":"product","id":"1","product":[]})") == Errors{"bad_type /product"});
    CHECK(errors_of(R"({"type":"product","id":"1","product":{}})") == Errors{"missing_product_id /product/product_id"});
    CHECK(errors_of(R"({"type":"product","id":"1","product":{"product_id":""}})") == Errors{"empty /product/product_id"});
    CHECK(errors_of(R"({"type":"product","id":"1","product":{"product_id":7}})") == Errors{"bad_type /product/product_id"});
    CHECK(errors_of(product_json(R"("price":"5 EUR","stock":"x","category":"Mugs","available":1,"currency":"EURO","name":3)")) ==
          Errors{"not_a_number /product/price", "not_a_number /product/stock", "bad_type /product/category", "bad_type /product/available",
                 "unknown_currency /product/currency", "bad_type /product/name"});
    CHECK(errors_of(product_json(R"("price":"0.00001")")) == Errors{"too_many_decimals /product/price"});
    CHECK(errors_of(product_json(R"("created_at":null,"version":1,"price_changed_at":"2026-01-01T00:00:00Z")")) ==
          Errors{"computed /product/created_at", "computed /product/version", "computed /product/price_changed_at"});
    CHECK(errors_of(product_json(R"("fields":{"ecco":true,"eco":"yes"})")) ==
          Errors{"unknown_field /product/fields/ecco", "bad_type /product/fields/eco"});
    const codec::Parsed amount = parse_one(product_json(R"("price":"5 EUR")"));
    CHECK(amount.errors.at(0).message.find("product has the currency") != std::string::npos);
}

TEST_CASE("exactly the fields of a product that formats.md marks C are refused as computed") {
    for (const Field &field : system_fields(Object::product)) {
        const std::string path(field.path);
        if (path == "product_id") continue;
        CHECK_MESSAGE(errors_of(product_json("\"" + path + "\":null")) == (field.computed ? Errors{"computed /product/" + path} : Errors{}), path);
    }
}

TEST_CASE("unknown members are an error for trusted sources, ignored and listed for public ones") {
    const codec::Parsed trusted = parse_one(product_json(R"("nam":"Mug")"));
    CHECK(errors_of(trusted) == Errors{"unknown_member /product/nam"});
    CHECK(trusted.errors[0].message.find("name") != std::string::npos);
    const codec::Parsed from_site = parse_one(product_json(R"("nam":"Mug")", "site"));
    CHECK(errors_of(from_site).empty());
    CHECK(from_site.operation.ignored == std::vector<std::string>{"/product/nam"});
}

TEST_CASE("a product is nobody's: customer, order and profile are no members of its operation") {
    const std::string rest = R"("id":"1","product":{"product_id":"1"})";
    CHECK(errors_of(R"({"type":"product",)" + rest + R"(,"customer":{"external_id":"C-1"}})") == Errors{"unknown_member /customer"});
    CHECK(errors_of(R"({"type":"product",)" + rest + R"(,"order":{"order_id":"1"}})") == Errors{"unknown_member /order"});
    CHECK(errors_of(R"({"type":"customer",)" + rest + R"(,"customer":{"external_id":"C-1"}})") == Errors{"unknown_member /product"});
    const codec::Parsed from_site = parse_one(R"({"type":"product","source":"site",)" + rest + R"(,"customer":{"external_id":"C-1"}})");
    CHECK(errors_of(from_site).empty());
    CHECK(from_site.operation.customer.empty());
    CHECK(from_site.operation.ignored == std::vector<std::string>{"/customer"});
}
