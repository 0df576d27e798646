#include <doctest/doctest.h>

#include <random>

#include "model/journal.hpp"
#include "model/state_bytes.hpp"

using namespace cartbell;
using namespace cartbell::test;

namespace {

Journal sample() {
    Journal journal;
    Operation &first = journal.order(1);
    first.customer = {{IdentityKind::external_id, "A"}, {IdentityKind::phone, "+371200"}};
    Record &attributes = first.order.attributes;
    attributes.set(order_field::currency, Value::of_text("USD"));
    attributes.set(order_field::total, Value::of_money(INT64_MIN));
    attributes.set(order_field::tax, Value::of_money(12'345, Currency::of("GBP")));
    attributes.set(order_field::discount, amount(-3));
    attributes.set(order_field::bonuses_accrued, Value::of_decimal(-1'500'001));
    attributes.set(order_field::delivery_note, Value::of_text(std::string(300, 'n')));
    attributes.set(order_field::coupons, Value::of_list({"TEN", ""}));
    attributes.set(order_field::delivery_at, Value::of_time(hour(9) + 1));
    attributes.set_custom("day", Value::of_date({0, 2, 29}));
    attributes.set_custom("gift", Value::of_boolean(true));
    attributes.set_custom("loose", json(R"({"a":[1]})"));
    first.order.lines.changes = {{"1", false, line("1", "Mug", 2)}, {"2", false, line("2", "Cup")}};
    first.order.payments.changes = {{"p", false, {}}};
    say_status(first, StatusSet::general, "received");
    say_status(first, StatusSet::payment, "awaiting", hour(2) + 7);
    Operation &second = journal.order(3);
    second.source = "crm";
    second.order.attributes.set(order_field::currency, Value::of_text("EUR"));
    say_status(second, StatusSet::general, "cancelled");
    say_status(second, StatusSet::payment, "");
    Operation &profile = journal.customer(4);
    profile.customer = {{IdentityKind::external_id, "A"}, {IdentityKind::anonymous_id, "x"}};
    profile.profile.profile.set(customer_field::birth_date, Value::of_date({1990, 5, 14}));
    journal.stamp().has_sequence = true;
    journal.stamp().sequence = -9;
    journal.stamp().rank = 3;
    return journal;
}

Product sample_product() {
    Journal journal;
    Operation &operation = journal.product(1);
    operation.product.attributes.set(product_field::name, Value::of_text("Mug"));
    operation.product.attributes.set(product_field::category, Value::of_list({"Kitchen", ""}));
    operation.product.attributes.set(product_field::price, amount(5));
    operation.product.attributes.set(product_field::stock, Value::of_decimal(1'500'001));
    operation.product.attributes.set_custom("loose", json(R"({"a":[1]})"));
    journal.product(2).source = "crm";
    return journal.fold_catalogue();
}

OldMessage sample_old_message() {
    Journal journal;
    Operation &first = journal.add(OperationType::message, hour(1));
    first.message.message_id = "old-1";
    first.customer = {{IdentityKind::external_id, "A"}};
    first.message.attributes.set(message_field::channel, Value::of_text("email"));
    first.message.attributes.set(message_field::opened_at, Value::of_time(hour(9) + 1));
    first.message.attributes.set(message_field::opens, Value::of_integer(3));
    Operation &second = journal.add(OperationType::message, hour(2));
    second.message.message_id = "old-1";
    second.message.attributes.set(message_field::subject, {});
    second.message.attributes.set(message_field::clicked_at, Value::of_time(hour(10)));
    return fold_old_message(journal.entries);
}

template <typename Object>
std::string bytes_of(const Object &object) {
    std::string bytes;
    encode(object, bytes);
    return bytes;
}

template <typename Object>
std::string digest_of(const Object &object) {
    std::string bytes;
    append_facts_digest(object, bytes);
    return bytes;
}

void check_same(const Order &a, const Order &b) {
    CHECK(a.record == b.record);
    CHECK(a.lines == b.lines);
    CHECK(a.payments == b.payments);
    CHECK(a.status == b.status);
    CHECK(a.history == b.history);
    CHECK(a.owner == b.owner);
    CHECK(a.sent_placed_at == b.sent_placed_at);
    CHECK(a.least_occurred_at == b.least_occurred_at);
    CHECK(a.first_source == b.first_source);
    CHECK(a.newest == b.newest);
    CHECK(a.entries == b.entries);
    CHECK(a.other_currencies == b.other_currencies);
}

// Flips, cuts, inserts and repeats bytes; whatever comes out decodes to `corrupt` or to a state that encodes
// again.
template <typename Object>
void damage(const std::string &good, uint64_t rounds) {
    Object object;  // reused, as the engine does
    uint64_t refused = 0;
    for (uint64_t seed = 1; seed <= rounds; ++seed) {
        std::mt19937_64 random(seed);
        std::string bytes = good;
        for (uint64_t changes = 1 + random() % 3; changes > 0; --changes) {
            const size_t at = random() % bytes.size();
            switch (random() % 4) {
                case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8)); break;
                case 1: bytes[at] = static_cast<char>(random() % 3 ? 0xff : 0); break;
                case 2: bytes.resize(at + 1); break;
                default: bytes.insert(at, 1 + random() % 4, static_cast<char>(random())); break;
            }
        }
        const Status status = decode(bytes, object);
        if (status.ok()) {
            CAPTURE(seed);
            Object again;
            CHECK(decode(bytes_of(object), again).ok());
        } else {
            ++refused;
            CHECK(status.code() == Code::corrupt);
        }
    }
    CHECK(refused > rounds / 4);
}

// The views say what the opened lines do, but for custom fields.
void check_views(const RowViews &views, const LazyRows<Record> &lines) {
    REQUIRE(views.size() == lines.size());
    for (size_t i = 0; i < views.size(); ++i) {
        const Record &line = lines[i];
        CHECK(views[i].index == i);
        REQUIRE(views[i].cells.size() == line.cells.size());
        for (const Record::Cell &cell : line.cells) {
            const ValueView *value = views[i].find(cell.field);
            REQUIRE(value != nullptr);
            CHECK(value->type == cell.value.type);
            CHECK(value->currency == cell.value.currency);
            CHECK(value->number == cell.value.number);
            CHECK(value->text == cell.value.text);
        }
        for (FieldId field = 0; field < line_field::count_; ++field) CHECK((views[i].find(field) == nullptr) == (line.find(field) == nullptr));
    }
}

}  // namespace

TEST_CASE("an order comes back from its bytes as it was, into fresh and into used memory") {
    const Journal journal = sample();
    const Order order = fold_order(std::span(journal.entries).first(2));
    REQUIRE(order.history.size() == 4);
    const std::string bytes = bytes_of(order);
    Order fresh;
    REQUIRE(decode(bytes, fresh).ok());
    check_same(order, fresh);
    CHECK(bytes_of(fresh) == bytes);

    Journal other;
    Operation &operation = other.order(7);
    for (const char *id : {"a", "b", "c", "d"})
        operation.order.lines.changes.push_back(
            {id, false, line(id, "a long name that does not fit in place", 3)});
    say_status(operation, StatusSet::delivery, "shipped");
    Order used = other.fold();
    const Order kept = used;
    REQUIRE(decode(bytes, used).ok());
    check_same(order, used);
    REQUIRE(decode(bytes_of(kept), used).ok());
    check_same(kept, used);
    REQUIRE(decode(bytes_of(Order{}), used).ok());
    check_same(Order{}, used);
}

TEST_CASE("a status that its history does not tell is kept all the same") {
    Journal journal = sample();
    Order order = fold_order(std::span(journal.entries).first(2));
    order.status[1] = {"shipped", "assembling", hour(5) + 3};
    order.status[0].at = hour(8);
    Order back;
    REQUIRE(decode(bytes_of(order), back).ok());
    check_same(order, back);
}

TEST_CASE("a customer comes back from its bytes as it was") {
    const Journal journal = sample();
    const Customer customer = journal.fold_profile();
    Customer back;
    back.identities.resize(9);
    REQUIRE(decode(bytes_of(customer), back).ok());
    CHECK(back.record == customer.record);
    CHECK(back.identities == customer.identities);
    CHECK(back.newest == customer.newest);
    CHECK(back.entries == customer.entries);
    CHECK(bytes_of(back) == bytes_of(customer));
}

TEST_CASE("a product comes back from its bytes as it was; its digest form has no positions") {
    const Product product = sample_product();
    Product back;
    back.entries = {64, {7, 8, 9, 10}};
    REQUIRE(decode(bytes_of(product), back).ok());
    CHECK(back.record == product.record);
    CHECK(back.newest == product.newest);
    CHECK(back.entries == product.entries);
    back.entries = {0, {100, 200}};
    CHECK(digest_of(back) == digest_of(product));
    CHECK(bytes_of(back) != bytes_of(product));
    back.record.set(product_field::name, Value::of_text("Cup"));
    CHECK(digest_of(back) != digest_of(product));
    Customer customer;
    CHECK(decode(bytes_of(product), customer).code() == Code::corrupt);
    const std::string bytes = bytes_of(product);
    for (size_t size = 0; size < bytes.size(); ++size) CHECK(decode(std::string_view(bytes).substr(0, size), back).code() == Code::corrupt);
}

TEST_CASE("the digest form has no positions and no received_at, and all else") {
    Journal journal = sample();
    const auto orders = [&] { return std::span(journal.entries).first(2); };
    const Order before = fold_order(orders());
    const Customer customer_before = journal.fold_profile();
    for (Entry &entry : journal.entries) {
        entry.stamp.position += 1000;
        entry.stamp.received_at += day_us;
    }
    const Order after = fold_order(orders());
    CHECK(digest_of(after) == digest_of(before));
    CHECK(bytes_of(after) != bytes_of(before));
    CHECK(digest_of(journal.fold_profile()) == digest_of(customer_before));
    journal.entries[1].stamp.occurred_at += 1;
    CHECK(digest_of(fold_order(orders())) != digest_of(before));
    Order tampered = before;
    tampered.history.edit()[0].source = "x";
    CHECK(digest_of(tampered) != digest_of(before));
}

TEST_CASE("damaged bytes are corrupt or another state, never a fault") {
    const Journal journal = sample();
    damage<Order>(bytes_of(fold_order(std::span(journal.entries).first(2))), 30'000);
    damage<Customer>(bytes_of(journal.fold_profile()), 10'000);
    damage<Product>(bytes_of(sample_product()), 10'000);
    damage<OldMessage>(bytes_of(sample_old_message()), 10'000);
}

TEST_CASE("what questions read of an order is what the whole of it says, rows sealed until somebody looks") {
    const Journal journal = sample();
    const Order order = fold_order(std::span(journal.entries).first(2));
    const std::string bytes = bytes_of(order), empty = bytes_of(Order{});
    Order facts;
    for (int round = 0; round < 2; ++round) {  // the second into used memory
        REQUIRE(decode_facts(bytes, facts).ok());
        CHECK(facts.record == order.record);
        CHECK(facts.status == order.status);
        CHECK(facts.lines == order.lines);
        CHECK(facts.payments == order.payments);
        CHECK(facts.history == order.history);
        CHECK_FALSE(facts.damaged());
        REQUIRE(decode_facts(empty, facts).ok());
        CHECK(facts.lines.empty());
        CHECK(facts.history.empty());
    }
}

TEST_CASE("sealed lines can be looked at where they lie, as often as wanted, and are opened all the same") {
    const Journal journal = sample();
    const std::string bytes = bytes_of(fold_order(std::span(journal.entries).first(2))), empty = bytes_of(Order{});
    Order facts;
    RowViews views;
    for (const std::string &one : {bytes, empty, bytes}) {  // into used memory
        REQUIRE(decode_facts(one, facts).ok());
        REQUIRE(view_lines(facts.lines.sealed(), views));
        CHECK((views.size() == 0) == (one == empty));
        check_views(views, facts.lines);
        CHECK(facts.lines.sealed().empty());
    }
}

TEST_CASE("sealed rows that are damaged open as none and say so, wherever decode calls the bytes corrupt") {
    const Journal journal = sample();
    const std::string good = bytes_of(fold_order(std::span(journal.entries).first(2)));
    int marked = 0;
    for (size_t at = 0; at < good.size(); ++at) {
        CAPTURE(at);
        std::string bytes = good;
        bytes[at] = static_cast<char>(0xff);
        Order facts, whole;
        if (!decode_facts(bytes, facts).ok()) {
            CHECK(decode(bytes, whole).code() == Code::corrupt);
            continue;
        }
        RowViews views;
        const bool viewed = view_lines(facts.lines.sealed(), views);
        facts.open();
        CHECK(viewed == !facts.lines.damaged());
        if (viewed) check_views(views, facts.lines);
        if (!facts.damaged()) continue;
        ++marked;
        CHECK(decode(bytes, whole).code() == Code::corrupt);
        CHECK((facts.lines.empty() || facts.payments.empty() || facts.history.empty()));
    }
    CHECK(marked > 10);
}

TEST_CASE("every cut, another version, another kind and trailing bytes are corrupt") {
    const Journal journal = sample();
    const std::string order = bytes_of(fold_order(std::span(journal.entries).first(2)));
    Order out;
    Customer customer;
    for (size_t size = 0; size < order.size(); ++size) {
        CAPTURE(size);
        CHECK(decode(std::string_view(order).substr(0, size), out).code() == Code::corrupt);
    }
    CHECK(decode(order + '\0', out).code() == Code::corrupt);
    CHECK(decode(order, customer).code() == Code::corrupt);
    std::string newer = order;
    newer[0] = 2;
    CHECK(decode(newer, out).code() == Code::corrupt);
    CHECK(decode(std::string(100'000, '\xff'), out).code() == Code::corrupt);
}

TEST_CASE("an entry of an event is encoded as its Event") {
    Operation operation;
    operation.type = OperationType::event;
    operation.source = "web";
    operation.id = "e";
    operation.customer = {{IdentityKind::email, "ann@example.com"}, {IdentityKind::anonymous_id, "x"}};
    operation.event.name = "product.viewed";
    operation.event.kind = EventKind::web;
    operation.event.session_id = "s";
    operation.event.context.set_custom("price", Value::of_text("5"));
    for (const uint8_t trust : {uint8_t{0}, uint8_t{1}}) {
        Entry entry;
        entry.operation = &operation;
        entry.stamp.received_at = hour(3);
        entry.stamp.trust = trust;
        std::string from_entry, from_event;
        encode_event(entry, from_entry);
        encode(event_of(entry), from_event);
        CHECK(from_entry == from_event);
        Event read;
        REQUIRE(decode(from_entry, read).ok());
        CHECK(read.session_id == "s");
        CHECK(read.key.trust == trust);
    }
}
