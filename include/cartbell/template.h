/*
 * template.h - mustache templates: stored ones, filled from a customer's facts, and compiled ones that need
 * no engine, filled from JSON.
 */
#ifndef CARTBELL_TEMPLATE_H
#define CARTBELL_TEMPLATE_H

#include "cartbell/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a compiled template escapes what variables print. */
#define CARTBELL_ESCAPE_NONE 1
#define CARTBELL_ESCAPE_HTML 2
#define CARTBELL_ESCAPE_JSON 3
#define CARTBELL_ESCAPE_SINGLE_LINE 4 /* none, and no line breaks */

/* How a render ended. */
#define CARTBELL_RENDERED 1
#define CARTBELL_BLOCKED 2 /* by {{#block}}: the output is the reason */

typedef struct cartbell_template cartbell_template;

/* A partial of a compiled template: {{> name}} stands for its text. */
typedef struct cartbell_partial {
    const char *name;
    const char *text;
    size_t size; /* of text, in bytes */
} cartbell_partial;

typedef struct cartbell_template_options {
    uint32_t struct_size;
    /* CARTBELL_ESCAPE_... */
    int32_t escape;
    const cartbell_partial *partials;
    size_t partial_count;
    /* NULL: the library's own. */
    const cartbell_limits *limits;
    /* 1: an unknown partial is empty, as mustache itself has it; 0: it is an error. */
    int32_t unknown_partials_are_empty;
    /* 1: without Cartbell's own words (block, is, the formats, @index...); else 0. */
    int32_t plain_mustache;
} cartbell_template_options;

#define CARTBELL_TEMPLATE_OPTIONS_INIT \
    { sizeof(cartbell_template_options), CARTBELL_ESCAPE_HTML, NULL, 0, NULL, 0, 0 }

/* Stores a template, or a new version of it.
   code: its code; NULL: the definition's own. json, size: the definition, in bytes. now_us: the clock, in
   microseconds.
   answer: receives {"code","version","warnings"}, or NULL.
   Owns: answer is the caller's.
   Errors: INVALID (with pointer, line and column), LIMIT, IO, FULL, BUSY, READ_ONLY, FORKED, MISUSE.
   Threads: any; writing calls queue. Since: 0.1 */
CARTBELL_API int32_t cartbell_template_put(cartbell_engine *engine, const char *code, const char *json,
                                           size_t size, int64_t now_us, cartbell_buffer *answer,
                                           cartbell_error **error) CARTBELL_NOEXCEPT;

/* Checks a definition as cartbell_template_put does, and stores nothing.
   json, size: the definition, in bytes. answer: receives {"variables","warnings"}, or NULL.
   Owns: answer is the caller's.
   Errors: INVALID (with pointer, line and column), LIMIT, IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_template_check(const cartbell_engine *engine, const char *json, size_t size,
                                             cartbell_buffer *answer,
                                             cartbell_error **error) CARTBELL_NOEXCEPT;

/* The definition of a stored template.
   code: its code. answer: receives a JSON object.
   Owns: answer is the caller's.
   Errors: NOT_FOUND, IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_template_get(const cartbell_engine *engine, const char *code,
                                           cartbell_buffer *answer, cartbell_error **error) CARTBELL_NOEXCEPT;

/* All stored templates, by code.
   answer: receives a JSON object.
   Owns: answer is the caller's.
   Errors: IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_template_list(const cartbell_engine *engine, cartbell_buffer *answer,
                                            cartbell_error **error) CARTBELL_NOEXCEPT;

/* What a customer would get from a stored template at an instant; nothing is queued.
   code: the template's. identity: kind:text. now_us: the instant, in microseconds.
   answer: receives {"outcome":"rendered|blocked|failed","reason","line","column","parts"}.
   Owns: answer is the caller's.
   Errors: NOT_FOUND, INVALID (no identity), IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_template_preview(const cartbell_engine *engine, const char *code,
                                               const char *identity, int64_t now_us, cartbell_buffer *answer,
                                               cartbell_error **error) CARTBELL_NOEXCEPT;

/* Compiles a mustache text once, for many renders; it belongs to no engine.
   text, size: the template, in bytes. options: NULL is CARTBELL_TEMPLATE_OPTIONS_INIT. compiled: receives
   the object.
   Owns: the caller frees *compiled.
   Errors: INVALID (with line and column), LIMIT, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_template_compile(const char *text, size_t size,
                                               const cartbell_template_options *options,
                                               cartbell_template **compiled,
                                               cartbell_error **error) CARTBELL_NOEXCEPT;

/* Fills a compiled template from JSON.
   data, size: the JSON, in bytes. outcome: receives CARTBELL_RENDERED or CARTBELL_BLOCKED. output: receives
   the text, or the reason.
   Owns: output is the caller's.
   Errors: INVALID (bad JSON; a value that cannot be formatted, with line and column), LIMIT, FORKED,
   MISUSE.
   Threads: any number at once on one object. Since: 0.1 */
CARTBELL_API int32_t cartbell_template_render(const cartbell_template *compiled, const char *data,
                                              size_t size, int32_t *outcome, cartbell_buffer *output,
                                              cartbell_error **error) CARTBELL_NOEXCEPT;

/* Fills a compiled template from several JSON texts; stops at the first that fails.
   data, sizes, count: the JSON texts, in bytes each. outcomes, outputs: `count` each, as in
   cartbell_template_render. done: receives how many were rendered or blocked, also on failure: the failing
   one is data[*done].
   Owns: outputs are the caller's.
   Errors: as cartbell_template_render.
   Threads: any number at once on one object. Since: 0.1 */
CARTBELL_API int32_t cartbell_template_render_many(const cartbell_template *compiled, const char *const *data,
                                                   const size_t *sizes, size_t count, int32_t *outcomes,
                                                   cartbell_buffer *outputs, size_t *done,
                                                   cartbell_error **error) CARTBELL_NOEXCEPT;

/* Frees a compiled template; NULL is allowed.
   Owns: ends the object.
   Errors: cannot fail.
   Threads: any, once, when no render of it runs. Since: 0.1 */
CARTBELL_API void cartbell_template_free(cartbell_template *compiled) CARTBELL_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
