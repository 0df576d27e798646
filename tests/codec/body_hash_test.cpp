// "the same canonical body (keys sorted, without sent_at)" — whatever the order of keys, the whitespace and
// the escapes.
#include <algorithm>
#include <random>
#include <set>

#include "codec/json_tree.hpp"
#include "door.hpp"

using namespace cartbell;
using namespace cartbell::test;

namespace {

using Random = std::mt19937_64;

// A random JSON value as a list of its parts, so that it can be written in many ways.
struct Json {
    char kind = 'n';  // o a s and scalars as their text
    std::string text;
    std::vector<Json> members;
    std::string name;  // as a member

    Json named(std::string_view as) && {
        name = as;
        return std::move(*this);
    }
};

std::string random_text(Random &random) {
    static const std::vector<std::string> parts{
        "a", "b", "key", "é", "\"", "\\", "\n", "😀", "/", " ", "0123456789abcdef"};
    std::string text;
    for (size_t i = random() % 5; i > 0; --i)
        text += parts[random() % parts.size()];
    return text;
}

Json random_json(Random &random, int depth) {
    const uint64_t roll = random() % (depth > 3 ? 4 : 6);
    if (roll == 0) return {'s', random_text(random), {}, {}};
    if (roll == 1) return {'v', std::to_string(static_cast<int64_t>(random() % 2000) - 1000), {}, {}};
    if (roll == 2) return {'v', random() % 2 ? "true" : "false", {}, {}};
    if (roll == 3) return {'v', "null", {}, {}};
    Json json{roll == 4 ? 'a' : 'o', "", {}, {}};
    std::set<std::string> names;
    for (size_t i = random() % 6; i > 0; --i) {
        const std::string name = random_text(random);
        if (names.insert(name).second) json.members.push_back(random_json(random, depth + 1).named(name));
    }
    return json;
}

void write_text(Random &random, const std::string &text, std::string &out) {
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += random() % 2 ? "\\n" : "\\u000A";
        } else if (byte < 0x80 && random() % 4 == 0) {
            char escaped[8];
            std::snprintf(escaped, sizeof escaped, "\\u%04x", byte);
            out += escaped;
        } else {
            out += c;
        }
    }
    out += '"';
}

void write_blank(Random &random, std::string &out) {
    if (random() % 3 == 0) out += std::string(1 + random() % 3, " \t\r\n"[random() % 4]);
}

void write(Random &random, const Json &json, std::string &out, bool top = false) {
    write_blank(random, out);
    if (json.kind == 'v') {
        out += json.text;
    } else if (json.kind == 's') {
        write_text(random, json.text, out);
    } else {
        std::vector<const Json *> members;
        for (const Json &member : json.members)
            members.push_back(&member);
        if (json.kind == 'o') std::shuffle(members.begin(), members.end(), random);
        out += json.kind == 'o' ? '{' : '[';
        bool first = true;
        for (const Json *member : members) {
            if (!first) out += ',';
            first = false;
            write_blank(random, out);
            if (json.kind == 'o') {
                write_text(random, member->name, out);
                out += ':';
            }
            write(random, *member, out);
        }
        if (top && random() % 2)
            out += std::string(first ? "" : ",") + "\"sent_at\":\"2026-01-01T00:00:0" +
                   std::to_string(random() % 9) + "Z\"";
        out += json.kind == 'o' ? '}' : ']';
    }
    write_blank(random, out);
}

std::string canonical(const std::string &text) {
    const Result<codec::Document> document = codec::read_document(text, 1 << 20, 64);
    if (!document.ok()) FAIL(document.error().message << " in " << text);
    std::string out;
    codec::append_compact(out, document->tree, document->root(), codec::KeyOrder::canonical);
    return out;
}

}  // namespace

TEST_CASE("the same operation with other key order, whitespace, escapes and sent_at has the same body hash") {
    const uint64_t seed = 20261120;
    INFO("seed " << seed);
    Random random(seed);
    Settings settings = shop_settings();
    settings.shop.keep_unknown_fields = true;
    std::set<std::array<uint8_t, 16>> hashes;
    std::set<std::string> bodies;
    for (int round = 0; round < 500; ++round) {
        Json order{'o', "", {}, "order"};
        order.members.push_back(Json{'s', "1", {}, "order_id"});
        order.members.push_back(Json{'o', "", {random_json(random, 0).named("x")}, "fields"});
        const Json body{
            'o', "", {Json{'s', "order", {}, "type"}, Json{'s', "1", {}, "id"}, std::move(order)}, {}};
        std::string first;
        write(random, body, first);
        const codec::Parsed expected = parse_one(first, settings);
        for (int way = 0; way < 5; ++way) {
            std::string text;
            write(random, body, text, true);
            const codec::Parsed parsed = parse_one(text, settings);
            for (const Note &note : parsed.errors)
                FAIL_CHECK(note.code << " " << note.pointer << " in " << text);
            CHECK_MESSAGE(parsed.operation.body_hash == expected.operation.body_hash, first << "\n" << text);
            CHECK(parsed.operation.order.attributes == expected.operation.order.attributes);
        }
        hashes.insert(expected.operation.body_hash);
        bodies.insert(canonical(first));
    }
    CHECK(hashes.size() == bodies.size());  // and other bodies have other hashes
    CHECK(bodies.size() > 200);
}

TEST_CASE("any change of an operation changes its body hash") {
    const auto hash = [](std::string_view json) { return parse_one(json).operation.body_hash; };
    const std::array<uint8_t, 16> example = hash(order_example);
    size_t changes = 0;
    for (size_t i = 0; i < order_example.size(); ++i) {
        if (order_example[i] < '0' || order_example[i] > '9') continue;
        std::string changed(order_example);
        changed[i] = changed[i] == '1' ? '2' : '1';
        if (changed == order_example) continue;
        const Result<codec::Batch> batch =
            codec::parse(changed, codec::Form::operation, {}, shop_settings(), {});
        if (!batch.ok()) continue;  // 01 is no number
        CHECK(batch->operations[0].operation.body_hash != example);
        ++changes;
    }
    CHECK(changes > 50);
    CHECK(hash(order_json(R"("coupons":["a","b"])")) != hash(order_json(R"("coupons":["b","a"])")));
    CHECK(hash(order_json(R"("total":"1")")) != hash(order_json(R"("total":1)")));
    CHECK(hash(order_json(R"("url":null)")) != hash(order_json("")));
    CHECK(hash(order_json(R"("url":"a","note":null)")) != hash(order_json(R"("url":null,"note":"a")")));
}

TEST_CASE("the body hash does not change between versions: it is stored") {
    const Operation operation =
        parse_one(
            R"({"type":"order","id":"1","order":{"order_id":"1","total":9.5,"coupons":["x"],"url":null}})")
            .operation;
    std::string hex;
    for (const uint8_t byte : operation.body_hash) {
        char two[3];
        std::snprintf(two, sizeof two, "%02x", byte);
        hex += two;
    }
    CHECK(hex == "45992c4cf5aa2013474ee6c2614866b6");
}

TEST_CASE("sent_at inside the order is not left out of the hash") {
    Settings settings = shop_settings();
    settings.shop.keep_unknown_fields = true;
    const auto hash = [&](std::string_view value) {
        return parse_one(order_json(R"("fields":{"sent_at":)" + std::string(value) + "}"), settings)
            .operation.body_hash;
    };
    CHECK(hash("1") != hash("2"));
}
