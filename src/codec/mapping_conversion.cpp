#include "codec/mapping_conversion.hpp"

#include "base/instant.hpp"

namespace cartbell::codec {
namespace {

Excess excess_of(const MappedValue &value) {
    return value.kind == MappedValue::Kind::number ? Excess::round_half_even : Excess::refuse;
}

Result<int64_t> scaled(const MappedValue &value, int scale) {
    if (value.kind != MappedValue::Kind::number && value.kind != MappedValue::Kind::text)
        return mapping_error("bad_type", value, "is no number");
    Result<int64_t> number = parse_scaled(value.text, scale, excess_of(value));
    if (number.ok()) return number;
    const std::string reason = number.error().reason;
    return mapping_error(reason, value,
                         reason == "too_many_decimals" ? "has too many decimals"
                         : reason == "out_of_range"    ? "is too large"
                                                       : "is no number such as 199.90");
}

Result<MappedValue> instant_of_number(const MappedValue &value, std::string_view unit) {
    CARTBELL_ASSIGN(const Instant instant, scaled(value, unit == "s" ? 6 : unit == "ms" ? 3 : 0));
    if (instant < least_instant || instant > greatest_instant)
        return mapping_error("out_of_range", value, "is not between 1970 and 2199");
    return MappedValue(MappedValue::Kind::text, format_instant(instant), value.from);
}

}  // namespace

Error mapping_error(std::string_view reason, const MappedValue &value, std::string_view what) {
    const NodeRef from = value.from;
    const std::string_view name = from && !from.key().empty() ? from.key() : "the value";
    constexpr size_t longest_name = 64;
    const bool plain = name.size() <= longest_name;
    return failure(Code::invalid, reason,
                   (plain ? std::string(name) : std::string("the value")) + " " + std::string(what),
                   from ? from.pointer() : std::string());
}

Result<int64_t> number_e6(const MappedValue &value) {
    return scaled(value, 6);
}

Result<MappedValue> number_of_e6(Wide value_e6, const MappedValue &about) {
    if (!fits_int64(value_e6))
        return mapping_error("out_of_range", about, "makes an amount that is too large");
    return MappedValue(MappedValue::Kind::number, format_scaled(static_cast<int64_t>(value_e6), 6, 0),
                       about.from);
}

Result<MappedValue> money_of(const MappedValue &value, const MappedValue &currency) {
    CARTBELL_ASSIGN(const int64_t amount_e4, scaled(value, 4));
    std::string text = format_scaled(amount_e4, 4, 2);
    if (!currency.missing()) {
        std::string code = currency.text;
        for (char &c : code)
            if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (!Currency::listed(code))
            return mapping_error("unknown_currency", currency, "is no currency of ISO 4217");
        text += " " + code;
    }
    return MappedValue(MappedValue::Kind::text, std::move(text), value.from);
}

Result<MappedValue> decimal_of(const MappedValue &value) {
    CARTBELL_ASSIGN(const int64_t number, number_e6(value));
    return MappedValue(MappedValue::Kind::text, format_decimal(number), value.from);
}

Result<MappedValue> whole_of(const MappedValue &value) {
    CARTBELL_ASSIGN(const int64_t number, number_e6(value));
    if (number % decimal_unit_e6 != 0) return mapping_error("not_whole", value, "is no whole number");
    return MappedValue(MappedValue::Kind::number, std::to_string(number / decimal_unit_e6), value.from);
}

Result<MappedValue> time_of(const MappedValue &value, std::string_view zone, std::string_view unit) {
    if (!unit.empty() &&
        (value.kind == MappedValue::Kind::number || parse_scaled(value.text, 6, Excess::refuse).ok() ||
         parse_scaled(value.text, 0, Excess::refuse).ok()))
        return instant_of_number(value, unit);
    if (value.kind != MappedValue::Kind::text) return mapping_error("bad_type", value, "is no time");
    std::string text = value.text;
    Result<Instant> instant = parse_instant(text);
    if (!instant.ok() && instant.error().reason == "no_zone" && zone == "UTC") {
        text += "Z";
        instant = parse_instant(text);
    }
    if (instant.ok()) return MappedValue(MappedValue::Kind::text, std::move(text), value.from);
    return mapping_error(instant.error().reason, value,
                         zone == "UTC" ? "is no time such as 2026-01-10T11:00:00"
                                       : "is no time with a zone, such as 2026-01-10T11:00:00-05:00");
}

std::string code_of_name(std::string_view name) {
    constexpr size_t most = 56;  // leaves room for what makes it unique
    std::string code, hex = "x_";
    for (const char c : name) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        const bool kept = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
        if (kept)
            code += lower;
        else if (!code.empty() && code.back() != '_')
            code += '_';
        const auto byte = static_cast<unsigned char>(c);
        hex += "0123456789abcdef"[byte >> 4];
        hex += "0123456789abcdef"[byte & 15];
    }
    while (!code.empty() && code.back() == '_')
        code.pop_back();
    if (code.empty()) code = hex;
    if (code.front() >= '0' && code.front() <= '9') code.insert(0, "x_");
    return code.substr(0, most);
}

}  // namespace cartbell::codec
