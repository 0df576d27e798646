// Where a render writes: a buffer with a cursor, so that a short append costs a compare and a copy.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

namespace cartbell::render {

class Writer {
  public:
    explicit Writer(size_t most) : most_(most) {}  // bytes it takes at most
    Writer(const Writer &) = delete;
    Writer &operator=(const Writer &) = delete;

    // Past `most` bytes nothing is written any more, and overflowed() says so.
    void append(std::string_view text) {
        if (static_cast<size_t>(limit_ - cursor_) < text.size() && !grow(text.size())) return;
        copy(cursor_, text.data(), text.size());
        cursor_ += text.size();
    }
    // Of a text behind which `spare` more bytes may be read.
    void append_padded(const char *text, size_t bytes) {
        if (static_cast<size_t>(limit_ - cursor_) < bytes + spare) return append(std::string_view(text, bytes));
        for (size_t at = 0; at < bytes; at += spare) std::memcpy(cursor_ + at, text + at, spare);
        cursor_ += bytes;
    }
    static constexpr size_t spare = 32;

    void append(char letter) { append(std::string_view(&letter, 1)); }
    // The next `bytes` to write into, then advance(); null past the limit.
    char *room(size_t bytes) {
        if (static_cast<size_t>(limit_ - cursor_) < bytes && !grow(bytes)) return nullptr;
        return cursor_;
    }
    void advance(size_t bytes) { cursor_ += bytes; }
    bool has_room(size_t bytes) const { return static_cast<size_t>(limit_ - cursor_) >= bytes; }

    bool overflowed() const { return overflowed_; }
    size_t size() const { return static_cast<size_t>(cursor_ - data_); }
    std::string_view from(size_t begin) const { return {data_ + begin, size() - begin}; }
    void truncate(size_t bytes) { cursor_ = data_ + bytes; }

  private:
    // Short texts in two overlapping moves instead of a call.
    static void copy(char *to, const char *from, size_t bytes) {
        if (bytes > 16) {
            std::memcpy(to, from, bytes);
        } else if (bytes >= 8) {
            uint64_t first, last;
            std::memcpy(&first, from, 8);
            std::memcpy(&last, from + bytes - 8, 8);
            std::memcpy(to, &first, 8);
            std::memcpy(to + bytes - 8, &last, 8);
        } else if (bytes >= 4) {
            uint32_t first, last;
            std::memcpy(&first, from, 4);
            std::memcpy(&last, from + bytes - 4, 4);
            std::memcpy(to, &first, 4);
            std::memcpy(to + bytes - 4, &last, 4);
        } else if (bytes > 0) {
            to[0] = from[0];
            to[bytes / 2] = from[bytes / 2];
            to[bytes - 1] = from[bytes - 1];
        }
    }

    __attribute__((noinline)) bool grow(size_t bytes) {
        const size_t used = size(), held = static_cast<size_t>(limit_ - data_);
        if (overflowed_ || bytes > most_ - used) {
            overflowed_ = true;
            return false;
        }
        const size_t room = std::min(std::max(held * 2, used + bytes + 256), most_);
        auto more = std::make_unique_for_overwrite<char[]>(room);
        std::memcpy(more.get(), data_, used);
        heap_ = std::move(more);
        data_ = heap_.get();
        limit_ = data_ + room;
        cursor_ = data_ + used;
        return true;
    }

    size_t most_;
    char inside_[4096];  // most texts need no more
    std::unique_ptr<char[]> heap_;
    char *data_ = inside_, *cursor_ = inside_, *limit_ = inside_ + std::min(most_, sizeof inside_);
    bool overflowed_ = false;
};

}  // namespace cartbell::render
