#include "model/entry_list.hpp"

#include <algorithm>

namespace cartbell {

void EntryList::add(int64_t position) {
    const auto at = std::lower_bound(here.begin(), here.end(), position);
    if (at == here.end() || *at != position) here.insert(at, position);
}

}  // namespace cartbell
