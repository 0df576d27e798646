// When a condition on one fact's instant holds: half-open spans of now, computed from the fact (formats.md
// §2: "a duration is added to the fact's instant, never subtracted from now"). Their ends are the exact next
// changes.
#pragma once

#include <algorithm>

#include "base/zone.hpp"
#include "segment/program.hpp"
#include "segment/segment.hpp"

namespace cartbell::segment {

struct Span {
    Instant from = no_instant;  // holds while from <= now < until
    Instant until = never;
};

inline Verdict verdict_of(Span span, Instant now) {
    if (span.from >= span.until) return {false, never};
    if (now < span.from) return {false, span.from};
    if (now < span.until) return {true, span.until};
    return {false, never};
}

inline Verdict verdict_of(bool holds) {
    return {holds, never};
}
inline Verdict negation_of(Verdict verdict) {
    return {!verdict.holds, verdict.next_change};
}
inline Verdict sooner(bool holds, Verdict a, Verdict b) {
    return {holds, std::min(a.next_change, b.next_change)};
}
inline Verdict both(Verdict a, Verdict b) {  // what is false stays false as long as one of its reasons does
    if (a.holds && b.holds) return sooner(true, a, b);
    if (!a.holds && !b.holds) return {false, std::max(a.next_change, b.next_change)};
    return a.holds ? b : a;
}
inline Verdict either(Verdict a, Verdict b) {
    return negation_of(both(negation_of(a), negation_of(b)));
}

// The local day: the newest local midnight at or before the instant. (date_at can step back where clocks are
// set back over midnight.)
int64_t local_day(const Zone &zone, Instant instant);  // days since 1970-01-01
Instant midnight(const Zone &zone, int64_t day);

// ago, ahead: how the time between the fact and now compares with a duration. `ago` looks only at the past,
// `ahead` only at the future.
Verdict ago(Instant fact, Op relation, Instant fact_later, Instant now);  // fact_later = fact + duration
Verdict ahead(Instant fact, Op relation, Instant fact_earlier,
              Instant now);  // fact_earlier = fact - duration

// fact + duration where the answer's only use is whether it is after now: far in the past it is not computed
// exactly.
Instant later_of(Instant fact, Duration duration, const Zone &zone, Instant now);

// Which rows a period leaves. `between` is resolved by the caller.
Verdict in_period(const Period &period, Instant fact, const Zone &zone, Instant now);

struct Anniversary {
    int64_t day = 0;    // the next one, today included
    int64_t years = 0;  // full ones; 0 = the date has no year
};
// 29 February is kept on 28 February in other years; a date's own day is no anniversary ("never 0").
Anniversary next_anniversary(Date date, int64_t today);

}  // namespace cartbell::segment
