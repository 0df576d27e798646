// The host's clock: the system's, or what --at says.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cartbell::cli {

int64_t system_now_us();
// "2011-12-10T00:00:00Z", with any offset, or a day alone: its midnight in UTC. Throws Failure.
int64_t parse_instant_us(std::string_view text);
std::string format_instant_us(int64_t instant_us);  // RFC 3339 in UTC, whole seconds
int64_t parse_duration_us(std::string_view text);   // "90s" "5m" "2h" "1d". Throws Failure

}  // namespace cartbell::cli
