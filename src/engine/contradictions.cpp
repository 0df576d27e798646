#include "engine/contradictions.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "engine/container_rows.hpp"
#include "engine/event_rows.hpp"
#include "engine/mailing_run.hpp"
#include "engine/progress.hpp"
#include "engine/rows.hpp"
#include "model/field.hpp"
#include "model/json_value.hpp"
#include "model/state_bytes.hpp"

namespace cartbell::engine {
namespace {

constexpr size_t contradictions_listed = 20;

// The value as one of this type: itself, or what it says as JSON that was kept while undeclared. Null if it is none.
const Value *as_type(const Value &value, Type type, Value &scratch) {
    if (value.type == type) return &value;
    return value.type == Type::json && typed_json(value.text, type, scratch) ? &scratch : nullptr;
}

// What the new settings no longer know, or know otherwise: only these have to be looked for in the data, and each until it is found.
class Suspects {
  public:
    Suspects(const Settings &before, const Settings &after) : after_(after) {
        for (const StatusDefinition &status : before.statuses)
            if (after.find_status(status.set, status.code) == nullptr) statuses_.emplace(status.set, status.code);
        for (const Source &source : before.sources)
            if (after.find_source(source.code) == nullptr) sources_.insert(source.code);
        for (const ContainerDefinition &container : before.containers)
            if (after.find_container(container.code) == nullptr) containers_.insert(container.code);
        for (const ListDefinition &list : before.lists)
            if (after.find_list(list.code) == nullptr) lists_.insert(list.code);
        for (const ChannelDefinition &channel : before.channels)
            if (after.find_channel(channel.code) == nullptr) channels_.insert(channel.code);
        for (const CategoryDefinition &category : before.categories) {
            const CategoryDefinition *now = after.find_category(category.code);
            if (now == nullptr || now->kind != category.kind) categories_.insert(category.code);
        }
        for (const FieldDefinition &field : before.fields)
            if (after.find_field(field.of, field.code) == nullptr) fields_[{field.of, field.code}] = Type::none;
        for (const FieldDefinition &field : after.fields) {
            const FieldDefinition *was = before.find_field(field.of, field.code);
            if (was == nullptr || was->type != field.type) fields_[{field.of, field.code}] = field.type;
        }
        for (const EventDefinition &event : before.events) look_for(event, after.find_event(event.name));
        for (const EventDefinition &event : after.events)
            if (before.find_event(event.name) == nullptr)
                for (const ContextField &field : event.context) contexts_[{event.name, field.code}] = field.type;
        orders_currency_ = customers_currency_ = products_currency_ = events_currency_ = containers_currency_ = before.shop.currency != after.shop.currency;
    }
    bool in_orders() const { return !statuses_.empty() || !sources_.empty() || orders_currency_ || has_field_of(Object::order, Object::line); }
    bool in_customers() const {
        return customers_currency_ || !lists_.empty() || !channels_.empty() || !categories_.empty() || has_field_of(Object::customer, Object::customer);
    }
    bool in_products() const { return products_currency_ || has_field_of(Object::product, Object::product); }
    bool in_events() const { return events_currency_ || !events_.empty() || !contexts_.empty(); }
    bool in_containers() const { return containers_currency_ || !containers_.empty() || has_field_of(Object::item, Object::item); }
    bool look_for(const Order &) const { return in_orders(); }
    bool look_for(const Customer &) const { return in_customers(); }
    bool look_for(const Product &) const { return in_products(); }
    bool look_for(const OldMessage &) const { return !channels_.empty() || !categories_.empty(); }

    Status look_at_operations(store::Transaction &transaction);
    void look(const Order &order);
    void look(const Customer &customer);
    void look(const Product &product);
    void look(const Event &event);
    void look(const Container &container);
    void look(const OldMessage &message);
    Status verdict() const;

  private:
    void look_for(const EventDefinition &before, const EventDefinition *after);
    bool has_field_of(Object one, Object other) const {
        return std::any_of(fields_.begin(), fields_.end(), [=](const auto &field) { return field.first.first == one || field.first.first == other; });
    }
    void look(StatusSet set, const std::string &code) {
        if (statuses_.erase({set, code}) != 0)
            found("/statuses", "status " + std::string(status_set_names[static_cast<size_t>(set)]) + "." + code + " is in use");
    }
    void look(Object of, const Record &record);
    const std::string *unnamed_amount(Object of, const Record &record) const;
    void found(std::string_view pointer, std::string words) { found_.emplace(pointer, std::move(words)); }

    const Settings &after_;
    std::set<std::pair<StatusSet, std::string>> statuses_;
    std::set<std::string, std::less<>> sources_;
    std::set<std::string> containers_, lists_, channels_, categories_;  // of categories also those of another kind
    std::map<std::pair<Object, std::string>, Type> fields_;  // the type it would have; none: withdrawn
    std::set<std::string> events_;                           // withdrawn, or of another kind
    std::map<std::pair<std::string, std::string>, Type> contexts_;  // event and code; none: withdrawn
    bool orders_currency_ = false, customers_currency_ = false, products_currency_ = false, events_currency_ = false, containers_currency_ = false;
    std::set<std::pair<std::string, std::string>> found_;    // pointer, words for people
};

// An operation knows its source for ever, also one that left no trace in what was folded of it.
Status Suspects::look_at_operations(store::Transaction &transaction) {
    for (auto source = sources_.begin(); source != sources_.end();) {
        const store::Cell key = store::text_cell(*source);
        store::ScanRange range;
        range.table = store::operation;
        range.lower = range.upper = {&key, 1};
        range.columns = store::mask({store::operation_column::source});
        range.limit = 1;
        CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (!rows.empty()) found("/sources", "source " + *source + " is in use");
        source = rows.empty() ? std::next(source) : sources_.erase(source);
    }
    return {};
}

void Suspects::look(Object of, const Record &record) {
    if (fields_.empty()) return;
    Value scratch;
    for (const Record::Custom &custom : record.customs) {
        const auto field = fields_.find({of, custom.code});
        if (field == fields_.end() || as_type(custom.value, field->second, scratch) != nullptr) continue;
        found("/fields", std::string(name_of(of)) + " field " + custom.code +
                             (field->second == Type::none ? " is in use" : " has values that are not of its type"));
        fields_.erase(field);
    }
}

void Suspects::look(const Order &order) {
    if (!statuses_.empty()) {
        for (size_t set = 0; set < order.status.size(); ++set) look(static_cast<StatusSet>(set), order.status[set].code);
        for (const HistoryRow &row : order.history) look(row.set, row.to);
    }
    if (const auto source = sources_.find(order.record.text(order_field::source)); source != sources_.end()) {
        found("/sources", "source " + *source + " is in use");
        sources_.erase(source);
    }
    if (orders_currency_ && order.record.text(order_field::currency).empty()) {
        found("/shop/currency", "orders have no currency of their own");
        orders_currency_ = false;
    }
    look(Object::order, order.record);
    for (const Record &line : order.lines) look(Object::line, line);
}

void Suspects::look(const Customer &customer) {
    look(Object::customer, customer.record);
    for (const std::string &list : customer.lists)
        if (lists_.erase(list) != 0) found("/lists", "customers are in list " + list);
    for (const Consent &consent : customer.consents) {
        if (channels_.erase(consent.channel) != 0) found("/channels", "consents name channel " + consent.channel);
        if (categories_.erase(consent.category) != 0) found("/categories", "consents name category " + consent.category);
    }
    if (!customers_currency_) return;
    if (const std::string *code = unnamed_amount(Object::customer, customer.record)) {
        found("/shop/currency", "customer field " + *code + " has amounts without a currency");
        customers_currency_ = false;
    }
}

void Suspects::look(const Product &product) {
    look(Object::product, product.record);
    if (!products_currency_ || !product.record.text(product_field::currency).empty()) return;
    const bool priced = product.record.find(product_field::price) != nullptr || product.record.find(product_field::old_price) != nullptr;
    if (!priced && unnamed_amount(Object::product, product.record) == nullptr) return;
    found("/shop/currency", "products have amounts without a currency");
    products_currency_ = false;
}

// The code of a custom field whose amount names no currency; null if there is none.
const std::string *Suspects::unnamed_amount(Object of, const Record &record) const {
    Value scratch;
    for (const Record::Custom &custom : record.customs) {
        const FieldDefinition *field = after_.find_field(of, custom.code);
        const Value *amount = field != nullptr && field->type == Type::money ? as_type(custom.value, Type::money, scratch) : nullptr;
        if (amount != nullptr && !amount->currency) return &custom.code;
    }
    return nullptr;
}

void Suspects::look_for(const EventDefinition &before, const EventDefinition *after) {
    if (after == nullptr || after->kind != before.kind) events_.insert(before.name);
    if (after == nullptr) return;
    for (const ContextField &field : before.context)
        if (after->find(field.code) == nullptr) contexts_[{before.name, field.code}] = Type::none;
    for (const ContextField &field : after->context) {
        const ContextField *was = before.find(field.code);
        if (was == nullptr || was->type != field.type) contexts_[{after->name, field.code}] = field.type;
    }
}

void Suspects::look(const Event &event) {
    if (events_.erase(event.name) != 0) found("/events", "events " + event.name + " are stored");
    Value scratch;
    for (const Record::Custom &custom : event.context.customs) {
        if (events_currency_ && custom.value.type == Type::money && !custom.value.currency) {
            found("/shop/currency", "events " + event.name + " have amounts without a currency");
            events_currency_ = false;
        }
        const auto field = contexts_.find({event.name, custom.code});
        if (field == contexts_.end() || as_type(custom.value, field->second, scratch) != nullptr) continue;
        found("/events", "context " + custom.code + " of events " + event.name +
                             (field->second == Type::none ? " is in use" : " has values that are not of its type"));
        contexts_.erase(field);
    }
}

void Suspects::look(const Container &container) {
    if (containers_.erase(container.code) != 0) found("/containers", "customers have a container " + container.code);
    for (const Record &item : container.items) {
        look(Object::item, item);
        if (!containers_currency_) continue;
        const Value *price = item.find(item_field::price);
        if ((price == nullptr || price->currency) && unnamed_amount(Object::item, item) == nullptr) continue;
        found("/shop/currency", "containers have amounts without a currency");
        containers_currency_ = false;
    }
}

void Suspects::look(const OldMessage &message) {
    const Record record = record_of(message);
    const std::string channel(record.text(message_field::channel)), category(record.text(message_field::category));
    if (channels_.erase(channel) != 0) found("/channels", "messages of an earlier system were of channel " + channel);
    if (categories_.erase(category) != 0) found("/categories", "messages of an earlier system were of category " + category);
}

Status Suspects::verdict() const {
    if (found_.empty()) return {};
    std::string message = "stored data contradict this:";
    size_t listed = 0;
    for (const auto &[pointer, words] : found_) {
        if (listed++ == contradictions_listed) {
            message += " and " + std::to_string(found_.size() - contradictions_listed) + " more";
            break;
        }
        message += (listed == 1 ? " " : ", ") + words;
    }
    return failure(Code::conflict, "in_use", std::move(message), found_.begin()->first);
}

// Ends early once everything was found.
template <typename State>
Status look_through(store::Transaction &transaction, store::Table table, int state_column, Suspects &suspects) {
    State state;
    if (!suspects.look_for(state)) return {};
    store::ScanRange range;
    range.table = table;
    range.columns = store::mask({state_column});
    return each_row(transaction, range, [&](std::span<const store::Cell> row) -> Result<bool> {
        CARTBELL_TRY(decode(store::text_of(row[static_cast<size_t>(state_column)]), state));
        suspects.look(state);
        return suspects.look_for(state);
    });
}

// The same of rows that are read whole; `asked`: whether there is anything left to look for.
template <typename Read, typename Asked>
Status look_through_rows(store::Transaction &transaction, store::Table table, Suspects &suspects, Read &&read, Asked &&asked) {
    if (!asked()) return {};
    store::ScanRange range;
    range.table = table;
    return each_row(transaction, range, [&](std::span<const store::Cell> row) -> Result<bool> {
        CARTBELL_ASSIGN(const auto object, read(row));
        suspects.look(object);
        return asked();
    });
}

bool same_rates(const std::vector<Rate> &before, const std::vector<Rate> &after) {
    return std::equal(before.begin(), before.end(), after.begin(), after.end(), [](const Rate &a, const Rate &b) {
        return std::tie(a.from, a.to, a.date, a.rate_e6) == std::tie(b.from, b.to, b.date, b.rate_e6);
    });
}

// Where the new settings make an audience or a text of what is stored another one; "" if nowhere. What is only added (statuses, sources, fields
// that no definition could name so far) or is asked at the door only (the rest of `shop`) changes no mailing.
std::string_view changed_meaning(const Settings &before, const Settings &after) {
    if (before.shop.zone != after.shop.zone) return "/shop/zone";
    if (before.shop.currency != after.shop.currency) return "/shop/currency";
    if (before.shop.locale != after.shop.locale) return "/shop/locale";
    for (const StatusDefinition &status : before.statuses) {
        const StatusDefinition *now = after.find_status(status.set, status.code);
        if (now != nullptr && (now->in_analytics != status.in_analytics || now->name != status.name)) return "/statuses";
    }
    for (const FieldDefinition &field : before.fields) {
        const FieldDefinition *now = after.find_field(field.of, field.code);
        if (now == nullptr || now->type != field.type) return "/fields";
    }
    if (before.shop.keep_unknown_fields)  // then definitions may read it as the JSON it is
        for (const FieldDefinition &field : after.fields)
            if (before.find_field(field.of, field.code) == nullptr) return "/fields";
    return {};
}

}  // namespace

Status refuse_contradictions(store::Transaction &transaction, const Settings &before, const Settings &after) {
    Suspects suspects(before, after);
    CARTBELL_TRY(suspects.look_at_operations(transaction));
    CARTBELL_TRY(look_through<Order>(transaction, store::orders, store::orders_column::state, suspects));
    CARTBELL_TRY(look_through<Customer>(transaction, store::customer, store::customer_column::state, suspects));
    CARTBELL_TRY(look_through<Product>(transaction, store::product, store::product_column::state, suspects));
    CARTBELL_TRY(look_through<OldMessage>(transaction, store::old_message, store::old_message_column::state, suspects));
    CARTBELL_TRY(look_through_rows(transaction, store::event, suspects, event_of_row, [&] { return suspects.in_events(); }));
    CARTBELL_TRY(look_through_rows(transaction, store::container, suspects, container_of_row, [&] { return suspects.in_containers(); }));
    return suspects.verdict();
}

Status refuse_for_mailings(store::Transaction &transaction, const Settings &before, const Settings &after, Instant now) {
    const std::string_view changed = changed_meaning(before, after);
    const bool new_rates = !same_rates(before.rates, after.rates);
    if (changed.empty() && !new_rates) return {};
    CARTBELL_ASSIGN(const std::vector<std::string> started, started_mailings(transaction));
    for (const std::string &code : started) {
        std::string_view pointer = changed;
        if (pointer.empty()) {  // rates come every day, as orders do: they are held only from the instant that the mailing speaks of
            CARTBELL_ASSIGN(const Progress progress, load_progress(transaction, mailing_source(code)));
            if (progress.clock <= now) pointer = "/rates";
        }
        if (!pointer.empty())
            return failure(Code::conflict, "in_use", "the mailing " + code + " is under way and decides with this; wait for its end", std::string(pointer));
    }
    return {};
}

}  // namespace cartbell::engine
