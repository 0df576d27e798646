#include "cartbell/segment.h"

#include <algorithm>

#include "capi/guard.hpp"
#include "capi/reply.hpp"

using namespace cartbell;
using namespace cartbell::capi;

namespace {

Result<std::string_view> segment_text(const char *segment, size_t size) {
    CARTBELL_TRY(not_null(segment, "segment"));
    return bytes(segment, size, "segment");
}

}  // namespace

int32_t cartbell_segment_put(cartbell_engine *engine, const char *code, const char *json, size_t size,
                             int64_t now_us, cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply_if_wanted(engine, answer, [&](engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view name, required_text(code, "code"));
            CARTBELL_ASSIGN(const std::string_view text, bytes(json, size, "json"));
            CARTBELL_TRY(check_clock(now_us));
            return core.put_segment(name, text, now_us);
        });
    });
}

int32_t cartbell_segment_get(const cartbell_engine *engine, const char *code, cartbell_buffer *answer,
                             cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view name, required_text(code, "code"));
            return core.get_segment(name);
        });
    });
}

int32_t cartbell_segment_list(const cartbell_engine *engine, cartbell_buffer *answer,
                              cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [](const engine::Engine &core) { return core.list_segments(); });
    });
}

int32_t cartbell_segment_count(const cartbell_engine *engine, const char *segment, size_t size,
                               int64_t now_us, cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view text, segment_text(segment, size));
            CARTBELL_TRY(check_clock(now_us));
            return core.segment_count(text, now_us);
        });
    });
}

int32_t cartbell_segment_customers(const cartbell_engine *engine, const char *segment, size_t size,
                                   int64_t now_us, const char *after, size_t most, cartbell_buffer *answer,
                                   cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view text, segment_text(segment, size));
            CARTBELL_ASSIGN(const std::string_view from, optional_text(after, "after"));
            CARTBELL_TRY(check_clock(now_us));
            return core.segment_list(text, now_us, from, most);
        });
    });
}

int32_t cartbell_segment_match(const cartbell_engine *engine, const char *segment, size_t size,
                               const char *identity, int64_t now_us, cartbell_buffer *answer,
                               cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view text, segment_text(segment, size));
            CARTBELL_ASSIGN(const std::string_view who, required_text(identity, "identity"));
            CARTBELL_TRY(check_clock(now_us));
            return core.segment_match(text, who, now_us);
        });
    });
}

int32_t cartbell_segment_match_many(const cartbell_engine *engine, const char *segment, size_t size,
                                    const char *const *identities, size_t count, int64_t now_us,
                                    cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view text, segment_text(segment, size));
            CARTBELL_ASSIGN(const auto who,
                            texts_of(identities, count, engine->opened->limits, "identities"));
            CARTBELL_TRY(check_clock(now_us));
            return core.segment_match_many(text, who, now_us);
        });
    });
}

int32_t cartbell_segment_explain(const cartbell_engine *engine, const char *segment, size_t size,
                                 const char *identity, int64_t now_us, size_t most_witnesses,
                                 cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view text, segment_text(segment, size));
            CARTBELL_ASSIGN(const std::string_view who, required_text(identity, "identity"));
            const size_t limit = engine->opened->limits.explain_witnesses;
            CARTBELL_TRY(check_clock(now_us));
            return core.segment_explain(text, who, now_us,
                                        most_witnesses == 0 ? limit : std::min(most_witnesses, limit));
        });
    });
}
