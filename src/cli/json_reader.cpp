#include "cli/json_reader.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "cli/failure.hpp"
#include "cli/utf8.hpp"

namespace cartbell::cli {
namespace {

constexpr int most_depth = 200;

void append_utf8(std::string &out, uint32_t point) {
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += static_cast<char>(0xC0 | (point >> 6));
        out += static_cast<char>(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        out += static_cast<char>(0xE0 | (point >> 12));
        out += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (point & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | (point >> 18));
        out += static_cast<char>(0x80 | ((point >> 12) & 0x3F));
        out += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
        out += static_cast<char>(0x80 | (point & 0x3F));
    }
}

class Reader {
  public:
    // input: names what is read, for people; empty: an answer of the library.
    Reader(std::string_view text, std::string_view input) : text_(text), input_(input) {}

    Json whole() {
        Json value = read(0);
        spaces();
        if (at_ != text_.size()) fail("there is more behind the JSON text");
        return value;
    }
    std::vector<Json> all() {
        std::vector<Json> values;
        for (spaces(); at_ < text_.size(); spaces())
            values.push_back(read(0));
        return values;
    }

  private:
    [[noreturn]] void fail(const std::string &what) const {
        if (input_.empty())
            throw Failure(exit_defect, "an answer of the library is not JSON at byte " + std::to_string(at_) +
                                           ": " + what);
        throw Failure(exit_refused, std::string(input_) + ":" + line_and_column(text_, at_) + ": " + what);
    }
    bool ended() const { return at_ >= text_.size(); }
    char peek() const { return ended() ? '\0' : text_[at_]; }
    void spaces() {
        while (peek() == ' ' || peek() == '\n' || peek() == '\t' || peek() == '\r')
            ++at_;
    }
    void expect(std::string_view word) {
        if (text_.substr(at_, word.size()) != word) fail_at("'" + std::string(word) + "' is expected");
        at_ += word.size();
    }
    [[noreturn]] void fail_at(const std::string &what) const {
        fail(ended() ? "the text ends where " + what : what);
    }
    uint32_t hex4() {
        uint32_t point = 0;
        for (int digit = 0; digit < 4; ++digit, ++at_) {
            const char c = peek();
            const bool number = c >= '0' && c <= '9', lower = c >= 'a' && c <= 'f',
                       upper = c >= 'A' && c <= 'F';
            if (!number && !lower && !upper) fail("\\u is followed by four hexadecimal digits");
            point = point * 16 + static_cast<uint32_t>(number  ? c - '0'
                                                       : lower ? c - 'a' + 10
                                                               : c - 'A' + 10);
        }
        return point;
    }
    void escape(std::string &out) {
        const char c = peek();
        constexpr std::string_view escapes = "nrtbf\"\\/", meant = "\n\r\t\b\f\"\\/";
        if (const size_t which = escapes.find(c); which != std::string_view::npos && !ended()) {
            ++at_;
            out += meant[which];
            return;
        }
        if (c != 'u') fail("JSON has no such escape");
        ++at_;
        uint32_t point = hex4();
        if (point >= 0xD800 && point < 0xDC00 && text_.substr(at_, 2) == "\\u") {
            at_ += 2;
            const uint32_t low = hex4();
            if (low < 0xDC00 || low > 0xDFFF) fail("half a surrogate pair");
            point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
        } else if (point >= 0xD800 && point < 0xE000) {
            fail("half a surrogate pair");
        }
        append_utf8(out, point);
    }
    std::string string() {
        expect("\"");
        std::string out;
        while (peek() != '"') {
            if (ended()) fail("the text ends within a string");
            if (static_cast<unsigned char>(peek()) < 0x20) fail("a control character within a string");
            if (peek() == '\\') {
                ++at_;
                escape(out);
            } else {
                out += text_[at_++];
            }
        }
        ++at_;
        return out;
    }
    Json read(int depth) {
        if (depth > most_depth) fail("it is nested too deeply");
        spaces();
        Json value;
        value.at = at_;
        switch (peek()) {
            case '{':
                read_object(value, depth);
                break;
            case '[':
                read_array(value, depth);
                break;
            case '"':
                value.kind = Json::Kind::text;
                value.text = string();
                break;
            case 't':
                expect("true");
                value.kind = Json::Kind::boolean;
                value.truth = true;
                break;
            case 'f':
                expect("false");
                value.kind = Json::Kind::boolean;
                break;
            case 'n':
                expect("null");
                break;
            default:
                read_number(value);
        }
        return value;
    }
    size_t digits() {
        const size_t from = at_;
        while (peek() >= '0' && peek() <= '9')
            ++at_;
        return at_ - from;
    }
    void read_number(Json &value) {
        const size_t from = at_;
        if (peek() == '-') ++at_;
        const bool leading_zero = peek() == '0';
        const size_t whole = digits();
        bool good = whole == 1 || (whole > 1 && !leading_zero);
        if (good && peek() == '.') {
            ++at_;
            good = digits() > 0;
        }
        if (good && (peek() == 'e' || peek() == 'E')) {
            ++at_;
            if (peek() == '+' || peek() == '-') ++at_;
            good = digits() > 0;
        }
        if (!good) {
            at_ = from;
            fail_at("a value is expected");
        }
        value.kind = Json::Kind::number;
        value.text = text_.substr(from, at_ - from);
    }
    // After an element: true if another one follows.
    bool goes_on(char closing) {
        spaces();
        const bool more = peek() == ',';
        if (!more && peek() != closing) fail_at(std::string("',' or '") + closing + "' is expected");
        ++at_;
        return more;
    }
    void read_array(Json &value, int depth) {
        value.kind = Json::Kind::array;
        expect("[");
        spaces();
        if (peek() == ']') {
            ++at_;
            return;
        }
        do
            value.items.push_back(read(depth + 1));
        while (goes_on(']'));
    }
    void read_object(Json &value, int depth) {
        value.kind = Json::Kind::object;
        expect("{");
        spaces();
        if (peek() == '}') {
            ++at_;
            return;
        }
        do {
            spaces();
            std::string name = string();
            spaces();
            expect(":");
            value.members.emplace_back(std::move(name), read(depth + 1));
        } while (goes_on('}'));
        refuse_doubles(value);
    }
    void refuse_doubles(const Json &object) {
        std::vector<std::string_view> names;
        names.reserve(object.members.size());
        for (const auto &member : object.members)
            names.emplace_back(member.first);
        std::sort(names.begin(), names.end());
        const auto twice = std::adjacent_find(names.begin(), names.end());
        if (twice == names.end()) return;
        at_ = object.at;
        fail("the object has the member \"" + std::string(*twice) + "\" twice");
    }

    std::string_view text_, input_;
    size_t at_ = 0;
};

}  // namespace

Json::Json() = default;
Json::Json(const Json &) = default;
Json::Json(Json &&) noexcept = default;
Json &Json::operator=(const Json &) = default;
Json &Json::operator=(Json &&) noexcept = default;
Json::~Json() = default;

const Json &Json::operator[](std::string_view name) const {
    static const Json nothing;
    for (const auto &[key, value] : members)
        if (key == name) return value;
    return nothing;
}

int64_t Json::integer() const {
    return is(Kind::number) ? std::strtoll(text.c_str(), nullptr, 10) : 0;
}

std::string Json::shown() const {
    switch (kind) {
        case Kind::boolean:
            return truth ? "yes" : "no";
        case Kind::number:
        case Kind::text:
            return text;
        case Kind::array: {
            std::string all;
            for (const Json &item : items)
                all += (all.empty() ? "" : ", ") + item.shown();
            return all;
        }
        default:
            return "";
    }
}

Json read_json(std::string_view text) {
    return Reader(text, "").whole();
}

std::vector<Json> read_json_input(std::string_view text, std::string_view input) {
    const size_t bad = first_bad_utf8(text);
    if (bad != text.size())
        throw Failure(exit_refused,
                      std::string(input) + ":" + line_and_column(text, bad) + ": this is no UTF-8");
    return Reader(text, input).all();
}

std::string json_text(const Json &value) {
    std::string out;
    switch (value.kind) {
        case Json::Kind::null:
            return "null";
        case Json::Kind::boolean:
            return value.truth ? "true" : "false";
        case Json::Kind::number:
            return value.text;
        case Json::Kind::text:
            append_quoted(out, value.text);
            return out;
        case Json::Kind::array:
            for (const Json &item : value.items)
                out += (out.empty() ? "" : ",") + json_text(item);
            return "[" + out + "]";
        case Json::Kind::object:
            for (const auto &[name, member] : value.members) {
                if (!out.empty()) out += ',';
                append_quoted(out, name);
                out += ":" + json_text(member);
            }
            return "{" + out + "}";
    }
    return out;
}

std::string line_and_column(std::string_view text, size_t at) {
    const std::string_view before = text.substr(0, at);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const size_t newline = before.rfind('\n');
    const std::string_view in_line = newline == std::string_view::npos ? before : before.substr(newline + 1);
    const auto column = std::count_if(in_line.begin(), in_line.end(),
                                      [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }) +
                        1;
    return std::to_string(line) + ":" + std::to_string(column);
}

void append_quoted(std::string &out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            char escaped[8];
            std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
            out += escaped;
        } else {
            out += c;
        }
    }
    out += '"';
}

}  // namespace cartbell::cli
