/*
 * engine.h - one engine over one store: opening it, operations in, due work done, the state of the whole.
 *
 * Writing calls queue behind one another, reading calls run beside them on snapshots of their own. A failed
 * writing call has changed nothing (a tick: nothing by halves). Answers are JSON texts in the words of docs/formats.md.
 */
#ifndef CARTBELL_ENGINE_H
#define CARTBELL_ENGINE_H

#include "cartbell/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An instant that never comes: no work is due. */
#define CARTBELL_NEVER INT64_MAX

/* What the caller says its bytes are. */
#define CARTBELL_FORM_ONE 1    /* one operation */
#define CARTBELL_FORM_ARRAY 2  /* a JSON array of operations; a malformed one is refused whole */
#define CARTBELL_FORM_OBJECT 3 /* {"operations":[...],"sent_at":...}; a malformed one is refused whole */
#define CARTBELL_FORM_NDJSON 4 /* an operation a line; a bad line spoils only itself */

/* Which state cartbell_engine_digest reads: as it is stored, or folded anew from the journal. The digests are the
   same, or the store is damaged. */
#define CARTBELL_DIGEST_STORED 1
#define CARTBELL_DIGEST_REFOLDED 2

typedef struct cartbell_engine cartbell_engine;
typedef struct cartbell_batch cartbell_batch;
struct cartbell_store_functions; /* sys/store.h */

/* Limits of one engine or compiled object. 0 is the library's own limit; each may be set downward, none can be
   raised. */
typedef struct cartbell_limits {
    uint32_t struct_size;
    uint32_t reserved; /* 0 */
    uint64_t batch_bytes;
    uint64_t batch_operations;
    uint64_t operation_bytes;
    uint64_t json_depth;
    uint64_t text_bytes; /* one string value */
    uint64_t operation_id_bytes;
    uint64_t identity_bytes;
    uint64_t order_lines;
    uint64_t order_payments;
    uint64_t custom_fields; /* of one object */
    uint64_t settings_bytes;
    uint64_t predicate_bytes;
    uint64_t predicate_depth;
    uint64_t predicate_nodes;
    uint64_t explain_witnesses; /* per node */
    uint64_t template_bytes;
    uint64_t template_depth; /* nested sections */
    uint64_t partial_depth;
    uint64_t render_output_bytes;
    uint64_t render_steps;
    uint64_t page_rows;
    uint64_t consent_proof_bytes;
    uint64_t mapping_table_bytes; /* of a host's mapping table */
    uint64_t mapping_steps;       /* of one call of cartbell_map: members looked at; a value counts as 16 */
    uint64_t export_bytes;        /* everything of one customer */
    uint64_t container_items;      /* of one `replace` */
    uint64_t container_item_bytes; /* the texts of one product */
} cartbell_limits;

#define CARTBELL_LIMITS_INIT \
    { sizeof(cartbell_limits), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/* How to open an engine. Name a store by `path` or by `store_functions`, not by both. */
typedef struct cartbell_engine_options {
    uint32_t struct_size;
    /* 1: nothing is written, and any number of such engines may be open beside the writing one; else 0. */
    int32_t read_only;
    /* An SQLite file, made if it does not exist unless read_only; ":memory:" is a store in memory, gone at close. */
    const char *path;
    /* IANA zone files; NULL: /usr/share/zoneinfo. */
    const char *zones_directory;
    /* NULL: the library's own. */
    const cartbell_limits *limits;
    /* A store of the host's own (sys/store.h) and its object; the table is copied. */
    const struct cartbell_store_functions *store_functions;
    void *store;
} cartbell_engine_options;

#define CARTBELL_ENGINE_OPTIONS_INIT \
    { sizeof(cartbell_engine_options), 0, NULL, NULL, NULL, NULL, NULL }

/* How the operations of one apply ended. Filled by the library. */
typedef struct cartbell_applied {
    uint32_t struct_size;
    uint32_t reserved; /* 0 */
    int64_t accepted;  /* late ones are not counted here */
    int64_t duplicate;
    int64_t late;
    int64_t rejected;
} cartbell_applied;

#define CARTBELL_APPLIED_INIT \
    { sizeof(cartbell_applied), 0, 0, 0, 0, 0 }

/* Opens an engine over a store, making the store if it is new.
   options: what to open. engine: receives the engine.
   Owns: the caller closes *engine. options->store is the library's from this call on, whatever it returns,
   once store_functions is given.
   Errors: BUSY (another engine writes this store), NEWER, CORRUPT, IO, INVALID (limit_raised), MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_engine_open(const cartbell_engine_options *options, cartbell_engine **engine,
                                          cartbell_error **error) CARTBELL_NOEXCEPT;

/* Closes an engine and its store; in the child of a fork it only forgets them. NULL is allowed.
   Owns: ends the engine; cursors that are still open answer MISUSE from now on.
   Errors: cannot fail.
   Threads: any, once, when no other call on this engine runs. Since: 0.1 */
CARTBELL_API void cartbell_engine_close(cartbell_engine *engine) CARTBELL_NOEXCEPT;

/* Reads operations from JSON without touching the store, so that many threads can parse while one applies.
   form: CARTBELL_FORM_... bytes, size: the JSON, in bytes. source: code of the source of operations that
   name none; NULL is the system source.
   batch: receives the operations; a bad one keeps its place and becomes a rejected result of its own when
   applied.
   Owns: the caller frees *batch.
   Errors: INVALID (malformed array or object, bad UTF-8), LIMIT, FORKED, MISUSE.
   Threads: any number at once, without a lock. Since: 0.1 */
CARTBELL_API int32_t cartbell_engine_parse(const cartbell_engine *engine, int32_t form, const char *bytes,
                                           size_t size, const char *source, cartbell_batch **batch,
                                           cartbell_error **error) CARTBELL_NOEXCEPT;

/* How many operations a batch holds, well-formed or not.
   batch: not yet applied. count: receives the number.
   Owns: nothing.
   Errors: MISUSE (used_batch), FORKED.
   Threads: one at a time per batch. Since: 0.1 */
CARTBELL_API int32_t cartbell_batch_count(const cartbell_batch *batch, size_t *count,
                                          cartbell_error **error) CARTBELL_NOEXCEPT;

/* Frees a batch, applied or not; NULL is allowed.
   Owns: ends the batch.
   Errors: cannot fail.
   Threads: any, once. Since: 0.1 */
CARTBELL_API void cartbell_batch_free(cartbell_batch *batch) CARTBELL_NOEXCEPT;

/* Applies parsed batches, in order, in one transaction: all of it is stored, or nothing.
   batches, count: batches that this engine parsed, each once. now_us: the clock, in microseconds. applied:
   receives the counts, or NULL.
   results: receives one JSON array with a result for each operation, in order, or NULL.
   Owns: the batches are used up on success and are still to be freed; results is the caller's.
   Errors: IO, FULL, BUSY, CORRUPT, LIMIT, READ_ONLY, FORKED, MISUSE (used_batch, foreign_batch); rejected
   operations are results, not errors.
   After OUT_OF_MEMORY it is open whether the transaction took place; the same input applied again is then
   answered with duplicates.
   Threads: any; writing calls queue. Since: 0.1 */
CARTBELL_API int32_t cartbell_engine_apply(cartbell_engine *engine, cartbell_batch *const *batches,
                                           size_t count, int64_t now_us, cartbell_applied *applied,
                                           cartbell_buffer *results,
                                           cartbell_error **error) CARTBELL_NOEXCEPT;

/* Parses and applies one input in one call.
   form, bytes, size, source: as in cartbell_engine_parse. now_us, applied, results: as in
   cartbell_engine_apply.
   Owns: results is the caller's.
   Errors: those of both calls.
   Threads: any; writing calls queue. Since: 0.1 */
CARTBELL_API int32_t cartbell_engine_ingest(cartbell_engine *engine, int32_t form, const char *bytes,
                                            size_t size, const char *source, int64_t now_us,
                                            cartbell_applied *applied, cartbell_buffer *results,
                                            cartbell_error **error) CARTBELL_NOEXCEPT;

/* Does due work: mailings, leases that ran out.
   now_us: the clock, in microseconds. work: at most so many bounded steps, from 1. done: receives the steps
   done, or NULL.
   next_due_us: receives when there is work again, CARTBELL_NEVER if never; at or before now_us: there is
   more now.
   Owns: nothing.
   Errors: IO, FULL, BUSY, CORRUPT, READ_ONLY, FORKED, INVALID (work below 1), MISUSE. Each step is a transaction
   of its own or part of one: of a tick that fails, whole steps may have been done, and the next tick goes on.
   Threads: any; writing calls queue. Since: 0.1 */
CARTBELL_API int32_t cartbell_engine_tick(cartbell_engine *engine, int64_t now_us, int64_t work,
                                          int64_t *done, int64_t *next_due_us,
                                          cartbell_error **error) CARTBELL_NOEXCEPT;

/* Does a bounded bit of the store's own upkeep; worth calling between batches of a long import and when
   idle.
   more: receives 1 if there is more to do, else 0.
   Owns: nothing.
   Errors: IO, FULL, BUSY, CORRUPT, READ_ONLY, FORKED, MISUSE.
   Threads: any; writing calls queue. Since: 0.1 */
CARTBELL_API int32_t cartbell_engine_maintain(cartbell_engine *engine, int32_t *more,
                                              cartbell_error **error) CARTBELL_NOEXCEPT;

/* Counts what the store holds: customers, orders, lines, journal, outbox.
   answer: receives a JSON object.
   Owns: answer is the caller's.
   Errors: IO, CORRUPT, FORKED, MISUSE.
   Threads: any. Since: 0.1 */
CARTBELL_API int32_t cartbell_engine_stats(const cartbell_engine *engine, cartbell_buffer *answer,
                                           cartbell_error **error) CARTBELL_NOEXCEPT;

/* The digest of the facts state: equal for the same operations under the same settings, however they
   arrived.
   of: CARTBELL_DIGEST_... answer: receives {"digest","customers","orders"}, the digest as 64 hex digits.
   Owns: answer is the caller's.
   Errors: IO, CORRUPT, FORKED, INVALID (of), MISUSE.
   Threads: any; reads every order. Since: 0.1 */
CARTBELL_API int32_t cartbell_engine_digest(const cartbell_engine *engine, int32_t of,
                                            cartbell_buffer *answer,
                                            cartbell_error **error) CARTBELL_NOEXCEPT;

#ifdef __cplusplus
}
#endif
#endif
