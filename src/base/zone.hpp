// Time zones as an interface: the core never reads zone files itself (src/platform does).
#pragma once

#include <string_view>

#include "base/instant.hpp"

namespace cartbell {

// One IANA zone. Immutable; any thread.
class Zone {
  public:
    constexpr virtual ~Zone() = default;  // constexpr: the one of UTC needs no destructor at exit
    virtual int32_t offset_seconds_at(Instant instant) const = 0;  // east of UTC is positive
    // The rule of formats.md "Formats" (head): a wall time inside a gap moves forward by the gap, of two equal ones the first is taken.
    virtual Instant instant_of(LocalTime local) const = 0;
    virtual std::string_view name() const = 0;
};

// Where zones come from. `find` returns null for an unknown name; what it returns lives as long as the source. Any thread.
class Zones {
  public:
    virtual ~Zones() = default;
    virtual const Zone *find(std::string_view name) const = 0;
};

const Zone &utc();  // always there

inline LocalTime local_of(const Zone &zone, Instant instant) {
    LocalTime local = 0;
    if (__builtin_add_overflow(instant, int64_t{zone.offset_seconds_at(instant)} * second_us, &local)) return instant;
    return local;
}
Date date_at(const Zone &zone, Instant instant);              // local day
Instant midnight_of(const Zone &zone, Date date);             // first instant of that local day's 00:00 (gap rule)
// s m h d w are exact lengths; mo y are calendar steps that keep the wall time, clamped to the month's last day. Saturates at never / no_instant + 1.
Instant add(Instant instant, Duration duration, const Zone &zone);
Instant subtract(Instant instant, Duration duration, const Zone &zone);
Date add(Date date, Duration duration);                       // calendar days for d and w; h m s are not allowed (returns the date)
Date subtract(Date date, Duration duration);

}  // namespace cartbell
