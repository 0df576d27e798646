// Where a render writes: a string used as a buffer with a cursor, so that a short append costs a compare and a copy.
#pragma once

#include <algorithm>
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
        std::memcpy(cursor_, text.data(), text.size());
        cursor_ += text.size();
    }
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
    bool grow(size_t bytes) {
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
