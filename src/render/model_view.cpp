#include "render/model_view.hpp"

#include <algorithm>

#include "model/json_value.hpp"
#include "model/state_bytes.hpp"
#include "render/members.hpp"

namespace cartbell::render {
namespace {

constexpr auto &model_read = cartbell::read;  // Reader has a read of its own

Node object_node(const View &view, ModelShape shape, const void *data, const void *owner = nullptr) {
    Node node;
    node.kind = shape >= ModelShape::first_list ? Node::Kind::list : Node::Kind::object;
    node.shape = static_cast<uint16_t>(shape);
    node.data = data;
    node.owner = owner;
    node.view = &view;
    return node;
}

// Missing texts are null; empty ones are there.
Node text_or_null(std::string_view text) { return text.empty() ? Node::null() : Node::of_text(text); }

// Of a customer's, order's, line's, payment's or product's object, parts included: `data` is its record, `owner` the order it belongs to
// (null: a customer's; of a product it is the product). Of a history row `data` is the row. Of a line that is read where it is stored `data`
// is its view and `number` is not 0.
const Order *order_of(const Node &node) { return static_cast<const Order *>(node.owner); }
const RowView *stored_line_of(const Node &node) { return node.number != 0 ? static_cast<const RowView *>(node.data) : nullptr; }
const Record *record_of(const Node &node) {
    if (const RowView *line = stored_line_of(node)) return &order_of(node)->lines[line->index];
    return static_cast<const Record *>(node.data);
}
const Product *product_of(const Node &node) { return static_cast<const Product *>(node.owner); }
const HistoryRow *history_of(const Node &node) { return static_cast<const HistoryRow *>(node.data); }
// A status set's number travels in the shape's high byte.
ModelShape shape_of(const Node &node) { return static_cast<ModelShape>(node.shape & 0xffu); }
bool is_product(const Node &node) { return shape_of(node) == ModelShape::product || shape_of(node) == ModelShape::product_fields; }
uint16_t set_of(const Node &node) { return node.shape >> 8; }
void add_set(Node &node, uint16_t set) { node.shape = static_cast<uint16_t>(node.shape | set << 8); }

}  // namespace

// Reads one member of one object.
struct ModelView::Reader {
    const ModelView &view;
    const Node &object;
    const Member &member;

    // What the model computes when it is read: path.hpp is the one place that says how.
    Node computed(Object of, Path::Kind kind, std::string_view code = {}) const {
        Path path;
        path.start = path.object = of;
        path.kind = kind;
        path.field = member.index;
        path.code = code;
        Row row;
        row.object = of;
        row.customer = view.facts_.customer;
        if (is_product(object))
            row.product = product_of(object);
        else
            row.order = order_of(object);
        row.settings = view.facts_.settings;
        Value scratch;
        const Value &value = model_read(path, row, scratch);
        return value.type == Type::text ? Node::of(view.keep(value)) : Node::of(value);
    }

    Node group(ModelShape shape) const {
        Node node = object_node(view, shape, object.data, object.owner);
        node.number = object.number;
        return node;
    }

    Node status_set() const {
        const StatusNow &status = order_of(object)->status[member.index];
        if (status.code.empty()) return Node::null();
        Node node = Node::of_text(status.code);  // prints the code, and has name, at, previous
        node.view = &view;
        node.shape = static_cast<uint16_t>(ModelShape::status_set);
        node.owner = order_of(object);
        add_set(node, member.index);
        return node;
    }

    // Of a status set as made by status_set().
    Node status_part() const {
        const uint16_t set = set_of(object);
        const StatusNow &status = order_of(object)->status[set];
        if (member.read == Read::status_at) return Node::of_time(status.at);
        if (member.read == Read::status_previous) return text_or_null(status.previous);
        const StatusDefinition *known = view.facts_.settings->find_status(static_cast<StatusSet>(set), status.code);
        return known && !known->name.empty() ? Node::of_text(known->name) : Node::null();
    }

    Node of_facts() const {
        const ViewFacts &facts = view.facts_;
        switch (member.read) {
            case Read::customer:
                return facts.customer ? view.customer_node(*facts.customer) : Node::null();
            case Read::order: {
                const Order *order = shape_of(object) == ModelShape::root ? facts.order : order_of(object);
                return order ? view.order_node(*order) : Node::null();
            }
            case Read::orders: return object_node(view, ModelShape::order_list, &view.orders());
            case Read::purchases: return object_node(view, ModelShape::order_list, &view.purchases());
            case Read::shop: return object_node(view, ModelShape::shop, facts.settings);
            case Read::message: return facts.message ? object_node(view, ModelShape::message, facts.message) : Node::null();
            case Read::message_id: return text_or_null(facts.message->message_id);
            case Read::unsubscribe_url: return text_or_null(facts.message->unsubscribe_url);
            case Read::view_url: return text_or_null(facts.message->view_url);
            case Read::currency: return text_or_null(view.shop_currency_);
            case Read::zone: return text_or_null(facts.settings->shop.zone);
            case Read::locale: return text_or_null(facts.settings->shop.locale);
            default: return Node::null();
        }
    }

    Node of_order() const {
        const Order &order = *order_of(object);
        switch (member.read) {
            case Read::lines: return object_node(view, ModelShape::line_list, nullptr, &order);
            case Read::payments: return object_node(view, ModelShape::payment_list, nullptr, &order);
            case Read::history: return object_node(view, ModelShape::history_list, nullptr, &order);
            default: return Node::null();
        }
    }

    Node of_history() const {
        const HistoryRow &row = *history_of(object);
        switch (member.read) {
            case Read::history_set: return Node::of_text(status_set_names[static_cast<size_t>(row.set)]);
            case Read::history_from: return text_or_null(row.from);
            case Read::history_to: return text_or_null(row.to);
            case Read::history_source: return text_or_null(row.source);
            case Read::history_at: return Node::of_time(row.at);
            case Read::history_received_at: return Node::of_time(row.received_at);
            case Read::status_after: return text_or_null(row.after[member.index]);
            default: return Node::null();
        }
    }

    Node reached(std::string_view code) const {
        Path path;
        path.kind = Path::Kind::reached;
        path.set = static_cast<StatusSet>(set_of(object));
        path.code = code;
        Row row;
        row.order = order_of(object);
        Value scratch;
        return Node::of(model_read(path, row, scratch));
    }

    // A field declared after its value was kept as JSON reads as its type; one that cannot is missing.
    Node custom(std::string_view code) const {
        const FieldDefinition *field = view.facts_.settings->find_field(object_of(shape_of(object)), code);
        const Value *value = record_of(object)->find_custom(code);
        if (!value) return field ? Node::null() : Node{};
        const Currency currency = view.currency_at(object);
        if (!field || value->type == field->type) return Node::of(*value, currency);
        Value typed;
        if (value->type != Type::json || !typed_json(value->text, field->type, typed)) return Node::null();
        return Node::of(view.keep(typed), currency);
    }

    Node read() const {
        switch (member.read) {
            case Read::absent: return {};
            case Read::product: {
                const RowView *line = stored_line_of(object);
                if (line == nullptr) return view.product_node(record_of(object)->text(line_field::product_id));
                const ValueView *product_id = line->find(line_field::product_id);
                return view.product_node(product_id ? product_id->text : std::string_view());
            }
            case Read::cell:
            case Read::texts: {
                Node node;
                view.cell(object, member.index, node);
                return node;
            }
            case Read::group: return group(member.shape);
            case Read::computed: return computed(object_of(shape_of(object)), Path::Kind::computed);
            case Read::status_set: return status_set();
            case Read::status_name:
            case Read::status_at:
            case Read::status_previous: return status_part();
            case Read::reached_set: {
                Node node = group(member.shape);
                add_set(node, member.index);
                return node;
            }
            case Read::lines:
            case Read::payments:
            case Read::history: return of_order();
            case Read::status_after:
            case Read::history_set:
            case Read::history_from:
            case Read::history_to:
            case Read::history_source:
            case Read::history_at:
            case Read::history_received_at: return of_history();
            default: return of_facts();
        }
    }
};

void ModelView::reset(const ViewFacts &facts) {
    facts_ = facts;
    has_orders_ = has_purchases_ = false;
    currency_order_ = nullptr;
    stored_count_ = stored_last_ = 0;
    for (Positions &positions : positions_) positions.of = nullptr;
    kept_.clear();
    shop_currency_ = facts.settings->shop.currency.text();
}

Node ModelView::customer_node(const Customer &customer) const {
    return object_node(*this, ModelShape::customer, &customer.record);
}

Node ModelView::order_node(const Order &order) const { return object_node(*this, ModelShape::order, &order.record, &order); }

Node ModelView::product_node(std::string_view product_id) const {
    const Product *product = facts_.products ? facts_.products->find(product_id) : nullptr;
    return product ? object_node(*this, ModelShape::product, &product->record, product) : Node::null();
}

Node ModelView::root() const { return object_node(*this, ModelShape::root, &facts_); }

const ModelView::Sorted &ModelView::orders() const {
    if (!has_orders_) {
        orders_.clear();
        for (const Order &order : facts_.orders) orders_.push_back(&order);
        std::sort(orders_.begin(), orders_.end(), [](const Order *a, const Order *b) { return earlier(*a, *b); });
        has_orders_ = true;
    }
    return orders_;
}

const ModelView::Sorted &ModelView::purchases() const {
    if (!has_purchases_) {
        purchases_.clear();
        for (const Order *order : orders())
            if (in_analytics(*order, *facts_.settings)) purchases_.push_back(order);
        has_purchases_ = true;
    }
    return purchases_;
}

Currency ModelView::currency_of(const Order *order) const {
    if (!order) return facts_.settings->shop.currency;
    if (order != currency_order_) {
        currency_order_ = order;
        currency_ = order->currency(*facts_.settings);
    }
    return currency_;
}

Currency ModelView::currency_at(const Node &object) const {
    return is_product(object) ? product_of(object)->currency(*facts_.settings) : currency_of(order_of(object));
}

Node ModelView::member(const Node &object, const Name &name) const {
    const ModelShape shape = shape_of(object);
    switch (shape) {
        case ModelShape::customer_fields:
        case ModelShape::order_fields:
        case ModelShape::line_fields:
        case ModelShape::product_fields: return Reader{*this, object, Member{}}.custom(name.text);
        case ModelShape::reached_set: return Reader{*this, object, Member{}}.reached(name.text);
        default: break;
    }
    const Member &found = find_member(shape, name.word);
    if (found.read != Read::absent) return Reader{*this, object, found}.read();
    if (shape == ModelShape::root) return let(name.text);
    return {};
}

const Value &ModelView::keep(Value value) const { return kept_.emplace_front(std::move(value)); }

static_assert(order_field::count_ <= 40 && customer_field::count_ <= 40 && line_field::count_ <= 40 && product_field::count_ <= 40);

// Null: they are not sealed, make no sense, or are of yet another of too many orders.
const RowViews *ModelView::stored_lines(const Order &order) const {
    constexpr size_t most_stored = 16;
    if (stored_last_ < stored_count_ && stored_[stored_last_].of == &order) return &stored_[stored_last_].lines;
    for (size_t i = 0; i < stored_count_; ++i)
        if (stored_[i].of == &order) return &stored_[stored_last_ = i].lines;
    const std::string_view sealed = order.lines.sealed();
    if (sealed.empty() || stored_count_ == most_stored) return nullptr;
    if (stored_count_ == stored_.size()) stored_.emplace_back();
    StoredLines &stored = stored_[stored_count_];
    if (!view_lines(sealed, stored.lines)) return nullptr;
    stored.of = &order;
    stored_last_ = stored_count_++;
    return &stored.lines;
}

inline const Value *ModelView::cell_of(Object object, const Record &record, FieldId field) const {
    Positions &positions = positions_[static_cast<size_t>(object)];
    if (positions.of != &record) {
        positions.of = &record;
        positions.at.fill(0);
        uint8_t position = 0;
        for (const Record::Cell &one : record.cells) positions.at[one.field] = ++position;
    }
    const uint8_t position = positions.at[field];
    return position == 0 ? nullptr : &record.cells[position - 1u].value;
}

// Into `found`, each kind on its own: a node that is made elsewhere and copied is read before it has arrived there.
inline void ModelView::read_value(const ValueView &value, const Node &object, Node &found) const {
    if (value.type == Type::text)
        found = Node::of_text(value.text);
    else if (value.type == Type::money)
        found = Node::of_scalar(Type::money, value.number, value.currency ? value.currency : currency_at(object));
    else
        found = Node::of(value);
}

inline void ModelView::cell(const Node &object, FieldId field, Node &found) const {
    if (const RowView *line = stored_line_of(object)) {
        const ValueView *value = line->find(field);
        if (value) return read_value(*value, object, found);
    } else if (const Value *value = cell_of(object_of(shape_of(object)), *record_of(object), field)) {
        return read_value(*value, object, found);
    }
    found = Node::null();
}

// As View::find, but parts of an object are walked without making a node of each.
bool ModelView::find(const Node &object, std::span<const Name> names, Node &found) const {
    if (object.kind != Node::Kind::object) return View::find(object, names, found);
    if (names.size() == 1) {
        const Member &own = find_member(shape_of(object), names[0].word);
        if (own.read == Read::cell) {
            cell(object, own.index, found);
            return true;
        }
    }
    Node place = object;
    size_t part = 0;
    const Member *member = nullptr;
    for (;; ++part) {
        member = &find_member(shape_of(place), names[part].word);
        if (part + 1 == names.size()) break;
        if (member->read == Read::group) {
            place.shape = static_cast<uint16_t>(member->shape);
            continue;
        }
        if (member->read != Read::order) break;
        const Order *order = shape_of(place) == ModelShape::root ? facts_.order : order_of(place);
        if (!order) {
            found = Node::null();
            return true;
        }
        place.shape = static_cast<uint16_t>(ModelShape::order);
        place.data = &order->record;
        place.owner = order;
        place.number = 0;
    }
    const bool at_end = part + 1 == names.size();
    if (member->read == Read::cell && at_end) {
        cell(place, member->index, found);
        return true;
    }
    found = ModelView::member(place, names[part]);
    if (part == 0 && found.kind == Node::Kind::none) return false;
    found = walk(found, names.subspan(part + 1));
    return true;
}

Node ModelView::let(std::string_view name) const {
    for (const Let &one : facts_.lets) {
        if (one.name != name) continue;
        if (one.is_list) return object_node(*this, ModelShape::let_list, &one);
        return Node::of(one.value, facts_.settings->shop.currency);
    }
    return {};
}

size_t ModelView::size(const Node &list) const {
    switch (shape_of(list)) {
        case ModelShape::order_list: return static_cast<const Sorted *>(list.data)->size();
        case ModelShape::line_list: {
            const RowViews *stored = stored_lines(*order_of(list));
            return stored ? stored->size() : order_of(list)->lines.size();
        }
        case ModelShape::payment_list: return order_of(list)->payments.size();
        case ModelShape::history_list: return order_of(list)->history.size();
        case ModelShape::let_list: return static_cast<const Let *>(list.data)->rows.size();
        default: return 0;
    }
}

Node ModelView::element(const Node &list, size_t index, uint64_t &) const {
    const Order *order = order_of(list);
    switch (shape_of(list)) {
        case ModelShape::order_list:
            return order_node(*(*static_cast<const Sorted *>(list.data))[index]);
        case ModelShape::line_list: {
            const RowViews *stored = stored_lines(*order);
            Node node = object_node(*this, ModelShape::line, stored ? static_cast<const void *>(&(*stored)[index]) : &order->lines[index], order);
            node.number = stored ? 1 : 0;
            return node;
        }
        case ModelShape::payment_list: return object_node(*this, ModelShape::payment, &order->payments[index], order);
        case ModelShape::history_list: return object_node(*this, ModelShape::history, &order->history[index], order);
        case ModelShape::let_list: break;
        default: return Node::null();
    }
    const Row &row = static_cast<const Let *>(list.data)->rows[index];
    switch (row.object) {
        case Object::order: return order_node(*row.order);
        case Object::line: return object_node(*this, ModelShape::line, row.record, row.order);
        case Object::payment: return object_node(*this, ModelShape::payment, row.record, row.order);
        case Object::history: return object_node(*this, ModelShape::history, row.history, row.order);
        case Object::customer: return customer_node(*row.customer);
        default: return Node::null();
    }
}

bool ModelView::blank(const Node &object) const {
    const ModelShape shape = shape_of(object);
    switch (shape) {
        case ModelShape::customer_fields:
        case ModelShape::order_fields:
        case ModelShape::line_fields:
        case ModelShape::product_fields: return record_of(object)->customs.empty();
        case ModelShape::status:
        case ModelShape::delivery:
        case ModelShape::address:
        case ModelShape::order_payment:
        case ModelShape::history_status: break;
        default: return false;
    }
    // A part of an object is there when one of its members is.
    for (const Member &one : members_of(shape)) {
        const Node node = Reader{*this, object, one}.read();
        if (node.kind == Node::Kind::null || (node.kind == Node::Kind::object && blank(node))) continue;
        return false;
    }
    return true;
}

size_t ModelView::left_out(const Node &list) const {
    return shape_of(list) == ModelShape::let_list ? static_cast<const Let *>(list.data)->left_out : 0;
}

}  // namespace cartbell::render
