#include "store/schema.hpp"

#include <iterator>

namespace cartbell::store {
namespace {

constexpr uint32_t nullable = CARTBELL_COLUMN_NULLABLE;
constexpr uint32_t personal = CARTBELL_COLUMN_PERSONAL;

constexpr cartbell_column integer(const char *name, uint32_t flags = 0) {
    return {sizeof(cartbell_column), flags, CARTBELL_CELL_INTEGER, 0, name};
}
constexpr cartbell_column text(const char *name, uint32_t flags = 0) {
    return {sizeof(cartbell_column), flags, CARTBELL_CELL_TEXT, 0, name};
}
constexpr cartbell_column bytes(const char *name, uint32_t flags = 0) {
    return {sizeof(cartbell_column), flags, CARTBELL_CELL_BYTES, 0, name};
}

constexpr cartbell_column meta_columns[] = {text("name"), integer("value")};

constexpr cartbell_column journal_columns[] = {
    integer("position"),
    integer("received_at"),
    integer("occurred_at", nullable),
    text("source"),
    integer("trust"),
    integer("rank"),
    integer("settings_version"),
    text("type"),
    text("op_id"),
    text("object", nullable | personal),
    text("body", nullable | personal),
    text("result", nullable | personal),
};

constexpr cartbell_column operation_columns[] = {text("source"), text("op_id"), integer("position"),
                                                 bytes("body_hash")};

constexpr cartbell_column identity_columns[] = {text("kind"), text("value", personal), integer("customer_id", nullable),
                                                bytes("state", nullable | personal)};

constexpr cartbell_column claim_columns[] = {
    text("kind"),   text("value", personal), integer("at"),   integer("has_sequence"),     integer("sequence"), integer("rank"),
    text("source"), text("op_id"),           text("by_kind"), text("by_value", personal), integer("back_to"),
};

constexpr cartbell_column customer_columns[] = {
    integer("customer_id"),
    text("external_id", nullable | personal),
    text("email", nullable | personal),
    text("phone", nullable | personal),
    integer("created_at", nullable),
    bytes("state", personal),
};

constexpr cartbell_column order_owner_columns[] = {text("order_id"), integer("customer_id")};

constexpr cartbell_column orders_columns[] = {
    integer("customer_id"),
    text("order_id"),
    integer("placed_at", nullable),
    text("currency", nullable),
    integer("total_e4", nullable),
    text("general", nullable),
    text("delivery", nullable),
    text("payment", nullable),
    integer("line_count"),
    bytes("state", personal),
};

constexpr cartbell_column definition_columns[] = {text("kind"), text("code"), integer("version"),
                                                  integer("created_at"), text("body")};

constexpr cartbell_column timer_columns[] = {integer("due_at"), text("kind"), text("subject")};

constexpr cartbell_column message_columns[] = {
    integer("customer_id"),
    text("source"),
    text("key"),
    text("message_id"),
    text("identity", nullable | personal),
    text("state"),
    text("reason", nullable),
    text("channel"),
    text("category", nullable),
    text("template_code", nullable),
    integer("planned_at"),
    integer("due_at", nullable),
    integer("attempts"),
    text("provider_id", nullable),
    text("parts", nullable | personal),
};

constexpr cartbell_column lease_columns[] = {
    text("message_id"), integer("customer_id"), text("source"), text("key"), integer("until"), text("worker"), bytes("positions", nullable),
};

constexpr cartbell_column progress_columns[] = {text("subject"), bytes("cursor", nullable), text("state"),
                                                text("body", nullable)};

constexpr cartbell_column tally_columns[] = {text("source"), text("state"), text("reason"), integer("count")};

constexpr cartbell_column product_columns[] = {text("product_id"), integer("changed"), bytes("state")};

constexpr cartbell_column older_entries_columns[] = {integer("customer_id"), text("kind"), text("object"), integer("first"), bytes("positions")};

constexpr cartbell_column event_columns[] = {
    integer("customer_id"), integer("at"), integer("has_sequence"), integer("sequence"), integer("rank"),
    text("source"),         text("op_id"), text("name"),            integer("position"), bytes("state", personal),
};

constexpr cartbell_column merge_entry_columns[] = {text("kind"), text("value", personal), integer("position")};

constexpr cartbell_column container_columns[] = {
    integer("customer_id"), text("code"), integer("item_count"), integer("changed_at", nullable), bytes("state", personal),
};

constexpr cartbell_column container_item_columns[] = {integer("customer_id"), text("code"), text("product_id")};
constexpr cartbell_column tombstone_columns[] = {bytes("hash"), integer("at")};

constexpr cartbell_column old_message_owner_columns[] = {text("message_id"), integer("customer_id")};

constexpr cartbell_column old_message_columns[] = {integer("customer_id"), text("message_id"), integer("handed_over_at", nullable),
                                                   bytes("state", personal)};

constexpr uint32_t orders_outline_columns[] = {orders_column::customer_id, orders_column::order_id, orders_column::placed_at,
                                                orders_column::currency,    orders_column::total_e4, orders_column::general,
                                                orders_column::delivery,    orders_column::payment};
constexpr cartbell_index orders_indexes[] = {{sizeof(cartbell_index), 0, "outline", orders_outline_columns, std::size(orders_outline_columns)}};
constexpr uint32_t product_changed_columns[] = {product_column::changed};
constexpr cartbell_index product_indexes[] = {{sizeof(cartbell_index), 0, "changed", product_changed_columns, 1}};
constexpr uint32_t container_item_product_columns[] = {container_item_column::product_id};
constexpr cartbell_index container_item_indexes[] = {{sizeof(cartbell_index), 0, "product", container_item_product_columns, 1}};
constexpr uint32_t message_queue_columns[] = {message_column::state, message_column::due_at};
constexpr cartbell_index message_indexes[] = {
    {sizeof(cartbell_index), 0, "queue", message_queue_columns, 2},
};
constexpr uint32_t lease_until_columns[] = {lease_column::until};
constexpr cartbell_index lease_indexes[] = {{sizeof(cartbell_index), 0, "until", lease_until_columns, 1}};

template <size_t Columns>
constexpr cartbell_table declare(const char *name, int32_t placement, const cartbell_column (&columns)[Columns],
                                 size_t key_count, int32_t owner_column = -1, uint32_t flags = 0) {
    return {sizeof(cartbell_table), placement, name, columns, Columns, key_count, nullptr, 0, owner_column, flags};
}
template <size_t Columns, size_t Indexes>
constexpr cartbell_table declare(const char *name, int32_t placement, const cartbell_column (&columns)[Columns],
                                 size_t key_count, int32_t owner_column,
                                 const cartbell_index (&indexes)[Indexes]) {
    return {sizeof(cartbell_table), placement, name,    columns,      Columns,
            key_count,              indexes,   Indexes, owner_column, 0};
}

constexpr cartbell_table tables[] = {
    declare("meta", CARTBELL_PLACE_EVERYWHERE, meta_columns, 1),
    declare("journal", CARTBELL_PLACE_APPEND, journal_columns, 1),
    declare("operation", CARTBELL_PLACE_OWN_KEY, operation_columns, 2, -1, CARTBELL_TABLE_UNORDERED),
    declare("identity", CARTBELL_PLACE_OWN_KEY, identity_columns, 2, identity_column::customer_id),
    declare("claim", CARTBELL_PLACE_OWN_KEY, claim_columns, 8),
    declare("customer", CARTBELL_PLACE_CUSTOMER, customer_columns, 1, customer_column::customer_id),
    declare("order_owner", CARTBELL_PLACE_OWN_KEY, order_owner_columns, 1, order_owner_column::customer_id),
    declare("orders", CARTBELL_PLACE_CUSTOMER, orders_columns, 2, orders_column::customer_id, orders_indexes),
    declare("definition", CARTBELL_PLACE_EVERYWHERE, definition_columns, 3),
    declare("timer", CARTBELL_PLACE_QUEUE, timer_columns, 3),
    declare("message", CARTBELL_PLACE_CUSTOMER, message_columns, 3, message_column::customer_id, message_indexes),
    declare("lease", CARTBELL_PLACE_QUEUE, lease_columns, 1, lease_column::customer_id, lease_indexes),
    declare("progress", CARTBELL_PLACE_EVERYWHERE, progress_columns, 1),
    declare("tally", CARTBELL_PLACE_EVERYWHERE, tally_columns, 3),
    declare("product", CARTBELL_PLACE_EVERYWHERE, product_columns, 1, -1, product_indexes),
    declare("older_entries", CARTBELL_PLACE_CUSTOMER, older_entries_columns, 4, older_entries_column::customer_id),
    declare("event", CARTBELL_PLACE_CUSTOMER, event_columns, 7, event_column::customer_id),
    declare("merge_entry", CARTBELL_PLACE_OWN_KEY, merge_entry_columns, 3),
    declare("container", CARTBELL_PLACE_CUSTOMER, container_columns, 2, container_column::customer_id),
    declare("container_item", CARTBELL_PLACE_CUSTOMER, container_item_columns, 3, container_item_column::customer_id, container_item_indexes),
    declare("old_message_owner", CARTBELL_PLACE_OWN_KEY, old_message_owner_columns, 1, old_message_owner_column::customer_id),
    declare("old_message", CARTBELL_PLACE_CUSTOMER, old_message_columns, 2, old_message_column::customer_id),
    declare("tombstone", CARTBELL_PLACE_OWN_KEY, tombstone_columns, 1, -1, CARTBELL_TABLE_UNORDERED),
};

// The enum and the declaration are two lists of the same tables: they are held together here.
static_assert(std::size(tables) == table_count);
static_assert(std::size(journal_columns) == journal_column::count_);
static_assert(std::size(operation_columns) == operation_column::count_);
static_assert(std::size(identity_columns) == identity_column::count_);
static_assert(std::size(claim_columns) == claim_column::count_);
static_assert(std::size(customer_columns) == customer_column::count_);
static_assert(std::size(order_owner_columns) == order_owner_column::count_);
static_assert(std::size(orders_columns) == orders_column::count_);
static_assert(std::size(definition_columns) == definition_column::count_);
static_assert(std::size(timer_columns) == timer_column::count_);
static_assert(std::size(message_columns) == message_column::count_);
static_assert(std::size(lease_columns) == lease_column::count_);
static_assert(std::size(progress_columns) == progress_column::count_);
static_assert(std::size(tally_columns) == tally_column::count_);
static_assert(std::size(product_columns) == product_column::count_);
static_assert(std::size(older_entries_columns) == older_entries_column::count_);
static_assert(std::size(event_columns) == event_column::count_);
static_assert(std::size(merge_entry_columns) == merge_entry_column::count_);
static_assert(std::size(container_columns) == container_column::count_);
static_assert(std::size(container_item_columns) == container_item_column::count_);
static_assert(std::size(old_message_owner_columns) == old_message_owner_column::count_);
static_assert(std::size(old_message_columns) == old_message_column::count_);
static_assert(std::size(tombstone_columns) == tombstone_column::count_);

constexpr int32_t schema_version = 2;  // one more whenever tables, columns or indexes are added (tests/store/old_files)
constexpr cartbell_schema declared = {sizeof(cartbell_schema), schema_version, tables, table_count};

}  // namespace

const cartbell_schema &schema() { return declared; }

}  // namespace cartbell::store
