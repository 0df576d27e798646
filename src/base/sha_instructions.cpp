#include "base/sha_instructions.hpp"

#if defined(__x86_64__) && defined(__GNUC__)

#include <cpuid.h>

namespace cartbell {
namespace {

bool ask() {
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) || !(c & bit_SSE4_1)) return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & (1u << 29)) != 0;
}

}  // namespace

bool has_sha_instructions() {
    static const bool available = ask();  // asked once: CPUID is slow in a virtual machine
    return available;
}

}  // namespace cartbell

#endif
