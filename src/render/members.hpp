// The one table of what each object of the model's views has (formats.md §3, §5): read by ModelView and ModelShapes alike.
#pragma once

#include <span>

#include "model/field.hpp"
#include "render/words.hpp"

namespace cartbell::render {

// The shapes of the model's views: objects, then lists.
enum class ModelShape : uint16_t {
    none,
    root, shop, message,
    customer, customer_fields,
    order, order_fields, status, status_set, delivery, address, order_payment, reached, reached_set,
    line, line_fields, payment, history, history_status, product, product_fields,
    first_list,
    text_list = first_list, order_list, line_list, payment_list, history_list, let_list,
    count_
};

// How a member is read from its object.
enum class Read : uint8_t {
    absent,         // no such member
    cell,           // `index` is the FieldId in the object's record
    texts,          // the same, of type list
    group,          // an object over the same data; `shape`
    customer, order, product, shop, message, orders, purchases,     // other objects
    status_set,     // `index` is the StatusSet
    status_after,   // of a history row; `index` is the StatusSet
    status_name, status_at, status_previous,
    reached_set,    // `index` is the StatusSet
    lines, payments, history,  // of an order
    computed,       // `index` is the FieldId of an order, customer or product
    history_set, history_from, history_to, history_source, history_at, history_received_at,
    message_id, unsubscribe_url, view_url, zone, currency, locale,  // of message and shop
};

struct Member {
    Word word = Word::none;
    Read read = Read::absent;
    ModelShape shape = ModelShape::none;  // of what it reads: an object or a list
    uint16_t index = 0;
};

// All members, one shape after the other, and where each is: [shape][word]. The first one is `absent`.
struct MemberTable {
    static constexpr size_t shapes = static_cast<size_t>(ModelShape::first_list), words = static_cast<size_t>(Word::count_), most = 200;
    Member members[most];
    uint8_t place[shapes][words] = {};
    uint8_t begin[shapes + 1] = {};
    Object object[shapes] = {};
};
extern const MemberTable member_table;

// `absent` if the object shape has no member of that name. Names in `fields` and `reached.<set>` are not fixed and not here.
inline const Member &find_member(ModelShape shape, Word word) {
    return member_table.members[member_table.place[static_cast<size_t>(shape)][static_cast<size_t>(word)]];
}
std::span<const Member> members_of(ModelShape shape);
// Whose record the cells of an object shape are.
inline Object object_of(ModelShape shape) { return member_table.object[static_cast<size_t>(shape)]; }

}  // namespace cartbell::render
