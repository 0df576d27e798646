// What the built-in stores share over cells: memory that rows given out point into, and the guard around every function of a table.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include "cartbell/sys/store.h"

namespace cartbell::store {

// Bytes at stable addresses, given back all at once. Keeps its first chunk for the next use.
class Arena {
  public:
    const void *copy(const void *bytes, size_t size) {
        if (size == 0) return "";
        if (chunks_.empty() || chunks_.back().capacity - used_ < size) grow(size);
        char *place = chunks_.back().bytes.get() + used_;
        std::memcpy(place, bytes, size);
        used_ += size;
        size_ += size;
        return place;
    }

    size_t size() const { return size_; }  // bytes copied since the last clear

    void clear() {
        if (chunks_.size() > 1) chunks_.resize(1);
        used_ = size_ = 0;
    }

  private:
    struct Chunk {
        std::unique_ptr<char[]> bytes;
        size_t capacity;
    };

    void grow(size_t size) {
        constexpr size_t chunk_bytes = 64 << 10;
        size_t capacity = size > chunk_bytes ? size : chunk_bytes;
        chunks_.push_back({std::unique_ptr<char[]>(new char[capacity]), capacity});
        used_ = 0;
    }

    std::vector<Chunk> chunks_;
    size_t used_ = 0;  // of the last chunk
    size_t size_ = 0;
};

// store.h: no function of a table throws. What the standard library throws here is lack of memory.
template <typename Body>
int32_t guard_store(Body &&body) noexcept {
    try {
        return body();
    } catch (const std::bad_alloc &) {
        return CARTBELL_OUT_OF_MEMORY;
    } catch (...) {
        return CARTBELL_INTERNAL;
    }
}

}  // namespace cartbell::store
