#include "cartbell/mailing.h"

#include "capi/guard.hpp"
#include "capi/reply.hpp"

using namespace cartbell;
using namespace cartbell::capi;

int32_t cartbell_mailing_put(cartbell_engine *engine, const char *code, const char *json, size_t size,
                             int64_t now_us, cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply_if_wanted(engine, answer, [&](engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view name, optional_text(code, "code"));
            CARTBELL_ASSIGN(const std::string_view text, bytes(json, size, "json"));
            CARTBELL_TRY(check_clock(now_us));
            return core.put_mailing(name, text, now_us);
        });
    });
}

int32_t cartbell_mailing_get(const cartbell_engine *engine, const char *code, cartbell_buffer *answer,
                             cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view name, required_text(code, "code"));
            return core.get_mailing(name);
        });
    });
}

int32_t cartbell_mailing_list(const cartbell_engine *engine, cartbell_buffer *answer,
                              cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [](const engine::Engine &core) { return core.list_mailings(); });
    });
}

int32_t cartbell_mailing_dry_run(const cartbell_engine *engine, const char *code, int64_t now_us,
                                 cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view name, required_text(code, "code"));
            CARTBELL_TRY(check_clock(now_us));
            return core.dry_run(name, now_us);
        });
    });
}

int32_t cartbell_mailing_start(cartbell_engine *engine, const char *code, int64_t now_us,
                               cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply_if_wanted(engine, answer, [&](engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view name, required_text(code, "code"));
            CARTBELL_TRY(check_clock(now_us));
            return core.start_mailing(name, now_us);
        });
    });
}

int32_t cartbell_mailing_status(const cartbell_engine *engine, const char *code, cartbell_buffer *answer,
                                cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view name, required_text(code, "code"));
            return core.mailing_status(name);
        });
    });
}
