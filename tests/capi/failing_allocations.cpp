#include "failing_allocations.hpp"

#include <cstdlib>
#include <new>

namespace cartbell::test {
long allocations_left = -1;
long allocations_seen = 0;
}  // namespace cartbell::test

using cartbell::test::allocations_left;
using cartbell::test::allocations_seen;

namespace {

bool fails() {
    ++allocations_seen;
    if (allocations_left < 0) return false;
    return allocations_left-- == 0;
}

void *take(size_t size) {
    if (fails()) return nullptr;
    return std::malloc(size == 0 ? 1 : size);
}

}  // namespace

void *operator new(size_t size) {
    if (void *memory = take(size)) return memory;
    throw std::bad_alloc();
}
void *operator new[](size_t size) {
    return operator new(size);
}
void *operator new(size_t size, const std::nothrow_t &) noexcept {
    return take(size);
}
void *operator new[](size_t size, const std::nothrow_t &) noexcept {
    return take(size);
}
void *operator new(size_t size, std::align_val_t align) {
    if (fails()) throw std::bad_alloc();
    if (void *memory =
            std::aligned_alloc(static_cast<size_t>(align),
                               (size + static_cast<size_t>(align) - 1) & ~(static_cast<size_t>(align) - 1)))
        return memory;
    throw std::bad_alloc();
}
void *operator new[](size_t size, std::align_val_t align) {
    return operator new(size, align);
}
void operator delete(void *memory) noexcept {
    std::free(memory);
}
void operator delete[](void *memory) noexcept {
    std::free(memory);
}
void operator delete(void *memory, size_t) noexcept {
    std::free(memory);
}
void operator delete[](void *memory, size_t) noexcept {
    std::free(memory);
}
void operator delete(void *memory, const std::nothrow_t &) noexcept {
    std::free(memory);
}
void operator delete[](void *memory, const std::nothrow_t &) noexcept {
    std::free(memory);
}
void operator delete(void *memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete[](void *memory, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete(void *memory, size_t, std::align_val_t) noexcept {
    std::free(memory);
}
void operator delete[](void *memory, size_t, std::align_val_t) noexcept {
    std::free(memory);
}
