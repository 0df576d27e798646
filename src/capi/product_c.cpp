#include "cartbell/product.h"

#include "capi/guard.hpp"
#include "capi/reply.hpp"

using namespace cartbell;
using namespace cartbell::capi;

int32_t cartbell_product_get(const cartbell_engine *engine, const char *product_id, cartbell_buffer *answer,
                             cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view id, required_text(product_id, "product_id"));
            return core.product(id);
        });
    });
}

int32_t cartbell_product_get_many(const cartbell_engine *engine, const char *const *product_ids, size_t count,
                                  cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const auto ids, texts_of(product_ids, count, engine->opened->limits, "product_ids"));
            return core.products(ids);
        });
    });
}
