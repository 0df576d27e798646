// Stores with one mistake each, over a store that has none. The conformance suite must find every mistake by a check that is named here.
#pragma once

#include <string>
#include <vector>

#include "store/conformance_run.hpp"

namespace mutants {

// name, whether the store must keep what it holds after close, the checks that must find it.
#define CARTBELL_MUTANTS(X)                                                                                                           \
    X(cuts_bytes_at_zero, false, "cells_come_back_as_they_were_stored")                                                               \
    X(gives_bytes_as_text, false, "cells_come_back_as_they_were_stored")                                                              \
    X(sets_reserved, false, "cells_come_back_as_they_were_stored")                                                                    \
    X(integers_are_doubles, false, "integers_are_exact")                                                                              \
    X(empty_text_is_null, false, "empty_is_not_null")                                                                                 \
    X(refuses_data_that_is_null, false, "empty_cells_may_point_nowhere")                                                              \
    X(cuts_at_64_kib, false, "big_cells_are_no_different")                                                                            \
    X(keeps_rows_handed_in, false, "rows_handed_in_are_copied")                                                                       \
    X(mask_of_32_bits, false, "a_table_may_have_64_columns")                                                                          \
    X(get_sorts_its_answers, false, "get_answers_in_the_order_of_its_keys")                                                           \
    X(get_answers_a_repeated_key_once, false, "get_answers_in_the_order_of_its_keys")                                                 \
    X(get_leaves_absent_rows_as_they_were, false, "get_answers_in_the_order_of_its_keys")                                             \
    X(get_leaves_found_as_it_was, false, "get_answers_in_the_order_of_its_keys")                                                      \
    X(get_ignores_the_mask, false, "get_leaves_unwanted_columns_null")                                                                \
    X(get_writes_beyond_its_rows, false, "get_answers_in_the_order_of_its_keys")                                                      \
    X(insert_never_says_existed, false, "insert_says_what_existed")                                                                   \
    X(insert_leaves_existed_as_it_was, false, "insert_says_what_existed")                                                             \
    X(insert_replaces, false, "insert_says_what_existed", "insert_leaves_what_exists_in_every_order")                                 \
    X(insert_adds_the_last_of_equal_keys, false, "of_equal_keys_in_one_insert_the_first_is_added")                                    \
    X(insert_forgets_rows_that_are_all_key, false, "insert_works_for_every_placement")                                                \
    X(put_keeps_old_cells_for_nulls, false, "put_adds_or_replaces_whole_rows", "random_work_looks_like_a_plain_map")                  \
    X(put_keeps_the_first_of_equal_keys, false, "put_adds_or_replaces_whole_rows")                                                    \
    X(put_leaves_old_rows_in_indexes, false, "put_adds_or_replaces_whole_rows", "random_work_looks_like_a_plain_map")                 \
    X(remove_leaves_rows_in_indexes, false, "remove_takes_rows_out_of_every_order")                                                   \
    X(remove_fails_on_absent_keys, false, "remove_takes_rows_out_of_every_order")                                                     \
    X(keys_without_case, false, "keys_are_equal_only_byte_by_byte")                                                                   \
    X(keys_without_spaces_at_their_end, false, "keys_are_equal_only_byte_by_byte")                                                    \
    X(unordered_scans_are_unordered, false, "an_unordered_table_does_everything")                                                     \
    X(batches_end_at_4096, false, "large_batches_are_no_different")                                                                   \
    X(get_shares_one_buffer, false, "rows_given_out_stay_valid")                                                                      \
    X(next_shares_one_buffer, false, "rows_given_out_stay_valid")                                                                     \
    X(orders_text_without_case, false, "keys_come_in_order")                                                                          \
    X(orders_integers_as_text, false, "keys_come_in_order")                                                                           \
    X(orders_integers_unsigned, false, "keys_come_in_order")                                                                          \
    X(orders_bytes_signed, false, "keys_come_in_order")                                                                               \
    X(orders_bytes_to_the_first_zero, false, "keys_come_in_order")                                                                    \
    X(orders_short_text_first, false, "keys_come_in_order")                                                                           \
    X(orders_null_above, false, "an_index_orders_by_its_columns_then_the_key", "bounds_may_name_nulls")                               \
    X(orders_equal_columns_backwards, false, "an_index_orders_by_its_columns_then_the_key")                                           \
    X(ignores_lower_open, false, "bounds_are_prefixes_open_or_closed", "a_long_scan_goes_on_after_the_last_key")                      \
    X(ignores_upper_open, false, "bounds_are_prefixes_open_or_closed")                                                                \
    X(closed_prefix_is_exact, false, "bounds_are_prefixes_open_or_closed")                                                            \
    X(open_prefix_is_exact, false, "bounds_are_prefixes_open_or_closed")                                                              \
    X(turns_bounds_round, false, "bounds_are_prefixes_open_or_closed")                                                                \
    X(null_bounds_match_nothing, false, "bounds_may_name_nulls")                                                                      \
    X(uses_bounds_after_the_call, false, "bounds_are_prefixes_open_or_closed")                                                        \
    X(ignores_upper_open_descending, false, "every_range_by_every_order_up_and_down")                                                 \
    X(ignores_descending, false, "descending_is_the_same_backwards")                                                                  \
    X(descends_by_the_first_column_only, false, "descending_is_the_same_backwards")                                                   \
    X(scan_ignores_the_mask, false, "a_scan_leaves_unwanted_columns_null")                                                            \
    X(ignores_the_limit, false, "a_limit_ends_the_scan")                                                                              \
    X(limits_every_block, false, "a_limit_ends_the_scan")                                                                             \
    X(next_writes_too_many, false, "a_limit_ends_the_scan")                                                                           \
    X(next_ends_at_its_block, false, "a_limit_ends_the_scan")                                                                         \
    X(empty_ranges_are_not_found, false, "an_empty_range_gives_no_row")                                                               \
    X(one_scan_at_a_time, false, "several_scans_go_on_side_by_side")                                                                  \
    X(scans_share_their_position, false, "several_scans_go_on_side_by_side")                                                          \
    X(ending_early_locks_the_table, false, "a_scan_may_be_ended_early")                                                               \
    X(scan_reads_what_is_committed, false, "a_scan_sees_what_its_transaction_did_before")                                             \
    X(scans_by_offset, false, "rows_may_be_removed_under_a_scan", "rows_left_alone_come_whatever_happens_to_others")                  \
    X(scan_stops_when_others_change, false, "rows_left_alone_come_whatever_happens_to_others")                                        \
    X(claims_once, false, "a_claim_gives_the_rows_of_a_range")                                                                        \
    X(claims_for_ever, false, "a_claim_gives_the_rows_of_a_range")                                                                    \
    X(claims_everything, false, "a_claim_gives_the_rows_of_a_range")                                                                  \
    X(readers_may_claim, false, "a_claim_is_for_writing_only")                                                                        \
    X(rollback_commits, false, "a_rollback_leaves_nothing")                                                                           \
    X(commit_rolls_back, false, "a_commit_keeps_everything")                                                                          \
    X(commit_keeps_half, false, "a_commit_keeps_everything")                                                                          \
    X(commit_of_a_reader_fails, false, "a_read_transaction_ends_by_commit_or_rollback")                                               \
    X(readers_follow_commits, false, "a_read_transaction_stays_at_its_begin")                                                         \
    X(snapshot_at_the_first_read, false, "a_read_transaction_stays_at_its_begin")                                                     \
    X(readers_see_what_is_not_committed, false, "a_read_transaction_stays_at_its_begin")                                              \
    X(scans_follow_commits, false, "a_scan_stays_at_its_snapshot")                                                                    \
    X(readers_write_nothing, false, "a_read_transaction_refuses_writes")                                                              \
    X(readers_are_refused_as_misuse, false, "a_read_transaction_refuses_writes")                                                      \
    X(second_writer_ends_the_first, false, "a_second_writer_does_not_disturb_the_first")                                              \
    X(upkeep_never_ends, false, "upkeep_changes_nothing_and_ends")                                                                    \
    X(upkeep_loses_rows, false, "upkeep_changes_nothing_and_ends")                                                                    \
    X(message_holds_data, false, "messages_are_one_line_without_data")                                                                \
    X(message_has_two_lines, false, "messages_are_one_line_without_data")                                                             \
    X(commits_row_by_row, false, "readers_on_other_threads_see_whole_transactions")                                                   \
    X(one_reader_at_a_time, false, "several_threads_read_at_once")                                                                    \
    X(status_is_positive, false, "a_commit_keeps_everything")                                                                               \
    X(put_throws, false, "keys_come_in_order")                                                                                        \
    X(a_new_place_holds_the_old_rows, false, "a_new_place_is_empty")                                                                  \
    X(open_forgets, true, "what_was_committed_is_there_after_close_and_open")                                                         \
    X(rollback_commits_to_disk, true, "what_was_committed_is_there_after_close_and_open")                                             \
    X(added_columns_are_zero, true, "a_later_schema_adds_to_what_is_stored")                                                          \
    X(ignores_the_stored_version, true, "an_earlier_schema_is_refused_as_newer")                                                      \
    X(reading_upgrades, true, "an_open_for_reading_does_not_upgrade")                                                                 \
    X(reading_store_stays_at_its_open, true, "a_store_opened_for_reading_sees_commits_beside_it")                                     \
    X(ignores_read_only, false, "a_store_opened_for_reading_refuses_writes")                                                          \
    X(second_engine_fails, true, "a_second_engine_is_busy_or_shares_the_store")                                                       \
    X(second_engine_has_its_own_rows, true, "a_second_engine_is_busy_or_shares_the_store")                                            \
    X(foreign_place_is_io, true, "what_is_no_store_is_corrupt")

enum class Mutant {
    none,
#define CARTBELL_MUTANT_NAME(name, ...) name,
    CARTBELL_MUTANTS(CARTBELL_MUTANT_NAME)
#undef CARTBELL_MUTANT_NAME
};

struct Described {
    Mutant mutant;
    const char *name;
    bool keeps;
    std::vector<std::string> checks;
};
const std::vector<Described> &described();

// The store with this mistake. One at a time in a process.
conformance_test::Subject subject(Mutant mutant, bool keeps);

}  // namespace mutants
