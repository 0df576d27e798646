#include <doctest/doctest.h>

#include "model/field.hpp"
#include "model/value.hpp"

using namespace cartbell;

TEST_CASE("a record keeps its cells in field order and one value a field") {
    Record record;
    record.set(order_field::total, Value::of_money(10));
    record.set(order_field::order_id, Value::of_text("1"));
    record.set(order_field::total, Value::of_money(20));
    REQUIRE(record.cells.size() == 2);
    CHECK(record.cells[0].field == order_field::order_id);
    CHECK(record.find(order_field::total)->number == 20);
    CHECK(record.find(order_field::tax) == nullptr);
    CHECK(record.text(order_field::url) == "");
    record.erase(order_field::order_id);
    record.erase(order_field::order_id);
    CHECK(record.cells.size() == 1);
}

TEST_CASE("custom fields are found by code, whatever order they came in") {
    Record record;
    for (const char *code : {"m", "a", "z", "m"})
        record.set_custom(code, Value::of_text(code));
    REQUIRE(record.customs.size() == 3);
    CHECK(record.customs[0].code == "a");
    CHECK(record.find_custom("z")->text == "z");
    CHECK(record.find_custom("b") == nullptr);
}

TEST_CASE("a list of texts gives its elements back, empty ones too") {
    CHECK(list_elements(Value::of_list({})).empty());
    const Value list = Value::of_list({"Kitchen", "", "Mugs"});
    const std::vector<std::string_view> elements = list_elements(list);
    REQUIRE(elements.size() == 3);
    CHECK(elements[0] == "Kitchen");
    CHECK(elements[1] == "");
    CHECK(elements[2] == "Mugs");
    CHECK(list_elements(Value::of_text("Mugs")).empty());
}

TEST_CASE("no instant is a missing value") {
    CHECK(Value::of_time(no_instant).missing());
    CHECK_FALSE(Value::of_time(0).missing());
}

TEST_CASE("a patch replaces, clears with null, and says whether anything changed") {
    Record record, patch;
    record.set(order_field::total, Value::of_money(10));
    record.set(order_field::url, Value::of_text("u"));
    patch.set(order_field::url, Value{});
    patch.set(order_field::tax, Value{});
    patch.set(order_field::discount, Value::of_money(3));
    CHECK(merge_patch(record, patch));
    CHECK(record.find(order_field::url) == nullptr);
    CHECK(record.find(order_field::tax) == nullptr);
    CHECK(record.find(order_field::discount)->number == 3);
    CHECK(record.find(order_field::total)->number == 10);
    CHECK_FALSE(merge_patch(record, patch));
}

TEST_CASE("two JSON objects merge at every depth, anything else replaces") {
    const auto json = [](std::string_view text) {
        Value value = Value::of_text(text);
        value.type = Type::json;
        return value;
    };
    Record record, patch;
    record.set_custom("a", json(R"({"x":{"y":1,"z":2}})"));
    record.set_custom("b", Value::of_text("text"));
    patch.set_custom("a", json(R"({"x":{"y":null,"w":3}})"));
    patch.set_custom("b", json(R"({"k":null,"l":[null]})"));
    patch.set_custom("c", json(R"({"n":null})"));
    CHECK(merge_patch(record, patch));
    CHECK(record.find_custom("a")->text == R"({"x":{"w":3,"z":2}})");
    CHECK(record.find_custom("b")->text == R"({"l":[null]})");
    CHECK(record.find_custom("c")->text == "{}");
    CHECK_FALSE(merge_patch(record, patch));
}

TEST_CASE("every object's field paths are unique and found") {
    for (const Object object :
         {Object::customer, Object::order, Object::line, Object::payment, Object::history, Object::product}) {
        const auto fields = system_fields(object);
        REQUIRE(!fields.empty());
        for (size_t i = 0; i < fields.size(); ++i)
            CHECK(find_field(object, fields[i].path) == static_cast<FieldId>(i));
    }
    CHECK_FALSE(find_field(Object::order, "status"));
    CHECK(is_identity_field(customer_field::phone));
    CHECK_FALSE(is_identity_field(customer_field::email_state));
    CHECK_FALSE(is_identity_field(customer_field::city));
}
