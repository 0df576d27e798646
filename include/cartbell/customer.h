/*
 * customer.h - one customer. An identity is written kind:text with the kinds external_id, email, phone,
 * device_id, anonymous_id: "external_id:C-17".
 */
#ifndef CARTBELL_CUSTOMER_H
#define CARTBELL_CUSTOMER_H

#include "cartbell/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One customer: identities, profile, the codes of its lists, its consents and the ids of the orders.
   identity: kind:text. answer: receives a JSON object.
   Owns: answer is the caller's.
   Errors: NOT_FOUND, INVALID (no identity), IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_customer_get(const cartbell_engine *engine, const char *identity,
                                           cartbell_buffer *answer, cartbell_error **error) CARTBELL_NOEXCEPT;

/* Several customers in one call.
   identities, count: kind:text each. answer: receives a JSON array in the same order, null for a customer
   that is not there.
   Owns: answer is the caller's.
   Errors: INVALID (no identity), LIMIT (page_rows), IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_customer_get_many(const cartbell_engine *engine, const char *const *identities,
                                                size_t count, cartbell_buffer *answer,
                                                cartbell_error **error) CARTBELL_NOEXCEPT;

/* Whether a customer allows something at an instant, which may be past: what the newest consent at or before it says.
   identity: kind:text. channel: its code; NULL or "" for a category of kind tracking, which has none. category: its
   code. at_us: microseconds since 1970 in UTC. answer: receives {"channel","category","at","is","fact","forgotten"}.
   is: true, false, or "unknown" if nothing was said by then or what was granted has expired. fact: what it follows
   from, {"granted","at","expires_at","proof","source"}; not there if nothing was said. forgotten: true if so only
   because the instant lies before the oldest of the 32 newest consents, which are all that is kept.
   Owns: answer is the caller's.
   Errors: NOT_FOUND, INVALID (no identity, unknown_code, missing_channel, no_channel, bad_clock), IO, CORRUPT,
   FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_customer_consent(const cartbell_engine *engine, const char *identity,
                                               const char *channel, const char *category, int64_t at_us,
                                               cartbell_buffer *answer, cartbell_error **error) CARTBELL_NOEXCEPT;

/* Who said what about a customer and the customer's orders, and when: a page of the entries, oldest first.
   identity: kind:text. after: "next" of the page before; NULL or "" for the first. most: at most so many
   entries; a page may end early. answer: receives {"customer","entries","next"}, customer being the strongest
   identity; entries are as cartbell_order_timeline says, and next is null after the last page.
   Owns: answer is the caller's.
   Errors: NOT_FOUND, INVALID (no identity, bad_token), LIMIT (page_rows), IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_customer_timeline(const cartbell_engine *engine, const char *identity,
                                                const char *after, size_t most, cartbell_buffer *answer,
                                                cartbell_error **error) CARTBELL_NOEXCEPT;

/* The messages of one customer: those of the outbox, and those that an earlier system sent and "message" operations
   brought over. A page of them, newest first by planned_at, of old ones by handed_over_at.
   identity: kind:text. after: "next" of the page before; NULL or "" for the first. most: at most so many
   messages; a page may end early. answer: receives {"messages":[message,...],"next"}: messages as
   cartbell_message_get says; the source of an old one is that of its operation, its state follows from its times, and it
   has all fields of a message beside (docs/formats.md). next is null after the last page.
   Owns: answer is the caller's.
   Errors: NOT_FOUND, INVALID (no identity, bad_token), LIMIT (page_rows), IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_customer_messages(const cartbell_engine *engine, const char *identity,
                                                const char *after, size_t most, cartbell_buffer *answer,
                                                cartbell_error **error) CARTBELL_NOEXCEPT;

/* Everything the store keeps of one customer, to be handed over to that person (GDPR articles 15 and 20).
   identity: kind:text, any one of the customer's. answer: receives a JSON object: the members of
   cartbell_customer_get, with whole orders instead of their ids, and "messages", "events", "tables" and "entries"
   (docs/formats.md, "Everything of one customer"). What operations say of other customers is left out.
   Owns: answer is the caller's.
   Errors: NOT_FOUND, INVALID (no identity), LIMIT (export_bytes), IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_customer_export(const cartbell_engine *engine, const char *identity,
                                              cartbell_buffer *answer, cartbell_error **error) CARTBELL_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
