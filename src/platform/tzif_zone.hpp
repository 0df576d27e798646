// One zone out of the bytes of a TZif file (RFC 9636).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/zone.hpp"
#include "platform/posix_rule.hpp"

namespace cartbell {

class TzifZone final : public Zone {
  public:
    // Null if the bytes are not a well-formed file of version 1 or later, or count leap seconds (the "right/"
    // files do).
    static std::unique_ptr<TzifZone> parse(std::string name, std::string_view bytes);

    int32_t offset_seconds_at(Instant instant) const override;
    Instant instant_of(LocalTime local) const override;
    std::string_view name() const override { return name_; }

  private:
    // A stretch of time with one offset: begin <= instant < end.
    struct Period {
        Instant begin;
        Instant end;
        int32_t offset_seconds;
    };

    bool read(std::string_view bytes);
    void extend_by_rule();
    Period period_at(Instant instant) const;
    Period period_by_rule(Instant instant) const;

    std::string name_;
    // Change i happens at begins_[i] and sets offsets_[i + 1]; offsets_[0] holds before the first.
    std::vector<Instant> begins_;
    std::vector<int32_t> offsets_;
    std::optional<PosixRule> rule_;
};

}  // namespace cartbell
