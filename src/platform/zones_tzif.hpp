// The zones of a directory of compiled zone files, such as /usr/share/zoneinfo.
#pragma once

#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "base/zone.hpp"

namespace cartbell {

class TzifZones final : public Zones {
  public:
    // Nothing is read until a zone is asked for. A host that keeps its zones elsewhere ($ZONEINFO) names the
    // directory.
    explicit TzifZones(std::string directory = "/usr/share/zoneinfo");
    ~TzifZones() override;
    TzifZones(const TzifZones &) = delete;
    TzifZones &operator=(const TzifZones &) = delete;

    // Null for a name that is none, for one without a file, and for a malformed file. "UTC" is always there.
    const Zone *find(std::string_view name) const override;

  private:
    std::unique_ptr<Zone> load(const std::string &name) const;

    std::string directory_;
    mutable std::shared_mutex mutex_;
    mutable std::map<std::string, std::unique_ptr<Zone>, std::less<>> zones_;  // null: known to be unknown
    mutable size_t unknown_ = 0;
};

// Whether the text could name a zone: parts of letters, digits, "_", "+" and "-" joined by "/". No "..", no
// absolute path; and not the machine's own zone or another form of the same files ("localtime", "posixrules",
// "posix/…", "right/…").
bool is_zone_name(std::string_view name);

}  // namespace cartbell
