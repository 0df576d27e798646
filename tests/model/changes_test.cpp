#include <doctest/doctest.h>

#include "model/journal.hpp"

using namespace cartbell;
using namespace cartbell::test;

namespace {

// "name key=value…" of each event, lists with commas.
std::vector<std::string> texts_of(const std::vector<DomainEvent> &events) {
    std::vector<std::string> texts;
    for (const DomainEvent &event : events) {
        std::string text = event.name;
        for (const auto &[key, value] : event.context) {
            if (key == "order_id") continue;
            text += " " + key + "=";
            if (value.type == Type::list)
                for (const std::string_view element : list_elements(value))
                    text += std::string(element) + ",";
            else
                text += value.missing() ? "-" : value.text;
        }
        texts.push_back(text);
    }
    return texts;
}

using Texts = std::vector<std::string>;

// What the last entry of the journal changed.
Texts last_change(const Journal &journal) {
    const Order before = fold_order(std::span(journal.entries).first(journal.entries.size() - 1));
    return texts_of(changes_between(before.entries.empty() ? nullptr : &before, journal.fold()));
}

}  // namespace

TEST_CASE("a new order is order.created, with a status change for each status it has") {
    Journal journal;
    Operation &operation = journal.order(1);
    say_status(operation, StatusSet::general, "received");
    say_status(operation, StatusSet::payment, "awaiting");
    operation.order.lines.changes = {{"a", false, line("a")}};
    CHECK(last_change(journal) == Texts{"order.created",
                                        "order.status_changed set=general from=- to=received",
                                        "order.status_changed set=payment from=- to=awaiting"});
    CHECK(changes_between(nullptr, journal.fold())[0].context[0].second.text == "1");
}

TEST_CASE("an update that changes nothing says nothing") {
    Journal journal;
    Operation &first = journal.order(1);
    first.order.attributes.set(order_field::total, amount(1));
    say_status(first, StatusSet::general, "received");
    Operation &again = journal.order(2);
    again.order.attributes.set(order_field::total, amount(1));
    again.order.attributes.set(order_field::tax, Value{});
    say_status(again, StatusSet::general, "received");
    CHECK(last_change(journal).empty());
}

TEST_CASE("status changes name set, from and to; what goes into history only says nothing") {
    Journal journal;
    say_status(journal.order(1), StatusSet::general, "received");
    say_status(journal.order(5), StatusSet::general, "completed");
    CHECK(last_change(journal) == Texts{"order.status_changed set=general from=received to=completed"});
    say_status(journal.order(3), StatusSet::general, "processing");
    CHECK(last_change(journal).empty());
    CHECK(journal.fold().history.size() == 3);
    say_status(journal.order(6), StatusSet::general, "");
    CHECK(last_change(journal) == Texts{"order.status_changed set=general from=completed to=-"});
}

TEST_CASE("the same status since an earlier instant is an update of its time") {
    Journal journal;
    journal.order(1);
    say_status(journal.order(5), StatusSet::payment, "paid");
    say_status(journal.order(3), StatusSet::payment, "paid");
    CHECK(last_change(journal) == Texts{"order.updated paths=status.payment.at,"});
}

TEST_CASE("lines: added, removed, changed by line_id; another sequence of the same lines is an update") {
    Journal journal;
    Operation &first = journal.order(1);
    first.order.lines.replaces = true;
    first.order.lines.composition = {line("a"), line("b"), line("c")};
    Operation &second = journal.order(2);
    second.order.lines.replaces = true;
    second.order.lines.composition = {line("d"), line("c", "C"), line("b")};
    CHECK(last_change(journal) == Texts{"order.lines_changed added=d, removed=a, changed=c,"});
    Operation &third = journal.order(3);
    third.order.lines.replaces = true;
    third.order.lines.composition = {line("b"), line("c", "C"), line("d")};
    CHECK(last_change(journal) == Texts{"order.updated paths=lines,"});
}

TEST_CASE("order.updated names every changed path, custom fields, payments and the customer included") {
    Journal journal;
    Operation &first = journal.order(3);
    first.order.attributes.set(order_field::total, amount(1));
    first.order.attributes.set_custom("gift", Value::of_boolean(true));
    first.order.attributes.set_custom("note", Value::of_text("x"));
    Operation &second = journal.order(2);  // late: placed_at moves to it
    second.order.attributes.set(order_field::delivery_city, Value::of_text("Riga"));
    second.order.attributes.set_custom("card", Value::of_text("y"));
    second.order.payments.changes = {{"1", false, {}}};
    second.customer = {{IdentityKind::external_id, "A"}};
    CHECK(last_change(journal) ==
          Texts{"order.updated paths=placed_at,delivery.address.city,fields.card,payments,customer,"});
    Operation &third = journal.order(4);
    third.order.attributes.set_custom("gift", Value{});
    CHECK(last_change(journal) == Texts{"order.updated paths=fields.gift,"});
}

TEST_CASE(
    "total: subtotal - discount + delivery.cost (+ tax if not inside); as sent, a mismatch is reported") {
    const auto notes = [](int64_t total, auto change) {
        Journal journal;
        Operation &operation = journal.order(1);
        Record &record = operation.order.attributes;
        record.set(order_field::total, amount(total));
        record.set(order_field::subtotal, amount(100));
        record.set(order_field::discount, amount(10));
        record.set(order_field::delivery_cost, amount(5));
        record.set(order_field::tax, amount(20));
        change(operation);
        const Order order = journal.fold();
        CHECK(*order.record.find(order_field::total) == amount(total));  // "never repaired"
        return notes_on(order).size();
    };
    const auto nothing = [](Operation &) {};
    CHECK(notes(95, nothing) == 0);
    CHECK(notes(115, nothing) == 0);
    CHECK(notes(96, nothing) == 1);
    const auto no_subtotal = [](Operation &operation) {
        operation.order.attributes.erase(order_field::subtotal);
    };
    CHECK(notes(96, no_subtotal) == 0);
    const auto two_lines = [&](Operation &operation) {
        no_subtotal(operation);
        for (const char *id : {"a", "b"}) {
            Record record = line(id);
            record.set(line_field::total, amount(50));
            operation.order.lines.changes.push_back({id, false, record});
        }
    };
    CHECK(notes(95, two_lines) == 0);
    CHECK(notes(96, two_lines) == 1);
    const auto one_without_total = [&](Operation &operation) {
        two_lines(operation);
        operation.order.lines.changes.push_back({"c", false, line("c")});
    };
    CHECK(notes(96, one_without_total) == 0);
    const auto huge = [](Operation &operation) {
        operation.order.attributes.set(order_field::subtotal, Value::of_money(INT64_MAX));
    };
    CHECK(notes(96, huge) == 1);
}
