#include "capi/handle.hpp"

#include <unistd.h>

#include <cstring>
#include <string>

namespace cartbell::capi {

constinit std::atomic<int64_t> live_objects{0};

int64_t process_id() {
    return getpid();
}

bool has_tag(const void *object, Tag tag) {
    if (reinterpret_cast<uintptr_t>(object) % alignof(Head) != 0) return false;
    uint64_t found = 0;
    std::memcpy(&found, object, sizeof found);
    return found == static_cast<uint64_t>(tag);
}

Status check_handle(const void *object, Tag tag, const char *what) {
    if (!object) return failure(Code::misuse, "null_handle", std::string(what) + " is NULL");
    if (has_tag(object, Tag::closed))
        return failure(Code::misuse, "closed_handle", std::string(what) + " was closed");
    if (!has_tag(object, tag))
        return failure(Code::misuse, "wrong_handle", std::string(what) + " is no such object");
    if (!static_cast<const Head *>(object)->of_this_process())
        return failure(Code::forked, "forked",
                       std::string(what) + " was made before the fork: open one in this process");
    return {};
}

}  // namespace cartbell::capi
