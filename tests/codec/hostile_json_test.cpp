// Input made to hurt. Run under sanitizers, these are about memory; everywhere, about time and a clear
// answer.
#include <random>

#include "door.hpp"

using namespace cartbell;
using namespace cartbell::test;
using codec::Form;

namespace {

constexpr Form forms[] = {Form::operation, Form::array, Form::operations, Form::ndjson};

// Takes the input in every form; what comes out must be whole: an operation without errors has its ids.
void take(std::string_view json, const Settings &settings) {
    for (const Form form : forms) {
        const Result<codec::Batch> batch = codec::parse(json, form, {}, settings, {});
        if (!batch.ok()) {
            CHECK_FALSE(batch.error().reason.empty());
            CHECK_FALSE(batch.error().message.empty());
            continue;
        }
        for (const codec::Parsed &parsed : batch->operations) {
            if (!parsed.ok()) continue;
            CHECK_FALSE(parsed.operation.id.empty());
            CHECK(codec::parse_entry(parsed.body, parsed.operation.source, settings).ok());
        }
    }
}

std::string reason_of(std::string_view json, Form form) {
    const Result<codec::Batch> batch = codec::parse(json, form, {}, shop_settings(), {});
    if (!batch.ok()) return batch.error().reason;
    return batch->operations.empty() || batch->operations[0].ok() ? "" : batch->operations[0].errors[0].code;
}

std::string repeated(std::string_view text, size_t times) {
    std::string out;
    out.reserve(text.size() * times);
    for (size_t i = 0; i < times; ++i)
        out += text;
    return out;
}

}  // namespace

TEST_CASE("deep nesting ends in too_deep, whatever it is made of") {
    for (const char *opening : {"[", "{\"a\":", "[{\"a\":", "[[],"}) {
        const std::string deep = repeated(opening, 150'000);
        CHECK(reason_of(deep.substr(0, 1u << 20), Form::operation) == "too_deep");
        CHECK(reason_of(deep.substr(0, 1u << 20), Form::ndjson) == "too_deep");
        CHECK(reason_of("[" + deep, Form::array) == "too_deep");
        CHECK(reason_of("{\"operations\":[" + deep, Form::operations) == "too_deep");
        CHECK(reason_of("{\"sent_at\":" + deep, Form::operations) == "too_deep");
    }
}

TEST_CASE("strings of 16 MB are refused as too large, closed or not, as value or name") {
    const std::string large((16u << 20) - 100, 'x');
    CHECK(reason_of("[\"" + large + "\"]", Form::array) == "too_large");
    CHECK(reason_of("[\"" + large, Form::array) == "syntax");
    CHECK(reason_of("[{\"" + large + "\":1}]", Form::array) == "too_large");
    CHECK(reason_of("{\"" + large + "\":1}", Form::operations) == "unknown_member");
    CHECK(codec::parse("{\"" + large + "\":1}", Form::operations, {}, shop_settings(), {})
              .error()
              .pointer.size() < 200);
    CHECK(reason_of("\"" + large + "\"", Form::ndjson) == "too_large");
    CHECK(reason_of(large + large, Form::ndjson) == "batch_too_large");
    const std::string escapes = repeated("\\u00e9", (16u << 20) / 6 - 100);
    CHECK(reason_of("[\"" + escapes + "\"]", Form::array) == "too_large");
}

TEST_CASE("16 MB of small values are read or refused, and quickly") {
    CHECK(reason_of("[" + repeated("1,", 8'000'000) + "1]", Form::array) == "batch_too_large");
    CHECK(reason_of("[[" + repeated("1,", 8'000'000) + "1]]", Form::array) == "too_large");
    CHECK(reason_of(repeated("1\n", 8'000'000), Form::ndjson) == "batch_too_large");
    CHECK(reason_of("[[" + repeated("{\"a\":1,\"a\":2},", 1'000'000) + "1]]", Form::array) == "too_large");
    CHECK(reason_of(repeated(" ", 16'000'000), Form::array) == "syntax");
    CHECK(reason_of(repeated("\xc3\xa9", 8'000'000), Form::array) == "syntax");
}

TEST_CASE("as many members as an operation can hold, all the same or all different, stay quick") {
    const std::string same = R"({"type":"order","id":"1","order":{"order_id":"1",)" +
                             repeated("\"total\":1,", 100'000) + "\"a\":1}}";
    CHECK(reason_of(same, Form::operation) == "duplicate_key");
    std::string different = R"({"type":"order","id":"1","order":{"order_id":"1")";
    for (int i = 0; i < 60'000; ++i)
        different += ",\"totl" + std::to_string(i) + "\":1";
    CHECK(reason_of(different + "}}", Form::operation) == "unknown_member");
    std::string fields = R"({"type":"order","id":"1","order":{"order_id":"1","fields":{"a":1)";
    for (int i = 0; i < 60'000; ++i)
        fields += ",\"f" + std::to_string(i) + "\":1";
    CHECK(reason_of(fields + "}}}", Form::operation) == "unknown_field");
    std::string lines = R"({"type":"order","id":"1","order":{"order_id":"1","lines":[{})";
    lines += repeated(",{\"x\":1}", 4'999) + "]}}";
    CHECK(reason_of(lines, Form::operation) == "unknown_member");
}

TEST_CASE("the example truncated at every byte is malformed, never half read") {
    const Settings settings = shop_settings();
    for (size_t size = 0; size < order_example.size(); ++size) {
        const std::string cut(order_example.substr(0, size));
        CHECK(reason_of(cut, Form::operation) == "syntax");
        CHECK(reason_of("[" + cut, Form::array) == "syntax");
        take(cut, settings);
    }
}

TEST_CASE("bit flips of the example give an operation or an error") {
    Settings settings = shop_settings();
    settings.shop.keep_unknown_fields = true;
    for (size_t i = 0; i < order_example.size(); ++i) {
        for (int bit = 0; bit < 8; ++bit) {
            std::string flipped(order_example);
            flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
            take(flipped, settings);
        }
    }
}

TEST_CASE("random damage to batches gives operations or errors") {
    const uint64_t seed = 7;
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    Settings settings = shop_settings();
    settings.shop.keep_unknown_fields = true;
    const std::string example(order_example);
    const std::string bases[] = {"[" + example + "," + example + "]",
                                 "{\"operations\":[" + example + "],\"sent_at\":\"2026-01-01T00:00:00Z\"}",
                                 example + "\n" + example + "\n"};
    constexpr std::string_view alphabet = "{}[]\",:\\u0 \n-+.eE\x80\xff\x01tfn";
    for (int round = 0; round < 3'000; ++round) {
        std::string json = bases[random() % 3];
        for (uint64_t damages = 1 + random() % 4; damages > 0; --damages) {
            const size_t at = random() % json.size();
            switch (random() % 4) {
                case 0:
                    json[at] = alphabet[random() % alphabet.size()];
                    break;
                case 1:
                    json.insert(at, 1, alphabet[random() % alphabet.size()]);
                    break;
                case 2:
                    json.erase(at, 1 + random() % 5);
                    break;
                default:
                    json.insert(at, json.substr(random() % json.size(), random() % 40));
            }
        }
        take(json, settings);
    }
}

TEST_CASE("numbers of any length are numbers or errors") {
    for (const char *member : {"\"total\":", "\"bonuses_accrued\":", "\"fields\":{\"points\":"}) {
        const std::string end = member[1] == 'f' ? "}" : "";
        for (const std::string &number :
             {"1" + std::string(50'000, '0'), "0." + std::string(50'000, '0') + "1",
              std::string("1e999999999999999999999"), std::string("1e-999999999999999999999"),
              "-" + std::string(50'000, '9') + "e-50000"}) {
            const codec::Parsed parsed = parse_one(order_json(member + number + end));
            for (const Note &note : parsed.errors)
                CHECK((note.code == "out_of_range" || note.code == "bad_type"));
        }
    }
}
