// The rules of store.h that checks are about, in its own words; a test holds them against the header.
#pragma once

namespace cartbell::conformance::rules {

inline constexpr char statuses[] = "Every function returns CARTBELL_OK or a negative status of base.h and never throws.";
inline constexpr char order[] = "Integers compare numerically, text and bytes bytewise (memcmp), null below everything.";
inline constexpr char types[] = "Types of cells and columns.";
inline constexpr char reserved[] = "int32_t reserved; /* 0 */";
inline constexpr char empty[] = "it may be NULL if size is 0 (empty text is not null)";
inline constexpr char one_value[] = "One value of a row.";
inline constexpr char index_order[] = "A secondary order of a table's rows, by some columns and then by the key. Not unique.";
inline constexpr char placement[] = "Where a table's rows belong, for stores that are spread over machines, and a hint how they are read.";
inline constexpr char unordered[] = "read by whole key: a scan by its key is rare and may have to sort the table";
inline constexpr char columns[] = "at most 64; the first key_count are the primary key";

inline constexpr char bounds[] = "Bounds are prefixes of the index's columns followed by the key's, in order.";
inline constexpr char descending[] = "int32_t descending; /* 0 or 1 */";
inline constexpr char lower[] = "rows >= (or > if lower_open) this prefix; NULL: from the start";
inline constexpr char lower_open[] = "1: rows that begin with the whole prefix are left out";
inline constexpr char upper[] = "rows <= (or < if upper_open) this prefix: a closed prefix includes every row that begins with it";
inline constexpr char mask[] = "bit i: column i is wanted; others come as null";
inline constexpr char limit[] = "at most so many rows; 0: no limit";

inline constexpr char snapshot[] =
    "One write transaction at a time in a process; any number of read transactions beside it, on its thread and others, each a consistent "
    "snapshot taken by begin.";
inline constexpr char given_rows[] =
    "Rows given out stay valid until the next call of the same function on the same object: of next on that cursor, of get on that transaction.";
inline constexpr char handed_in[] = "Rows and bounds handed in are the caller's and are not used after the call returns.";

inline constexpr char makes_tables[] = "Makes the tables of `schema` (which stays valid until close), checks them, or adds what an older schema version lacks";
inline constexpr char added_columns[] = "its rows are null in added columns";
inline constexpr char newer[] = "CARTBELL_NEWER if the stored schema version is greater";
inline constexpr char busy[] = "CARTBELL_BUSY if another engine (of this process or another) writes this store";
inline constexpr char several_writers[] = "A store that several processes may write needs no CARTBELL_BUSY.";
inline constexpr char corrupt[] = "CARTBELL_CORRUPT if the place holds no store";
inline constexpr char open_read_only[] = "CARTBELL_READ_ONLY if it would have to be changed but is opened for reading only.";
inline constexpr char write_read_only[] = "CARTBELL_READ_ONLY for a write in a store opened read-only.";
inline constexpr char second_writer[] = "A second write transaction beside one under way waits, works beside it, or is CARTBELL_BUSY.";
inline constexpr char commit[] = "Makes everything durable or nothing. The transaction is gone after it, whatever it returns.";
inline constexpr char rollback[] = "Undoes everything; the transaction is gone after it.";
inline constexpr char get[] = "Looks up `count` keys (key_count cells each, back to back, in any order, also repeated)";
inline constexpr char get_nulls[] = "nulls where nothing was found or the mask has no bit";
inline constexpr char insert[] = "a row whose key exists is left as it is and has existed[i] = 1, else 0.";
inline constexpr char insert_equal[] = "Of equal keys in one call the first is added, the others existed.";
inline constexpr char refuses_writes[] = "CARTBELL_READ_ONLY in a read transaction, as put and remove.";
inline constexpr char put[] = "Adds or replaces `count` rows; of equal keys in one call the last stands.";
inline constexpr char remove[] = "Removes the rows of `count` keys; absent ones are no error.";
inline constexpr char scans[] = "Begins a scan; any number may be open.";
inline constexpr char scan[] = "It gives each row of the range once, in order.";
inline constexpr char changes[] =
    "Changes that the same transaction made before it are seen; later ones may be, but rows that are left alone come whatever happens to others.";
inline constexpr char claim[] = "claim: CARTBELL_MISUSE in a read transaction; a store with one writing process has nothing to skip.";
inline constexpr char next[] = "Writes at least one and at most `most` rows (column_count cells each) to `rows` and their number to `count`; 0 is the end.";
inline constexpr char end_scan[] = "Ends a scan; before its transaction ends.";
inline constexpr char last_message[] =
    "One line about the last failure of this thread's calls, without customer data; valid until this thread's next call.";
inline constexpr char maintain[] = "*more = 1 if there is more to do.";
inline constexpr char upkeep[] = "A bounded bit of upkeep outside any transaction of this thread";

}  // namespace cartbell::conformance::rules
