/*
 * order.h - one order as it is now, and how its statuses came to be. Orders are written as operations,
 * through cartbell_engine_apply.
 */
#ifndef CARTBELL_ORDER_H
#define CARTBELL_ORDER_H

#include "cartbell/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One order: its attributes, lines, payments, statuses and version.
   order_id: the shop's id. answer: receives a JSON object.
   Owns: answer is the caller's.
   Errors: NOT_FOUND, IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_order_get(const cartbell_engine *engine, const char *order_id,
                                        cartbell_buffer *answer, cartbell_error **error) CARTBELL_NOEXCEPT;

/* Several orders in one call.
   order_ids, count: the shop's ids. answer: receives a JSON array in the same order, null for an order that
   is not there.
   Owns: answer is the caller's.
   Errors: LIMIT (page_rows), IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_order_get_many(const cartbell_engine *engine, const char *const *order_ids,
                                             size_t count, cartbell_buffer *answer,
                                             cartbell_error **error) CARTBELL_NOEXCEPT;

/* The history of an order's status sets, oldest first.
   order_id: the shop's id. answer: receives {"order_id","history":[{"set","from","to","at",...}]}.
   Owns: answer is the caller's.
   Errors: NOT_FOUND, IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_order_history_get(const cartbell_engine *engine, const char *order_id,
                                                cartbell_buffer *answer,
                                                cartbell_error **error) CARTBELL_NOEXCEPT;

/* Who said what about an order and when: a page of its entries, oldest first by the instant they happened at,
   whatever the order of arrival.
   order_id: the shop's id. after: "next" of the page before; NULL or "" for the first. most: at most so many
   entries; a page may end early. answer: receives {"order_id","entries":[{"at","received_at","source",
   "trust","id","type","order_id","late","operation","changed","warnings"},...],"next"}. at: when it
   happened, corrected; late: a fact that sorts above it was there already; operation: as it was sent; changed:
   the domain events that its arrival caused. next is null after the last page.
   Owns: answer is the caller's.
   Errors: NOT_FOUND, INVALID (bad_token), LIMIT (page_rows), IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_order_timeline(const cartbell_engine *engine, const char *order_id,
                                             const char *after, size_t most, cartbell_buffer *answer,
                                             cartbell_error **error) CARTBELL_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
