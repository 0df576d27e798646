#include "cartbell/customer.h"

#include "capi/guard.hpp"
#include "capi/reply.hpp"

using namespace cartbell;
using namespace cartbell::capi;

int32_t cartbell_customer_get(const cartbell_engine *engine, const char *identity, cartbell_buffer *answer,
                              cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view who, required_text(identity, "identity"));
            return core.customer(who);
        });
    });
}

int32_t cartbell_customer_get_many(const cartbell_engine *engine, const char *const *identities, size_t count,
                                   cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const auto ids,
                            texts_of(identities, count, engine->opened->limits, "identities"));
            return core.customers(ids);
        });
    });
}

int32_t cartbell_customer_consent(const cartbell_engine *engine, const char *identity, const char *channel, const char *category, int64_t at_us,
                                  cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view who, required_text(identity, "identity"));
            CARTBELL_ASSIGN(const std::string_view by, optional_text(channel, "channel"));
            CARTBELL_ASSIGN(const std::string_view of, required_text(category, "category"));
            CARTBELL_TRY(check_clock(at_us, "at_us"));
            return core.customer_consent(who, by, of, at_us);
        });
    });
}

int32_t cartbell_customer_timeline(const cartbell_engine *engine, const char *identity, const char *after, size_t most,
                                   cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view name, required_text(identity, "identity"));
            CARTBELL_ASSIGN(const std::string_view token, optional_text(after, "after"));
            return core.customer_timeline(name, token, most);
        });
    });
}

int32_t cartbell_customer_messages(const cartbell_engine *engine, const char *identity, const char *after, size_t most,
                                   cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view name, required_text(identity, "identity"));
            CARTBELL_ASSIGN(const std::string_view token, optional_text(after, "after"));
            return core.customer_messages(name, token, most);
        });
    });
}

int32_t cartbell_customer_export(const cartbell_engine *engine, const char *identity, cartbell_buffer *answer,
                                 cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view who, required_text(identity, "identity"));
            return core.export_customer(who);
        });
    });
}
