/*
 * container.h - containers: a customer's cart, favourites, any product list. They are written as operations,
 * through cartbell_engine_apply.
 */
#ifndef CARTBELL_CONTAINER_H
#define CARTBELL_CONTAINER_H

#include "cartbell/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One container of a customer.
   identity: kind:text. container: its code. at_us: microseconds since 1970 in UTC; a container whose lifetime has
   passed by then is empty. answer: receives {"container","item_count","quantity","total","total_now","created_at",
   "changed_at","items":[{"product_id","name","category","quantity","price","price_then","price_now","total",
   "added_at","changed_at","fields",...},...],"version"}: price_then of what came without a price is the catalogue's
   of that instant, price_now the catalogue's; amounts have the shop's currency or name theirs; an amount that is not
   known is left out. A container that never held anything is empty, and its version 0.
   Owns: answer is the caller's.
   Errors: NOT_FOUND, INVALID (no identity, unknown_code, bad_clock), IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_container_get(const cartbell_engine *engine, const char *identity,
                                            const char *container, int64_t at_us, cartbell_buffer *answer,
                                            cartbell_error **error) CARTBELL_NOEXCEPT;

/* All containers that were ever changed for a customer, by their codes.
   identity, at_us: as above. answer: receives {"containers":[...]}, each as above.
   Owns: answer is the caller's.
   Errors: NOT_FOUND, INVALID (no identity, bad_clock), IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_container_list(const cartbell_engine *engine, const char *identity, int64_t at_us,
                                             cartbell_buffer *answer, cartbell_error **error) CARTBELL_NOEXCEPT;

/* Who has a product in a container: a page of them, found without reading anybody else.
   product_id: the shop's id; it need not be in the catalogue. container: its code; NULL or "": any one. at_us: as
   above. after: "next" of the page before; NULL or "" for the first. most: at most so many. answer: receives
   {"holders":[{"customer","container","quantity","added_at"},...],"next"}: customer is an identity, next is null
   after the last page.
   Owns: answer is the caller's.
   Errors: NOT_FOUND (after: nobody), INVALID (unknown_code, bad_token, bad_clock), LIMIT (page_rows), IO, CORRUPT,
   FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_container_holders(const cartbell_engine *engine, const char *product_id,
                                                const char *container, int64_t at_us, const char *after, size_t most,
                                                cartbell_buffer *answer, cartbell_error **error) CARTBELL_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
