#include <doctest/doctest.h>

#include "model/journal.hpp"

using namespace cartbell;
using namespace cartbell::test;

namespace {
const Identity anna{IdentityKind::external_id, "A"}, mail{IdentityKind::email, "a@a.eu"},
    other_mail{IdentityKind::email, "z@a.eu"};
Value text(std::string_view value) {
    return Value::of_text(value);
}
}  // namespace

TEST_CASE("a profile is a patch, folded in key order") {
    Journal journal;
    Operation &newer = journal.customer(3);
    newer.customer = {anna};
    newer.profile.profile.set(customer_field::city, text("Riga"));
    newer.profile.profile.set(customer_field::gender, Value{});
    Operation &older = journal.customer(2);
    older.customer = {anna};
    older.profile.profile.set(customer_field::city, text("Oslo"));
    older.profile.profile.set(customer_field::gender, text("f"));
    older.profile.profile.set_custom("vip", Value::of_boolean(true));
    const Customer customer = journal.fold_profile();
    CHECK(customer.record.text(customer_field::city) == "Riga");
    CHECK(customer.record.find(customer_field::gender) == nullptr);
    CHECK(customer.record.find_custom("vip")->number == 1);
    CHECK(customer.version() == 2);
}

TEST_CASE("on profiles a public source's fact never beats a trusted one's") {
    Journal journal;
    Operation &trusted = journal.customer(1);
    trusted.customer = {anna};
    trusted.profile.profile.set(customer_field::city, text("Riga"));
    Operation &open = journal.customer(9);
    open.customer = {anna, mail};
    open.profile.profile.set(customer_field::city, text("Oslo"));
    open.profile.profile.set(customer_field::country, text("LV"));
    journal.stamp().trust = static_cast<uint8_t>(Trust::public_source);
    const Customer customer = journal.fold_profile();
    CHECK(customer.record.text(customer_field::city) == "Riga");
    CHECK(customer.record.text(customer_field::country) == "LV");
}

TEST_CASE(
    "identities: of several, the one of the newest entry (by key) that carried it; every one stays known") {
    Journal journal;
    journal.order(5).customer = {anna, other_mail};
    journal.customer(3).customer = {anna, mail};
    const Customer customer = journal.fold_profile();
    CHECK(customer.record.text(customer_field::email) == "z@a.eu");
    CHECK(customer.record.text(customer_field::external_id) == "A");
    CHECK(customer.identities == std::vector<Identity>{anna, mail, other_mail});
    CHECK(customer.strongest() == anna);
}

TEST_CASE("every operation that names a customer is a fact of it: created_at is the first of any kind") {
    Journal journal;
    journal.customer(3).customer = {anna};
    journal.order(1).customer = {anna};
    const Customer customer = journal.fold_profile();
    CHECK(customer.record.find(customer_field::created_at)->number == hour(1));
    CHECK(customer.entries.here == std::vector<int64_t>{1, 2});
    CHECK(customer.newest.at == hour(3));
}

TEST_CASE("whole clears the profile, not the identities; an order's whole clears nothing of its customer") {
    Journal journal;
    Operation &first = journal.customer(1);
    first.customer = {anna, mail};
    first.profile.profile.set(customer_field::city, text("Riga"));
    first.profile.profile.set_custom("vip", Value::of_boolean(true));
    Operation &order = journal.order(2);
    order.customer = {anna};
    order.whole = true;
    CHECK(journal.fold_profile().record.text(customer_field::city) == "Riga");
    Operation &put = journal.customer(3);
    put.customer = {anna};
    put.whole = true;
    put.profile.profile.set(customer_field::country, text("LV"));
    const Customer customer = journal.fold_profile();
    CHECK(customer.record.find(customer_field::city) == nullptr);
    CHECK(customer.record.customs.empty());
    CHECK(customer.record.text(customer_field::country) == "LV");
    CHECK(customer.record.text(customer_field::email) == "a@a.eu");
    CHECK(customer.record.find(customer_field::created_at)->number == hour(1));
}

TEST_CASE("a profile carries no identities and no computed fields: they are passed over") {
    Journal journal;
    Operation &operation = journal.customer(1);
    operation.customer = {anna, mail};
    operation.profile.profile.set(customer_field::email, text("other@x.eu"));
    operation.profile.profile.set(customer_field::external_id, Value{});
    operation.profile.profile.set(customer_field::known, Value::of_boolean(false));
    const Customer customer = journal.fold_profile();
    CHECK(customer.record.text(customer_field::email) == "a@a.eu");
    CHECK(customer.record.text(customer_field::external_id) == "A");
    CHECK(customer.record.find(customer_field::known) == nullptr);
}

TEST_CASE("only a fact above the newest applies on top of a customer") {
    Journal journal;
    journal.customer(3).customer = {anna};
    const Customer customer = journal.fold_profile();
    CHECK_FALSE(applies_on_top(customer, journal.entries[0]));
    journal.customer(2).customer = {anna};
    CHECK_FALSE(applies_on_top(customer, journal.entries.back()));
    journal.customer(4).customer = {anna, mail};
    REQUIRE(applies_on_top(customer, journal.entries.back()));
    Customer on_top = customer;
    apply_on_top(on_top, journal.entries.back());
    CHECK_FALSE(same_facts(customer, on_top));
    CHECK(same_facts(on_top, on_top));
    CHECK(on_top.newest.at == hour(4));
}
