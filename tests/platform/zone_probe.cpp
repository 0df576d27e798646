// Answers questions about zones for tests/platform/zones_against_python.py, one line each:
//   zone NAME      -> "ok" or "unknown"
//   o SECONDS...   -> the offsets at these instants
//   l SECONDS...   -> the instants of these wall times
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "platform/zones_tzif.hpp"

namespace {

using cartbell::second_us;

void answer_numbers(const cartbell::Zone &zone, bool offsets, char *at) {
    std::string line;
    for (char *end = at;; at = end) {
        const long long seconds = std::strtoll(at, &end, 10);
        if (end == at) break;
        const int64_t us = int64_t{seconds} * second_us;
        line += std::to_string(offsets ? zone.offset_seconds_at(us) : zone.instant_of(us) / second_us);
        line += ' ';
    }
    std::puts(line.c_str());
}

}  // namespace

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    const cartbell::TzifZones zones(argv[1]);
    const cartbell::Zone *zone = nullptr;
    static char line[1 << 22];
    while (std::fgets(line, sizeof line, stdin)) {
        line[std::strcspn(line, "\n")] = '\0';
        if (std::strncmp(line, "zone ", 5) == 0) {
            zone = zones.find(line + 5);
            std::puts(zone ? "ok" : "unknown");
        } else if (zone && (line[0] == 'o' || line[0] == 'l')) {
            answer_numbers(*zone, line[0] == 'o', line + 1);
        } else {
            return 1;
        }
        std::fflush(stdout);
    }
    return 0;
}
