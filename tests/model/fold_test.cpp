#include <doctest/doctest.h>

#include "base/limits.hpp"
#include "model/journal.hpp"
#include "model/state_bytes.hpp"

using namespace cartbell;
using namespace cartbell::test;
using Ids = std::vector<std::string>;

TEST_CASE("an order operation is a patch: null clears, what is not named stays") {
    Journal journal;
    Operation &first = journal.order(1);
    first.order.attributes.set(order_field::total, amount(10));
    first.order.attributes.set(order_field::url, Value::of_text("u"));
    first.order.attributes.set_custom("gift", Value::of_boolean(true));
    Operation &second = journal.order(2);
    second.order.attributes.set(order_field::url, Value{});
    second.order.attributes.set(order_field::discount, amount(1));
    const Order order = journal.fold();
    CHECK(order.id() == "1");
    CHECK(*order.record.find(order_field::total) == amount(10));
    CHECK(*order.record.find(order_field::discount) == amount(1));
    CHECK(order.record.find(order_field::url) == nullptr);
    CHECK(order.record.find_custom("gift")->number == 1);
    CHECK(order.version() == 2);
}

TEST_CASE("a late patch loses to the newer one in what both name, and adds the rest") {
    Journal journal;
    journal.order(5).order.attributes.set(order_field::total, amount(5));
    Operation &late = journal.order(3);
    late.order.attributes.set(order_field::total, amount(3));
    late.order.attributes.set(order_field::tax, amount(1));
    const Order order = journal.fold();
    CHECK(*order.record.find(order_field::total) == amount(5));
    CHECK(*order.record.find(order_field::tax) == amount(1));
}

TEST_CASE("on orders a public source's fact never beats a trusted one's") {
    Journal journal;
    Operation &trusted = journal.order(1);
    trusted.order.attributes.set(order_field::total, amount(10));
    say_status(trusted, StatusSet::general, "confirmed");
    Operation &open = journal.order(9);
    open.source = "web";
    open.order.attributes.set(order_field::total, amount(1));
    open.order.attributes.set(order_field::tax, amount(2));
    say_status(open, StatusSet::general, "received");
    journal.stamp().trust = static_cast<uint8_t>(Trust::public_source);
    const Order order = journal.fold();
    CHECK(*order.record.find(order_field::total) == amount(10));
    CHECK(*order.record.find(order_field::tax) == amount(2));
    CHECK(order.status[0].code == "confirmed");
    CHECK(order.record.text(order_field::source) == "web");  // source of the least fact by key
    CHECK(order.record.find(order_field::updated_at)->number == hour(9));
}

TEST_CASE("equal times: no sequence first, then sequence, rank, source, id") {
    const auto winner = [](auto change) {
        Journal journal;
        journal.order(1).order.attributes.set(order_field::url, Value::of_text("changed"));
        change(*const_cast<Operation *>(journal.entries[0].operation), journal.entries[0].stamp);
        journal.order(1).order.attributes.set(order_field::url, Value::of_text("other"));
        return std::string(journal.fold().record.text(order_field::url));
    };
    CHECK(winner([](Operation &, Stamp &) {}) == "other");  // op-1 < op-2
    CHECK(winner([](Operation &operation, Stamp &) { operation.id = "op-3"; }) == "changed");
    CHECK(winner([](Operation &operation, Stamp &) { operation.source = "zzz"; }) == "changed");
    CHECK(winner([](Operation &, Stamp &stamp) { stamp.rank = 1; }) == "changed");
    CHECK(winner([](Operation &, Stamp &stamp) { stamp.has_sequence = true, stamp.sequence = -5; }) ==
          "changed");
    CHECK(winner([](Operation &, Stamp &stamp) { stamp.rank = -1, stamp.has_sequence = true; }) == "changed");
}

TEST_CASE("`lines` replaces the composition") {
    Journal journal;
    Operation &first = journal.order(1);
    first.order.lines.replaces = true;
    first.order.lines.composition = {line("a", "A"), line("b", "B")};
    Operation &second = journal.order(2);
    second.order.lines.replaces = true;
    second.order.lines.composition = {line("c"), line("a")};
    second.order.lines.composition[1].set(line_field::brand, Value{});
    const Order order = journal.fold();
    CHECK(ids_of(order.lines) == Ids{"c", "a"});
    CHECK(order.lines[1] == line("a"));  // nothing of the old line, and no missing value stays in it
}

TEST_CASE("`lines` null is an empty composition") {
    Journal journal;
    Operation &first = journal.order(1);
    first.order.lines.replaces = true;
    first.order.lines.composition = {line("a")};
    journal.order(2).order.lines.replaces = true;
    CHECK(journal.fold().lines.empty());
}

TEST_CASE(
    "line_changes merge into single lines and create them at the end; removing what is not there does "
    "nothing") {
    Journal journal;
    Operation &first = journal.order(1);
    first.order.lines.replaces = true;
    first.order.lines.composition = {line("a", "A", 1), line("b", "B", 1)};
    Operation &second = journal.order(2);
    second.order.lines.changes = {
        {"a", false, line("a", "", 5)}, {"z", true, {}}, {"n", false, line("n", "N")}, {"b", true, {}}};
    Record clears = line("a");
    clears.set(line_field::name, Value{});
    second.order.lines.changes.push_back({"a", false, clears});
    const Order order = journal.fold();
    CHECK(ids_of(order.lines) == Ids{"a", "n"});
    CHECK(order.lines[0] == line("a", "", 5));
    CHECK(order.lines[1] == line("n", "N"));
}

TEST_CASE("`lines` applies before `line_changes`; a line removed and named again begins anew at the end") {
    Journal journal;
    Operation &operation = journal.order(1);
    operation.order.lines.replaces = true;
    operation.order.lines.composition = {line("a", "A"), line("b", "B")};
    operation.order.lines.changes = {{"a", true, {}}, {"a", false, line("a", "", 2)}};
    const Order order = journal.fold();
    CHECK(ids_of(order.lines) == Ids{"b", "a"});
    CHECK(order.lines[1] == line("a", "", 2));
}

TEST_CASE("a change that arrives before the line it changes finds it after the fold") {
    Journal journal;
    journal.order(2).order.lines.changes = {{"a", false, line("a", "", 7)}};
    Operation &earlier = journal.order(1);
    earlier.order.lines.replaces = true;
    earlier.order.lines.composition = {line("a", "A", 1), line("b")};
    const Order order = journal.fold();
    CHECK(ids_of(order.lines) == Ids{"a", "b"});
    CHECK(order.lines[0] == line("a", "A", 7));
}

TEST_CASE("`payments` and `payment_changes` likewise") {
    const auto payment = [](std::string_view id, int64_t units) {
        Record record;
        record.set(payment_field::payment_id, Value::of_text(id));
        record.set(payment_field::amount, amount(units));
        return record;
    };
    Journal journal;
    Operation &first = journal.order(1);
    first.order.payments.replaces = true;
    first.order.payments.composition = {payment("1", 10), payment("2", 20)};
    journal.order(2).order.payments.changes = {
        {"2", false, payment("2", 25)}, {"1", true, {}}, {"3", false, payment("3", 1)}};
    const Order order = journal.fold();
    CHECK(order.payments == std::vector<Record>{payment("2", 25), payment("3", 1)});
    CHECK(order.lines.empty());
}

TEST_CASE("thousands of changes of thousands of lines stay linear") {
    Journal journal;
    Operation &operation = journal.order(1);
    operation.order.lines.replaces = true;
    for (int i = 0; i < 5000; ++i) {
        operation.order.lines.composition.push_back(line(std::to_string(i)));
        operation.order.lines.changes.push_back(
            {std::to_string(i + 2500), i % 2 == 0, line(std::to_string(i + 2500), "x")});
    }
    CHECK(journal.fold().lines.size() == 2500 + 1250 + 1250);
}

TEST_CASE("`whole` clears what is not named as of this fact, but neither statuses nor placed_at") {
    Journal journal;
    Operation &first = journal.order(1);
    first.order.attributes.set(order_field::placed_at, Value::of_time(hour(0)));
    first.order.attributes.set(order_field::total, amount(10));
    first.order.attributes.set(order_field::tax, amount(1));
    first.order.attributes.set(order_field::source, Value::of_text("partner"));
    first.order.attributes.set_custom("gift", Value::of_boolean(true));
    first.order.lines.changes = {{"a", false, line("a")}};
    first.order.payments.changes = {{"1", false, {}}};
    say_status(first, StatusSet::payment, "paid");
    Operation &put = journal.order(2);
    put.whole = true;
    put.order.attributes.set(order_field::total, amount(12));
    Operation &earlier = journal.order(0);
    earlier.order.attributes.set(order_field::url, Value::of_text("u"));
    journal.order(3).order.attributes.set(order_field::discount, amount(2));
    const Order order = journal.fold();
    CHECK(*order.record.find(order_field::total) == amount(12));
    CHECK(*order.record.find(order_field::discount) == amount(2));  // newer than the whole one
    for (const FieldId cleared : {order_field::tax, order_field::url})
        CHECK(order.record.find(cleared) == nullptr);
    CHECK(order.record.customs.empty());
    CHECK(order.lines.empty());
    CHECK(order.payments.empty());
    CHECK(order.status[2].code == "paid");
    CHECK(order.record.find(order_field::placed_at)->number == hour(0));
    CHECK(order.record.text(order_field::source) == "shop");
    CHECK(order.id() == "1");
}

TEST_CASE("a whole operation keeps the lines it names, and its line_changes start from nothing") {
    Journal journal;
    journal.order(1).order.lines.changes = {{"a", false, line("a", "A")}};
    Operation &put = journal.order(2);
    put.whole = true;
    put.order.lines.changes = {{"b", false, line("b")}};
    CHECK(ids_of(journal.fold().lines) == Ids{"b"});
    Operation &again = journal.order(3);
    again.whole = true;
    again.order.lines.replaces = true;
    again.order.lines.composition = {line("c")};
    CHECK(ids_of(journal.fold().lines) == Ids{"c"});
}

TEST_CASE("the status history is derived by the fold: a row per change of code") {
    Journal journal;
    say_status(journal.order(1), StatusSet::general, "received");
    Operation &second = journal.order(2);
    say_status(second, StatusSet::general, "received");
    say_status(second, StatusSet::payment, "awaiting");
    Operation &third = journal.order(4);
    third.source = "crm";
    say_status(third, StatusSet::general, "completed");
    const Order order = journal.fold();
    REQUIRE(order.history.size() == 3);
    CHECK(order.history[0] ==
          HistoryRow{StatusSet::general, "", "received", "shop", hour(1), hour(1) + 1, {"received", "", ""}});
    CHECK(
        order.history[1] ==
        HistoryRow{
            StatusSet::payment, "", "awaiting", "shop", hour(2), hour(2) + 2, {"received", "", "awaiting"}});
    CHECK(order.history[2] == HistoryRow{StatusSet::general,
                                         "received",
                                         "completed",
                                         "crm",
                                         hour(4),
                                         hour(4) + 3,
                                         {"completed", "", "awaiting"}});
    CHECK(order.status[0] == StatusNow{"completed", "received", hour(4)});
    CHECK(order.status[2] == StatusNow{"awaiting", "", hour(2)});
}

TEST_CASE("each status set may carry its own time, which places its fact") {
    Journal journal;
    Operation &first = journal.order(5);
    say_status(first, StatusSet::payment, "paid", hour(2));
    Operation &late = journal.order(3);
    say_status(late, StatusSet::payment, "awaiting");
    const Order order = journal.fold();
    CHECK(order.status[2] ==
          StatusNow{"awaiting", "paid", hour(3)});  // hour 3 is after hour 2, though its operation is older
    CHECK(order.record.find(order_field::updated_at)->number == hour(5));
    CHECK(order.record.find(order_field::placed_at)->number ==
          hour(3));  // occurred_at counts, not a status's own time
}

TEST_CASE("null clears a status with a row to nothing; clearing what is not there says nothing") {
    Journal journal;
    Operation &first = journal.order(1);
    say_status(first, StatusSet::delivery, "shipped");
    say_status(first, StatusSet::payment, "");
    say_status(journal.order(2), StatusSet::delivery, "");
    const Order order = journal.fold();
    REQUIRE(order.history.size() == 2);
    CHECK(order.history[1].from == "shipped");
    CHECK(order.history[1].to == "");
    CHECK(order.status[1] == StatusNow{"", "shipped", hour(2)});
    CHECK(order.status[2] == StatusNow{});
}

TEST_CASE("of one order the newest 20,000 history rows are kept, on top and refolded alike") {
    Journal journal;
    const size_t most = most_history_rows;
    for (size_t i = 0; i < most + 3; ++i) {
        say_status(journal.order(0), StatusSet::general, i % 2 ? "a" : "b");
        journal.stamp().occurred_at = hour(0) + static_cast<int64_t>(i);
    }
    const Order refolded = journal.fold();
    CHECK(refolded.history.size() == most);
    Order on_top = fold_order(std::span(journal.entries).first(most - 1));
    for (size_t i = most - 1; i < journal.entries.size(); ++i)
        apply_on_top(on_top, journal.entries[i]);
    CHECK(on_top.history == refolded.history);
    Order back;
    std::string bytes;
    encode(on_top, bytes);
    REQUIRE(decode(bytes, back).ok());
    CHECK(back.history == refolded.history);
}

TEST_CASE(
    "placed_at defaults to the least corrected occurred_at of the order's entries, null gives the default "
    "back") {
    Journal journal;
    journal.order(5);
    journal.order(3);
    CHECK(journal.fold().record.find(order_field::placed_at)->number == hour(3));
    journal.order(6).order.attributes.set(order_field::placed_at, Value::of_time(hour(4)));
    CHECK(journal.fold().record.find(order_field::placed_at)->number == hour(4));
    journal.order(7).order.attributes.set(order_field::placed_at, Value{});
    CHECK(journal.fold().record.find(order_field::placed_at)->number == hour(3));
}

TEST_CASE("received_at is the least, source what was sent, else of the least fact") {
    Journal journal;
    journal.order(5).source = "crm";
    journal.stamp().received_at = hour(10);
    journal.order(3).source = "shop";
    journal.stamp().received_at = hour(11);
    Order order = journal.fold();
    CHECK(order.record.find(order_field::received_at)->number == hour(10));
    CHECK(order.record.text(order_field::source) == "shop");
    journal.order(6).order.attributes.set(order_field::source, Value::of_text("partner"));
    CHECK(journal.fold().record.text(order_field::source) == "partner");
    journal.order(7).order.attributes.set(order_field::source, Value{});
    CHECK(journal.fold().record.text(order_field::source) == "shop");
}

TEST_CASE("an order belongs to the customer of its newest fact that names one; until then to nobody") {
    const Identity anna{IdentityKind::external_id, "A"}, ben{IdentityKind::email, "b@b"};
    Journal journal;
    journal.order(9);
    CHECK_FALSE(journal.fold().owner);
    journal.order(5).customer = {anna, {IdentityKind::email, "a@a"}};
    CHECK(journal.fold().owner == anna);
    journal.order(4).customer = {ben};
    CHECK(journal.fold().owner == anna);
    journal.order(6).customer = {ben};
    CHECK(journal.fold().owner == ben);
}

TEST_CASE("a status's own time does not carry an order to another customer") {
    const Identity anna{IdentityKind::external_id, "A"}, ben{IdentityKind::external_id, "B"};
    Journal journal;
    journal.order(5).customer = {anna};
    Operation &older = journal.order(4);
    older.customer = {ben};
    say_status(older, StatusSet::payment, "paid", hour(6));
    CHECK(journal.fold().owner == anna);
}

TEST_CASE("a second currency is kept and reported; the newest by key is the order's") {
    Journal journal;
    journal.order(1).order.attributes.set(order_field::currency, Value::of_text("EUR"));
    CHECK(notes_on(journal.fold()).empty());
    journal.order(3).order.attributes.set(order_field::currency, Value::of_text("USD"));
    journal.order(2).order.attributes.set(order_field::currency, Value::of_text("GBP"));
    Order order = journal.fold();
    CHECK(order.record.text(order_field::currency) == "USD");
    CHECK(order.other_currencies == Ids{"EUR", "GBP"});
    REQUIRE(notes_on(order).size() == 1);
    CHECK(notes_on(order)[0].code == "second_currency");
    journal.order(4).order.attributes.set(order_field::currency, Value::of_text("EUR"));
    order = journal.fold();
    CHECK(order.record.text(order_field::currency) == "EUR");
    CHECK(order.other_currencies == Ids{"GBP", "USD"});
}

TEST_CASE("an entry whose facts straddle the newest one must refold") {
    Journal journal;
    say_status(journal.order(5), StatusSet::payment, "awaiting");
    const Order order = journal.fold();
    journal.order(7);
    CHECK(applies_on_top(order, journal.entries.back()));
    say_status(journal.order(7), StatusSet::payment, "paid", hour(4));
    CHECK_FALSE(applies_on_top(order, journal.entries.back()));
    journal.order(4);
    say_status(journal.operations.back(), StatusSet::payment, "paid", hour(6));
    CHECK_FALSE(applies_on_top(order, journal.entries.back()));
    journal.order(5);
    CHECK(applies_on_top(Order{}, journal.entries.back()));
    CHECK_FALSE(applies_on_top(journal.fold(), journal.entries.back()));  // itself again
}

TEST_CASE("the same entry twice is one entry") {
    Journal journal;
    say_status(journal.order(1), StatusSet::general, "received");
    journal.entries.push_back(journal.entries[0]);
    journal.entries.back().stamp.position = 7;
    const Order order = journal.fold();
    CHECK(order.version() == 1);
    CHECK(order.entries.here == std::vector<int64_t>{1});
}

TEST_CASE("computed fields in a patch are passed over") {
    Journal journal;
    Operation &operation = journal.order(1);
    operation.order.attributes.set(order_field::line_count, Value::of_integer(9));
    operation.order.attributes.set(order_field::updated_at, Value{});
    operation.order.attributes.set(order_field::order_id, Value{});
    const Order order = journal.fold();
    CHECK(order.record.find(order_field::line_count) == nullptr);
    CHECK(order.record.find(order_field::updated_at)->number == hour(1));
    CHECK(order.id() == "1");
}
