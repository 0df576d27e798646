#include "door.hpp"

using namespace cartbell;
using namespace cartbell::test;
using codec::Form;

namespace {

std::string operation(std::string_view id) {
    return R"({"type":"order","id":")" + std::string(id) + R"(","order":{"order_id":"1"}})";
}

Error refused(std::string_view json, Form form, const Limits &limits = {}) {
    const Result<codec::Batch> batch = codec::parse(json, form, {}, shop_settings(), limits);
    REQUIRE_FALSE(batch.ok());
    return batch.error();
}

}  // namespace

TEST_CASE(
    "a batch is one operation, a JSON array, {\"operations\":[...],\"sent_at\":...}, or NDJSON; the caller "
    "names the form") {
    const std::string a = operation("a"), b = operation("b");
    CHECK(parse_batch(a, Form::operation).operations.size() == 1);
    CHECK(parse_batch("[" + a + "," + b + "]", Form::array).operations.size() == 2);
    CHECK(parse_batch(" [ ] ", Form::array).operations.empty());
    CHECK(parse_batch(R"({"operations":[)" + a + "," + b + "]}", Form::operations).operations.size() == 2);
    CHECK(parse_batch(a + "\n" + b + "\n", Form::ndjson).operations.size() == 2);
    CHECK(parse_batch("", Form::ndjson).operations.empty());
    CHECK(refused("[" + a + "]", Form::operations).reason == "syntax");
    CHECK(refused(a, Form::array).reason == "syntax");
    CHECK(refused("", Form::operation).reason == "syntax");
    CHECK(errors_of(parse_batch("[" + a + "]", Form::operation).operations.front()) == Errors{"bad_type "});
}

TEST_CASE("a batch notes the version of the settings it was checked against") {
    CHECK(parse_batch(operation("a"), Form::operation).settings_version == 7);
}

TEST_CASE("a body is the operation as sent, inside the batch") {
    const std::string a = operation("a"),
                      spaced = "{ \"type\" : \"order\",\"id\":\"b\", \"order\":{\"order_id\":\"1\" } }";
    codec::Batch batch = parse_batch("[" + a + " , " + spaced + " ]", Form::array);
    const codec::Batch moved = std::move(batch);
    CHECK(moved.operations[0].body == a);
    CHECK(moved.operations[1].body == spaced);
    const codec::Batch lines = parse_batch(a + "\r\n  " + spaced + "  \n", Form::ndjson);
    CHECK(lines.operations[0].body == a);
    CHECK(lines.operations[1].body == spaced);
}

TEST_CASE("sent_at of the batch holds where an operation says none, in whatever order the members come") {
    const std::string own =
        R"({"type":"order","id":"b","sent_at":"2026-01-01T00:00:05Z","order":{"order_id":"1"}})";
    for (const std::string &json :
         {R"({"operations":[)" + operation("a") + "," + own + R"(],"sent_at":"2026-01-01T00:00:09Z"})",
          R"({"sent_at":"2026-01-01T00:00:09Z","operations":[)" + operation("a") + "," + own + "]}"}) {
        const codec::Batch batch = parse_batch(json, Form::operations);
        CHECK(batch.sent_at == *parse_instant("2026-01-01T00:00:09Z"));
        CHECK(batch.operations[0].operation.sent_at == batch.sent_at);
        CHECK(batch.operations[1].operation.sent_at == *parse_instant("2026-01-01T00:00:05Z"));
    }
    const Error bad = refused(R"({"operations":[],"sent_at":"yesterday"})", Form::operations);
    CHECK(bad.reason == "not_a_time");
    CHECK(bad.pointer == "/sent_at");
}

TEST_CASE("an operations object with other members, or without operations, is refused whole") {
    const Error unknown = refused(R"({"operation":[]})", Form::operations);
    CHECK(unknown.reason == "unknown_member");
    CHECK(unknown.pointer == "/operation");
    CHECK(unknown.message.find("operations") != std::string::npos);
    CHECK(refused("{}", Form::operations).reason == "missing_operations");
    CHECK(refused(R"({"operations":[],"operations":[]})", Form::operations).reason == "duplicate_key");
    CHECK(refused(R"({"operations":{}})", Form::operations).reason == "syntax");
    CHECK(refused(R"({"operations":[],})", Form::operations).reason == "syntax");
    CHECK(refused(R"({"operations":[]}x)", Form::operations).reason == "syntax");
}

TEST_CASE("NDJSON is split at newlines before parsing, so that a bad line spoils nothing") {
    const codec::Batch batch = parse_batch(
        operation("a") + "\n\n{\"type\":\n" + operation("b") + "}\n" + operation("c"), Form::ndjson);
    REQUIRE(batch.operations.size() == 4);
    CHECK(batch.operations[0].ok());
    CHECK(batch.operations[0].line == 1);
    CHECK(errors_of(batch.operations[1]) == Errors{"syntax "});
    CHECK(batch.operations[1].line == 3);
    CHECK(batch.operations[1].errors[0].message.find("line 3, column 9") != std::string::npos);
    CHECK(errors_of(batch.operations[2]) == Errors{"syntax "});
    CHECK(batch.operations[2].line == 4);
    CHECK(batch.operations[3].ok());
    CHECK(batch.operations[3].id() == "c");
    CHECK(batch.operations[3].line == 5);
}

TEST_CASE("bad UTF-8 and too deep nesting on a line reject that line") {
    std::string deep(100, '[');
    const codec::Batch batch =
        parse_batch("{\"id\":\"\xff\"}\n" + deep + "\n" + operation("a"), Form::ndjson);
    CHECK(errors_of(batch.operations[0]) == Errors{"bad_utf8 "});
    CHECK(errors_of(batch.operations[1]) == Errors{"too_deep "});
    CHECK(batch.operations[2].ok());
}

TEST_CASE("a malformed array is refused whole, with line and column") {
    const Error error = refused("[" + operation("a") + ",\n  {\"type\":tru}]", Form::array);
    CHECK(error.code == Code::invalid);
    CHECK(error.reason == "syntax");
    CHECK(error.line == 2);
    CHECK(error.column == 11);
    CHECK(refused("[" + operation("a"), Form::array).reason == "syntax");
    CHECK(refused("[" + operation("a") + ",]", Form::array).reason == "syntax");
    CHECK(refused("[" + operation("a") + "]]", Form::array).reason == "syntax");
    const Error utf8 = refused("[\n\"\xc3\x28\"]", Form::array);
    CHECK(utf8.reason == "bad_utf8");
    CHECK(utf8.line == 2);
    CHECK(utf8.column == 2);
    CHECK(refused("[\"a\tb\"]", Form::array).message.find("control character") != std::string::npos);
    CHECK(refused("[\"ab]", Form::array).message.find("does not end") != std::string::npos);
}

TEST_CASE("one bad operation never spoils its neighbours") {
    const codec::Batch batch =
        parse_batch("[" + operation("a") + R"(,{"type":"order"},5,)" + operation("b") + "]", Form::array);
    REQUIRE(batch.operations.size() == 4);
    CHECK(batch.operations[0].ok());
    CHECK(errors_of(batch.operations[1]) == Errors{"missing_id /id", "missing_order /order"});
    CHECK(errors_of(batch.operations[2]) == Errors{"bad_type "});
    CHECK(batch.operations[3].ok());
}

TEST_CASE("the limits of a batch are those of limits.hpp, which a host may set downward") {
    Limits limits;
    limits.batch_bytes = 200;
    limits.batch_operations = 2;
    limits.operation_bytes = 100;
    const std::string a = operation("a"), three = "[" + a + "," + a + "," + a + "]";
    const Error count = refused(three, Form::array, limits);
    CHECK(count.code == Code::limit);
    CHECK(count.reason == "batch_too_large");
    CHECK(refused(a + "\n" + a + "\n" + a, Form::ndjson, limits).reason == "batch_too_large");
    CHECK(refused(std::string(201, ' '), Form::ndjson, limits).reason == "batch_too_large");
    const std::string large = operation(std::string(80, 'x'));
    CHECK(refused(large, Form::operation, limits).reason == "too_large");
    CHECK(errors_of(parse_batch(a + "\n" + large, Form::ndjson, shop_settings(), limits).operations[1]) ==
          Errors{"too_large "});
    const codec::Batch batch = parse_batch("[" + large + "," + a + "]", Form::array, shop_settings(), limits);
    CHECK(errors_of(batch.operations[0]) == Errors{"too_large "});
    CHECK(batch.operations[1].ok());
}

TEST_CASE("an element of an array with far too many values is refused alone") {
    Limits limits;
    limits.operation_bytes = 1000;
    std::string many = "[[1";
    for (int i = 0; i < 3000; ++i)
        many += ",{\"a\":1,\"a\":[]}";
    many += "]," + operation("a") + "]";
    const codec::Batch batch = parse_batch(many, Form::array, shop_settings(), limits);
    CHECK(errors_of(batch.operations[0]) == Errors{"too_large "});
    CHECK(batch.operations[1].ok());
}

TEST_CASE("an operation nested deeper than the limit is too deep, one at the limit is not") {
    Settings settings = shop_settings();
    settings.shop.keep_unknown_fields = true;
    const Limits limits;
    const auto nested = [](size_t depth) {  // the operation, order and fields are three
        return order_json(R"("fields":{"x":)" + std::string(depth - 3, '[') + std::string(depth - 3, ']') +
                          "}");
    };
    CHECK(errors_of(nested(limits.json_depth), settings).empty());
    CHECK(refused(nested(limits.json_depth + 1), Form::operation).reason == "too_deep");
}
