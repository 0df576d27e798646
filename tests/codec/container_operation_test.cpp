// The door of containers (formats.md §1): {"type":"container","id":"…","customer":{…},"container":"cart","add":{"product_id":"SKU-9","quantity":"1","price":"49.95"}},
// "also "remove":{…}, "set":{…quantity…}, "replace":[…whole content…], "clear":true".
#include "door.hpp"

using namespace cartbell;
using namespace cartbell::test;

namespace {

Settings container_settings() {
    Settings settings = shop_settings();
    settings.containers.push_back({"wishes", "Wishes", {}, Joining::larger_quantity});
    settings.fields.push_back({Object::item, "gift", "Gift", Type::boolean, false});
    put_in_order(settings);
    return settings;
}

std::string container_json(std::string_view members, std::string_view container = "cart") {
    return R"({"type":"container","id":"op-1","customer":{"external_id":"C-17"},"container":")" + std::string(container) + "\"" +
           (members.empty() ? "" : ",") + std::string(members) + "}";
}

codec::Parsed parsed(std::string_view members, const Limits &limits = {}) { return parse_one(container_json(members), container_settings(), limits); }

Errors errors(std::string_view members, const Limits &limits = {}) { return errors_of(parsed(members, limits)); }

}  // namespace

TEST_CASE("the example of a container is read whole") {
    const codec::Parsed read = parsed(R"("add":{"product_id":"SKU-9","quantity":"1","price":"49.95"})");
    REQUIRE(errors_of(read).empty());
    CHECK(read.operation.type == OperationType::container);
    CHECK(read.operation.customer.at(0).value == "C-17");
    const ContainerChange &change = read.operation.container;
    CHECK(change.container == "cart");
    CHECK(change.act == ContainerAct::add);
    REQUIRE(change.items.size() == 1);
    CHECK(change.items[0].text(item_field::product_id) == "SKU-9");
    CHECK(*change.items[0].find(item_field::quantity) == Value::of_decimal(1'000'000));
    CHECK(*change.items[0].find(item_field::price) == Value::of_money(499'500));
    const codec::Parsed replaced =
        parsed(R"("replace":[{"product_id":"A","name":"Mug","category":["Kitchen"],"fields":{"gift":true}},{"product_id":"B","quantity":0,"price":"5 USD"}])");
    REQUIRE(errors_of(replaced).empty());
    CHECK(replaced.operation.container.act == ContainerAct::replace);
    REQUIRE(replaced.operation.container.items.size() == 2);
    CHECK(*replaced.operation.container.items[0].find_custom("gift") == Value::of_boolean(true));
    CHECK(replaced.operation.container.items[1].find(item_field::price)->currency == Currency::of("USD"));
    CHECK(parsed(R"("clear":true)").operation.container.act == ContainerAct::clear);
    CHECK(parsed(R"("set":{"product_id":"A","quantity":0})").operation.container.act == ContainerAct::set);
    CHECK(parsed(R"("remove":{"product_id":"A"},"add":null)").operation.container.act == ContainerAct::remove);
}

TEST_CASE("a container is changed in one way, of a customer that is named") {
    CHECK(errors("") == Errors{"missing_change "});
    CHECK(errors(R"("add":null)") == Errors{"missing_change "});
    CHECK(errors(R"("add":{"product_id":"A"},"clear":true)") == Errors{"one_change /clear"});
    CHECK(errors(R"("clear":false)") == Errors{"bad_value /clear"});
    CHECK(errors(R"("clear":1)") == Errors{"bad_type /clear"});
    CHECK(errors_of(parse_one(R"({"type":"container","id":"1","clear":true})", container_settings())) ==
          Errors{"missing_container /container", "missing_customer /customer"});
    const codec::Parsed misspelled = parse_one(container_json(R"("clear":true)", "wishs"), container_settings());
    CHECK(errors_of(misspelled) == Errors{"unknown_code /container"});
    CHECK(misspelled.errors[0].message.find("wishes") != std::string::npos);
    CHECK(errors(R"("clear":true,"order":{"order_id":"1"},"member":true)") == Errors{"unknown_member /order", "unknown_member /member"});
    CHECK(errors_of(parse_one(R"({"type":"identify","id":"1","customer":{"external_id":"A"},"clear":true})")) == Errors{"unknown_member /clear"});
}

TEST_CASE("products: every error at once, with its pointer") {
    CHECK(errors(R"("add":[])") == Errors{"bad_type /add"});
    CHECK(errors(R"("replace":{})") == Errors{"bad_type /replace"});
    CHECK(errors(R"("add":{})") == Errors{"missing_product_id /add/product_id"});
    CHECK(errors(R"("add":{"product_id":""})") == Errors{"empty /add/product_id"});
    CHECK(errors(R"("add":{"product_id":"A","quantity":"0"})") == Errors{"out_of_range /add/quantity"});
    CHECK(errors(R"("remove":{"product_id":"A","quantity":"-1"})") == Errors{"out_of_range /remove/quantity"});
    CHECK(errors(R"("set":{"product_id":"A","quantity":-1})") == Errors{"out_of_range /set/quantity"});
    CHECK(errors(R"("add":{"product_id":"A","quantity":"1.1234567","price":"1.12345","nme":"x"})") ==
          Errors{"too_many_decimals /add/quantity", "too_many_decimals /add/price", "unknown_member /add/nme"});
    CHECK(errors(R"("add":{"product_id":"A","price_then":"1","price_now":1,"total":1,"added_at":"x","changed_at":"x"})") ==
          Errors{"computed /add/price_then", "computed /add/price_now", "computed /add/total", "computed /add/added_at", "computed /add/changed_at"});
    CHECK(errors(R"("add":{"product_id":"A","fields":{"gift":"yes","gft":1}})") == Errors{"bad_type /add/fields/gift", "unknown_field /add/fields/gft"});
    CHECK(errors(R"("replace":[5,{"quantity":1},{"product_id":"A"}])") == Errors{"bad_type /replace/0", "missing_product_id /replace/1/product_id"});
}

TEST_CASE("limits of containers") {
    Limits limits;
    limits.container_items = 2;
    limits.container_item_bytes = 10;
    CHECK(errors(R"("replace":[{"product_id":"A"},{"product_id":"B"}])", limits).empty());
    CHECK(errors(R"("replace":[{"product_id":"A"},{"product_id":"B"},{"product_id":"C"}])", limits) == Errors{"too_many /replace"});
    CHECK(errors(R"("add":{"product_id":"A","name":"123456789"})", limits).empty());
    CHECK(errors(R"("add":{"product_id":"A","name":"1234567890"})", limits) == Errors{"too_large /add"});
}

TEST_CASE("a container operation makes the domain events `container.item_added` and so on; sent as an event such a name is mapped to the operation") {
    const auto event = [](std::string_view name, std::string_view context) {
        return parse_one(R"({"type":"event","id":"1","session_id":"s","customer":{"anonymous_id":"a"},"name":")" + std::string(name) + "\",\"context\":" +
                             std::string(context) + "}",
                         container_settings());
    };
    const std::pair<const char *, ContainerAct> all[] = {{"container.item_added", ContainerAct::add},
                                                         {"container.item_removed", ContainerAct::remove},
                                                         {"container.changed", ContainerAct::set}};
    for (const auto &one : all) {
        const codec::Parsed read = event(one.first, R"({"container":"wishes","product_id":"A","quantity":"2","price":"5"})");
        REQUIRE(errors_of(read).empty());
        CHECK(read.operation.type == OperationType::container);
        CHECK(read.operation.container.act == one.second);
        CHECK(read.operation.container.container == "wishes");
        CHECK(read.operation.container.items.at(0).text(item_field::product_id) == "A");
        CHECK(read.operation.event.session.value.empty());
    }
    const codec::Parsed cleared = event("container.cleared", "{}");
    REQUIRE(errors_of(cleared).empty());
    CHECK(cleared.operation.container.act == ContainerAct::clear);
    CHECK(cleared.operation.container.container == "cart");
    CHECK(errors_of(event("container.item_added", R"({"quantity":"0"})")) == Errors{"missing_product_id /context/product_id", "out_of_range /context/quantity"});
    CHECK(errors_of(event("container.item_added", "null")) == Errors{"missing_context /context"});
    CHECK(errors_of(event("container.item_added", "5")) == Errors{"bad_type /context"});
    CHECK(errors_of(parse_one(R"({"type":"event","id":"1","session_id":"s","name":"container.cleared"})", container_settings())) ==
          Errors{"missing_customer /customer"});
}

TEST_CASE("a public source's unknown members are listed as ignored") {
    const codec::Parsed read = parse_one(
        R"({"type":"container","id":"1","source":"site","customer":{"anonymous_id":"a"},"container":"cart","add":{"product_id":"A","colour":"red"}})", container_settings());
    CHECK(errors_of(read).empty());
    CHECK(read.operation.ignored == std::vector<std::string>{"/add/colour"});
}
