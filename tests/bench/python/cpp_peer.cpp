// What python_bench.py is held against: the same calls on an engine of the same kind, by cartbell.hpp.
#include <cartbell/cartbell.hpp>
#include <string_view>
#include <vector>

#include "bench/support/timing.hpp"

using namespace cartbell;

namespace {

std::vector<std::string_view> views(const char *const *texts, const size_t *sizes, size_t count) {
    std::vector<std::string_view> result;
    for (size_t i = 0; i < count; ++i)
        result.emplace_back(texts[i], sizes[i]);
    return result;
}

}  // namespace

#define PEER extern "C" __attribute__((visibility("default")))

PEER void *peer_open(const char *path) {
    return new engine(path);
}

PEER void peer_close(void *opened) {
    delete static_cast<engine *>(opened);
}

// Seconds for one ingest each; `kept` receives the bytes of all results, so that none is left out.
PEER double peer_ingest(void *opened, const char *const *texts, const size_t *sizes, size_t count, int64_t now_us, size_t *kept) {
    engine &shop = *static_cast<engine *>(opened);
    const std::vector<std::string_view> operations = views(texts, sizes, count);
    *kept = 0;
    return bench::seconds_of([&] {
        for (const std::string_view operation : operations)
            *kept += shop.ingest(form::one, operation, now_us).results.size();
    });
}

// Seconds for `count` times the same question.
PEER double peer_match(void *opened, const char *segment, const char *identity, size_t count, int64_t now_us, size_t *kept) {
    const engine &shop = *static_cast<engine *>(opened);
    const std::string who = identity;
    *kept = 0;
    return bench::seconds_of([&] {
        for (size_t i = 0; i < count; ++i)
            *kept += shop.segment_match(segment, who, now_us).size();
    });
}
