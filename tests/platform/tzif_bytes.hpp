// Builds TZif files for tests: one change a line, one footer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

struct TzifBytes {
    struct Change {
        int64_t at_seconds;
        int type;
    };
    char version = '2';
    std::vector<int32_t> offsets = {0};  // by type
    std::vector<Change> changes;
    std::string footer;
    uint32_t leaps = 0;

    static void put(std::string &out, int64_t value, int size) {
        for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
            out.push_back(static_cast<char>(value >> shift & 0xff));
    }

    std::string block(int time_bytes) const {
        std::string out = "TZif";
        out.push_back(version);
        out.append(15, '\0');
        for (const size_t count :
             {size_t{0}, size_t{0}, size_t{leaps}, changes.size(), offsets.size(), size_t{4}}) {
            put(out, static_cast<int64_t>(count), 4);
        }
        for (const Change &change : changes)
            put(out, change.at_seconds, time_bytes);
        for (const Change &change : changes)
            put(out, change.type, 1);
        for (const int32_t offset : offsets) {
            put(out, offset, 4);
            put(out, 0, 2);
        }
        out.append("LMT", 4);
        for (uint32_t leap = 0; leap < leaps; ++leap)
            put(out, 78'796'800, time_bytes), put(out, 1, 4);
        return out;
    }

    std::string bytes() const {
        if (version == '\0') return block(4);
        return block(4) + block(8) + '\n' + footer + '\n';
    }
};
