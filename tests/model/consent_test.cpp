// Consents (formats.md §1 "consent"): of each channel and category the newest facts, whatever the sequence they came in.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "base/limits.hpp"
#include "model/customer_timeline.hpp"
#include "model/journal.hpp"
#include "model/state_bytes.hpp"

using namespace cartbell;
using namespace cartbell::test;

namespace {

const Identity anna{IdentityKind::external_id, "A"}, mail{IdentityKind::email, "a@a.eu"};

Operation &say(Journal &journal, int64_t at_hour, bool granted, const char *channel = "email", const char *category = "promo") {
    Operation &operation = journal.add(OperationType::consent, hour(at_hour));
    operation.customer = {anna};
    operation.consent = {channel, category, granted, no_instant, "form " + operation.id};
    return operation;
}

Standing standing(const Customer &customer, Instant at, const char *channel = "email", const char *category = "promo") {
    const Consent *consent = find_consent(customer.consents, channel, category);
    return standing_of(consent == nullptr ? nullptr : consent->newest_at(at), at);
}

std::string bytes_of(const Customer &customer) {
    std::string bytes;
    encode(customer, bytes);
    return bytes;
}

}  // namespace

TEST_CASE("effective at an instant, past ones too: what the newest fact at or before it says") {
    Journal journal;
    say(journal, 2, true);
    say(journal, 6, true);
    say(journal, 4, false);
    const Customer customer = journal.fold_profile();
    CHECK(standing(customer, hour(2) - 1) == Standing::unknown);  // nothing was said by then
    CHECK(standing(customer, hour(2)) == Standing::granted);
    CHECK(standing(customer, hour(4) - 1) == Standing::granted);
    CHECK(standing(customer, hour(4)) == Standing::denied);
    CHECK(standing(customer, hour(6)) == Standing::granted);
    CHECK(standing(customer, hour(6), "sms") == Standing::unknown);
    CHECK(standing(customer, hour(6), "", "promo") == Standing::unknown);
}

TEST_CASE("of equal instants the greater key says it, and trust is equal") {
    Journal journal;
    say(journal, 2, true);
    say(journal, 2, false);
    journal.stamp().has_sequence = true;
    journal.stamp().trust = static_cast<uint8_t>(Trust::public_source);
    CHECK(standing(journal.fold_profile(), hour(2)) == Standing::denied);
    Journal turned;
    say(turned, 2, true);
    turned.stamp().has_sequence = true;
    turned.stamp().trust = static_cast<uint8_t>(Trust::public_source);
    say(turned, 2, false);
    CHECK(standing(turned.fold_profile(), hour(2)) == Standing::granted);
}

TEST_CASE("what was granted and has expired is unknown, from its expires_at on; an older fact does not come back") {
    Journal journal;
    say(journal, 1, true);
    say(journal, 2, true).consent.expires_at = hour(5);
    const Customer customer = journal.fold_profile();
    CHECK(standing(customer, hour(5) - 1) == Standing::granted);
    CHECK(standing(customer, hour(5)) == Standing::unknown);
    CHECK(standing(customer, hour(500)) == Standing::unknown);
    Journal denied;
    say(denied, 1, false);
    CHECK(standing(denied.fold_profile(), hour(500)) == Standing::denied);
}

TEST_CASE("tracking consent stands apart from contact consent, and each channel and category from the others") {
    Journal journal;
    say(journal, 1, true, "", "watching");
    say(journal, 1, true, "email", "news");
    say(journal, 1, false, "sms", "news");
    say(journal, 1, false, "email", "promo");
    const Customer customer = journal.fold_profile();
    REQUIRE(customer.consents.size() == 4);
    for (size_t i = 1; i < 4; ++i) {
        const Consent &before = customer.consents[i - 1], &after = customer.consents[i];
        CHECK(std::tie(before.channel, before.category) < std::tie(after.channel, after.category));
    }
    CHECK(standing(customer, hour(1), "", "watching") == Standing::granted);
    CHECK(standing(customer, hour(1), "email", "news") == Standing::granted);
    CHECK(standing(customer, hour(1), "sms", "news") == Standing::denied);
    CHECK(standing(customer, hour(1), "email", "promo") == Standing::denied);
}

TEST_CASE("the newest 32 facts are kept, and how many older there were, for any order of arrival") {
    Journal journal;
    for (int64_t at = 0; at < 100; ++at) say(journal, at, at % 2 == 0);
    std::mt19937 random(7);
    const std::string bytes = bytes_of(journal.fold_profile());
    for (int way = 0; way < 5; ++way) {
        CAPTURE(way);
        Customer customer = new_customer(anna);
        for (const Entry &entry : journal.entries) {
            if (applies_on_top(customer, entry))
                apply_on_top(customer, entry);
            else
                REQUIRE(apply_out_of_order(customer, entry));  // "a late fact is decided by the state alone"
        }
        REQUIRE(bytes_of(customer) == bytes);
        const Consent &consent = customer.consents.at(0);
        CHECK(consent.facts.size() == most_consent_facts);
        CHECK(consent.older == 100 - most_consent_facts);
        CHECK(consent.facts.front().key.at == hour(68));
        CHECK(consent.newest_at(hour(68) - 1) == nullptr);
        std::shuffle(journal.entries.begin(), journal.entries.end(), random);
    }
}

TEST_CASE("a consent that claims an identity is folded in late as its customer's other entries are") {
    Journal journal;
    say(journal, 5, true);
    say(journal, 3, false).customer = {anna, mail};
    journal.customer(4).customer = {anna};
    const Customer expected = journal.fold_profile();
    Customer customer = new_customer(anna);
    apply_on_top(customer, journal.entries[0]);
    CHECK_FALSE(applies_on_top(customer, journal.entries[1]));
    CHECK_FALSE(apply_out_of_order(customer, journal.entries[1]));
    CustomerTimeline timeline(std::span(journal.entries).first(1));
    timeline.add(journal.entries[1], customer);
    timeline.add(journal.entries[2], customer);
    CHECK(bytes_of(customer) == bytes_of(expected));
    CHECK(customer.consents.at(0).facts.size() == 2);
    CHECK(customer.identities == std::vector<Identity>{anna, mail});
}

TEST_CASE("a consent below the one that its channel and category have is late; below another's it is not") {
    Journal journal;
    say(journal, 5, true);
    journal.stamp().trust = static_cast<uint8_t>(Trust::public_source);
    say(journal, 4, true);  // trusted: above all that is known of the customer
    say(journal, 4, true, "sms");
    Customer customer = new_customer(anna);
    apply_on_top(customer, journal.entries[0]);
    CHECK(applies_on_top(customer, journal.entries[2]));
    CHECK_FALSE(applies_on_top(customer, journal.entries[1]));
    REQUIRE(apply_out_of_order(customer, journal.entries[1]));
    CHECK(customer.newest.at == hour(4));
    CHECK(bytes_of(customer) == bytes_of(fold_customer(anna, std::span(journal.entries).first(2))));
}

TEST_CASE("a customer's consents come back from their bytes; who has none has the bytes of before there were any") {
    Journal journal;
    say(journal, 1, true).consent.expires_at = hour(50) + 1;
    say(journal, 2, false).consent.proof.clear();
    say(journal, 3, true, "", "watching").consent.proof = std::string(1024, 'p');
    journal.stamp().has_sequence = true;
    journal.stamp().sequence = -3;
    const Customer customer = journal.fold_profile();
    const std::string bytes = bytes_of(customer);
    Customer again;
    again.consents.resize(9);  // used memory
    REQUIRE(decode(bytes, again).ok());
    CHECK(same_facts(again, customer));
    CHECK(bytes_of(again) == bytes);
    Customer without = customer;
    without.consents.clear();
    REQUIRE(decode(bytes_of(without), again).ok());
    CHECK(again.consents.empty());
    CHECK_FALSE(same_facts(again, customer));
    std::mt19937 random(11);
    for (int i = 0; i < 20'000; ++i) {  // "damaged bytes are corrupt or another state, never a fault"
        std::string damaged = bytes;
        for (uint32_t hits = 1 + random() % 3; hits > 0; --hits) damaged[random() % damaged.size()] = static_cast<char>(random());
        if (!decode(damaged, again).ok()) continue;
        std::string ignored;
        encode(again, ignored);
    }
    for (size_t size = 0; size < bytes.size(); ++size) CHECK(decode(std::string_view(bytes).substr(0, size), again).code() == Code::corrupt);
}
