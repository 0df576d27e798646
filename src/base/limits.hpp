// Every limit of the core in one place.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cartbell {

// Rows kept of one order's status history. What every fold must agree on is no limit a host may set: the state would depend on it.
inline constexpr size_t most_history_rows = 20'000;
// Facts kept of one customer's consent to one channel and category.
inline constexpr size_t most_consent_facts = 32;
// Products in one container: what would be one more is left out.
inline constexpr size_t most_container_items = 1'000;

// A host may set each downward (cartbell_limits); none can be raised.
struct Limits {
    // input
    size_t batch_bytes = 16u << 20;
    size_t batch_operations = 10'000;
    size_t operation_bytes = 1u << 20;
    size_t json_depth = 32;
    size_t text_bytes = 64u << 10;             // one string value
    size_t operation_errors = 100;             // reported of one operation
    size_t operation_id_bytes = 128;
    size_t identity_bytes = 256;
    size_t order_lines = 5'000;
    size_t order_payments = 500;
    size_t custom_fields = 500;                // of one object
    size_t consent_proof_bytes = 1024;
    size_t container_items = most_container_items;  // of one `replace`
    size_t container_item_bytes = 16u << 10;   // the texts of one product
    // settings
    size_t settings_bytes = 4u << 20;
    // segments
    size_t predicate_bytes = 256u << 10;
    size_t predicate_depth = 64;
    size_t predicate_nodes = 10'000;
    size_t segment_expanded_nodes = 100'000;   // of a predicate with every segment it uses, each time it is used
    size_t segment_expanded_depth = 2'000;
    size_t explain_witnesses = 100;            // default and most per node
    // templates
    size_t template_bytes = 1u << 20;
    size_t template_depth = 100;               // nested sections
    size_t partial_depth = 32;
    size_t render_output_bytes = 4u << 20;
    size_t render_steps = 1'000'000;
    // mappings
    size_t mapping_table_bytes = 1u << 20;     // of a host
    size_t mapping_steps = 64'000'000;         // of one call: members looked at; a value worked out counts as 16
    // pages
    size_t page_rows = 10'000;
    size_t export_bytes = 256u << 20;          // everything of one customer
};

inline constexpr Limits library_limits{};  // what a host that lowers none has

}  // namespace cartbell
