/*
 * mailing.h - one message to every customer of a segment. Starting a mailing plans it; cartbell_engine_tick
 * does the work, in bounded steps.
 */
#ifndef CARTBELL_MAILING_H
#define CARTBELL_MAILING_H

#include "cartbell/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Stores a mailing, or a new version of one that has not started.
   code: its code; NULL: the definition's own. json, size: the definition, in bytes. now_us: the clock, in
   microseconds.
   answer: receives {"code","version"}, or NULL.
   Owns: answer is the caller's.
   Errors: INVALID (with pointer), CONFLICT (it has started), LIMIT, IO, FULL, BUSY, READ_ONLY, FORKED,
   MISUSE.
   Threads: any; writing calls queue. Since: 0.1 */
CARTBELL_API int32_t cartbell_mailing_put(cartbell_engine *engine, const char *code, const char *json,
                                          size_t size, int64_t now_us, cartbell_buffer *answer,
                                          cartbell_error **error) CARTBELL_NOEXCEPT;

/* The definition of a stored mailing.
   code: its code. answer: receives a JSON object.
   Owns: answer is the caller's.
   Errors: NOT_FOUND, IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_mailing_get(const cartbell_engine *engine, const char *code,
                                          cartbell_buffer *answer, cartbell_error **error) CARTBELL_NOEXCEPT;

/* All stored mailings, by code.
   answer: receives a JSON object.
   Owns: answer is the caller's.
   Errors: IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_mailing_list(const cartbell_engine *engine, cartbell_buffer *answer,
                                           cartbell_error **error) CARTBELL_NOEXCEPT;

/* What a mailing would do if it started at an instant; nothing is queued.
   code: its code. now_us: the instant, in microseconds. answer: receives
   {"audience","rendered","blocked":{reason:n},"failed":{code:n}}.
   Owns: answer is the caller's.
   Errors: NOT_FOUND, IO, CORRUPT, FORKED, MISUSE.
   Threads: any; renders for the whole audience. Since: 0.1 */
CARTBELL_API int32_t cartbell_mailing_dry_run(const cartbell_engine *engine, const char *code, int64_t now_us,
                                              cartbell_buffer *answer,
                                              cartbell_error **error) CARTBELL_NOEXCEPT;

/* Starts a mailing: its audience is taken at this instant, and cartbell_engine_tick fills the outbox.
   Starting it twice is no error and no second mailing.
   code: its code. now_us: the clock, in microseconds. answer: receives the status, or NULL.
   Owns: answer is the caller's.
   Errors: NOT_FOUND, IO, FULL, BUSY, READ_ONLY, FORKED, MISUSE.
   Threads: any; writing calls queue. Since: 0.1 */
CARTBELL_API int32_t cartbell_mailing_start(cartbell_engine *engine, const char *code, int64_t now_us,
                                            cartbell_buffer *answer,
                                            cartbell_error **error) CARTBELL_NOEXCEPT;

/* How far a mailing is, and how its messages ended.
   code: its code. answer: receives
   {"state","audience","rendered","blocked":{reason:n},"failed":{code:n},"states":{state:n}}.
   Owns: answer is the caller's.
   Errors: NOT_FOUND, IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_mailing_status(const cartbell_engine *engine, const char *code,
                                             cartbell_buffer *answer,
                                             cartbell_error **error) CARTBELL_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
