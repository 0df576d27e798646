/*
 * store.h - what a database must offer to keep Cartbell's tables: a versioned table of functions over declared tables of typed cells.
 *
 * For authors of stores; a host that uses the built-in SQLite or memory store never needs this header.
 *
 * Tables are logical. A store may lay them out as it likes (clustered by owner, appended and sorted later, spread over machines), as
 * long as these functions answer as documented. Every function returns CARTBELL_OK or a negative status of base.h and never throws.
 * Text is UTF-8 without U+0000. Integers compare numerically, text and bytes bytewise (memcmp), null below everything.
 *
 * What Cartbell promises: rows it writes are whole and fit the declaration (type, null only where it is allowed, keys never null);
 * bounds fit their columns; after a call of a transaction failed it only ends that transaction's cursors and rolls back.
 * sys/store_conformance.h is the test of a store; docs/stores.md tells how to write one.
 */
#ifndef CARTBELL_SYS_STORE_H
#define CARTBELL_SYS_STORE_H

#include "cartbell/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CARTBELL_STORE_VERSION 1

/* Types of cells and columns. */
#define CARTBELL_CELL_NULL 0
#define CARTBELL_CELL_INTEGER 1
#define CARTBELL_CELL_TEXT 2
#define CARTBELL_CELL_BYTES 3

/* One value of a row. data is not owned by the cell; it may be NULL if size is 0 (empty text is not null). */
typedef struct cartbell_cell {
    int32_t type;
    int32_t reserved; /* 0 */
    int64_t integer;
    const void *data;
    size_t size;
} cartbell_cell;

/* Column flags. */
#define CARTBELL_COLUMN_NULLABLE 1u
#define CARTBELL_COLUMN_PERSONAL 2u /* holds data about a person: export and erase walk these */

typedef struct cartbell_column {
    uint32_t struct_size;
    uint32_t flags;
    int32_t type;
    int32_t reserved;
    const char *name;
} cartbell_column;

/* A secondary order of a table's rows, by some columns and then by the key. Not unique. */
typedef struct cartbell_index {
    uint32_t struct_size;
    uint32_t reserved; /* 0 */
    const char *name;
    const uint32_t *columns;
    size_t column_count;
} cartbell_index;

/* Where a table's rows belong, for stores that are spread over machines, and a hint how they are read. */
#define CARTBELL_PLACE_CUSTOMER 1   /* with their owner: the owner column is the customer id and the first key column */
#define CARTBELL_PLACE_OWN_KEY 2    /* found by their own key: directories such as order id -> customer, identity -> customer */
#define CARTBELL_PLACE_EVERYWHERE 3 /* small, read by all: settings, definitions, products */
#define CARTBELL_PLACE_QUEUE 4      /* taken in key order by workers: timers, outbox */
#define CARTBELL_PLACE_APPEND 5     /* the key is an ever growing integer: the journal */

/* Table flags. */
#define CARTBELL_TABLE_UNORDERED 1u /* read by whole key: a scan by its key is rare and may have to sort the table */

typedef struct cartbell_table {
    uint32_t struct_size;
    int32_t placement;
    const char *name;
    const cartbell_column *columns; /* at most 64; the first key_count are the primary key */
    size_t column_count;
    size_t key_count;
    const cartbell_index *indexes;
    size_t index_count;
    int32_t owner_column; /* column that holds the customer id, or -1 */
    uint32_t flags;
} cartbell_table;

typedef struct cartbell_schema {
    uint32_t struct_size;
    int32_t version; /* grows when tables, nullable columns (after the others) or indexes are added; nothing else ever changes */
    const cartbell_table *tables;
    size_t table_count;
} cartbell_schema;

/* Modes of begin. */
#define CARTBELL_STORE_READ 0
#define CARTBELL_STORE_WRITE 1

/* Which rows a scan gives, and how. Bounds are prefixes of the index's columns followed by the key's, in order. */
typedef struct cartbell_scan {
    uint32_t struct_size;
    uint32_t table;        /* position in the schema */
    int32_t index;         /* position in the table's indexes, or -1: the key */
    int32_t descending;    /* 0 or 1 */
    const cartbell_cell *lower; /* rows >= (or > if lower_open) this prefix; NULL: from the start */
    size_t lower_count;
    int32_t lower_open;    /* 1: rows that begin with the whole prefix are left out */
    int32_t upper_open;
    const cartbell_cell *upper; /* rows <= (or < if upper_open) this prefix: a closed prefix includes every row that begins with it */
    size_t upper_count;
    uint64_t column_mask;  /* bit i: column i is wanted; others come as null */
    uint64_t limit;        /* at most so many rows; 0: no limit */
    int32_t claim;         /* 1 (write transactions only): skip rows that another process holds, and hold these until commit */
    int32_t reserved;
} cartbell_scan;

/*
 * The functions. `store` is the author's own object; `transaction` and `cursor` are made by the store.
 * One write transaction at a time in a process; any number of read transactions beside it, on its thread and others, each a consistent
 * snapshot taken by begin. A transaction and its cursors are used by one thread at a time. Rows given out stay valid until the next
 * call of the same function on the same object: of next on that cursor, of get on that transaction. Rows and bounds handed in are
 * the caller's and are not used after the call returns.
 */
typedef struct cartbell_store_functions {
    uint32_t struct_size;
    int32_t version; /* CARTBELL_STORE_VERSION */

    /* Required. Called once, first. Makes the tables of `schema` (which stays valid until close), checks them, or adds what an older schema version
       lacks: its rows are null in added columns. read_only: 0 or 1. CARTBELL_NEWER if the stored schema version is greater, CARTBELL_BUSY if
       another engine (of this process or another) writes this store, CARTBELL_CORRUPT if the place holds no store, CARTBELL_READ_ONLY
       if it would have to be changed but is opened for reading only. A store that several processes may write needs no CARTBELL_BUSY. */
    int32_t (*open)(void *store, const cartbell_schema *schema, int32_t read_only);
    /* Required. Called once, last, also after a failed open; frees the store. What a killed process held must be free again without it. All transactions
       have ended. Cannot fail. */
    void (*close)(void *store);
    /* Required. mode: CARTBELL_STORE_READ or CARTBELL_STORE_WRITE. CARTBELL_READ_ONLY for a write in a store opened read-only. A second write
       transaction beside one under way waits, works beside it, or is CARTBELL_BUSY. */
    int32_t (*begin)(void *store, int32_t mode, void **transaction);
    /* Required. Makes everything durable or nothing. The transaction is gone after it, whatever it returns. */
    int32_t (*commit)(void *transaction);
    /* Required. Undoes everything; the transaction is gone after it. Cannot fail. */
    void (*rollback)(void *transaction);
    /* Required. Looks up `count` keys (key_count cells each, back to back, in any order, also repeated); writes column_count cells per key to `rows`
       (nulls where nothing was found or the mask has no bit) and 0 or 1 to `found`. */
    int32_t (*get)(void *transaction, uint32_t table, const cartbell_cell *keys, size_t count, uint64_t column_mask,
                   cartbell_cell *rows, uint8_t *found);
    /* Required. Adds `count` rows; a row whose key exists is left as it is and has existed[i] = 1, else 0. Of equal keys in one call
       the first is added, the others existed. CARTBELL_READ_ONLY in a read transaction, as put and remove. */
    int32_t (*insert)(void *transaction, uint32_t table, const cartbell_cell *rows, size_t count, uint8_t *existed);
    /* Required. Adds or replaces `count` rows; of equal keys in one call the last stands. */
    int32_t (*put)(void *transaction, uint32_t table, const cartbell_cell *rows, size_t count);
    /* Required. Removes the rows of `count` keys; absent ones are no error. */
    int32_t (*remove)(void *transaction, uint32_t table, const cartbell_cell *keys, size_t count);
    /* Required. Begins a scan; any number may be open. It gives each row of the range once, in order. Changes that the same transaction made before
       it are seen; later ones may be, but rows that are left alone come whatever happens to others. claim: CARTBELL_MISUSE in a read transaction;
       a store with one writing process has nothing to skip. */
    int32_t (*scan)(void *transaction, const cartbell_scan *scan, void **cursor);
    /* Required. Writes at least one and at most `most` rows (column_count cells each) to `rows` and their number to `count`; 0 is the end. */
    int32_t (*next)(void *cursor, cartbell_cell *rows, size_t most, size_t *count);
    /* Required. Ends a scan; before its transaction ends. Cannot fail. */
    void (*end_scan)(void *cursor);
    /* Optional (NULL). One line about the last failure of this thread's calls, without customer data; valid until this thread's next call. */
    const char *(*last_message)(void *store);
    /* Optional (NULL). A bounded bit of upkeep outside any transaction of this thread (checkpoint, merge of appended runs);
       *more = 1 if there is more to do. */
    int32_t (*maintain)(void *store, int32_t *more);
} cartbell_store_functions;

#ifdef __cplusplus
}
#endif
#endif
