#include "model/fact_view.hpp"

#include <algorithm>

namespace cartbell {

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

}  // namespace cartbell
