#include "segment/scalar.hpp"

namespace cartbell::segment {
namespace {

// Compact JSON, checked when it came in: what is malformed here is only refused, never trusted.
class JsonText {
  public:
    explicit JsonText(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }
    bool take(char letter) {
        if (rest_.empty() || rest_[0] != letter) return false;
        rest_.remove_prefix(1);
        return true;
    }
    char peek() const { return rest_.empty() ? '\0' : rest_[0]; }

    // The text after its opening quote, unescaped behind what `out` holds.
    bool text(std::string &out) {
        while (!rest_.empty()) {
            const char letter = rest_[0];
            rest_.remove_prefix(1);
            if (letter == '"') return true;
            if (letter != '\\') {
                out += letter;
                continue;
            }
            if (!escape(out)) return false;
        }
        return false;
    }
    // A number or a word, up to what can follow it.
    std::string_view token() {
        size_t end = 0;
        while (end < rest_.size() && rest_[end] != ',' && rest_[end] != ']')
            ++end;
        const std::string_view found = rest_.substr(0, end);
        rest_.remove_prefix(end);
        return found;
    }

  private:
    bool escape(std::string &out) {
        if (rest_.empty()) return false;
        const char letter = rest_[0];
        rest_.remove_prefix(1);
        switch (letter) {
            case 'b':
                out += '\b';
                return true;
            case 'f':
                out += '\f';
                return true;
            case 'n':
                out += '\n';
                return true;
            case 'r':
                out += '\r';
                return true;
            case 't':
                out += '\t';
                return true;
            case 'u':
                return code_point(out);
            default:
                out += letter;
                return letter == '"' || letter == '\\' || letter == '/';
        }
    }
    bool four_digits(uint32_t &unit) {
        if (rest_.size() < 4) return false;
        unit = 0;
        for (const char letter : rest_.substr(0, 4)) {
            const uint32_t digit = letter >= '0' && letter <= '9'   ? static_cast<uint32_t>(letter - '0')
                                   : letter >= 'a' && letter <= 'f' ? static_cast<uint32_t>(letter - 'a' + 10)
                                   : letter >= 'A' && letter <= 'F' ? static_cast<uint32_t>(letter - 'A' + 10)
                                                                    : 16;
            if (digit == 16) return false;
            unit = unit * 16 + digit;
        }
        rest_.remove_prefix(4);
        return true;
    }
    bool code_point(std::string &out) {
        uint32_t point = 0;
        if (!four_digits(point)) return false;
        if (point >= 0xd800 && point < 0xdc00) {
            uint32_t low = 0;
            if (!take('\\') || !take('u') || !four_digits(low) || low < 0xdc00 || low > 0xdfff) return false;
            point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
        }
        const auto put = [&out](uint32_t byte) { out += static_cast<char>(byte); };
        if (point < 0x80) {
            put(point);
        } else if (point < 0x800) {
            put(0xc0 | point >> 6), put(0x80 | (point & 0x3f));
        } else if (point < 0x10000) {
            put(0xe0 | point >> 12), put(0x80 | (point >> 6 & 0x3f)), put(0x80 | (point & 0x3f));
        } else {
            put(0xf0 | point >> 18), put(0x80 | (point >> 12 & 0x3f)), put(0x80 | (point >> 6 & 0x3f)),
                put(0x80 | (point & 0x3f));
        }
        return true;
    }

    std::string_view rest_;
};

// The elements of a flat array, each followed by one NUL; numbers and words by their own text.
bool list_of_json(JsonText &json, std::string &out) {
    if (json.take(']')) return json.at_end();
    do {
        if (json.take('"')) {
            if (!json.text(out)) return false;
        } else if (json.peek() == '[' || json.peek() == '{') {
            return false;
        } else {
            out += json.token();
        }
        out += '\0';
    } while (json.take(','));
    return json.take(']') && json.at_end();
}

}  // namespace

Scalar scalar_of_json(std::string_view json, std::string &scratch) {
    scratch.clear();
    Scalar scalar = scalar_of_number(Type::json, 0);
    JsonText text(json);
    if (text.take('"')) {
        if (!text.text(scratch)) return scalar;
        scalar.type = Type::text;
        scalar.text = scratch;
    } else if (text.take('[')) {
        if (!list_of_json(text, scratch)) return scalar;
        scalar.type = Type::list;
        scalar.text = scratch;
    } else if (json == "true" || json == "false") {
        return scalar_of_number(Type::boolean, json == "true" ? 1 : 0);
    } else if (text.peek() == '-' || (text.peek() >= '0' && text.peek() <= '9')) {
        const auto number = parse_scaled(json, 6, Excess::round_half_even);
        if (number.ok()) return scalar_of_number(Type::decimal, *number);
    }
    return scalar;
}

Ordering compare(const Scalar &a, const Scalar &b) {
    if (a.type != b.type) return Ordering::differs;
    if (a.type == Type::text) {
        const int order = a.text.compare(b.text);
        return order < 0 ? Ordering::less : order > 0 ? Ordering::greater : Ordering::equal;
    }
    if (a.type == Type::list) return a.text == b.text ? Ordering::equal : Ordering::unordered;
    if (a.type == Type::json) return Ordering::differs;
    const Wide left = a.number * b.divisor, right = b.number * a.divisor;
    if (left == right) return Ordering::equal;
    if (a.type == Type::boolean) return Ordering::unordered;
    constexpr int64_t first_with_year = 10'000;  // pack(Date)
    if (a.type == Type::date && (left < first_with_year || right < first_with_year))
        return Ordering::unordered;
    return left < right ? Ordering::less : Ordering::greater;
}

bool satisfies(Op op, Ordering ordering) {
    switch (op) {
        case Op::eq:
            return ordering == Ordering::equal;
        case Op::ne:
            return ordering != Ordering::equal;
        case Op::lt:
            return ordering == Ordering::less;
        case Op::le:
            return ordering == Ordering::less || ordering == Ordering::equal;
        case Op::gt:
            return ordering == Ordering::greater;
        default:
            return ordering == Ordering::greater || ordering == Ordering::equal;  // ge
    }
}

bool has_element(std::string_view list, std::string_view element) {
    while (!list.empty()) {
        const size_t end = list.find('\0');
        if (list.substr(0, end) == element) return true;
        if (end == std::string_view::npos) return false;
        list.remove_prefix(end + 1);
    }
    return false;
}

bool is_under(std::string_view list, size_t position, std::string_view element) {
    for (; !list.empty(); --position) {
        const size_t end = list.find('\0');
        if (position == 0) return list.substr(0, end) == element;
        if (end == std::string_view::npos) return false;
        list.remove_prefix(end + 1);
    }
    return false;
}

Value value_of(const Scalar &scalar, bool whole_number) {
    Value value;
    value.type = scalar.type;
    value.currency = scalar.currency;
    value.text = scalar.text;
    Wide number = scalar.divisor == 1 ? scalar.number : divide_half_even(scalar.number, scalar.divisor);
    if (whole_number && scalar.type == Type::decimal) {
        value.type = Type::integer;
        number /= decimal_unit_e6;
    }
    value.number = fits_int64(number) ? static_cast<int64_t>(number) : number < 0 ? INT64_MIN : INT64_MAX;
    return value;
}

}  // namespace cartbell::segment
