// The commonest call: ask the engine, write its answer into the caller's buffer.
#pragma once

#include <string>
#include <utility>

#include "capi/objects.hpp"
#include "capi/output.hpp"

namespace cartbell::capi {

// `ask(engine)` gives a Result<std::string>.
template <typename Ask>
Status reply(const cartbell_engine *engine, cartbell_buffer *answer, Ask &&ask) {
    CARTBELL_TRY(check(engine));
    CARTBELL_TRY(check_buffer(answer, "answer"));
    CARTBELL_ASSIGN(const std::string text, std::forward<Ask>(ask)(core(engine)));
    write(answer, text);
    return {};
}

// The same where the caller may not want the answer: `answer` may be NULL.
template <typename Ask>
Status reply_if_wanted(const cartbell_engine *engine, cartbell_buffer *answer, Ask &&ask) {
    CARTBELL_TRY(check(engine));
    CARTBELL_TRY(check_optional_buffer(answer, "answer"));
    CARTBELL_ASSIGN(const std::string text, std::forward<Ask>(ask)(core(engine)));
    write(answer, text);
    return {};
}

// A JSON array of what `ask(text)` answers for each text, null where there is no such thing. Errors: `page_rows` (limit), those of ask.
template <typename Ask>
Result<std::string> reply_to_each(const char *const *texts, size_t count, const Limits &limits, const char *what, Ask &&ask) {
    if (count > 0) CARTBELL_TRY(not_null(texts, what));
    if (count > limits.page_rows)
        return failure(Code::limit, "page_rows", std::string(what) + ": more than " + std::to_string(limits.page_rows) + " in one call");
    std::string all = "[";
    for (size_t index = 0; index < count; ++index) {
        CARTBELL_ASSIGN(const std::string_view text, required_text(texts[index], what));
        if (index > 0) all += ',';
        Result<std::string> one = ask(text);
        if (!one.ok() && one.code() != Code::not_found) return one.take_error();
        all += one.ok() ? *one : "null";
    }
    return all += ']';
}

}  // namespace cartbell::capi
