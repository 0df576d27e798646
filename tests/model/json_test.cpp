#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "model/json_patch.hpp"
#include "model/json_value.hpp"

using namespace cartbell;
using nlohmann::json;

TEST_CASE("merging JSON texts does what RFC 7396, appendix A, lists") {
    const char *shared = std::getenv("CARTBELL_SHARED");
    REQUIRE(shared != nullptr);
    std::ifstream file(std::string(shared) + "/suites/json_merge_patch/rfc7396_appendix_a.json");
    REQUIRE(file.good());
    const json cases = json::parse(file);
    REQUIRE(cases.size() == 15);
    for (const json &one : cases) {
        CAPTURE(one.dump());
        CHECK(merge_json(one["original"].dump(), one["patch"].dump()) == one["result"].dump());
    }
}

namespace {

json random_json(std::mt19937_64 &random, int depth) {
    static const char *const keys[] = {"a", "b", "B", "a\"", "a\\", "a\n", "\x01", "\xc3\xa9", "", "ab"};
    switch (random() % (depth > 0 ? 7 : 4)) {
        case 0: return nullptr;
        case 1: return static_cast<int>(random() % 5);
        case 2: return keys[random() % 10];
        case 3: return random() % 2 == 0;
        case 4: {
            json list = json::array();
            for (size_t i = random() % 3; i > 0; --i)
                list.push_back(random_json(random, depth - 1));
            return list;
        }
        default: {
            json object = json::object();
            for (size_t i = random() % 5; i > 0; --i)
                object[keys[random() % 10]] = random_json(random, depth - 1);
            return object;
        }
    }
}

}  // namespace

TEST_CASE("merging JSON texts agrees with a JSON library on random values, key order included") {
    for (uint64_t seed = 1; seed <= 5000; ++seed) {
        std::mt19937_64 random(seed);
        json target = random_json(random, 4);
        const json patch = random_json(random, 4);
        CAPTURE(seed);
        const std::string merged = merge_json(target.dump(), patch.dump());
        target.merge_patch(patch);
        REQUIRE(merged == target.dump());
    }
}

TEST_CASE("texts that are no JSON merge into something, without a fault") {
    const std::string_view pieces[] = {"{", "}", "\"",   "\\",    ":", ",",  "a",
                                       "[", "]", "null", "\"a\"", "1", "\\u"};
    for (uint64_t seed = 1; seed <= 20000; ++seed) {
        std::mt19937_64 random(seed);
        std::string target, patch;
        for (size_t i = random() % 12; i > 0; --i)
            target += pieces[random() % std::size(pieces)];
        for (size_t i = random() % 12; i > 0; --i)
            patch += pieces[random() % std::size(pieces)];
        patch = "{" + patch + "}";
        const std::string merged = merge_json(target, patch);
        Value out;
        for (const Type type : {Type::text, Type::list, Type::money, Type::time, Type::date, Type::boolean})
            typed_json(patch, type, out), typed_json(target, type, out);
        CHECK(merged.size() <= target.size() + patch.size() + 2);
    }
    const std::string deep(100'000, '[');
    CHECK(merge_json("{}", deep) == deep);
    std::string nested;
    for (int i = 0; i < 50'000; ++i)
        nested += "{\"a\":";
    nested += "1" + std::string(50'000, '}');
    CHECK(merge_json("{}", nested) == nested);
}

TEST_CASE("a JSON text is read as a declared type by the door's rules") {
    Value out;
    CHECK((typed_json(R"("a\"b\n\u00e9")", Type::text, out) && out.text == "a\"b\n\xc3\xa9"));
    CHECK((typed_json("true", Type::boolean, out) && out.number == 1));
    CHECK((typed_json("12", Type::integer, out) && out.number == 12));
    CHECK((typed_json("2.5", Type::decimal, out) && out.number == 2'500'000));
    CHECK((typed_json(R"("19.90")", Type::money, out) && out.number == 199'000));
    CHECK((typed_json("0.30000000000000004", Type::money, out) && out.number == 3'000));
    CHECK_FALSE(typed_json(R"("0.30000000000000004")", Type::money, out));
    CHECK((typed_json(R"("2026-01-01T00:00:00Z")", Type::time, out) && out.number == 1'767'225'600'000'000));
    CHECK((typed_json(R"("1990-05-14")", Type::date, out) && out.number == 19900514));
    CHECK((typed_json(R"(["a","b"])", Type::list, out) && out == Value::of_list({"a", "b"})));
    CHECK((typed_json("[]", Type::list, out) && out == Value::of_list({})));
    for (const std::string_view odd : {"[1]", "[\"a\",]", "{}", "null", "", "\"", "1.5.2"})
        for (const Type type :
             {Type::text, Type::list, Type::integer, Type::money, Type::boolean, Type::time, Type::date}) {
            CAPTURE(odd);
            CHECK_FALSE(typed_json(odd, type, out));
            CHECK(out.missing());
        }
}
