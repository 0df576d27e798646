#include "render/format.hpp"

#include "base/decimal.hpp"
#include "base/text.hpp"
#include "render/value_views.hpp"

namespace cartbell::render {
namespace {

const Formatter &formatter_of(const Context &context) {
    return context.formatter ? *context.formatter : neutral_formatter();
}

bool append_number(std::string &out, Format format, Wide value_e6, const Context &context) {
    if (!fits_int64(value_e6)) return false;
    const Formatter &formatter = formatter_of(context);
    const auto value = static_cast<int64_t>(value_e6);
    out += format == Format::percent ? formatter.percent(value, context.locale) : formatter.number(value, context.locale);
    return true;
}

bool append_money(std::string &out, Wide amount_e4, Currency currency, const Context &context) {
    if (!fits_int64(amount_e4)) return false;
    const Money money{static_cast<int64_t>(amount_e4), currency ? currency : context.currency};
    out += formatter_of(context).money(money, context.locale);
    return true;
}

TimeFormat time_format(Format format) {
    switch (format) {
        case Format::date_long: return TimeFormat::date_long;
        case Format::time: return TimeFormat::time;
        case Format::weekday: return TimeFormat::weekday;
        default: return TimeFormat::date_short;
    }
}

bool append_instant(std::string &out, Format format, Instant instant, const Context &context) {
    const Zone &zone = context.zone ? *context.zone : utc();
    out += formatter_of(context).time(local_of(zone, instant), time_format(format), context.locale);
    return true;
}

// A day has no time of day, and without its year no weekday and no long form: then only the plain date can be said.
bool append_date(std::string &out, Format format, Date date, const Context &context) {
    if (format == Format::time) return false;
    if (date.year == 0) {
        if (format == Format::weekday) return false;
        out += format_date(date);
        return true;
    }
    out += formatter_of(context).time(days_of(date) * day_us, time_format(format), context.locale);
    return true;
}

bool append_scalar(std::string &out, Format format, const Node &node, const Context &context) {
    const Wide number = node.number;
    switch (format) {
        case Format::money:
            if (node.type == Type::money) return append_money(out, number, node.currency, context);
            if (node.type == Type::integer) return append_money(out, number * money_unit_e4, {}, context);
            if (node.type == Type::decimal) return append_money(out, divide_half_even(number, 100), {}, context);
            return false;
        case Format::number:
        case Format::percent:
            if (node.type == Type::money) return append_number(out, format, number * 100, context);
            if (node.type == Type::integer) return append_number(out, format, number * decimal_unit_e6, context);
            if (node.type == Type::decimal) return append_number(out, format, number, context);
            return false;
        case Format::date_short:
        case Format::date_long:
        case Format::time:
        case Format::weekday:
            if (node.type == Type::time) return append_instant(out, format, node.number, context);
            if (node.type == Type::date) return append_date(out, format, unpack_date(node.number), context);
            return false;
    }
    return false;
}

}  // namespace

std::string unformatted(const Node &node) {
    if (node.kind == Node::Kind::truth) return node.number != 0 ? "true" : "false";
    switch (node.type) {
        case Type::money: return format_money({node.number, node.currency});
        case Type::decimal: return format_decimal(node.number);
        case Type::time: return format_instant(node.number);
        case Type::date: return format_date(unpack_date(node.number));
        default: return std::to_string(node.number);
    }
}

bool append_formatted(std::string &out, Format format, const Node &node, const Context &context) {
    if (node.kind == Node::Kind::scalar) return append_scalar(out, format, node, context);
    if (node.kind != Node::Kind::text) return false;
    if (node.type == Type::json) return append_formatted(out, format, std::string_view(unescape_json(node.text())), context);
    return append_formatted(out, format, node.text(), context);
}

bool append_formatted(std::string &out, Format format, std::string_view text, const Context &context) {
    text = trim_ascii(text);
    if (text.empty()) return true;
    if (format == Format::money) {
        const Result<Money> money = parse_money(text, Excess::refuse);
        return money && append_money(out, money->amount_e4, money->currency, context);
    }
    if (format == Format::number || format == Format::percent) {
        const Result<int64_t> number = parse_scaled(text, 6, Excess::round_half_even);
        return number && append_number(out, format, *number, context);
    }
    if (const Result<Instant> instant = parse_instant(text)) return append_instant(out, format, *instant, context);
    const Result<Date> date = parse_date(text);
    return date && append_date(out, format, *date, context);
}

}  // namespace cartbell::render
