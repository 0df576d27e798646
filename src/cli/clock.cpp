#include "cli/clock.hpp"

#include <chrono>
#include <cstdio>

#include "cli/failure.hpp"

namespace cartbell::cli {
namespace {

constexpr int64_t second_us = 1'000'000;

[[noreturn]] void no_instant(std::string_view text) {
    throw Failure(exit_usage,
                  "\"" + std::string(text) +
                      "\" is no time: write 2011-12-10T00:00:00Z, or 2011-12-10 for its midnight in UTC");
}

class Digits {
  public:
    explicit Digits(std::string_view text) : text_(text) {}
    int take(size_t count, int least, int most) {
        int value = 0;
        for (; count > 0; --count, ++at_) {
            if (at_ >= text_.size() || text_[at_] < '0' || text_[at_] > '9') no_instant(text_);
            value = value * 10 + (text_[at_] - '0');
        }
        if (value < least || value > most) no_instant(text_);
        return value;
    }
    bool has(char c) {
        if (at_ >= text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    void expect(char c) {
        if (!has(c)) no_instant(text_);
    }
    bool digit() const { return at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; }
    bool ended() const { return at_ == text_.size(); }

  private:
    std::string_view text_;
    size_t at_ = 0;
};

}  // namespace

int64_t system_now_us() {
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

int64_t parse_instant_us(std::string_view text) {
    Digits digits(text);
    const int year = digits.take(4, 1970, 2199);
    digits.expect('-');
    const int month = digits.take(2, 1, 12);
    digits.expect('-');
    const int day = digits.take(2, 1, 31);
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) no_instant(text);
    const int64_t midnight = std::chrono::sys_days(date).time_since_epoch().count() * 86'400 * second_us;
    if (digits.ended()) return midnight;

    if (!digits.has('T') && !digits.has('t')) digits.expect(' ');
    const int hour = digits.take(2, 0, 23);
    digits.expect(':');
    const int minute = digits.take(2, 0, 59);
    const int second = digits.has(':') ? digits.take(2, 0, 60) : 0;
    int64_t micros = 0;
    if (digits.has('.')) {
        int64_t unit = second_us / 10;
        for (; digits.digit(); unit /= 10)
            micros += digits.take(1, 0, 9) * unit;
    }
    int64_t offset = 0;
    if (!digits.has('Z') && !digits.has('z')) {
        const int sign = digits.has('-') ? -1 : 1;
        if (sign == 1) digits.expect('+');
        offset = digits.take(2, 0, 23) * 3600;
        digits.expect(':');
        offset = sign * (offset + digits.take(2, 0, 59) * 60);
    }
    if (!digits.ended()) no_instant(text);
    return midnight + (hour * 3600 + minute * 60 + second - offset) * second_us + micros;
}

std::string format_instant_us(int64_t instant_us) {
    const auto instant =
        std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(instant_us));
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day date(day);
    const int64_t seconds = std::chrono::floor<std::chrono::seconds>(instant - day).count();
    char text[40];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(seconds / 3600), static_cast<int>(seconds / 60 % 60),
                  static_cast<int>(seconds % 60));
    return text;
}

int64_t parse_duration_us(std::string_view text) {
    int64_t count = 0;
    size_t at = 0;
    for (; at < text.size() && at < 9 && text[at] >= '0' && text[at] <= '9'; ++at)
        count = count * 10 + (text[at] - '0');
    const std::string_view unit = text.substr(at);
    const int64_t seconds = unit == "s"   ? 1
                            : unit == "m" ? 60
                            : unit == "h" ? 3600
                            : unit == "d" ? 86'400
                                          : 0;
    if (at == 0 || seconds == 0 || count == 0)
        throw Failure(exit_usage, "\"" + std::string(text) + "\" is no duration: write 90s, 5m, 2h or 1d");
    return count * seconds * second_us;
}

}  // namespace cartbell::cli
