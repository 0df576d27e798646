// The head of every object that crosses the line: a tag that says what it is, and the process that made it.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/status.hpp"

namespace cartbell::capi {

// Eight bytes that no pointer, counter or text is likely to begin with.
enum class Tag : uint64_t {
    closed = 0xC105ED0BAD0C105Eull,
    engine = 0xCA27BE11E9619E01ull,
    batch = 0xCA27BE11BA7C4802ull,
    compiled_template = 0xCA27BE117E391A03ull,
    message_export = 0xCA27BE11E8902704ull,
    error = 0xCA27BE11E2202905ull,
};

extern std::atomic<int64_t> live_objects;
int64_t process_id();

// First base of an object, so that its tag is the object's first eight bytes.
class Head {
  public:
    explicit Head(Tag tag) : tag_(static_cast<uint64_t>(tag)), process_(process_id()) {
        live_objects.fetch_add(1, std::memory_order_relaxed);
    }
    // The tag is overwritten through a volatile, else the compiler may leave a dead object's bytes as they
    // were.
    ~Head() {
        *static_cast<volatile uint64_t *>(&tag_) = static_cast<uint64_t>(Tag::closed);
        live_objects.fetch_sub(1, std::memory_order_relaxed);
    }
    Head(const Head &) = delete;
    Head &operator=(const Head &) = delete;

    bool of_this_process() const { return process_ == process_id(); }

  private:
    uint64_t tag_;
    int64_t process_;
};

// Whether `object` begins with `tag`: the first look at every handle, before it is taken for what the caller
// says.
bool has_tag(const void *object, Tag tag);

// A handle as its type says, made in this process. Errors: `null_handle wrong_handle` (misuse), `forked`.
Status check_handle(const void *object, Tag tag, const char *what);

}  // namespace cartbell::capi
