/*
 * message.h - the outbox: messages are leased, handed to a provider and reported on. A message's id is the
 * same in every try: give it to the provider.
 */
#ifndef CARTBELL_MESSAGE_H
#define CARTBELL_MESSAGE_H

#include "cartbell/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A cursor over messages. One thread at a time. */
typedef struct cartbell_export cartbell_export;

/* Leases queued messages, the oldest due first: nobody else gets them until the lease ends.
   worker: a name of this worker, for reports. most: at most so many messages. lease_us: how long, in
   microseconds, from 1.
   now_us: the clock, in microseconds. answer: receives {"messages":[message,...]}.
   Owns: answer is the caller's.
   Errors: INVALID, LIMIT (page_rows), IO, FULL, BUSY, READ_ONLY, FORKED, MISUSE.
   Threads: any; writing calls queue. Since: 0.1 */
CARTBELL_API int32_t cartbell_message_lease(cartbell_engine *engine, const char *worker, size_t most,
                                            int64_t lease_us, int64_t now_us, cartbell_buffer *answer,
                                            cartbell_error **error) CARTBELL_NOEXCEPT;

/* Reports what became of messages; saying the same again changes nothing.
   json, size: one report or an array of them,
   {"message_id","outcome":"handed_over|delivered|bounced|failed","provider_id","reason","worker"}, in
   bytes.
   now_us: the clock, in microseconds. answer: receives a JSON object, or NULL.
   Owns: answer is the caller's.
   Errors: INVALID (with pointer), NOT_FOUND, CONFLICT, LIMIT, IO, FULL, BUSY, READ_ONLY, FORKED, MISUSE.
   Threads: any; writing calls queue. Since: 0.1 */
CARTBELL_API int32_t cartbell_message_report(cartbell_engine *engine, const char *json, size_t size,
                                             int64_t now_us, cartbell_buffer *answer,
                                             cartbell_error **error) CARTBELL_NOEXCEPT;

/* One message: its state, address and parts.
   message_id: its id. answer: receives a JSON object.
   Owns: answer is the caller's.
   Errors: NOT_FOUND, IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_message_get(const cartbell_engine *engine, const char *message_id,
                                          cartbell_buffer *answer, cartbell_error **error) CARTBELL_NOEXCEPT;

/* Begins to read messages, queued, sent or refused, without changing them.
   source: "mailing:<code>"; NULL: every message. cursor: receives the cursor, before the first message.
   Owns: the caller closes *cursor, before or after the engine.
   Errors: FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_export_open(const cartbell_engine *engine, const char *source,
                                          cartbell_export **cursor, cartbell_error **error) CARTBELL_NOEXCEPT;

/* The next messages of a cursor.
   most: at most so many, from 1. count: receives how many there are; 0 is the end. answer: receives a JSON
   array.
   Owns: answer is the caller's.
   Errors: LIMIT (page_rows), IO, CORRUPT, FORKED, MISUSE (engine_closed); after an error the call may be
   repeated.
   Threads: one at a time per cursor. Since: 0.1 */
CARTBELL_API int32_t cartbell_export_next(cartbell_export *cursor, size_t most, size_t *count,
                                          cartbell_buffer *answer, cartbell_error **error) CARTBELL_NOEXCEPT;

/* Closes a cursor; NULL is allowed.
   Owns: ends the cursor.
   Errors: cannot fail.
   Threads: any, once. Since: 0.1 */
CARTBELL_API void cartbell_export_close(cartbell_export *cursor) CARTBELL_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
