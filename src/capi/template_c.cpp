#include "cartbell/template.h"

#include <cstddef>
#include <map>

#include "base/text.hpp"
#include "capi/guard.hpp"
#include "capi/reply.hpp"
#include "codec/json_tree.hpp"

using namespace cartbell;
using namespace cartbell::capi;

namespace {

Result<render::Escape> escape_of(int32_t escape) {
    switch (escape) {
        case CARTBELL_ESCAPE_NONE:
            return render::Escape::none;
        case CARTBELL_ESCAPE_HTML:
            return render::Escape::html;
        case CARTBELL_ESCAPE_JSON:
            return render::Escape::json;
        case CARTBELL_ESCAPE_SINGLE_LINE:
            return render::Escape::single_line;
        default:
            return failure(Code::invalid, "unknown_escape", "options: escape is none of CARTBELL_ESCAPE_...");
    }
}

Result<std::map<std::string, std::string>> partials_of(const cartbell_template_options &options) {
    std::map<std::string, std::string> partials;
    if (options.partial_count > 0) CARTBELL_TRY(not_null(options.partials, "partials"));
    for (size_t index = 0; index < options.partial_count; ++index) {
        const cartbell_partial &partial = options.partials[index];
        CARTBELL_ASSIGN(const std::string_view name, required_text(partial.name, "the name of a partial"));
        CARTBELL_ASSIGN(const std::string_view text,
                        bytes(partial.text, partial.size, "the text of a partial"));
        if (!valid_utf8(text))
            return failure(Code::invalid, "bad_utf8", "the text of a partial is not UTF-8");
        if (!partials.emplace(name, text).second)
            return failure(Code::invalid, "duplicate", "two partials have the same name");
    }
    return partials;
}

Status compile(std::string_view source, const cartbell_template_options *given, cartbell_template &made) {
    cartbell_template_options options = CARTBELL_TEMPLATE_OPTIONS_INIT;
    const size_t least = offsetof(cartbell_template_options, plain_mustache) + sizeof(int32_t);
    if (given) CARTBELL_TRY(copy_struct(given, least, options, "options"));
    if ((options.unknown_partials_are_empty & ~1) != 0 || (options.plain_mustache & ~1) != 0)
        return failure(Code::misuse, "reserved_set",
                       "options: unknown_partials_are_empty and plain_mustache are 0 or 1");
    CARTBELL_ASSIGN(made.limits, lowered_limits(options.limits));
    render::Options chosen;
    CARTBELL_ASSIGN(chosen.escape, escape_of(options.escape));
    chosen.unknown_partials_are_empty = options.unknown_partials_are_empty == 1;
    chosen.domain_words = options.plain_mustache == 0;
    CARTBELL_ASSIGN(const auto partials, partials_of(options));
    if (!valid_utf8(source)) return failure(Code::invalid, "bad_utf8", "the template is not UTF-8");
    CARTBELL_ASSIGN(made.text, render::compile(source, partials, chosen, made.limits));
    return {};
}

bool is_limit(std::string_view reason) {
    return reason.size() > 6 && reason.substr(reason.size() - 6) == "_limit";
}

Status render_one(const cartbell_template &compiled, std::string_view json, int32_t &outcome,
                  cartbell_buffer *output) {
    CARTBELL_ASSIGN(const codec::Document document,
                    codec::read_document(json, compiled.limits.operation_bytes, compiled.limits.json_depth));
    Value data;
    data.type = Type::json;
    codec::append_compact(data.text, document.tree, document.root(), codec::KeyOrder::canonical);
    render::Context context;
    context.root = render::Node::of(data);
    std::string text;
    const render::Outcome ended = render::render(*compiled.text, context, compiled.limits, text);
    if (ended.kind == render::Outcome::Kind::failed) {
        Error error = failure(is_limit(ended.reason) ? Code::limit : Code::invalid, ended.reason,
                              "the template cannot be filled");
        if (!ended.partial.empty()) error.message += ": in the partial " + ended.partial;
        error.line = ended.line;
        error.column = ended.column;
        return error;
    }
    const bool blocked = ended.kind == render::Outcome::Kind::blocked;
    write(output, blocked ? ended.reason : text);
    outcome = blocked ? CARTBELL_BLOCKED : CARTBELL_RENDERED;
    return {};
}

}  // namespace

int32_t cartbell_template_put(cartbell_engine *engine, const char *code, const char *json, size_t size,
                              int64_t now_us, cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply_if_wanted(engine, answer, [&](engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view name, optional_text(code, "code"));
            CARTBELL_ASSIGN(const std::string_view text, bytes(json, size, "json"));
            CARTBELL_TRY(check_clock(now_us));
            return core.put_template(name, text, now_us);
        });
    });
}

int32_t cartbell_template_check(const cartbell_engine *engine, const char *json, size_t size,
                                cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply_if_wanted(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view text, bytes(json, size, "json"));
            return core.check_template(text);
        });
    });
}

int32_t cartbell_template_get(const cartbell_engine *engine, const char *code, cartbell_buffer *answer,
                              cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view name, required_text(code, "code"));
            return core.get_template(name);
        });
    });
}

int32_t cartbell_template_list(const cartbell_engine *engine, cartbell_buffer *answer,
                               cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [](const engine::Engine &core) { return core.list_templates(); });
    });
}

int32_t cartbell_template_preview(const cartbell_engine *engine, const char *code, const char *identity,
                                  int64_t now_us, cartbell_buffer *answer, cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            CARTBELL_ASSIGN(const std::string_view name, required_text(code, "code"));
            CARTBELL_ASSIGN(const std::string_view who, required_text(identity, "identity"));
            CARTBELL_TRY(check_clock(now_us));
            return core.preview_template(name, who, now_us);
        });
    });
}

int32_t cartbell_template_compile(const char *text, size_t size, const cartbell_template_options *options,
                                  cartbell_template **compiled, cartbell_error **error) noexcept {
    return guard(error, [&]() -> Status {
        CARTBELL_TRY(not_null(compiled, "compiled"));
        CARTBELL_ASSIGN(const std::string_view source, bytes(text, size, "text"));
        auto made = std::make_unique<cartbell_template>();
        CARTBELL_TRY(compile(source, options, *made));
        *compiled = made.release();
        return {};
    });
}

int32_t cartbell_template_render(const cartbell_template *compiled, const char *data, size_t size,
                                 int32_t *outcome, cartbell_buffer *output, cartbell_error **error) noexcept {
    return guard(error, [&]() -> Status {
        CARTBELL_TRY(check(compiled));
        CARTBELL_TRY(not_null(outcome, "outcome"));
        CARTBELL_TRY(check_buffer(output, "output"));
        CARTBELL_ASSIGN(const std::string_view json, bytes(data, size, "data"));
        return render_one(*compiled, json, *outcome, output);
    });
}

int32_t cartbell_template_render_many(const cartbell_template *compiled, const char *const *data,
                                      const size_t *sizes, size_t count, int32_t *outcomes,
                                      cartbell_buffer *outputs, size_t *done,
                                      cartbell_error **error) noexcept {
    return guard(error, [&]() -> Status {
        CARTBELL_TRY(check(compiled));
        CARTBELL_TRY(not_null(done, "done"));
        *done = 0;
        if (count == 0) return {};
        CARTBELL_TRY(not_null(data, "data"));
        CARTBELL_TRY(not_null(sizes, "sizes"));
        CARTBELL_TRY(not_null(outcomes, "outcomes"));
        CARTBELL_TRY(not_null(outputs, "outputs"));
        for (; *done < count; ++*done) {
            const size_t index = *done;
            CARTBELL_TRY(check_buffer(&outputs[index], "outputs"));
            CARTBELL_ASSIGN(const std::string_view json, bytes(data[index], sizes[index], "data"));
            CARTBELL_TRY(render_one(*compiled, json, outcomes[index], &outputs[index]));
        }
        return {};
    });
}

void cartbell_template_free(cartbell_template *compiled) noexcept {
    if (compiled && has_tag(compiled, Tag::compiled_template))
        std::unique_ptr<cartbell_template>(compiled).reset();
}
