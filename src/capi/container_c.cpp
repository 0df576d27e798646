#include "cartbell/container.h"

#include "capi/guard.hpp"
#include "capi/reply.hpp"

using namespace cartbell;
using namespace cartbell::capi;

int32_t cartbell_container_get(const cartbell_engine *engine, const char *identity, const char *container, int64_t at_us, cartbell_buffer *answer,
                               cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view who, required_text(identity, "identity"));
            CARTBELL_ASSIGN(const std::string_view code, required_text(container, "container"));
            CARTBELL_TRY(check_clock(at_us, "at_us"));
            return core.container(who, code, at_us);
        });
    });
}

int32_t cartbell_container_list(const cartbell_engine *engine, const char *identity, int64_t at_us, cartbell_buffer *answer,
                                cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view who, required_text(identity, "identity"));
            CARTBELL_TRY(check_clock(at_us, "at_us"));
            return core.containers(who, at_us);
        });
    });
}

int32_t cartbell_container_holders(const cartbell_engine *engine, const char *product_id, const char *container, int64_t at_us, const char *after,
                                   size_t most, cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view product, required_text(product_id, "product_id"));
            CARTBELL_ASSIGN(const std::string_view code, optional_text(container, "container"));
            CARTBELL_TRY(check_clock(at_us, "at_us"));
            CARTBELL_ASSIGN(const std::string_view token, optional_text(after, "after"));
            return core.container_holders(product, code, at_us, token, most);
        });
    });
}
