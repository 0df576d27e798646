// Where a render writes: a string used as a buffer with a cursor, so that a short append costs a compare and a copy.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace cartbell::render {

class Writer {
  public:
    // Appends to `out`, at most `most` bytes; about `expected`.
    Writer(std::string &out, size_t most, size_t expected) : out_(out), begin_(out.size()), most_(begin_ + most) {
        resize(std::min(begin_ + expected, most_));
        cursor_ = out_.data() + begin_;
    }
    ~Writer() { out_.resize(size()); }
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

    bool overflowed() const { return overflowed_; }
    size_t size() const { return static_cast<size_t>(cursor_ - out_.data()); }
    std::string_view from(size_t begin) const { return {out_.data() + begin, size() - begin}; }
    void truncate(size_t bytes) { cursor_ = out_.data() + bytes; }

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
        const size_t used = size();
        if (overflowed_ || bytes > most_ - used) {
            overflowed_ = true;
            return false;
        }
        resize(std::min(std::max(out_.size() * 2, used + bytes + 256), most_));
        cursor_ = out_.data() + used;
        return true;
    }
    void resize(size_t bytes) {
        out_.resize(bytes);
        limit_ = out_.data() + bytes;
    }

    std::string &out_;
    size_t begin_, most_;
    char *cursor_ = nullptr, *limit_ = nullptr;
    bool overflowed_ = false;
};

}  // namespace cartbell::render
