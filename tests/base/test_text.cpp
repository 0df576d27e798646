#include <doctest/doctest.h>

#include <array>
#include <string>
#include <utility>

#include "base/text.hpp"

using namespace cartbell;

namespace {

// UTF-8 by the definition: decode, then see whether encoding the scalar value gives the same bytes.
bool is_one_character(const std::string &bytes) {
    const auto byte = [&](size_t at) { return static_cast<unsigned char>(bytes[at]); };
    const size_t length = byte(0) < 0x80   ? 1
                          : byte(0) < 0xc0 ? 0
                          : byte(0) < 0xe0 ? 2
                          : byte(0) < 0xf0 ? 3
                          : byte(0) < 0xf8 ? 4
                                           : 0;
    if (length != bytes.size()) return false;
    uint32_t scalar = length == 1 ? byte(0) : byte(0) & (0x7fu >> length);
    for (size_t at = 1; at < length; ++at) {
        if ((byte(at) & 0xc0) != 0x80) return false;
        scalar = scalar << 6 | (byte(at) & 0x3f);
    }
    const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    return scalar >= least[length] && scalar <= 0x10ffff && !(scalar >= 0xd800 && scalar <= 0xdfff);
}

}  // namespace

TEST_CASE("UTF-8 of every one, two and three bytes, and every lead of four, agrees with the definition") {
    size_t good = 0;
    std::string text;
    for (unsigned first = 0; first < 256; ++first) {
        text.assign(1, static_cast<char>(first));
        REQUIRE(valid_utf8(text) == is_one_character(text));
        if (first < 0x80) continue;
        for (unsigned second = 0; second < 256; ++second) {
            text.assign({static_cast<char>(first), static_cast<char>(second)});
            if (second >= 0x80) REQUIRE(valid_utf8(text) == is_one_character(text));
            for (const unsigned third : {0x00u, 0x7fu, 0x80u, 0x9fu, 0xbfu, 0xc0u, 0xffu}) {
                text.assign({static_cast<char>(first), static_cast<char>(second), static_cast<char>(third)});
                if (third >= 0x80 && second >= 0x80) REQUIRE(valid_utf8(text) == is_one_character(text));
                for (const unsigned fourth : {0x7fu, 0x80u, 0xbfu, 0xc0u}) {
                    text.push_back(static_cast<char>(fourth));
                    if (third >= 0x80 && second >= 0x80 && fourth >= 0x80) {
                        REQUIRE(valid_utf8(text) == is_one_character(text));
                        good += valid_utf8(text);
                    }
                    text.pop_back();
                }
            }
        }
    }
    CHECK(good > 500);
}

TEST_CASE("a bad byte is found at every place of a text") {
    for (size_t length = 1; length < 70; ++length) {
        std::string text(length, 'a');
        CHECK(valid_utf8(text));
        for (size_t place = 0; place < length; ++place) {
            std::string bad = text;
            bad[place] = '\xff';
            REQUIRE(!valid_utf8(bad));
            bad[place] = '\xc3';  // a beginning without its end
            REQUIRE(!valid_utf8(bad));
        }
    }
    CHECK(valid_utf8(""));
    CHECK(valid_utf8("Rīga, 東京, 🎁"));
    CHECK(!valid_utf8("\xed\xa0\x80"));      // a surrogate
    CHECK(!valid_utf8("\xc0\x80"));          // an overlong NUL
    CHECK(!valid_utf8("\xf4\x90\x80\x80"));  // beyond U+10FFFF
    CHECK(!valid_utf8("aaaaaaaaaaaaaaa\xe2\x82"));
}

TEST_CASE("small text helpers") {
    CHECK(has_nul(std::string_view("a\0b", 3)));
    CHECK(!has_nul("ab"));
    CHECK(!has_nul({}));
    CHECK(lower_ascii("AbZ[ĀÉ") == "abz[ĀÉ");
    CHECK(trim_ascii(" \t\r\n a b \n") == "a b");
    CHECK(trim_ascii(" \t").empty());
    CHECK(trim_ascii("").empty());
}

TEST_CASE("formats.md §0: codes of fields are [a-z][a-z0-9_]{0,63}, others [a-z0-9][a-z0-9_-]{0,63}") {
    CHECK(is_code("c-17_x"));
    CHECK(is_code("1st"));
    CHECK(is_code(std::string(64, 'a')));
    CHECK(is_field_code("in_analytics2"));
    for (const std::string &text :
         {std::string(), std::string("-a"), std::string("_a"), std::string("A"), std::string("a.b"),
          std::string("a b"), std::string("ā"), std::string(65, 'a')}) {
        CAPTURE(text);
        CHECK(!is_code(text));
        CHECK(!is_field_code(text));
    }
    CHECK(!is_field_code("1st"));
    CHECK(!is_field_code("a-b"));
}

TEST_CASE("the nearest name is offered, and nothing when none is near") {
    constexpr std::array<std::string_view, 5> names = {"placed_at", "total", "delivery.address.city",
                                                       "payment.type", "status"};
    CHECK(nearest_name("place_at", names) == "placed_at");
    CHECK(nearest_name("totla", names) == "total");  // a swap is one step
    CHECK(nearest_name("delivery.adress.ctiy", names) == "delivery.address.city");
    CHECK(nearest_name("total", names) == "total");
    CHECK(nearest_name("quantity", names).empty());
    CHECK(nearest_name("", names).empty());
    CHECK(nearest_name("x", std::array<std::string_view, 1>{"eq"}).empty());
    CHECK(nearest_name(std::string(100'000, 'a'), names).empty());
    CHECK(nearest_name(std::string(128, 'a'), std::array{std::string_view("a")}).empty());
    // Of two equally near the first.
    CHECK(nearest_name("cat", std::array<std::string_view, 2>{"cut", "cot"}) == "cut");
}

TEST_CASE("JSON strings are escaped as RFC 8259 asks and keep their UTF-8") {
    std::string out = "x";
    append_json_string(out, "a\"b\\c/\b\f\n\r\t\x01\x1f\x7f ā🎁");
    CHECK(out == "x\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f ā🎁\"");
    out.clear();
    append_json_string(out, std::string_view("\0", 1));
    CHECK(out == "\"\\u0000\"");
    out.clear();
    append_json_string(out, "");
    CHECK(out == "\"\"");
}

TEST_CASE("each byte is escaped in JSON wherever it stands, and nothing beside it") {
    constexpr char hex[] = "0123456789abcdef";
    for (int byte = 0; byte < 256; ++byte) {
        const char letter = static_cast<char>(byte);
        std::string escaped(1, letter);
        if (byte == '"' || byte == '\\') escaped = {'\\', letter};
        else if (byte < 0x20) escaped = std::string("\\u00") + hex[byte >> 4] + hex[byte & 15];
        for (const auto &[control, named] : {std::pair('\b', "\\b"), {'\t', "\\t"}, {'\n', "\\n"}, {'\f', "\\f"}, {'\r', "\\r"}})
            if (letter == control) escaped = named;
        for (const char around : {'a', ' ', '!', '#', '[', ']', '\x7f', '\xc4'})  // '!' and '#' beside '"', '[' and ']' beside the backslash
            for (size_t size = 1; size < 20; ++size)
                for (size_t at = 0; at < size; ++at) {
                    const std::string before(at, around), after(size - at - 1, around);
                    std::string out;
                    append_json_string(out, before + letter + after);
                    REQUIRE(out == '"' + before + escaped + after + '"');
                }
    }
}
