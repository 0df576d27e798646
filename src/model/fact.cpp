#include "model/fact.hpp"

#include <algorithm>

#include "model/fact_view.hpp"

namespace cartbell {

Instant corrected(Instant at, Instant sent_at, Instant received_at, Instant latest) {
    if (at == no_instant) return received_at;
    if (sent_at != no_instant) {
        const int64_t off = received_at - sent_at;  // both within 1970-2199
        if (off > clock_tolerance_us || off < -clock_tolerance_us)
            at = std::clamp(at + off, least_instant, greatest_instant);
    }
    return at > latest ? received_at : at;
}

std::vector<const Entry *> distinct_entries(std::span<const Entry> entries) {
    std::vector<const Entry *> distinct;
    distinct.reserve(entries.size());
    for (const Entry &entry : entries)
        distinct.push_back(&entry);
    const auto name = [](const Entry *entry) {
        return std::tie(entry->operation->source, entry->operation->id);
    };
    std::sort(distinct.begin(), distinct.end(), [&](const Entry *a, const Entry *b) {
        return std::tuple_cat(name(a), std::tie(a->stamp.position)) <
               std::tuple_cat(name(b), std::tie(b->stamp.position));
    });
    distinct.erase(std::unique(distinct.begin(), distinct.end(),
                               [&](const Entry *a, const Entry *b) { return name(a) == name(b); }),
                   distinct.end());
    return distinct;
}

void add_position(std::vector<int64_t> &positions, int64_t position) {
    const auto at = std::lower_bound(positions.begin(), positions.end(), position);
    if (at == positions.end() || *at != position) positions.insert(at, position);
}

}  // namespace cartbell
