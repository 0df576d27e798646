#include "cartbell/message.h"

#include "capi/guard.hpp"
#include "capi/reply.hpp"
#include "render/value_views.hpp"

using namespace cartbell;
using namespace cartbell::capi;

namespace {

Status next_page(cartbell_export &cursor, size_t most, size_t *count, cartbell_buffer *answer) {
    const std::shared_ptr<Opened> opened = cursor.opened.lock();
    if (!opened) return failure(Code::misuse, "engine_closed", "the cursor's engine was closed");
    if (most < 1) return failure(Code::invalid, "no_work", "most is at least 1");
    if (cursor.ended) {
        write(answer, "[]");
        *count = 0;
        return {};
    }
    CARTBELL_ASSIGN(const std::string page,
                    opened->engine->export_messages(cursor.source, cursor.after, most));
    const std::string_view messages = member_of(page, "messages");
    const std::string_view next = member_of(page, "next");
    if (messages.empty()) return failure(Code::internal, "bad_page", "a page of messages has no messages");
    std::string after = next.size() > 1 && next.front() == '"'
                            ? render::unescape_json(next.substr(1, next.size() - 2))
                            : std::string();
    write(answer, messages);
    *count = count_of(messages);
    cursor.ended = after.empty();
    cursor.after = std::move(after);
    return {};
}

}  // namespace

int32_t cartbell_message_lease(cartbell_engine *engine, const char *worker, size_t most, int64_t lease_us,
                               int64_t now_us, cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view name, required_text(worker, "worker"));
            if (lease_us < 1) return failure(Code::invalid, "no_lease", "lease_us is at least 1");
            CARTBELL_TRY(check_clock(now_us));
            return core.lease(name, most, lease_us, now_us);
        });
    });
}

int32_t cartbell_message_report(cartbell_engine *engine, const char *json, size_t size, int64_t now_us,
                                cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply_if_wanted(engine, answer, [&](engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view text, bytes(json, size, "json"));
            CARTBELL_TRY(check_clock(now_us));
            return core.report(text, now_us);
        });
    });
}

int32_t cartbell_message_get(const cartbell_engine *engine, const char *message_id, cartbell_buffer *answer,
                             cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view id, required_text(message_id, "message_id"));
            return core.message(id);
        });
    });
}

int32_t cartbell_export_open(const cartbell_engine *engine, const char *source, cartbell_export **cursor,
                             cartbell_error **error) noexcept {
    return guard(error, [&]() -> Status {
        CARTBELL_TRY(check(engine));
        CARTBELL_TRY(not_null(cursor, "cursor"));
        CARTBELL_ASSIGN(const std::string_view of, optional_text(source, "source"));
        *cursor = std::make_unique<cartbell_export>(engine->opened, of).release();
        return {};
    });
}

int32_t cartbell_export_next(cartbell_export *cursor, size_t most, size_t *count, cartbell_buffer *answer,
                             cartbell_error **error) noexcept {
    return guard(error, [&]() -> Status {
        CARTBELL_TRY(check(cursor));
        CARTBELL_TRY(not_null(count, "count"));
        CARTBELL_TRY(check_buffer(answer, "answer"));
        return next_page(*cursor, most, count, answer);
    });
}

void cartbell_export_close(cartbell_export *cursor) noexcept {
    if (cursor && has_tag(cursor, Tag::message_export)) std::unique_ptr<cartbell_export>(cursor).reset();
}
