/*
 * mapping.h - the documents of others (Segment, GA4, Shopify, WooCommerce) as operations. docs/mapping.md
 * says what becomes what, and the language of the table.
 *
 * Mapping needs no engine and stores nothing: its answer is what cartbell_engine_ingest takes as
 * CARTBELL_FORM_ARRAY.
 */
#ifndef CARTBELL_MAPPING_H
#define CARTBELL_MAPPING_H

#include "cartbell/engine.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cartbell_map_options {
    uint32_t struct_size;
    /* 1: a document that no rule is for is told in the report; 0: it is an error. */
    int32_t skip_unmapped;
    /* "segment", "ga4", "shopify", "woocommerce", "codes", or one that the table names. */
    const char *format;
    /* The host's own table, whose rules come before Cartbell's; NULL: none. In bytes. */
    const char *table;
    size_t table_size;
    /* What the documents do not say, as JSON: {"id","occurred_at","source","customer","backfill"}; NULL:
       nothing. In bytes. */
    const char *given;
    size_t given_size;
    /* NULL: the library's own. */
    const cartbell_limits *limits;
} cartbell_map_options;

#define CARTBELL_MAP_OPTIONS_INIT \
    { sizeof(cartbell_map_options), 0, NULL, NULL, 0, NULL, 0, NULL }

/* Makes operations of a document, or of several.
   json, size: one document, or an array of them, in bytes. options: names the format at least. operations:
   receives a JSON array of operations. report: receives
   {"documents","mapped","unmapped","ignored","ignored_count","statuses","fields"}, or NULL: which rule took
   each document, the JSON pointers of what has no place, and the statuses and custom fields that the
   operations need of a store's settings. Owns: operations and report are the caller's. Errors: INVALID
   (unmapped, missing_..., bad_type, unknown_word and others with a pointer into the document; bad_table with
   one into the table; bad_given; unknown_format), LIMIT, MISUSE. Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_map(const char *json, size_t size, const cartbell_map_options *options,
                                  cartbell_buffer *operations, cartbell_buffer *report,
                                  cartbell_error **error) CARTBELL_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
