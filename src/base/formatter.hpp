// How values become text for people: the locale-neutral default lives in base, ICU's in platform (later).
#pragma once

#include <string>
#include <string_view>

#include "base/decimal.hpp"
#include "base/instant.hpp"

namespace cartbell {

enum class TimeFormat : uint8_t { date_short, date_long, time, weekday };

// Immutable; any thread. `locale` is BCP 47 and may be empty.
class Formatter {
  public:
    constexpr virtual ~Formatter() = default;  // constexpr: the neutral one needs no destructor at exit
    virtual std::string money(Money money, std::string_view locale) const = 0;           // "199.90 EUR"
    virtual std::string number(int64_t value_e6, std::string_view locale) const = 0;      // "1234.5"
    virtual std::string percent(int64_t value_e6, std::string_view locale) const = 0;     // whole, toward zero: 12.9 -> "12%"
    virtual std::string time(LocalTime local, TimeFormat format, std::string_view locale) const = 0;
};

const Formatter &neutral_formatter();

}  // namespace cartbell
