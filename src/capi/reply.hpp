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

}  // namespace cartbell::capi
