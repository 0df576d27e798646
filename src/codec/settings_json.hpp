// Settings ↔ JSON, whole and by member (formats.md §0).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "base/zone.hpp"
#include "model/operation.hpp"
#include "model/settings.hpp"

namespace cartbell::codec {

// What reading gave: settings that hold only if there are no errors. Pointers are relative to the text that
// was read.
struct ReadSettings {
    Settings settings;
    std::vector<Note>
        errors;  // all at once: syntax unknown_member not_yet bad_type bad_code missing_code duplicate ...
    bool ok() const { return errors.empty(); }
};

// The whole document; a member that is not named has its default. `zones` checks shop.zone when it is not
// null. The version is 0.
ReadSettings read_settings(std::string_view json, const Zones *zones, const Limits &limits);
// One member (`shop sources statuses fields rates`) put anew, over `current`, whose version is kept.
ReadSettings read_settings_member(std::string_view member, std::string_view json, const Settings &current,
                                  const Zones *zones, const Limits &limits);

void append_settings(std::string &out,
                     const Settings &settings);  // with "version", which reading accepts and ignores
// Error: `unknown_member` with the nearest name.
Status append_settings_member(std::string &out, std::string_view member, const Settings &settings);

}  // namespace cartbell::codec
