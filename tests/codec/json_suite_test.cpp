// JSONTestSuite: what must be accepted is, what must be refused is, nothing crashes.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "door.hpp"
#include "support/suites.hpp"

using namespace cartbell;
using namespace cartbell::test;
using codec::Form;

namespace {

struct Case {
    std::string name, text;
};

std::vector<Case> cases_of(const std::string &folder) {
    std::vector<Case> cases;
    for (const auto &entry : std::filesystem::directory_iterator(folder)) {
        std::ifstream file(entry.path(), std::ios::binary);
        std::ostringstream text;
        text << file.rdbuf();
        cases.push_back({entry.path().filename().string(), text.str()});
    }
    std::sort(cases.begin(), cases.end(), [](const Case &a, const Case &b) { return a.name < b.name; });
    return cases;
}

Settings keeping() {
    Settings settings = shop_settings();
    settings.shop.keep_unknown_fields = true;
    return settings;
}

// What our rules refuse beyond the RFC: duplicate keys and U+0000.
const std::set<std::string> refused_by_us{"y_object_duplicated_key.json",
                                          "y_object_duplicated_key_and_value.json",
                                          "y_object_escaped_null_in_key.json", "y_string_null_escape.json"};

bool is_syntax(const std::string &reason) {
    return reason == "syntax" || reason == "bad_utf8" || reason == "too_deep";
}

}  // namespace

TEST_CASE("JSONTestSuite: as a field's value, y_ is kept, n_ is refused as malformed, i_ is either") {
    const Shared shared = shared_folder("suites/jsontestsuite/test_parsing");
    REQUIRE_FALSE(shared.absent_is_failure);
    if (shared.path.empty()) return;
    const Settings settings = keeping();
    size_t accepted = 0, refused = 0;
    for (const Case &each : cases_of(shared.path)) {
        INFO(each.name);
        const std::string json = order_json("\"fields\":{\"x\":" + each.text + "}");
        const Result<codec::Batch> batch = codec::parse(json, Form::operation, {}, settings, {});
        if (each.name.starts_with("n_")) {
            REQUIRE_FALSE(batch.ok());
            CHECK(is_syntax(batch.error().reason));
            ++refused;
        } else if (each.name.starts_with("y_")) {
            REQUIRE(batch.ok());
            const codec::Parsed &parsed = batch->operations[0];
            if (refused_by_us.count(each.name)) {
                REQUIRE(parsed.errors.size() == 1);
                const bool twice = each.name.find("duplicated") != std::string::npos;
                CHECK(parsed.errors[0].code == (twice ? "duplicate_key" : "nul_character"));
            } else {
                CHECK(errors_of(parsed).empty());
                CHECK(parsed.operation.order.attributes.find_custom("x") != nullptr);
            }
            ++accepted;
        }
    }
    CHECK(accepted == 95);
    CHECK(refused == 188);
}

TEST_CASE("JSONTestSuite: as a whole input, in each form, n_ is malformed and nothing crashes") {
    const Shared shared = shared_folder("suites/jsontestsuite");
    REQUIRE_FALSE(shared.absent_is_failure);
    if (shared.path.empty()) return;
    const Settings settings = keeping();
    for (const char *folder : {"/test_parsing", "/test_transform"}) {
        for (const Case &each : cases_of(shared.path + folder)) {
            INFO(each.name);
            const Result<codec::Batch> one = codec::parse(each.text, Form::operation, {}, settings, {});
            if (each.name.starts_with("n_")) {
                REQUIRE_FALSE(one.ok());
                CHECK(is_syntax(one.error().reason));
            }
            if (each.name.starts_with("y_")) {
                REQUIRE(one.ok());
                CHECK_FALSE(one->operations[0].ok());  // none of them is an operation
            }
            const Result<codec::Batch> array = codec::parse(each.text, Form::array, {}, settings, {});
            if (each.name.starts_with("n_")) CHECK_FALSE(array.ok());
            CHECK_FALSE(codec::parse(each.text, Form::operations, {}, settings, {}).ok());
            const Result<codec::Batch> lines = codec::parse(each.text, Form::ndjson, {}, settings, {});
            REQUIRE(lines.ok());
            for (const codec::Parsed &parsed : lines->operations)
                CHECK_FALSE(parsed.ok());
        }
    }
}
