#include "cartbell/order.h"

#include "capi/guard.hpp"
#include "capi/reply.hpp"

using namespace cartbell;
using namespace cartbell::capi;

int32_t cartbell_order_get(const cartbell_engine *engine, const char *order_id, cartbell_buffer *answer,
                           cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view id, required_text(order_id, "order_id"));
            return core.order(id);
        });
    });
}

int32_t cartbell_order_get_many(const cartbell_engine *engine, const char *const *order_ids, size_t count,
                                cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const auto ids, texts_of(order_ids, count, engine->opened->limits, "order_ids"));
            return core.orders(ids);
        });
    });
}

int32_t cartbell_order_history_get(const cartbell_engine *engine, const char *order_id,
                                   cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view id, required_text(order_id, "order_id"));
            return core.order_history(id);
        });
    });
}

int32_t cartbell_order_timeline(const cartbell_engine *engine, const char *order_id, const char *after, size_t most,
                                 cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view name, required_text(order_id, "order_id"));
            CARTBELL_ASSIGN(const std::string_view token, optional_text(after, "after"));
            return core.order_timeline(name, token, most);
        });
    });
}
