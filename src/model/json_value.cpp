#include "model/json_value.hpp"

namespace cartbell {
namespace {

void append_utf8(std::string &out, unsigned code) {
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xc0 | (code >> 6));
        out += static_cast<char>(0x80 | (code & 0x3f));
    } else {
        out += static_cast<char>(0xe0 | (code >> 12));
        out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
        out += static_cast<char>(0x80 | (code & 0x3f));
    }
}

// Takes one JSON string off the front. Canonical texts escape only quotes, backslashes and control
// characters, never in surrogate pairs.
bool take_string(std::string_view &json, std::string &out) {
    if (json.empty() || json[0] != '"') return false;
    size_t at = 1;
    for (; at < json.size() && json[at] != '"'; ++at) {
        if (json[at] != '\\') {
            out += json[at];
            continue;
        }
        if (++at == json.size()) return false;
        const size_t known = std::string_view("bfnrt").find(json[at]);
        if (known != std::string_view::npos) {
            out += "\b\f\n\r\t"[known];
        } else if (json[at] == 'u') {
            unsigned code = 0;
            for (int i = 0; i < 4; ++i) {
                if (++at == json.size()) return false;
                const size_t digit =
                    std::string_view("0123456789abcdef").find(static_cast<char>(json[at] | 0x20));
                if (digit == std::string_view::npos) return false;
                code = code * 16 + static_cast<unsigned>(digit);
            }
            append_utf8(out, code);
        } else {
            out += json[at];
        }
    }
    if (at >= json.size()) return false;
    json.remove_prefix(at + 1);
    return true;
}

bool take_list(std::string_view json, std::string &out) {
    if (json.size() < 2 || json.front() != '[' || json.back() != ']') return false;
    json = json.substr(1, json.size() - 2);
    while (!json.empty()) {
        if (!take_string(json, out)) return false;
        out += '\0';
        if (json.empty()) return true;
        if (json[0] != ',' || json.size() == 1) return false;
        json.remove_prefix(1);
    }
    return true;
}

bool take_number(Type type, const Result<int64_t> &parsed, Value &out) {
    if (!parsed.ok()) return false;
    out.type = type;
    out.number = *parsed;
    return true;
}

bool typed_text(std::string_view text, bool quoted, Type type, Value &out) {
    const Excess excess = quoted ? Excess::refuse : Excess::round_half_even;
    switch (type) {
        case Type::integer: return !quoted && take_number(type, parse_scaled(text, 0, Excess::refuse), out);
        case Type::decimal: return take_number(type, parse_scaled(text, 6, excess), out);
        case Type::money: {
            const Result<Money> money = parse_money(text, excess);
            if (!money.ok()) return false;
            out.type = type;
            out.number = money->amount_e4;
            out.currency = money->currency;
            return true;
        }
        case Type::boolean:
            if (quoted || (text != "true" && text != "false")) return false;
            out.type = type;
            out.number = text == "true";
            return true;
        case Type::time: return quoted && take_number(type, parse_instant(text), out);
        case Type::date: {
            if (!quoted) return false;
            const Result<Date> date = parse_date(text);
            if (!date.ok()) return false;
            out.type = type;
            out.number = pack(*date);
            return true;
        }
        default: return false;
    }
}

}  // namespace

bool typed_json(std::string_view json, Type type, Value &out) {
    out.type = Type::none;
    out.currency = {};
    out.number = 0;
    out.text.clear();
    if (type == Type::list) {
        if (take_list(json, out.text)) out.type = type;
    } else if (!json.empty() && json[0] == '"') {
        std::string text;
        std::string_view rest = json;
        if (!take_string(rest, text) || !rest.empty()) return false;
        if (type == Type::text) {
            out.type = type;
            out.text = std::move(text);
        } else {
            typed_text(text, true, type, out);
        }
    } else if (type != Type::text) {
        typed_text(json, false, type, out);
    }
    if (!out.missing()) return true;
    out.text.clear();
    return false;
}

}  // namespace cartbell
