/*
 * segment.h - predicates over customers: stored under a code, counted, listed, matched and explained at any
 * instant.
 *
 * Wherever a parameter is called `segment` it is the code of a stored segment, or a predicate as JSON: an
 * object, `true` (every customer) or `false` (none). These two words are no codes of segments.
 */
#ifndef CARTBELL_SEGMENT_H
#define CARTBELL_SEGMENT_H

#include "cartbell/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Stores a segment, or a new version of it.
   code: its code. json, size: the predicate, in bytes. now_us: the clock, in microseconds. answer: receives
   {"code","version","warnings"}, or NULL.
   Owns: answer is the caller's.
   Errors: INVALID (with pointer and the nearest known name; a cycle with its path), LIMIT, IO, FULL, BUSY,
   READ_ONLY, FORKED, MISUSE.
   Threads: any; writing calls queue. Since: 0.1 */
CARTBELL_API int32_t cartbell_segment_put(cartbell_engine *engine, const char *code, const char *json,
                                          size_t size, int64_t now_us, cartbell_buffer *answer,
                                          cartbell_error **error) CARTBELL_NOEXCEPT;

/* The definition of a stored segment.
   code: its code. answer: receives a JSON object.
   Owns: answer is the caller's.
   Errors: NOT_FOUND, IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_segment_get(const cartbell_engine *engine, const char *code,
                                          cartbell_buffer *answer, cartbell_error **error) CARTBELL_NOEXCEPT;

/* All stored segments, by code.
   answer: receives a JSON object.
   Owns: answer is the caller's.
   Errors: IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_segment_list(const cartbell_engine *engine, cartbell_buffer *answer,
                                           cartbell_error **error) CARTBELL_NOEXCEPT;

/* How many customers are in a segment at an instant.
   segment, size: code or predicate, in bytes. now_us: the instant, in microseconds. answer: receives
   {"count","customers","next_change"}.
   Owns: answer is the caller's.
   Errors: NOT_FOUND, INVALID (with pointer), LIMIT, IO, CORRUPT, FORKED, MISUSE.
   Threads: any; reads every customer. Since: 0.1 */
CARTBELL_API int32_t cartbell_segment_count(const cartbell_engine *engine, const char *segment, size_t size,
                                            int64_t now_us, cartbell_buffer *answer,
                                            cartbell_error **error) CARTBELL_NOEXCEPT;

/* A page of the customers in a segment at an instant, each by the identity that is theirs alone
   (docs/formats.md "Whose it is"), in an order that stays the same.
   segment, size: code or predicate, in bytes. now_us: the instant, in microseconds. after: "next" of the
   page before; NULL or "" for the first.
   most: at most so many customers. answer: receives {"customers":[identity,...],"next"}; next is null after
   the last page.
   Owns: answer is the caller's.
   Errors: NOT_FOUND, INVALID (with pointer), LIMIT, IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_segment_customers(const cartbell_engine *engine, const char *segment,
                                                size_t size, int64_t now_us, const char *after, size_t most,
                                                cartbell_buffer *answer,
                                                cartbell_error **error) CARTBELL_NOEXCEPT;

/* Whether one customer is in a segment at an instant, and when that can change without new input.
   segment, size: code or predicate, in bytes. identity: kind:text. now_us: the instant, in microseconds.
   answer: receives {"match","next_change"}.
   Owns: answer is the caller's.
   Errors: NOT_FOUND, INVALID (with pointer), LIMIT, IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_segment_match(const cartbell_engine *engine, const char *segment, size_t size,
                                            const char *identity, int64_t now_us, cartbell_buffer *answer,
                                            cartbell_error **error) CARTBELL_NOEXCEPT;

/* The same for several customers in one call.
   segment, size: code or predicate, in bytes. identities, count: kind:text each. now_us: the instant, in
   microseconds.
   answer: receives a JSON array of {"match","next_change"} in the same order, null for a customer that is
   not there.
   Owns: answer is the caller's.
   Errors: as cartbell_segment_match, and LIMIT (page_rows).
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_segment_match_many(const cartbell_engine *engine, const char *segment,
                                                 size_t size, const char *const *identities, size_t count,
                                                 int64_t now_us, cartbell_buffer *answer,
                                                 cartbell_error **error) CARTBELL_NOEXCEPT;

/* Why a customer is in a segment at an instant, or is not: per node the verdict, the measured value, the
   rows that prove it, the rows left out.
   segment, size: code or predicate, in bytes. identity: kind:text. now_us: the instant, in microseconds.
   most_witnesses: at most so many rows per node; 0: the limit explain_witnesses. answer: receives a JSON
   object of the predicate's shape.
   Owns: answer is the caller's.
   Errors: as cartbell_segment_match.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_segment_explain(const cartbell_engine *engine, const char *segment, size_t size,
                                              const char *identity, int64_t now_us, size_t most_witnesses,
                                              cartbell_buffer *answer,
                                              cartbell_error **error) CARTBELL_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
