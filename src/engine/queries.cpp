// Engine: orders, customers and products as JSON.
#include "base/text.hpp"
#include "codec/customer_json.hpp"
#include "codec/order_json.hpp"
#include "codec/product_json.hpp"
#include "codec/record_reader.hpp"
#include "engine/engine_impl.hpp"
#include "engine/event_rows.hpp"
#include "engine/facts_scan.hpp"
#include "engine/rows.hpp"
#include "model/state_bytes.hpp"

namespace cartbell::engine {
Result<int64_t> load_order(store::Transaction &transaction, std::string_view order_id, Order &order) {
    const store::Cell id = store::text_cell(order_id);
    Found found;
    CARTBELL_TRY(get(transaction, store::order_owner, store::order_owner_column::count_, {&id, 1}, found));
    if (!found.has(0)) return failure(Code::not_found, "no_order", "there is no such order");
    const int64_t owner = found.cell(0, store::order_owner_column::customer_id).integer;
    Rows key;
    key.integer(owner).lend_text(order_id);
    CARTBELL_TRY(get(transaction, store::orders, store::orders_column::count_, key, found));
    if (!found.has(0)) return failure(Code::corrupt, "lost_order", "the directory names an order that is not stored");
    CARTBELL_TRY(decode(store::text_of(found.cell(0, store::orders_column::state)), order));
    return owner;
}

Result<std::string> customer_view(Reading &reading, int64_t customer_id, const Customer &customer) {
    CARTBELL_ASSIGN(const Instant seen, last_seen(reading.transaction, customer_id));
    Customer shown = customer;
    if (seen != no_instant) shown.record.set(customer_field::last_seen_at, Value::of_time(seen));
    std::string out;
    codec::append_customer(out, shown, *reading.catalog->settings, codec::Detail::all);
    return out;
}

namespace {

Result<std::string> order_json(Reading &reading, std::string_view order_id) {
    Order order;
    CARTBELL_TRY(load_order(reading.transaction, order_id, order));
    std::string out;
    codec::append_order(out, order, *reading.catalog->settings, codec::Detail::all);
    return out;
}

Result<std::string> customer_json(Reading &reading, std::string_view identity) {
    CARTBELL_ASSIGN(const Identity wanted, read_identity(identity));
    CARTBELL_ASSIGN(const int64_t id, find_customer(reading.transaction, wanted));
    if (id == 0) return failure(Code::not_found, "no_customer", "there is no such customer");
    OwnedFacts facts;
    CARTBELL_TRY(load_facts(reading.transaction, id, facts));
    CARTBELL_ASSIGN(std::string out, customer_view(reading, id, facts.customer));
    out.pop_back();  // the object's bracket: the orders are a member of it
    out += ",\"orders\":[";
    for (const Order &order : facts.orders) {
        if (&order != facts.orders.data()) out += ',';
        append_json_string(out, order.id());
    }
    return out += "]}";
}

// What consent is asked for: codes of the shop, and a channel for every category but those of kind tracking.
Status check_consented(const Settings &settings, std::string_view channel, std::string_view category) {
    const auto unknown = [](const auto &definitions, std::string_view what, std::string_view code) {
        std::vector<std::string_view> known;
        for (const auto &definition : definitions) known.push_back(definition.code);
        return failure(Code::invalid, "unknown_code", "the shop has no such " + std::string(what) + codec::Reading::hint(code, known));
    };
    const CategoryDefinition *asked = settings.find_category(category);
    if (asked == nullptr) return unknown(settings.categories, "category", category);
    if (!channel.empty() && settings.find_channel(channel) == nullptr) return unknown(settings.channels, "channel", channel);
    if (asked->kind == CategoryKind::tracking)
        return channel.empty() ? Status{} : failure(Code::invalid, "no_channel", "consent to be observed has no channel");
    return channel.empty() ? failure(Code::invalid, "missing_channel", "consent of this category is given by channel") : Status{};
}

Result<std::string> product_json(Reading &reading, std::string_view product_id) {
    const store::Cell key = store::text_cell(product_id);
    Found found;
    CARTBELL_TRY(get(reading.transaction, store::product, store::product_column::count_, {&key, 1}, found));
    if (!found.has(0)) return failure(Code::not_found, "no_product", "there is no such product");
    Product product;
    CARTBELL_TRY(decode(store::text_of(found.cell(0, store::product_column::state)), product));
    std::string out;
    codec::append_product(out, product, *reading.catalog->settings, codec::Detail::all);
    return out;
}

// The answers of `one` for each name, null where nothing is.
Result<std::string> many(Engine::Impl &impl, std::span<const std::string_view> names, Result<std::string> (*one)(Reading &, std::string_view)) {
    if (names.size() > impl.options.limits.page_rows) return failure(Code::limit, "page_rows", "too many objects in one call");
    CARTBELL_ASSIGN(Reading reading, impl.begin_read());
    std::string out = "[";
    for (const std::string_view name : names) {
        if (out.size() > 1) out += ',';
        auto json = one(reading, name);
        if (!json.ok() && json.code() != Code::not_found) return json;
        out += json.ok() ? *json : "null";
    }
    return out += ']';
}

}  // namespace

Result<std::string> Engine::order(std::string_view order_id) const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    return order_json(reading, order_id);
}

Result<std::string> Engine::orders(std::span<const std::string_view> order_ids) const { return many(*impl_, order_ids, order_json); }

Result<std::string> Engine::customer(std::string_view identity) const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    return customer_json(reading, identity);
}

Result<std::string> Engine::customer_consent(std::string_view identity, std::string_view channel, std::string_view category, Instant at) const {
    CARTBELL_ASSIGN(const Identity wanted, read_identity(identity));
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    CARTBELL_TRY(check_consented(*reading.catalog->settings, channel, category));
    CARTBELL_ASSIGN(const int64_t id, find_customer(reading.transaction, wanted));
    if (id == 0) return failure(Code::not_found, "no_customer", "there is no such customer");
    OwnedFacts facts;
    CARTBELL_TRY(load_facts(reading.transaction, id, facts));
    std::string out;
    codec::append_standing(out, facts.customer, channel, category, at);
    return out;
}

Result<std::string> Engine::customers(std::span<const std::string_view> identities) const {
    return many(*impl_, identities, customer_json);
}

Result<std::string> Engine::product(std::string_view product_id) const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    return product_json(reading, product_id);
}

Result<std::string> Engine::products(std::span<const std::string_view> product_ids) const { return many(*impl_, product_ids, product_json); }

Result<std::string> Engine::order_history(std::string_view order_id) const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    Order order;
    CARTBELL_TRY(load_order(reading.transaction, order_id, order));
    std::string out = "{\"order_id\":";
    append_json_string(out, order_id);
    out += ",\"history\":";
    codec::append_history(out, order);
    return out += '}';
}

}  // namespace cartbell::engine
