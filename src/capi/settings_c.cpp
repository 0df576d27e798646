#include "cartbell/settings.h"

#include "capi/guard.hpp"
#include "capi/reply.hpp"

using namespace cartbell;
using namespace cartbell::capi;

int32_t cartbell_settings_put(cartbell_engine *engine, const char *json, size_t size, int64_t now_us,
                              cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply_if_wanted(engine, answer, [&](engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view text, bytes(json, size, "json"));
            CARTBELL_TRY(check_clock(now_us));
            return core.put_settings(text, now_us);
        });
    });
}

int32_t cartbell_settings_get(const cartbell_engine *engine, const char *member, cartbell_buffer *answer,
                              cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view name, optional_text(member, "member"));
            return member ? core.get_settings(name) : core.get_settings();
        });
    });
}

int32_t cartbell_settings_versions(const cartbell_engine *engine, const char *after, size_t most,
                                   cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view token, optional_text(after, "after"));
            return core.settings_versions(token, most);
        });
    });
}

int32_t cartbell_settings_difference(const cartbell_engine *engine, int64_t from, int64_t to,
                                     cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer,
                     [&](const engine::Engine &core) { return core.settings_difference(from, to); });
    });
}
