#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <optional>
#include <random>
#include <type_traits>
#include <utility>

#include "model/customer_timeline.hpp"
#include "model/journal.hpp"
#include "model/plain_fold.hpp"
#include "model/state_bytes.hpp"
#include "model/product_timeline.hpp"
#include "model/timeline.hpp"

using namespace cartbell;
using namespace cartbell::test;

namespace {

// Another stretch of journals: CARTBELL_SEED=<first> CARTBELL_ROUNDS=<count>.
uint64_t number_from(const char *name, uint64_t otherwise) {
    const char *text = std::getenv(name);
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

struct Chance {
    std::mt19937_64 random;
    uint64_t below(uint64_t count) { return random() % count; }
    bool in(uint64_t count) { return below(count) == 0; }
    template <typename Element, size_t Count>
    const Element &of(const Element (&elements)[Count]) {
        return elements[below(Count)];
    }
};

const char *const json_texts[] = {R"({"a":1})", R"({"a":{"b":null,"c":2}})", R"({"a":null})", "[1,null]",
                                  "\"x\"",      R"({"a":{"b":[1]},"z":{}})"};
const char *const line_ids[] = {"1", "2", "3", "4"};

Value random_value(Chance &chance, Type type) {
    switch (type) {
        case Type::money: return Value::of_money(static_cast<int64_t>(chance.below(4)) * 5'000);
        case Type::decimal: return Value::of_decimal(static_cast<int64_t>(chance.below(3)) * 500'000);
        case Type::integer: return Value::of_integer(static_cast<int64_t>(chance.below(3)));
        case Type::time: return Value::of_time(hour(static_cast<int64_t>(chance.below(8))));
        case Type::date: return Value::of_date({1990, 5, 14});
        case Type::boolean: return Value::of_boolean(chance.in(2));
        case Type::list:
            return Value::of_list(chance.in(2) ? std::vector<std::string>{"a", ""}
                                               : std::vector<std::string>{});
        default: return Value::of_text(chance.in(2) ? "x" : "a text that is longer than fits in place");
    }
}

// A few fields of an object, some of them null where `may_clear`.
Record random_record(Chance &chance, Object object, std::initializer_list<FieldId> fields, bool may_clear) {
    Record record;
    for (const FieldId field : fields) {
        if (!chance.in(3)) continue;
        const bool clears = may_clear && chance.in(4);
        record.set(field, clears ? Value{} : random_value(chance, system_fields(object)[field].type));
    }
    if (object == Object::payment) return record;
    if (may_clear && chance.in(8)) record.set_custom("", Value{});  // `"fields":null`
    if (chance.in(4))
        record.set_custom("loose", chance.in(4) && may_clear ? Value{} : json(chance.of(json_texts)));
    if (chance.in(6))
        record.set_custom("gift", chance.in(2) && may_clear ? Value{} : Value::of_boolean(chance.in(2)));
    return record;
}

Record random_element(Chance &chance, Object object, std::string_view id, bool may_clear) {
    Record record =
        object == Object::line
            ? random_record(chance, object,
                            {line_field::name, line_field::category, line_field::quantity, line_field::total},
                            may_clear)
            : random_record(chance, object, {payment_field::amount, payment_field::type, payment_field::at},
                            may_clear);
    record.set(0, Value::of_text(id));  // line_id, payment_id
    return record;
}

void random_list(Chance &chance, Object object, ListPatch &list) {
    if (chance.in(4)) {
        list.replaces = true;
        for (const char *id : line_ids)
            if (chance.in(2)) list.composition.push_back(random_element(chance, object, id, true));
        std::shuffle(list.composition.begin(), list.composition.end(), chance.random);
    }
    if (chance.in(3))
        for (uint64_t count = 1 + chance.below(3); count > 0; --count) {
            const std::string id = chance.of(line_ids);
            list.changes.push_back({id, chance.in(4), random_element(chance, object, id, true)});
        }
}

void random_customer(Chance &chance, Operation &operation) {
    if (chance.in(2)) operation.customer.push_back({IdentityKind::external_id, "A"});
    if (chance.in(2)) operation.customer.push_back({IdentityKind::email, chance.in(2) ? "a@a.eu" : "b@a.eu"});
    if (chance.in(4)) operation.customer.push_back({IdentityKind::anonymous_id, chance.in(2) ? "x" : "y"});
}

void random_order(Chance &chance, Operation &operation, uint64_t hours, bool only_statuses) {
    OrderPatch &order = operation.order;
    for (const StatusSet set : {StatusSet::general, StatusSet::delivery, StatusSet::payment}) {
        const char *const codes[] = {"a", "b", "c", ""};
        if (chance.in(3))
            say_status(operation, set, chance.of(codes),
                       chance.in(3) ? hour(static_cast<int64_t>(chance.below(hours + 2))) : no_instant);
    }
    if (only_statuses) return;
    order.attributes = random_record(
        chance, Object::order,
        {order_field::placed_at, order_field::source, order_field::url, order_field::delivery_city,
         order_field::delivery_cost, order_field::total, order_field::coupons},
        true);
    if (chance.in(4)) {
        const char *const currencies[] = {"EUR", "USD", "GBP"};
        order.attributes.set(order_field::currency,
                             chance.in(5) ? Value{} : Value::of_text(chance.of(currencies)));
    }
    random_list(chance, Object::line, order.lines);
    random_list(chance, Object::payment, order.payments);
}

// Of entries: few, and now and then many.
uint64_t any_count(Chance &chance) { return 1 + chance.below(chance.in(20) ? 50 : 10); }

// Entries of one order and one customer. Half of the journals have few instants, so that many keys differ in their last parts only;
// the others are as most shops are: one source or two, one entry that tells of the order, statuses one after another.
Journal random_journal(uint64_t seed) {
    Chance chance{std::mt19937_64(seed)};
    Journal journal;
    const bool is_calm = chance.in(2), one_source = chance.in(2);
    const uint64_t hours = is_calm ? 40 : 6;
    for (uint64_t count = any_count(chance); count > 0; --count) {
        const bool order = !chance.in(3);
        Operation &operation = order ? journal.order(static_cast<int64_t>(chance.below(hours)))
                                     : journal.customer(static_cast<int64_t>(chance.below(hours)));
        const char *const sources[] = {"shop", "crm", "web", "app"};  // the last two are public
        const uint64_t source = one_source ? 0 : chance.below(is_calm ? 2 : 4);
        operation.source = sources[source];
        operation.whole = chance.in(is_calm ? 40 : 8);
        Stamp &stamp = journal.stamp();
        stamp.trust = (source < 2) != chance.in(8);  // settings may trust a source otherwise than before
        stamp.rank = source == 1 ? 5 : 0;
        stamp.has_sequence = chance.in(2);
        stamp.sequence = stamp.has_sequence ? static_cast<int64_t>(chance.below(3)) - 1 : 0;
        random_customer(chance, operation);
        if (order) {
            random_order(chance, operation, hours, is_calm && !chance.in(4));
        } else {
            if (operation.customer.empty()) operation.customer.push_back({IdentityKind::external_id, "A"});
            if (chance.in(3)) {
                operation.type = OperationType::consent;
                operation.whole = false;
                const char *const channels[] = {"email", "sms", ""};
                operation.consent = {chance.of(channels), chance.in(3) ? "news" : "promo", chance.in(2), no_instant, chance.in(2) ? "form" : ""};
                if (operation.consent.granted && chance.in(2)) operation.consent.expires_at = hour(static_cast<int64_t>(chance.below(50)));
                continue;
            }
            if (chance.in(3)) {
                operation.type = OperationType::list;
                operation.whole = false;
                operation.list = {chance.in(2) ? "vip" : "staff", chance.in(2)};
                continue;
            }
            operation.profile.profile = random_record(
                chance, Object::customer,
                {customer_field::city, customer_field::birth_date, customer_field::registered_at}, true);
        }
    }
    return journal;
}

// Entries of one product.
Journal random_catalogue(uint64_t seed) {
    Chance chance{std::mt19937_64(seed)};
    Journal journal;
    for (uint64_t count = any_count(chance); count > 0; --count) {
        Operation &operation = journal.product(static_cast<int64_t>(chance.below(6)));
        operation.source = chance.in(2) ? "shop" : "web";
        operation.whole = chance.in(6);
        Stamp &stamp = journal.stamp();
        stamp.trust = operation.source == "shop";
        stamp.has_sequence = chance.in(2);
        stamp.sequence = stamp.has_sequence ? static_cast<int64_t>(chance.below(3)) - 1 : 0;
        Record &attributes = operation.product.attributes;
        attributes = random_record(chance, Object::product,
                                   {product_field::name, product_field::category, product_field::price, product_field::old_price,
                                    product_field::stock, product_field::available},
                                   true);
        if (chance.in(3)) {
            const char *const currencies[] = {"EUR", "USD"};
            attributes.set(product_field::currency, chance.in(4) ? Value{} : Value::of_text(chance.of(currencies)));
        }
    }
    return journal;
}

// The entries as they would arrive in this sequence: positions and received_at are the arrival's own.
std::vector<Entry> arrived(std::vector<Entry> entries) {
    for (size_t i = 0; i < entries.size(); ++i) {
        entries[i].stamp.position = static_cast<int64_t>(i) + 1;
        entries[i].stamp.received_at = hour(100) + static_cast<int64_t>(i);
    }
    return entries;
}

const Identity root{IdentityKind::external_id, "Root"};

template <typename Object>
Object fold_all(std::span<const Entry> entries) {
    if constexpr (std::is_same_v<Object, Order>)
        return fold_order(entries);
    else if constexpr (std::is_same_v<Object, Product>)
        return fold_product(entries);
    else
        return fold_customer(root, entries);
}

template <typename Object>
Object nothing() {
    if constexpr (std::is_same_v<Object, Customer>)
        return new_customer(root);
    else
        return {};
}

template <typename Object>
using TimelineOf = std::conditional_t<std::is_same_v<Object, Order>, OrderTimeline,
                                      std::conditional_t<std::is_same_v<Object, Product>, ProductTimeline, CustomerTimeline>>;

// As the engine does it: the first late fact that the state alone cannot take makes a timeline of all entries, and later ones join it.
template <typename Object>
class Late {
  public:
    void add(Object &state, std::span<const Entry> before, const Entry &entry) {
        if constexpr (std::is_same_v<Object, Customer>)
            if (state.entries.empty()) state = new_customer(root);
        std::vector<Entry> all(before.begin(), before.end());
        all.push_back(entry);
        Object expected = fold_all<Object>(all);
        if (!timeline_ && by_state(state, entry)) {
            ++by_the_state;
        } else {
            if (!timeline_) {
                entries_.assign(before.begin(), before.end());
                timeline_.emplace(entries_);
            }
            timeline_->add(entries_.emplace_back(entry), state);
            if constexpr (std::is_same_v<Object, Order>) expected.history = state.history;  // finish() writes it
        }
        std::string expected_bytes, bytes;
        encode(expected, expected_bytes);
        encode(state, bytes);
        REQUIRE(bytes == expected_bytes);
    }
    bool started() const { return timeline_.has_value(); }
    void finish(Object &state) {
        if (timeline_) timeline_->finish(state);
    }

    uint64_t by_the_state = 0;

  private:
    static bool by_state(Object &state, const Entry &entry) {
        if constexpr (std::is_same_v<Object, Product>)
            return false;
        else
            return apply_out_of_order(state, entry);
    }
    std::deque<Entry> entries_;
    std::optional<TimelineOf<Object>> timeline_;
};

struct Paths {
    uint64_t on_top = 0, refolded = 0, by_the_state = 0;  // of the refolded, those that needed no other entries
};

// What the engine does with each batch: on top where allowed, else by the state or a timeline of all entries, which may be kept for the next
// batch; through bytes between batches.
template <typename Object>
Object apply_in_batches(const std::vector<Entry> &entries, Chance &chance, Paths &paths) {
    Object state = nothing<Object>();
    size_t done = 0;
    std::optional<Late<Object>> kept;
    while (done < entries.size()) {
        const size_t end = std::min(entries.size(), done + 1 + chance.below(6));
        if (!kept || chance.in(2)) kept.emplace();
        Late<Object> &late = *kept;
        for (; done < end; ++done) {
            const bool on_top = applies_on_top(state, entries[done]);
            if (on_top && !late.started())
                apply_on_top(state, entries[done]);
            else
                late.add(state, std::span(entries).first(done), entries[done]);
            ++(on_top ? paths.on_top : paths.refolded);
        }
        late.finish(state);
        paths.by_the_state += std::exchange(late.by_the_state, 0);
        std::string bytes;
        encode(state, bytes);
        Object loaded;
        REQUIRE(decode(bytes, loaded).ok());
        state = std::move(loaded);
    }
    return state;
}

template <typename Object>
void check_every_way(std::vector<Entry> entries, Chance &chance, Paths &paths) {
    if (entries.empty()) return;
    std::string first_digest;
    for (int way = 0; way < 8; ++way) {
        CAPTURE(way);
        if (way > 0) std::shuffle(entries.begin(), entries.end(), chance.random);
        const std::vector<Entry> arrivals = arrived(entries);
        const Object refolded = fold_all<Object>(arrivals);
        const Object applied = apply_in_batches<Object>(arrivals, chance, paths);
        std::string refolded_bytes, applied_bytes, digest;
        encode(refolded, refolded_bytes);
        encode(applied, applied_bytes);
        append_facts_digest(applied, digest);
        REQUIRE(applied_bytes == refolded_bytes);
        REQUIRE(applied.newest == refolded.newest);
        if (way == 0) {
            first_digest = digest;
            if constexpr (std::is_same_v<Object, Order>)
                REQUIRE(text_of(refolded) == plain_order(arrivals));
            else if constexpr (std::is_same_v<Object, Product>)
                REQUIRE(text_of(refolded) == plain_product(arrivals));
            else
                REQUIRE(text_of(refolded) == plain_customer(root, arrivals));
        }
        REQUIRE(digest == first_digest);

        std::vector<Entry> doubled = arrivals;  // the same entries again, under other positions
        for (const Entry &entry : arrivals)
            if (chance.in(2)) {
                doubled.push_back(entry);
                doubled.back().stamp.position += 100;
            }
        std::shuffle(doubled.begin(), doubled.end(), chance.random);
        std::string doubled_bytes;
        encode(fold_all<Object>(doubled), doubled_bytes);
        REQUIRE(doubled_bytes == refolded_bytes);
    }
}

}  // namespace

TEST_CASE(
    "any arrival order, batching and duplication of the same entries gives the same facts, applied = "
    "refolded, as the plain fold says") {
    const uint64_t first = number_from("CARTBELL_SEED", 1), rounds = number_from("CARTBELL_ROUNDS", 3000);
    Paths orders, customers, products;
    for (uint64_t seed = first; seed < first + rounds; ++seed) {
        CAPTURE(seed);
        const Journal journal = random_journal(seed);
        Chance chance{std::mt19937_64(seed ^ 0x9e3779b97f4a7c15u)};
        std::vector<Entry> of_order, of_customer;
        for (const Entry &entry : journal.entries) {
            if (entry.operation->type == OperationType::order) of_order.push_back(entry);
            if (!entry.operation->customer.empty()) of_customer.push_back(entry);
        }
        check_every_way<Order>(of_order, chance, orders);
        check_every_way<Customer>(of_customer, chance, customers);
        const Journal catalogue = random_catalogue(seed);
        check_every_way<Product>(catalogue.entries, chance, products);
    }
    MESSAGE("journals of seeds " << first << " to " << first + rounds - 1 << ": orders " << orders.on_top
                                 << " on top, " << orders.refolded << " late, " << orders.by_the_state << " of them by the state; customers "
                                 << customers.on_top << ", " << customers.refolded << ", " << customers.by_the_state << "; products "
                                 << products.on_top << " and " << products.refolded);
    if (rounds < 100) return;
    for (const uint64_t ways : {orders.on_top, orders.refolded, orders.by_the_state, customers.on_top, customers.refolded, customers.by_the_state,
                                products.on_top, products.refolded})
        CHECK(ways > rounds);  // both ways were really gone
}
