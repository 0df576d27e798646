// formats.md §1: "Segment e-commerce v2 … come in through one mapping table". The 25 calls of its
// specification are read in place; what each has to become was written from the specification, in
// mapping_segment_expected.json.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>

#include "../support/suites.hpp"
#include "mapping_fixture.hpp"

using namespace cartbell;
using namespace cartbell::test;
using nlohmann::json;

namespace {

json read_file(const std::string &path) {
    std::ifstream file(path);
    REQUIRE(file.good());
    return json::parse(file);
}

const std::string envelope =
    R"({"messageId":"m-1","timestamp":"2026-03-01T10:00:00Z","userId":"C-17","anonymousId":"a-1",
 "context":{"traits":{"email":"anna@example.lv","phone":"+371 2000 0001"},"sessionId":1772359200}})";

json expected_operation(const json &written) {
    json operation = written;
    operation["id"] = "m-1";
    operation["occurred_at"] = "2026-03-01T10:00:00Z";
    operation["customer"] = {{"external_id", "C-17"},
                             {"anonymous_id", "a-1"},
                             {"email", "anna@example.lv"},
                             {"phone", "+371 2000 0001"}};
    if (operation["type"] == "event") operation["session_id"] = "1772359200";
    return operation;
}

// "products/#/sku" is of each product that has one.
std::vector<std::string> expected_pointers(const json &patterns, const json &properties) {
    std::vector<std::string> pointers;
    for (const std::string pattern : patterns) {
        const size_t hash = pattern.find('#');
        if (hash == std::string::npos) {
            pointers.push_back("/properties/" + pattern);
            continue;
        }
        for (size_t at = 0; at < properties["products"].size(); ++at)
            if (properties["products"][at].contains(pattern.substr(hash + 2)))
                pointers.push_back("/properties/" + pattern.substr(0, hash) + std::to_string(at) +
                                   pattern.substr(hash + 1));
    }
    std::sort(pointers.begin(), pointers.end());
    return pointers;
}

}  // namespace

TEST_CASE("all 25 examples of Segment's e-commerce specification become the operations written from it") {
    const Shared shared = shared_folder("suites/segment_spec/ecommerce_v2_examples.json");
    if (shared.path.empty()) {
        CHECK_FALSE(shared.absent_is_failure);
        return;
    }
    const json examples = read_file(shared.path);
    const json expected =
        read_file(std::string(CARTBELL_TESTS_FOLDER) + "/codec/mapping_segment_expected.json");
    REQUIRE(examples.size() == 25);
    REQUIRE(expected.size() == 25);
    for (size_t at = 0; at < examples.size(); ++at) {
        const json &arguments = examples[at]["args"];
        CAPTURE(arguments[0].get<std::string>());
        REQUIRE(arguments[0] == expected[at]["event"]);
        json call = json::parse(envelope);
        call["type"] = "track";
        call["event"] = arguments[0];
        call["properties"] = arguments[1];
        const MappedJson mapped = map(call.dump(), "segment");
        REQUIRE(mapped.operations.size() == 1);
        CHECK(mapped.operations[0] == expected_operation(expected[at]["operation"]));
        std::vector<std::string> ignored = mapped.report["ignored"];
        std::sort(ignored.begin(), ignored.end());
        std::vector<std::string> left = expected_pointers(expected[at]["ignored"], arguments[1]);
        if (mapped.operations[0]["type"] == "container")
            left.insert(left.begin(), "/context/sessionId");  // only events are of a session
        CHECK(ignored == left);
        CHECK(mapped.report["ignored_count"] == ignored.size());
        // The call as the browser's library writes it, as the suite has it: the caller says whose it is.
        const json raw = operations(
            examples[at].dump(), "segment", {},
            R"({"id":"m-1","occurred_at":"2026-03-01T10:00:00Z","customer":{"external_id":"C-17"}})");
        json bare = expected[at]["operation"];
        bare.update({{"id", "m-1"},
                     {"occurred_at", "2026-03-01T10:00:00Z"},
                     {"customer", {{"external_id", "C-17"}}}});
        CHECK(raw == json::array({bare}));
    }
}

TEST_CASE("a batch of Segment's is taken call by call, and the library's own call has no id") {
    const MappedJson mapped = map(
        R"({"batch":[{"type":"track","event":"Products Searched","messageId":"1","properties":{"query":"a"}},
        {"type":"group","messageId":"2","groupId":"g"},{"type":"page","messageId":"3","name":"Home","context":{"page":{"url":"https://s.example/"}}}],
        "sentAt":"2026-03-01T10:00:00Z"})",
        "segment", {}, {}, true);
    CHECK(mapped.operations.size() == 2);
    CHECK(mapped.operations[0]["id"] == "1");
    CHECK(mapped.operations[0]["sent_at"] == "2026-03-01T10:00:00Z");
    CHECK(mapped.operations[1]["name"] == "page.viewed");
    CHECK(mapped.operations[1]["context"] == json::parse(R"({"url":"https://s.example/","title":"Home"})"));
    CHECK(mapped.report["documents"] == 3);
    CHECK(mapped.report["unmapped"] == json::array({"/batch/1"}));
    CHECK(mapped.report["ignored"] == json::array());
    CHECK(refusal(R"({"type":"track","event":"Products Searched","properties":{"query":"a"}})", "segment") ==
          "missing_id ");
}

TEST_CASE("identify says who somebody is and what the profile holds") {
    const json made = operations(
        R"({"type":"identify","messageId":"i","timestamp":"2026-03-01T10:00:00Z","userId":"C-1","anonymousId":"a",
        "traits":{"email":"a@b.eu","firstName":"Anna","name":"Anna B","birthday":"1990-05-14","createdAt":1577836800,"address":{"city":"Riga","postalCode":"LV-1"},
        "phone":"2000"},"context":{"locale":"lv-LV","timezone":"Europe/Riga"}})",
        "segment");
    const json customer = json::parse(R"({"external_id":"C-1","email":"a@b.eu","anonymous_id":"a"})");
    CHECK(
        made ==
        json::array(
            {{{"type", "identify"},
              {"id", "i"},
              {"occurred_at", "2026-03-01T10:00:00Z"},
              {"customer", customer}},
             {{"type", "customer"},
              {"id", "i:profile"},
              {"occurred_at", "2026-03-01T10:00:00Z"},
              {"customer", customer},
              {"profile",
               json::parse(
                   R"({"first_name":"Anna","full_name":"Anna B","birth_date":"1990-05-14","city":"Riga","postcode":"LV-1",
            "locale":"lv-LV","time_zone":"Europe/Riga","registered_at":"2020-01-01T00:00:00Z"})")}}}));
}

TEST_CASE("alias claims an anonymous id, and merges what is none") {
    CHECK(
        operations(R"({"type":"alias","messageId":"1","previousId":"a","anonymousId":"a","userId":"C-1"})",
                   "segment") ==
        json::parse(R"([{"type":"identify","id":"1","customer":{"external_id":"C-1","anonymous_id":"a"}}])"));
    CHECK(operations(R"({"type":"alias","messageId":"1","previousId":"C-0","userId":"C-1"})", "segment") ==
          json::parse(
              R"([{"type":"merge","id":"1","from":{"external_id":"C-0"},"into":{"external_id":"C-1"}}])"));
    CHECK(refusal(R"({"type":"alias","messageId":"1","previousId":"C-0"})", "segment") == "missing_userid ");
}
