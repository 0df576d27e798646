#include "cli/json_reader.hpp"

#include <cstdio>
#include <cstdlib>

#include "cli/failure.hpp"

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
    explicit Reader(std::string_view text) : text_(text) {}

    Json whole() {
        Json value = read(0);
        spaces();
        if (at_ != text_.size()) fail();
        return value;
    }

  private:
    [[noreturn]] void fail() const {
        throw Failure(exit_defect, "an answer of the library is not JSON at byte " + std::to_string(at_));
    }
    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    void spaces() {
        while (peek() == ' ' || peek() == '\n' || peek() == '\t' || peek() == '\r')
            ++at_;
    }
    void expect(std::string_view word) {
        if (text_.substr(at_, word.size()) != word) fail();
        at_ += word.size();
    }
    uint32_t hex4() {
        if (at_ + 4 > text_.size()) fail();
        const std::string digits(text_.substr(at_, 4));
        at_ += 4;
        return static_cast<uint32_t>(std::strtoul(digits.c_str(), nullptr, 16));
    }
    void escape(std::string &out) {
        const char c = peek();
        ++at_;
        switch (c) {
            case 'n':
                out += '\n';
                return;
            case 't':
                out += '\t';
                return;
            case 'r':
                out += '\r';
                return;
            case 'b':
                out += '\b';
                return;
            case 'f':
                out += '\f';
                return;
            case 'u':
                break;
            default:
                out += c;
                return;
        }
        uint32_t point = hex4();
        if (point >= 0xD800 && point < 0xDC00 && text_.substr(at_, 2) == "\\u") {
            at_ += 2;
            point = 0x10000 + ((point - 0xD800) << 10) + (hex4() - 0xDC00);
        }
        append_utf8(out, point);
    }
    std::string string() {
        expect("\"");
        std::string out;
        while (peek() != '"') {
            if (at_ >= text_.size()) fail();
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
        if (depth > most_depth) fail();
        spaces();
        Json value;
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
    void read_number(Json &value) {
        const size_t from = at_;
        while (peek() == '-' || peek() == '+' || peek() == '.' || peek() == 'e' || peek() == 'E' ||
               (peek() >= '0' && peek() <= '9'))
            ++at_;
        if (at_ == from) fail();
        value.kind = Json::Kind::number;
        value.text = text_.substr(from, at_ - from);
    }
    void read_array(Json &value, int depth) {
        value.kind = Json::Kind::array;
        expect("[");
        spaces();
        while (peek() != ']') {
            value.items.push_back(read(depth + 1));
            spaces();
            if (peek() == ',')
                ++at_;
            else if (peek() != ']')
                fail();
        }
        ++at_;
    }
    void read_object(Json &value, int depth) {
        value.kind = Json::Kind::object;
        expect("{");
        spaces();
        while (peek() != '}') {
            spaces();
            std::string name = string();
            spaces();
            expect(":");
            value.members.emplace_back(std::move(name), read(depth + 1));
            spaces();
            if (peek() == ',')
                ++at_;
            else if (peek() != '}')
                fail();
        }
        ++at_;
    }

    std::string_view text_;
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
    return Reader(text).whole();
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
