#include <cstdlib>

#include "capi/handle.hpp"
#include "cartbell/base.h"

#define CARTBELL_TEXT_OF(x) #x
#define CARTBELL_DOTTED(a, b, c) CARTBELL_TEXT_OF(a) "." CARTBELL_TEXT_OF(b) "." CARTBELL_TEXT_OF(c)

const char *cartbell_version(void) noexcept {
    return CARTBELL_DOTTED(CARTBELL_VERSION_MAJOR, CARTBELL_VERSION_MINOR, CARTBELL_VERSION_PATCH);
}

const char *cartbell_status_name(int32_t status) noexcept {
    switch (status) {
        case CARTBELL_OK:
            return "ok";
        case CARTBELL_INVALID:
            return "invalid";
        case CARTBELL_NOT_FOUND:
            return "not_found";
        case CARTBELL_BUSY:
            return "busy";
        case CARTBELL_CORRUPT:
            return "corrupt";
        case CARTBELL_IO:
            return "io";
        case CARTBELL_FULL:
            return "full";
        case CARTBELL_NEWER:
            return "newer";
        case CARTBELL_OUT_OF_MEMORY:
            return "out_of_memory";
        case CARTBELL_FORKED:
            return "forked";
        case CARTBELL_LIMIT:
            return "limit";
        case CARTBELL_CONFLICT:
            return "conflict";
        case CARTBELL_INTERNAL:
            return "internal";
        case CARTBELL_MISUSE:
            return "misuse";
        case CARTBELL_READ_ONLY:
            return "read_only";
        default:
            return "unknown";
    }
}

void cartbell_buffer_free(cartbell_buffer *buffer) noexcept {
    if (!buffer) return;
    std::free(buffer->data);
    *buffer = CARTBELL_BUFFER_INIT;
}

int64_t cartbell_live_objects(void) noexcept {
    return cartbell::capi::live_objects.load(std::memory_order_relaxed);
}
