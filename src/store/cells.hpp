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
        if (chunk_ == chunks_.size() || chunks_[chunk_].capacity - used_ < size) next_chunk(size);
        char *place = chunks_[chunk_].bytes.get() + used_;
        std::memcpy(place, bytes, size);
        used_ += size;
        size_ += size;
        return place;
    }

    size_t size() const { return size_; }  // bytes copied since the last clear

    // The chunks stay for what is copied next, but not those of an exceptionally large block.
    void clear() {
        if (chunks_.size() > most_kept) chunks_.resize(most_kept);
        chunk_ = used_ = size_ = 0;
    }

  private:
    struct Chunk {
        std::unique_ptr<char[]> bytes;
        size_t capacity;
    };
    static constexpr size_t chunk_bytes = 64 << 10, most_kept = 16;

    void next_chunk(size_t size) {
        if (chunk_ < chunks_.size()) ++chunk_;
        used_ = 0;
        if (chunk_ < chunks_.size() && chunks_[chunk_].capacity >= size) return;
        const size_t capacity = size > chunk_bytes ? size : chunk_bytes;
        chunks_.insert(chunks_.begin() + static_cast<std::ptrdiff_t>(chunk_), {std::unique_ptr<char[]>(new char[capacity]), capacity});
    }

    std::vector<Chunk> chunks_;
    size_t chunk_ = 0;  // the one being filled
    size_t used_ = 0;   // of it
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
