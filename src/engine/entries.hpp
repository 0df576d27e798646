// Entries: what the door makes of an operation, and reading it again from the journal (architecture.md idea 1).
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "base/zone.hpp"
#include "model/fold.hpp"
#include "store/store.hpp"

namespace cartbell::engine {

// The corrections of formats.md §1 for one operation: `sent_at` more than 2 minutes off, and instants beyond received_at + future.
// Depends on the operation, the receive time and the settings alone, so an entry read again is corrected alike.
struct Times {
    Instant occurred_at = no_instant;
    std::array<Instant, 3> status_at{no_instant, no_instant, no_instant};  // none = as the operation's
    bool skewed = false;        // sent_at moved something: the journal must keep it
    std::vector<Note> notes;    // time_moved, one for each instant that moved
};
Times corrected_times(const Operation &operation, Instant received_at, const Settings &settings, const Zones &zones);
// True if a status's own time differs from what was sent: the operation must be copied before it is folded.
bool moves_status_times(const Operation &operation, const Times &times);
void move_status_times(Operation &operation, const Times &times);

// What the journal adds to an operation. `position` is the entry's own.
Stamp make_stamp(const Operation &operation, const Times &times, const Settings &settings, Instant received_at, int64_t position);

struct LoadedEntry {
    Operation operation;
    Stamp stamp;
};

// Reads entries back from the journal, each with the settings version that was in force when it entered.
class EntryReader {
  public:
    EntryReader(store::Transaction &transaction, std::shared_ptr<const Settings> current, const Zones &zones)
        : transaction_(transaction), current_(std::move(current)), zones_(zones) {}
    // Appends one entry per position. Error: `corrupt` when one is not there or cannot be read.
    Status load(std::span<const int64_t> positions, std::deque<LoadedEntry> &entries);
    Result<std::shared_ptr<const Settings>> settings_of(int64_t version);

  private:
    store::Transaction &transaction_;
    std::shared_ptr<const Settings> current_;
    const Zones &zones_;
    std::map<int64_t, std::shared_ptr<const Settings>> older_;
};

// One version of the settings out of the definitions; version 0 is default_settings().
Result<std::shared_ptr<const Settings>> load_settings(store::Transaction &transaction, int64_t version);

std::vector<Entry> entries_of(const std::deque<LoadedEntry> &loaded);

}  // namespace cartbell::engine
