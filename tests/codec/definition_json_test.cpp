#include "codec/definition_json.hpp"
#include "door.hpp"

using namespace cartbell;
using namespace cartbell::test;

namespace {

template <typename T>
Errors errors(const codec::ReadDefinition<T> &read) {
    Errors out;
    for (const Note &note : read.errors)
        out.push_back(note.code + " " + note.pointer);
    return out;
}

auto read_template(std::string_view json) {
    return codec::read_template(json, Limits{});
}
auto read_mailing(std::string_view json) {
    return codec::read_mailing(json, Limits{});
}

}  // namespace

TEST_CASE("a template is read whole; its predicate stays text") {
    const auto read = read_template(
        R"({"code":"offer-1","channel":"email","locale":"lv","subject":"Hi {{customer.first_name}}","body":"<p>{{> foot}}</p>","text":"t","partials":{"foot":"f","a.b":""},)"
        R"("condition":{ "all" : [ true, {"purchases":{"count":{"lt":5}}} ] },"reason":"not meant","defaults":{"customer.first_name":"you"},"missing":{"order.total":"block","*":"fail"}})");
    REQUIRE(errors(read).empty());
    const TemplateDefinition &definition = read.definition;
    CHECK(definition.code == "offer-1");
    CHECK(definition.subject == "Hi {{customer.first_name}}");
    CHECK(definition.partials.at("foot") == "f");
    CHECK(definition.condition == R"({"all":[true,{"purchases":{"count":{"lt":5}}}]})");
    CHECK(definition.defaults.at("customer.first_name") == "you");
    CHECK(definition.missing == Missing::fail);
    CHECK(definition.missing_by_path.at("order.total") == Missing::block);
    std::string json, again;
    codec::append_template(json, definition);
    const auto second = read_template(json);
    REQUIRE(errors(second).empty());
    codec::append_template(again, second.definition);
    CHECK(again == json);
    CHECK(second.definition.missing == Missing::fail);
}

TEST_CASE("a push template has title, body, link, image and payload; the payload may be JSON or its text") {
    const auto read = read_template(
        R"({"code":"p","channel":"push","title":"T","body":"B","link":"l","image":"i","payload":{"id" : "{{order.order_id}}"},"missing":"block"})");
    REQUIRE(errors(read).empty());
    CHECK(read.definition.payload == R"({"id":"{{order.order_id}}"})");
    CHECK(read.definition.missing == Missing::block);
    CHECK(read_template(R"({"code":"p","channel":"push","payload":"{}"})").definition.payload == "{}");
}

TEST_CASE("all errors of a template come at once; what this version lacks is named so") {
    CHECK(
        errors(read_template(
            R"({"code":"A","subject":5,"let":{},"translations":{},"bdy":"x","condition":[1],"missing":{"a":"drop","b":1},"partials":{"":"x","y":5}})")) ==
        Errors{"bad_code /code", "bad_type /subject", "not_yet /let", "not_yet /translations",
               "unknown_member /bdy", "bad_type /condition", "bad_value /missing/a", "bad_type /missing/b",
               "empty /partials/", "bad_type /partials/y", "missing_channel /channel", "missing_body /body"});
    CHECK(errors(read_template("[]")) == Errors{"bad_type "});
    CHECK(errors(read_template("{")) == Errors{"syntax "});
    CHECK(errors(read_template(R"({"code":"a","code":"b"})")) == Errors{"duplicate_key /code"});
}

TEST_CASE("a mailing names its audience by a segment's code or a predicate") {
    const auto by_code = read_mailing(
        R"({"code":"m1","audience":"vip","template":"offer-1","channel":"email","category":"promo"})");
    REQUIRE(errors(by_code).empty());
    CHECK(by_code.definition.audience_segment == "vip");
    CHECK(by_code.definition.start_at == no_instant);
    const auto inline_one = read_mailing(
        R"({"code":"m1","audience":{"not": false},"template":"offer-1","channel":"email","category":"promo","start_at":"2026-01-01T10:00:00+02:00"})");
    REQUIRE(errors(inline_one).empty());
    CHECK(inline_one.definition.audience == R"({"not":false})");
    CHECK(inline_one.definition.start_at == *parse_instant("2026-01-01T08:00:00Z"));
    for (const auto *definition : {&by_code.definition, &inline_one.definition}) {
        std::string json, again;
        codec::append_mailing(json, *definition);
        const auto second = read_mailing(json);
        REQUIRE(errors(second).empty());
        codec::append_mailing(again, second.definition);
        CHECK(again == json);
    }
}

TEST_CASE("all errors of a mailing come at once") {
    CHECK(
        errors(read_mailing(
            R"({"code":"m","audience":5,"start_at":"2026-01-01T10:00:00","hours":[],"variants":[],"templat":"x"})")) ==
        Errors{"bad_type /audience", "not_yet /start_at", "not_yet /hours", "not_yet /variants",
               "unknown_member /templat", "missing_template /template", "missing_channel /channel",
               "missing_category /category"});
}
