// The facts of an entry with borrowed keys, for sorting without copies. Private to the fold.
#pragma once

#include <tuple>

#include "model/fold.hpp"

namespace cartbell {

struct FactView {
    const Entry *entry = nullptr;
    Instant at = no_instant;
    uint8_t part = 0;

    auto key() const {
        const Stamp &stamp = entry->stamp;
        return std::make_tuple(
            stamp.trust, at, stamp.has_sequence, stamp.has_sequence ? stamp.sequence : int64_t{0}, stamp.rank,
            std::string_view(entry->operation->source), std::string_view(entry->operation->id), part);
    }
    friend bool operator<(const FactView &a, const FactView &b) { return a.key() < b.key(); }
    bool above(const FactKey &other) const {
        return std::make_tuple(other.trust, other.at, other.has_sequence, other.sequence, other.rank,
                               std::string_view(other.source), std::string_view(other.id),
                               other.part) < key();
    }
    void store(FactKey &out) const {
        std::tie(out.trust, out.at, out.has_sequence, out.sequence, out.rank, out.source, out.id, out.part) =
            key();
    }
};

// Entries by (source, id), each once: the same entry twice is one entry.
std::vector<const Entry *> distinct_entries(std::span<const Entry> entries);

// `patch` without the cells that `refused` names; `spare` holds the copy when one is needed.
template <typename Refused>
const Record &patch_without(const Record &patch, Record &spare, Refused refused) {
    bool any = false;
    for (const Record::Cell &cell : patch.cells)
        any |= refused(cell.field);
    if (!any) return patch;
    spare = patch;
    std::erase_if(spare.cells, [&](const Record::Cell &cell) { return refused(cell.field); });
    return spare;
}

}  // namespace cartbell
