// The fold of an old message against the plainest there is: all facts in key order, patch upon patch.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>

#include "model/claim.hpp"
#include "model/fact_view.hpp"
#include "model/journal.hpp"
#include "model/old_message.hpp"
#include "model/state_bytes.hpp"

using namespace cartbell;
using namespace cartbell::test;

namespace {

struct Plain {
    std::map<FieldId, Value> says;
    std::optional<Identity> customer;
    std::string source;
};

Plain fold_plainly(const std::vector<Entry> &entries) {
    std::vector<const Entry *> sorted;
    for (const Entry &entry : entries) sorted.push_back(&entry);
    std::sort(sorted.begin(), sorted.end(), [](const Entry *a, const Entry *b) { return key_among_equals(*a) < key_among_equals(*b); });
    Plain plain;
    for (const Entry *entry : sorted) {
        if (plain.source.empty()) plain.source = entry->operation->source;
        if (entry->operation->whole) plain.says.clear();
        for (const Record::Cell &cell : entry->operation->message.attributes.cells) plain.says[cell.field] = cell.value;
        if (!entry->operation->customer.empty()) plain.customer = entry->operation->customer.front();
    }
    std::erase_if(plain.says, [](const auto &said) { return said.second.missing(); });
    return plain;
}

constexpr FieldId said_fields[] = {message_field::channel, message_field::subject, message_field::planned_at, message_field::handed_over_at,
                                   message_field::delivered_at};

Journal any_journal(uint64_t seed) {
    std::mt19937_64 random(seed);
    const auto pick = [&](uint64_t below) { return random() % below; };
    Journal journal;
    for (uint64_t count = 1 + pick(12); count > 0; --count) {
        Operation &operation = journal.add(OperationType::message, hour(static_cast<int64_t>(pick(4))));
        operation.message.message_id = "old";
        operation.source = pick(2) ? "shop" : "crm";
        operation.whole = pick(8) == 0;
        if (pick(3) == 0) operation.customer = {{IdentityKind::external_id, std::string(1, static_cast<char>('A' + pick(3)))}};
        for (const FieldId field : said_fields) {
            if (pick(3)) continue;
            const bool is_time = system_fields(Object::message)[field].type == Type::time;
            operation.message.attributes.set(field, pick(3) == 0 ? Value{} : is_time ? Value::of_time(hour(static_cast<int64_t>(pick(5)))) : Value::of_text(std::to_string(pick(4))));
        }
        journal.stamp().has_sequence = pick(2);
        journal.stamp().sequence = static_cast<int64_t>(pick(3));
        journal.stamp().trust = static_cast<uint8_t>(pick(2));  // decides nothing here
    }
    return journal;
}

std::string digest_of(const OldMessage &message) {
    std::string bytes;
    append_facts_digest(message, bytes);
    return bytes;
}

}  // namespace

TEST_CASE("an old message is what its facts say in key order, whatever the sequence they come in") {
    size_t dropped = 0;
    for (uint64_t seed = 1; seed <= 3000; ++seed) {
        CAPTURE(seed);
        Journal journal = any_journal(seed);
        const Plain plain = fold_plainly(journal.entries);
        std::string digest;
        for (int way = 0; way < 4; ++way) {
            OldMessage message;
            for (const Entry &entry : journal.entries) add_fact(message, entry);
            const Record record = record_of(message);
            for (const FieldId field : said_fields) {
                const auto said = plain.says.find(field);
                const Value *got = record.find(field);
                REQUIRE((got != nullptr) == (said != plain.says.end()));
                if (got != nullptr) REQUIRE(*got == said->second);
            }
            REQUIRE(record.text(message_field::source) == plain.source);
            REQUIRE((message.naming() != nullptr) == plain.customer.has_value());
            if (plain.customer) REQUIRE(*message.naming()->customer == *plain.customer);
            REQUIRE(message.version() == static_cast<int64_t>(journal.entries.size()));
            REQUIRE(message.facts.size() <= std::size(said_fields) + 2);
            dropped += message.facts.size() < journal.entries.size();
            if (way == 0) digest = digest_of(message);
            REQUIRE(digest_of(message) == digest);
            REQUIRE(digest_of(fold_old_message(journal.entries)) == digest);
            OldMessage again;
            std::string bytes;
            encode(message, bytes);
            REQUIRE(decode(bytes, again).ok());
            REQUIRE(digest_of(again) == digest);
            REQUIRE(again.entries == message.entries);
            std::shuffle(journal.entries.begin(), journal.entries.end(), std::mt19937_64(seed + static_cast<uint64_t>(way)));
        }
    }
    CHECK(dropped > 1000);
}

TEST_CASE("the state of an old message is the furthest whose time is known") {
    Journal journal;
    const auto state = [&]() {
        const Record record = record_of(fold_old_message(journal.entries));
        const Value *at = record.find(message_field::at);
        return std::string(record.text(message_field::state)) + (at != nullptr ? " " + std::to_string((at->number - day_one) / (3600 * second_us)) : "");
    };
    const auto say = [&](FieldId field, Value value) { journal.add(OperationType::message, hour(static_cast<int64_t>(journal.entries.size()))).message.attributes.set(field, std::move(value)); };
    say(message_field::opens, Value::of_integer(0));
    CHECK(state() == "");
    say(message_field::planned_at, Value::of_time(hour(1)));
    CHECK(state() == "planned 1");
    say(message_field::handed_over_at, Value::of_time(hour(2)));
    CHECK(state() == "handed_over 2");
    say(message_field::delivered_at, Value::of_time(hour(9)));
    CHECK(state() == "delivered 9");
    say(message_field::last_opened_at, Value::of_time(hour(5)));  // then it was opened
    CHECK(state() == "opened 5");
    say(message_field::clicked_at, Value::of_time(hour(6)));
    CHECK(state() == "clicked 6");
    say(message_field::clicked_at, {});
    say(message_field::unsubscribed_at, Value::of_time(hour(7)));
    CHECK(state() == "unsubscribed 7");
}
