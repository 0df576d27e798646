// Reads what state_bytes writes: numbers as varints, texts with their length. Never past the end; one failed
// read fails all that follow.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cartbell {

class ByteReader {
  public:
    explicit ByteReader(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

    bool failed() const { return failed_; }
    const char *at() const { return at_; }
    size_t left() const { return static_cast<size_t>(end_ - at_); }
    void fail() {
        failed_ = true;
        at_ = end_;
    }

    uint8_t byte() {
        if (at_ == end_) {
            fail();
            return 0;
        }
        return static_cast<uint8_t>(*at_++);
    }

    uint64_t varint() {
        if (at_ != end_ && static_cast<uint8_t>(*at_) < 0x80) return static_cast<uint8_t>(*at_++);
        uint64_t value = 0;
        at_ = long_varint(at_, end_, value);
        if (at_ == nullptr) fail();
        return value;
    }

    int64_t number() {  // zigzag
        const uint64_t raw = varint();
        return static_cast<int64_t>((raw >> 1) ^ (~(raw & 1) + 1));
    }

    // A number of things, each of at least `least_bytes` more bytes: what hostile bytes make us reserve stays
    // in proportion to them.
    size_t count(size_t least_bytes) {
        const uint64_t number = varint();
        if (number <= left() / least_bytes) return static_cast<size_t>(number);
        fail();
        return 0;
    }

    std::string_view text() {
        const size_t size = count(1);
        const std::string_view text(at_, size);
        at_ += size;
        return text;
    }

  private:
    // Where it ends; null: it does not, or has more than 64 bits. By value, so that a reader can stay in registers.
    static const char *long_varint(const char *at, const char *end, uint64_t &value) {
        uint64_t bits = 0;
        for (int shift = 0; shift < 64 && at != end; shift += 7) {
            const auto next = static_cast<uint8_t>(*at++);
            if (shift == 63 && next > 1) break;
            bits |= uint64_t{next & 0x7fu} << shift;
            if (next >= 0x80) continue;
            value = bits;
            return at;
        }
        return nullptr;
    }

    const char *at_;
    const char *end_;
    bool failed_ = false;
};

}  // namespace cartbell
