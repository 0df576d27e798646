/*
 * product.h - one product of the catalogue as it is now. Products are written as operations, through
 * cartbell_engine_apply; predicates and templates reach them from an order's lines as product.<path>.
 */
#ifndef CARTBELL_PRODUCT_H
#define CARTBELL_PRODUCT_H

#include "cartbell/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One product: its attributes, what is computed of them, and its version.
   product_id: the shop's id. answer: receives a JSON object.
   Owns: answer is the caller's.
   Errors: NOT_FOUND, IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_product_get(const cartbell_engine *engine, const char *product_id,
                                          cartbell_buffer *answer, cartbell_error **error) CARTBELL_NOEXCEPT;

/* Several products in one call.
   product_ids, count: the shop's ids. answer: receives a JSON array in the same order, null for a product
   that is not there.
   Owns: answer is the caller's.
   Errors: LIMIT (page_rows), IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_product_get_many(const cartbell_engine *engine, const char *const *product_ids,
                                               size_t count, cartbell_buffer *answer,
                                               cartbell_error **error) CARTBELL_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
