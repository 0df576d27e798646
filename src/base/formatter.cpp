// The locale-neutral formats: what a message shows where no locale library is linked. The locale is ignored.
#include "base/formatter.hpp"

namespace cartbell {
namespace {

constexpr std::string_view month_names[] = {"January",   "February", "March",    "April",
                                            "May",       "June",     "July",     "August",
                                            "September", "October",  "November", "December"};
constexpr std::string_view weekday_names[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                              "Friday", "Saturday", "Sunday"};

std::string two_digits(int64_t value) {
    return {static_cast<char>('0' + value / 10 % 10), static_cast<char>('0' + value % 10)};
}

class NeutralFormatter final : public Formatter {
  public:
    constexpr ~NeutralFormatter() override {}
    std::string money(Money money, std::string_view) const override {
        std::string text = format_money(money);
        if (money.currency) text += ' ' + money.currency.text();
        return text;
    }
    std::string number(int64_t value_e6, std::string_view) const override { return format_decimal(value_e6); }
    std::string percent(int64_t value_e6, std::string_view) const override {
        return std::to_string(value_e6 / decimal_unit_e6) +
               '%';  // division goes toward zero, formats.md §3 "Formats"
    }
    std::string time(LocalTime local, TimeFormat format, std::string_view) const override {
        const int64_t days = whole_days(local);
        const int64_t minutes = us_of_day(local) / (60 * second_us);
        const Date date = date_of_days(days);
        switch (format) {
            case TimeFormat::date_short:
                return format_date(date);
            case TimeFormat::date_long:
                return std::to_string(date.day) + ' ' + std::string(month_names[date.month - 1]) + ' ' +
                       std::to_string(date.year);
            case TimeFormat::time:
                return two_digits(minutes / 60) + ':' + two_digits(minutes % 60);
            case TimeFormat::weekday:
                return std::string(weekday_names[weekday_of_days(days)]);
        }
        return {};
    }
};

constexpr NeutralFormatter neutral;

}  // namespace

const Formatter &neutral_formatter() {
    return neutral;
}

}  // namespace cartbell
