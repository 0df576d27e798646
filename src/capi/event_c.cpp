#include "cartbell/event.h"

#include "capi/guard.hpp"
#include "capi/reply.hpp"

using namespace cartbell;
using namespace cartbell::capi;

int32_t cartbell_event_list(const cartbell_engine *engine, const char *identity, const char *after, size_t most,
                            cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view whose, optional_text(identity, "identity"));
            CARTBELL_ASSIGN(const std::string_view token, optional_text(after, "after"));
            return core.events(whose, token, most);
        });
    });
}
