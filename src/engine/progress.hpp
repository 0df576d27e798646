// Where long work stands: one row of the table `progress`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/instant.hpp"
#include "store/store.hpp"

namespace cartbell::engine {

struct Progress {
    std::string state;            // "" = there is none; planned, running, done
    Instant clock = 0;            // the instant the work speaks of
    int64_t last_customer = 0;    // everybody up to this one is done
    int64_t newest_serial = -1;   // of the customers there were at the start; later ones are not asked. -1: not started
    std::vector<int64_t> also;    // customers to ask at the end: people who were there, and turned out to be one the work had passed
};

Result<Progress> load_progress(store::Transaction &transaction, std::string_view subject);
Status save_progress(store::Transaction &transaction, std::string_view subject, const Progress &progress);

}  // namespace cartbell::engine
