/*
 * A store in memory, written to be read. Every table is a sorted array of rows for its key, and one more for each index.
 *
 * Snapshots are what a store has to get right, and here they are cheap: what is committed is never changed. A transaction holds the
 * tables as they were when it began; a writer copies a table before it changes it first, and commit puts the copies in the place of the
 * old tables. Rows and tables count their holders and go with the last one.
 */
#include "custom_store.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A row is never changed once it is made. Its bytes follow its cells in the same piece of memory. */
struct row {
    size_t holders;
    cartbell_cell cells[];
};

/* One state of one table. order[0] is by the key, order[1 + i] by index i; each holds all rows. */
struct table {
    size_t holders;
    const cartbell_table *declared;
    size_t count, room;
    struct row **order[];
};

struct store {
    pthread_mutex_t mutex; /* guards all that follows and every count of holders */
    const cartbell_schema *schema;
    struct table **committed;
    int read_only, writing;
};

struct transaction {
    struct store *store;
    int writes;
    struct table *given; /* whose rows the last get gave */
    struct table *tables[];
};

struct cursor {
    struct store *store;
    struct table *table; /* as it was when the scan began */
    size_t order, position, left;
    int descending;
    uint64_t column_mask;
};

static void lock(struct store *store) { pthread_mutex_lock(&store->mutex); }
static void unlock(struct store *store) { pthread_mutex_unlock(&store->mutex); }

/* ---- Order: null below everything, integers numerically, text and bytes bytewise. */

static int compare_cells(const cartbell_cell *a, const cartbell_cell *b) {
    if (a->type == CARTBELL_CELL_NULL || b->type == CARTBELL_CELL_NULL)
        return (a->type != CARTBELL_CELL_NULL) - (b->type != CARTBELL_CELL_NULL);
    if (a->type == CARTBELL_CELL_INTEGER) return (a->integer > b->integer) - (a->integer < b->integer);
    const size_t shorter = a->size < b->size ? a->size : b->size;
    const int bytes = shorter ? memcmp(a->data, b->data, shorter) : 0;
    return bytes ? bytes : (a->size > b->size) - (a->size < b->size);
}

/* The column that stands at a position of an order: the index's columns, then the key's. */
static uint32_t column_at(const cartbell_table *of, size_t order, size_t position) {
    const cartbell_index *index = order ? &of->indexes[order - 1] : NULL;
    if (index && position < index->column_count) return index->columns[position];
    return (uint32_t)(position - (index ? index->column_count : 0));
}

static size_t columns_of(const cartbell_table *of, size_t order) {
    return of->key_count + (order ? of->indexes[order - 1].column_count : 0);
}

/* Where a row stands to a prefix of an order's columns; 0 also if it only begins with it. */
static int compare_to_prefix(const cartbell_table *of, size_t order, const struct row *row, const cartbell_cell *prefix, size_t count) {
    for (size_t i = 0; i < count; ++i) {
        const int compared = compare_cells(&row->cells[column_at(of, order, i)], &prefix[i]);
        if (compared) return compared;
    }
    return 0;
}

/* The position of the first row that is not below a prefix, or, if `above`, of the first that is above every row that begins with it. */
static size_t find(const struct table *table, size_t order, const cartbell_cell *prefix, size_t count, int above) {
    size_t low = 0, high = table->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int compared = compare_to_prefix(table->declared, order, table->order[order][middle], prefix, count);
        if (compared < 0 || (above && compared == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t position_of(const struct table *table, size_t order, const struct row *row) {
    cartbell_cell cells[128]; /* an index names at most the 64 columns, and the key has at most 64 */
    const size_t count = columns_of(table->declared, order);
    for (size_t i = 0; i < count; ++i) cells[i] = row->cells[column_at(table->declared, order, i)];
    return find(table, order, cells, count, 0);
}

/* The row with a key, or NULL. */
static struct row *row_with(const struct table *table, const cartbell_cell *key) {
    const size_t at = find(table, 0, key, table->declared->key_count, 0);
    if (at == table->count) return NULL;
    struct row *row = table->order[0][at];
    return compare_to_prefix(table->declared, 0, row, key, table->declared->key_count) == 0 ? row : NULL;
}

/* ---- Rows and tables, and who holds them. The store is locked. */

/* Cells handed in are the caller's: all their bytes are copied. */
static struct row *new_row(const cartbell_cell *cells, size_t count) {
    size_t bytes = 0;
    for (size_t i = 0; i < count; ++i) bytes += cells[i].size;
    struct row *row = malloc(sizeof *row + count * sizeof *cells + bytes);
    if (!row) return NULL;
    char *place = (char *)(row->cells + count);
    row->holders = 1;
    for (size_t i = 0; i < count; ++i) {
        row->cells[i] = cells[i];
        if (cells[i].type != CARTBELL_CELL_TEXT && cells[i].type != CARTBELL_CELL_BYTES) continue;
        if (cells[i].size) memcpy(place, cells[i].data, cells[i].size);
        row->cells[i].data = place;
        place += cells[i].size;
    }
    return row;
}

static void let_go_of_row(struct row *row) {
    if (--row->holders == 0) free(row);
}

static void let_go_of_table(struct table *table) {
    if (!table || --table->holders > 0) return;
    for (size_t i = 0; i < table->count; ++i) let_go_of_row(table->order[0][i]);
    for (size_t order = 0; order <= table->declared->index_count; ++order) free(table->order[order]);
    free(table);
}

static int make_room(struct table *table, size_t room) {
    for (size_t order = 0; order <= table->declared->index_count; ++order) {
        struct row **longer = realloc(table->order[order], room * sizeof *longer);
        if (!longer) return 0; /* those that grew are only longer than they need to be */
        table->order[order] = longer;
    }
    table->room = room;
    return 1;
}

static struct table *new_table(const cartbell_table *declared, size_t room) {
    struct table *table = calloc(1, sizeof *table + (1 + declared->index_count) * sizeof table->order[0]);
    if (!table) return NULL;
    table->holders = 1;
    table->declared = declared;
    if (make_room(table, room)) return table;
    let_go_of_table(table);
    return NULL;
}

static struct table *copy_of(const struct table *from) {
    struct table *table = new_table(from->declared, from->count + 16);
    if (!table) return NULL;
    for (size_t order = 0; order <= from->declared->index_count; ++order)
        if (from->count) memcpy(table->order[order], from->order[order], from->count * sizeof *from->order[order]);
    table->count = from->count;
    for (size_t i = 0; i < table->count; ++i) ++table->order[0][i]->holders;
    return table;
}

static void take_out(struct table *table, struct row *row) {
    for (size_t order = 0; order <= table->declared->index_count; ++order) {
        struct row **at = table->order[order] + position_of(table, order, row);
        memmove(at, at + 1, (size_t)(table->order[order] + table->count - (at + 1)) * sizeof *at);
    }
    --table->count;
    let_go_of_row(row);
}

static int add(struct table *table, const cartbell_cell *cells) {
    if (table->count == table->room && !make_room(table, 2 * table->room)) return 0;
    struct row *row = new_row(cells, table->declared->column_count);
    if (!row) return 0;
    for (size_t order = 0; order <= table->declared->index_count; ++order) {
        struct row **at = table->order[order] + position_of(table, order, row);
        memmove(at + 1, at, (size_t)(table->order[order] + table->count - at) * sizeof *at);
        *at = row;
    }
    ++table->count;
    return 1;
}

/* The writer's own copy of a table. Whoever holds the old one, a cursor or a snapshot, keeps it as it is. */
static struct table *writable(struct transaction *transaction, uint32_t number) {
    struct table *table = transaction->tables[number];
    if (table->holders > 1) {
        struct table *copy = copy_of(table);
        if (!copy) return NULL;
        let_go_of_table(table);
        transaction->tables[number] = table = copy;
    }
    return table;
}

/* A row as it is given out: cells that point into the row, null where the mask has no bit. */
static void give(const struct row *row, size_t columns, uint64_t column_mask, cartbell_cell *out) {
    static const cartbell_cell null = {CARTBELL_CELL_NULL, 0, 0, NULL, 0};
    for (size_t i = 0; i < columns; ++i) out[i] = row && (column_mask >> i & 1) ? row->cells[i] : null;
}

/* ---- The table of functions, in its order. */

static int32_t open_store(void *self, const cartbell_schema *schema, int32_t read_only) {
    struct store *store = self;
    store->committed = calloc(schema->table_count, sizeof *store->committed);
    if (!store->committed) return CARTBELL_OUT_OF_MEMORY;
    store->schema = schema;
    store->read_only = read_only;
    for (size_t i = 0; i < schema->table_count; ++i)
        if (!(store->committed[i] = new_table(&schema->tables[i], 16))) return CARTBELL_OUT_OF_MEMORY;
    return CARTBELL_OK;
}

static void close_store(void *self) {
    struct store *store = self;
    for (size_t i = 0; store->schema && i < store->schema->table_count; ++i) let_go_of_table(store->committed[i]);
    free(store->committed);
    pthread_mutex_destroy(&store->mutex);
    free(store);
}

static int32_t begin(void *self, int32_t mode, void **out) {
    struct store *store = self;
    const int writes = mode == CARTBELL_STORE_WRITE;
    if (writes && store->read_only) return CARTBELL_READ_ONLY;
    struct transaction *transaction = calloc(1, sizeof *transaction + store->schema->table_count * sizeof transaction->tables[0]);
    if (!transaction) return CARTBELL_OUT_OF_MEMORY;
    transaction->store = store;
    transaction->writes = writes;
    lock(store);
    const int busy = writes && store->writing;
    for (size_t i = 0; !busy && i < store->schema->table_count; ++i) {
        transaction->tables[i] = store->committed[i];
        ++transaction->tables[i]->holders;
    }
    if (writes && !busy) store->writing = 1;
    unlock(store);
    if (busy) {
        free(transaction);
        return CARTBELL_BUSY;
    }
    *out = transaction;
    return CARTBELL_OK;
}

static void end(struct transaction *transaction, int keep) {
    struct store *store = transaction->store;
    lock(store);
    for (size_t i = 0; i < store->schema->table_count; ++i) {
        struct table *dropped = transaction->tables[i];
        if (keep) {
            dropped = store->committed[i];
            store->committed[i] = transaction->tables[i];
        }
        let_go_of_table(dropped);
    }
    let_go_of_table(transaction->given);
    if (transaction->writes) store->writing = 0;
    unlock(store);
    free(transaction);
}

static int32_t commit(void *self) {
    struct transaction *transaction = self;
    end(transaction, transaction->writes);
    return CARTBELL_OK;
}

static void rollback(void *self) { end(self, 0); }

static int32_t get(void *self, uint32_t number, const cartbell_cell *keys, size_t count, uint64_t column_mask, cartbell_cell *rows,
                   uint8_t *found) {
    struct transaction *transaction = self;
    struct table *table = transaction->tables[number];
    const cartbell_table *of = table->declared;
    for (size_t i = 0; i < count; ++i) {
        const struct row *row = row_with(table, keys + i * of->key_count);
        found[i] = row != NULL;
        give(row, of->column_count, column_mask, rows + i * of->column_count);
    }
    /* The cells point into the rows: the table is held until the next get, whatever is written meanwhile. */
    lock(transaction->store);
    ++table->holders;
    let_go_of_table(transaction->given);
    transaction->given = table;
    unlock(transaction->store);
    return CARTBELL_OK;
}

/* insert, put and remove. existed: what insert says of each row; NULL: put. width: of a row, or of a key to remove. */
static int32_t change(struct transaction *transaction, uint32_t number, const cartbell_cell *cells, size_t count, size_t width,
                      uint8_t *existed, int adds) {
    if (!transaction->writes) return CARTBELL_READ_ONLY;
    lock(transaction->store);
    struct table *table = writable(transaction, number);
    int ok = table != NULL;
    for (size_t i = 0; ok && i < count; ++i, cells += width) {
        struct row *old = row_with(table, cells);
        if (existed && (existed[i] = old != NULL)) continue;
        if (old) take_out(table, old);
        if (adds) ok = add(table, cells);
    }
    unlock(transaction->store);
    return ok ? CARTBELL_OK : CARTBELL_OUT_OF_MEMORY;
}

static const cartbell_table *declared(const struct transaction *transaction, uint32_t number) {
    return &transaction->store->schema->tables[number];
}

static int32_t insert(void *self, uint32_t number, const cartbell_cell *rows, size_t count, uint8_t *existed) {
    return change(self, number, rows, count, declared(self, number)->column_count, existed, 1);
}

static int32_t put(void *self, uint32_t number, const cartbell_cell *rows, size_t count) {
    return change(self, number, rows, count, declared(self, number)->column_count, NULL, 1);
}

static int32_t remove_rows(void *self, uint32_t number, const cartbell_cell *keys, size_t count) {
    return change(self, number, keys, count, declared(self, number)->key_count, NULL, 0);
}

static int32_t scan(void *self, const cartbell_scan *wanted, void **out) {
    struct transaction *transaction = self;
    if (wanted->claim && !transaction->writes) return CARTBELL_MISUSE; /* and nobody else can hold a row of this store */
    struct cursor *cursor = calloc(1, sizeof *cursor);
    if (!cursor) return CARTBELL_OUT_OF_MEMORY;
    struct table *table = transaction->tables[wanted->table];
    const size_t order = (size_t)(wanted->index + 1);
    /* A bound of no cells bounds nothing. An open lower bound begins above all rows that begin with it, a closed upper one ends there. */
    const size_t low = wanted->lower_count ? find(table, order, wanted->lower, wanted->lower_count, wanted->lower_open) : 0;
    const size_t high = wanted->upper_count ? find(table, order, wanted->upper, wanted->upper_count, !wanted->upper_open) : table->count;
    cursor->left = high > low ? high - low : 0;
    if (wanted->limit && wanted->limit < cursor->left) cursor->left = (size_t)wanted->limit;
    cursor->position = wanted->descending ? high : low;
    cursor->descending = wanted->descending;
    cursor->order = order;
    cursor->column_mask = wanted->column_mask;
    cursor->store = transaction->store;
    cursor->table = table;
    lock(transaction->store);
    ++table->holders;
    unlock(transaction->store);
    *out = cursor;
    return CARTBELL_OK;
}

static int32_t next(void *self, cartbell_cell *rows, size_t most, size_t *count) {
    struct cursor *cursor = self;
    const size_t columns = cursor->table->declared->column_count;
    for (*count = 0; *count < most && cursor->left > 0; ++*count, --cursor->left) {
        const size_t at = cursor->descending ? --cursor->position : cursor->position++;
        give(cursor->table->order[cursor->order][at], columns, cursor->column_mask, rows + *count * columns);
    }
    return CARTBELL_OK;
}

static void end_scan(void *self) {
    struct cursor *cursor = self;
    lock(cursor->store);
    let_go_of_table(cursor->table);
    unlock(cursor->store);
    free(cursor);
}

const cartbell_store_functions *custom_store_functions(void) {
    static const cartbell_store_functions functions = {sizeof functions, CARTBELL_STORE_VERSION,
                                                       open_store, close_store, begin, commit, rollback, get, insert, put, remove_rows,
                                                       scan, next, end_scan,
                                                       NULL, /* last_message: our failures have no more to say than their status */
                                                       NULL /* maintain: there is nothing to keep up */};
    return &functions;
}

void *custom_store_new(void) {
    struct store *store = calloc(1, sizeof *store);
    if (store) pthread_mutex_init(&store->mutex, NULL);
    return store;
}
