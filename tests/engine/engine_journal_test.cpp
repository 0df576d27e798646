// The claim of architecture.md idea 1, through the engine: one digest for any arrival order, batching and duplication of the same
// operations under the same settings; applied = refolded.
#include "engine_fixture.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>

using namespace engine_test;

namespace {

class Journal {
  public:
    explicit Journal(uint32_t seed) : random_(seed) {}

    std::vector<json> operations(size_t count) {
        std::vector<json> all;
        // Some journals are mostly about who is who, with times months apart; others about a few orders within hours.
        crowded_ = pick(2) == 0;
        for (size_t i = 0; i < count; ++i) {
            const uint32_t dice = pick(crowded_ ? 16 : 34);
            all.push_back(pick(9) == 0 ? message(i)
                          : dice > (crowded_ ? 11u : 29u) ? event(i)
                          : dice < 2   ? customer(i)
                          : dice < 3 ? list(i)
                          : dice < 6 ? identify(i)
                          : dice < 8 ? merge(i)
                          : dice < 9 ? product(i)
                          : dice < 10 ? (pick(2) ? consent(i) : container(i))
                          : dice < 11 ? container(i)
                                     : order_operation(i));
        }
        return all;
    }
    json erase(size_t index) {
        json operation{{"type", "erase"}, {"id", "erase" + std::to_string(index)}, {"customer", identities()}, {"mode", pick(2) ? "delete" : "anonymise"}};
        if (pick(3)) operation["occurred_at"] = format_instant(at("2026-01-01T00:00:00Z") + int64_t{pick(12)} * 10 * day_us);
        return operation;
    }
    uint32_t pick(uint32_t below) { return static_cast<uint32_t>(random_() % below); }
    template <typename T>
    void shuffle(std::vector<T> &all) {
        for (size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[pick(static_cast<uint32_t>(i))]);
    }

  private:
    json base(size_t index, const char *type) {
        json operation{{"type", type}, {"id", "op" + std::to_string(index)}};
        const int64_t step_us = crowded_ ? 20 * day_us : 3600 * second_us;
        operation["occurred_at"] = format_instant(at("2026-01-01T00:00:00Z") + int64_t{pick(6)} * step_us);  // many equal times
        if (pick(3) == 0) operation["source"] = pick(2) ? "web" : "till";
        if (pick(4) == 0) operation["sequence"] = pick(3);
        if (pick(12) == 0) operation["whole"] = true;
        return operation;
    }
    json identities() {
        const std::string n = std::to_string(pick(3));
        json who;
        if (pick(2)) who["external_id"] = "C-" + n;
        if (pick(2)) who["email"] = "c" + (crowded_ ? std::to_string(pick(2)) : n) + "@example.eu";
        if (crowded_ && pick(3) == 0) who["phone"] = "+" + std::to_string(pick(2));
        if (crowded_ && pick(3) == 0) who["anonymous_id"] = "a" + std::to_string(pick(2));
        if (who.is_null() || (crowded_ && pick(4) == 0)) who["device_id"] = "d" + n;
        return who;
    }
    json identify(size_t index) {
        json operation = base(index, "identify");
        operation["customer"] = identities();
        return operation;
    }
    json list(size_t index) {
        json operation = base(index, "list");
        operation["customer"] = identities();
        operation["list"] = pick(2) ? "vip" : "staff";
        operation["member"] = pick(2) == 0;
        return operation;
    }
    json consent(size_t index) {
        json operation = base(index, "consent");
        operation["customer"] = identities();
        if (pick(4)) operation["channel"] = pick(2) ? "email" : "sms";
        operation["category"] = !operation.contains("channel") ? "watch" : pick(3) ? "promo" : "service";
        operation["granted"] = pick(2) == 0;
        if (operation["granted"] == true && pick(2)) operation["expires_at"] = "2026-0" + std::to_string(1 + pick(9)) + "-01T00:00:00Z";
        if (pick(2)) operation["proof"] = "form " + std::to_string(pick(9));
        return operation;
    }
    json item() {
        json item{{"product_id", "P" + std::to_string(pick(3))}};
        if (pick(2)) item["quantity"] = std::to_string(1 + pick(3));
        if (pick(3)) item["price"] = std::to_string(pick(4)) + ".00";
        if (pick(4) == 0) item["name"] = "mug" + std::to_string(pick(3));
        return item;
    }
    json container(size_t index) {
        json operation = base(index, "container");
        operation.erase("whole");
        operation["customer"] = identities();
        const uint32_t which = pick(6);
        operation["container"] = which < 4 ? "cart" : which < 5 ? "wishes" : "seen";
        const uint32_t act = pick(10);
        if (act < 4) operation["add"] = item();
        else if (act < 6) operation["remove"] = pick(2) ? item() : json{{"product_id", "P" + std::to_string(pick(3))}};
        else if (act < 8) operation["set"] = item();
        else if (act < 9) operation["replace"] = json::array({item(), item()});
        else operation["clear"] = true;
        if (act < 4 && pick(3) == 0) {  // the same, sent as an event, which tells whose its session is
            operation["type"] = "event";
            operation["name"] = "container.item_added";
            operation["context"] = operation["add"];
            operation["context"]["container"] = operation["container"];
            operation["session_id"] = "s" + std::to_string(pick(3));
            operation.erase("add");
            operation.erase("container");
        }
        return operation;
    }
    json side() {
        if (pick(5) != 0) return {{"external_id", "C-" + std::to_string(pick(3))}};
        json any = identities();
        return {{any.begin().key(), any.begin().value()}};
    }
    json merge(size_t index) {
        json operation = base(index, pick(3) ? "merge" : "unmerge");
        operation["from"] = side();
        do operation["into"] = side();
        while (operation["into"] == operation["from"]);
        return operation;
    }
    json customer(size_t index) {
        json operation = base(index, "customer");
        operation["customer"] = identities();
        operation["profile"] = {{"city", "city" + std::to_string(pick(3))}};
        if (pick(2)) operation["profile"]["first_name"] = pick(3) ? json("n" + std::to_string(pick(3))) : json(nullptr);
        if (pick(3) == 0) operation["profile"]["fields"] = {{"vip", pick(2) == 0}};
        return operation;
    }
    json event(size_t index) {
        json operation = base(index, "event");
        operation.erase("whole");
        operation["name"] = pick(2) ? "page.viewed" : "customer.registered";
        if (pick(8) == 0) {
            operation["name"] = "prices.read";
            return operation;
        }
        if (pick(3)) operation["session_id"] = "s" + std::to_string(pick(3));
        if (pick(3) || !operation.contains("session_id")) operation["customer"] = identities();
        if (pick(2)) operation["context"] = {{"url", "https://shop/" + std::to_string(pick(3))}, {"depth", json::array({pick(3), nullptr})}};
        return operation;
    }
    json message(size_t index) {
        json operation = base(index, "message");
        operation["backfill"] = true;
        if (operation.value("source", "") == "web") operation["source"] = "till";
        if (pick(4)) operation["customer"] = identities();
        json &message = operation["message"];
        message["message_id"] = "old-" + std::to_string(pick(3));
        if (pick(3)) message["channel"] = pick(3) ? json(pick(2) ? "email" : "sms") : json(nullptr);
        if (pick(3) == 0) message["category"] = "promo";
        for (const char *time : {"handed_over_at", "opened_at", "clicked_at"})
            if (pick(2)) message[time] = pick(4) ? json("2025-10-0" + std::to_string(1 + pick(8)) + "T00:00:00Z") : json(nullptr);
        if (pick(4) == 0) message["opens"] = pick(3);
        return operation;
    }
    json line() {
        json line{{"line_id", std::to_string(pick(4))}, {"quantity", std::to_string(1 + pick(3))}};
        if (pick(2)) line["name"] = "item" + std::to_string(pick(3));
        return line;
    }
    json product(size_t index) {
        json operation = base(index, "product");
        json &product = operation["product"];
        product["product_id"] = "P" + std::to_string(pick(2));
        if (pick(2)) product["price"] = std::to_string(pick(3)) + ".00";
        if (pick(2)) product["stock"] = pick(4) ? json(std::to_string(pick(3))) : json(nullptr);
        if (pick(3) == 0) product["category"] = json::array({"Kitchen", pick(2) ? "Mugs" : "Pots"});
        if (pick(3) == 0) product["fields"] = {{"eco", pick(2) == 0}};
        return operation;
    }
    json order_operation(size_t index) {
        json operation = base(index, "order");
        if (pick(4) != 0) operation["customer"] = identities();
        json &order = operation["order"];
        order["order_id"] = "O" + std::to_string(pick(4));
        if (pick(2)) order["total"] = std::to_string(pick(9)) + ".50";
        if (pick(3) == 0) order["delivery"] = {{"type", pick(2) ? json("courier") : json(nullptr)}, {"address", {{"city", "c" + std::to_string(pick(3))}}}};
        if (pick(3) == 0) order["placed_at"] = pick(4) ? json("2026-10-0" + std::to_string(1 + pick(8)) + "T00:00:00Z") : json(nullptr);
        if (pick(3) == 0) order["currency"] = pick(2) ? "EUR" : "GBP";
        if (pick(3) == 0) {
            order["lines"] = json::array();
            json taken = json::object();
            for (uint32_t i = pick(3); i > 0; --i) {
                json one = line();
                if (!taken.contains(one["line_id"].get<std::string>())) order["lines"].push_back(one);
                taken[one["line_id"].get<std::string>()] = 1;
            }
        }
        if (pick(3) == 0) {
            json change = line();
            if (pick(3) == 0) change = {{"line_id", change["line_id"]}, {"remove", true}};
            order["line_changes"] = json::array({change});
        }
        if (pick(4) == 0) order["payments"] = json::array({{{"payment_id", "1"}, {"amount", "2.00"}}});
        if (pick(4) == 0) order["payment_changes"] = json::array({{{"payment_id", std::to_string(pick(2))}, {"amount", std::to_string(pick(5)) + ".00"}}});
        for (const char *set : {"general", "payment"}) {
            if (pick(3) != 0) continue;
            json code = pick(6) == 0 ? json(nullptr) : json("s" + std::to_string(pick(3)));
            if (code.is_string() && pick(2)) code = {{"code", code}, {"at", "2026-11-01T0" + std::to_string(pick(6)) + ":30:00Z"}};
            order["status"][set] = code;
        }
        if (pick(4) == 0) order["fields"] = {{"gift", pick(3) ? json(pick(2) == 0) : json(nullptr)}};
        return operation;
    }
    std::mt19937 random_;
    bool crowded_ = false;
};

const char *settings = R"({"containers":[{"code":"cart","merge":"union","lifetime":"2h"},{"code":"wishes","merge":"max"},{"code":"seen","merge":"newest","lifetime":"1mo"}],"lists":[{"code":"vip"},{"code":"staff"}],"categories":[{"code":"promo","kind":"promo"},{"code":"service","kind":"service"},{"code":"watch","kind":"tracking"}],
    "events":[{"name":"prices.read","kind":"system"}],"sources":[{"code":"web","trust":"public"},{"code":"till","trust":"trusted","rank":5}],
  "statuses":[{"set":"general","code":"s0"},{"set":"general","code":"s1"},{"set":"general","code":"s2","in_analytics":false},
              {"set":"payment","code":"s0"},{"set":"payment","code":"s1"},{"set":"payment","code":"s2"}],
  "fields":[{"of":"order","code":"gift","type":"boolean"},{"of":"customer","code":"vip","type":"boolean"},{"of":"product","code":"eco","type":"boolean"}]})";

// Batches of up to `most` operations; now and then the engine is opened anew, and knows of nothing but what is stored.
std::string play(Kind kind, const std::vector<json> &operations, Journal &dice, uint32_t most = 8) {
    Shop shop(kind);
    REQUIRE(shop->put_settings(settings, at("2026-11-10T00:00:00Z")).ok());
    Instant now = at("2026-11-10T00:00:00Z");
    for (size_t next = 0; next < operations.size(); now += second_us) {
        json batch = json::array();
        for (size_t size = 1 + dice.pick(most); size > 0 && next < operations.size(); --size) batch.push_back(operations[next++]);
        if (kind == Kind::sqlite && dice.pick(40) == 0) shop.reopen();
        for (const json &result : shop.apply(batch, now)) {
            INFO(result.dump());
            CHECK(result["outcome"] != "rejected");
        }
    }
    CHECK(shop.digest() == shop.digest_refolded());
    return shop.digest();
}

}  // namespace

TEST_CASE("one digest for every permutation, batching and duplication of a random journal; applied = refolded") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    constexpr uint32_t usual = 200;  // ten times as slow
#else
    constexpr uint32_t usual = 2000;
#endif
    const char *wanted = std::getenv("CARTBELL_JOURNALS");
    const uint32_t journals = wanted != nullptr ? static_cast<uint32_t>(std::atoi(wanted)) : usual;
    REQUIRE(journals > 0);
    for (uint32_t seed = 1; seed <= journals; ++seed) {
        CAPTURE(seed);
        Journal journal(seed);
        std::vector<json> operations = journal.operations(5 + journal.pick(20));
        const std::string digest = play(Kind::memory, operations, journal);
        for (int permutation = 0; permutation < 5; ++permutation) {
            CAPTURE(permutation);
            std::vector<json> arrival = operations;
            for (size_t copies = journal.pick(5); copies > 0; --copies) arrival.push_back(operations[journal.pick(static_cast<uint32_t>(operations.size()))]);
            journal.shuffle(arrival);
            REQUIRE(play(Kind::memory, arrival, journal) == digest);
        }
        if (seed % 50 == 0) REQUIRE(play(Kind::sqlite, operations, journal) == digest);
    }
}

// Of few objects with hundreds of entries each: their older entries lie in rows of their own, and facts are kept for the next late one.
TEST_CASE("one digest for every permutation and batching of a journal of busy objects") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    constexpr uint32_t journals = 4;
#else
    constexpr uint32_t journals = 16;
#endif
    for (uint32_t seed = 1; seed <= journals; ++seed) {
        CAPTURE(seed);
        Journal journal(100'000 + seed);
        std::vector<json> operations = journal.operations(400);
        const std::string digest = play(Kind::memory, operations, journal, 20);
        journal.shuffle(operations);
        REQUIRE(play(Kind::memory, operations, journal, 1) == digest);
        journal.shuffle(operations);
        REQUIRE(play(Kind::sqlite, operations, journal, 100) == digest);
    }
}

namespace {

// The ids that a timeline lists, page by page.
template <typename Page>
std::vector<std::string> listed(Page &&page, size_t limit) {
    std::vector<std::string> ids;
    for (std::string after;;) {
        const json answer = Shop::read(page(after, limit));
        for (const json &entry : answer["entries"]) ids.push_back(entry["source"].get<std::string>() + '|' + entry["id"].get<std::string>());
        if (answer["next"].is_null()) return ids;
        after = answer["next"];
    }
}

// What all timelines list: of each order as many entries as were sent, and of each customer none twice.
json timelines(Shop &shop, const std::vector<json> &operations, size_t limit) {
    json all = json::object();
    std::map<std::string, std::set<std::string>> said_of;
    std::set<std::string> identities;
    for (const json &operation : operations) {
        const std::string id = operation.value("source", "") + '|' + operation["id"].get<std::string>();
        if (operation["type"] == "order") said_of[operation["order"]["order_id"]].insert(id);
        for (const char *member : {"customer", "from", "into"})
            if (operation.contains(member))
                for (const auto &one : operation[member].items()) identities.insert(one.key() + ":" + one.value().get<std::string>());
    }
    for (const auto &said : said_of) {
        const auto got = listed([&](const std::string &after, size_t most) { return shop->order_timeline(said.first, after, most); }, limit);
        CHECK(got.size() == said.second.size());
        CHECK(std::set<std::string>(got.begin(), got.end()).size() == got.size());
        all[said.first] = got;
    }
    for (const std::string &identity : identities) {
        if (!shop->customer_timeline(identity, "", 1).ok()) continue;
        const auto got = listed([&](const std::string &after, size_t most) { return shop->customer_timeline(identity, after, most); }, limit);
        CHECK(std::set<std::string>(got.begin(), got.end()).size() == got.size());
        all[identity] = got;
    }
    return all;
}

}  // namespace

// Customers with hundreds of entries each become one another and themselves again, while late facts come to them and their orders; the engine
// is opened anew in between.
TEST_CASE("busy customers that are merged and parted back and forth keep every entry once") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    constexpr uint32_t journals = 1;
#else
    constexpr uint32_t journals = 3;
#endif
    for (uint32_t seed = 1; seed <= journals; ++seed) {
        CAPTURE(seed);
        Journal journal(700'000 + seed);
        std::vector<json> operations = journal.operations(300 + journal.pick(500));
        for (int i = 0; i < 60; ++i) {
            const uint32_t from = journal.pick(3), into = (from + 1 + journal.pick(2)) % 3;
            operations.push_back({{"type", journal.pick(2) ? "merge" : "unmerge"},
                                  {"id", "m" + std::to_string(i)},
                                  {"occurred_at", format_instant(at("2026-02-01T00:00:00Z") + i * second_us)},
                                  {"from", {{"external_id", "C-" + std::to_string(from)}}},
                                  {"into", {{"external_id", "C-" + std::to_string(into)}}}});
        }
        json expected;
        std::string digest;
        for (int way = 0; way < 3; ++way) {
            CAPTURE(way);
            if (way > 0) journal.shuffle(operations);
            Shop shop(way == 1 ? Kind::sqlite : Kind::memory);
            REQUIRE(shop->put_settings(settings, at("2026-11-10T00:00:00Z")).ok());
            Instant now = at("2026-11-10T00:00:00Z");
            for (size_t next = 0; next < operations.size(); now += second_us) {
                json batch = json::array();
                const uint32_t most = way == 0 ? 30 : journal.pick(4) ? 1 : 40;
                for (size_t size = 1 + journal.pick(most); size > 0 && next < operations.size(); --size) batch.push_back(operations[next++]);
                for (const json &result : shop.apply(batch, now)) CHECK(result["outcome"] != "rejected");
                if (journal.pick(30) == 0) shop.reopen();
                if (journal.pick(25) == 0) REQUIRE(shop.digest() == shop.digest_refolded());
            }
            REQUIRE(shop.digest() == shop.digest_refolded());
            const json told = timelines(shop, operations, way == 0 ? 100 : 7);
            if (way == 0) digest = shop.digest(), expected = told;
            REQUIRE(shop.digest() == digest);
            REQUIRE(told == expected);
        }
    }
}

// architecture.md idea 1: "refold is also how … erase work[s]". An erase acts on what is stored when it arrives, so it is outside of the claim about
// permutations; but what is stored after it is what the journal that it left folds to, and that journal's operations, sent to another shop, too.
TEST_CASE("wherever people are erased in a random journal, applied = refolded, and what is left of the journal makes the same state") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    constexpr uint32_t usual = 300;
#else
    constexpr uint32_t usual = 3000;
#endif
    const char *wanted = std::getenv("CARTBELL_JOURNALS");
    const uint32_t journals = wanted != nullptr ? static_cast<uint32_t>(std::atoi(wanted)) : usual;
    int64_t erased = 0, refused = 0;
    for (uint32_t seed = 1; seed <= journals; ++seed) {
        CAPTURE(seed);
        Journal journal(1'000'000 + seed);
        std::vector<json> operations = journal.operations(5 + journal.pick(30));
        for (uint32_t i = 1 + journal.pick(3); i > 0; --i)
            operations.insert(operations.begin() + journal.pick(static_cast<uint32_t>(operations.size()) + 1), journal.erase(i));
        const Kind kind = seed % 10 == 0 ? Kind::sqlite : Kind::memory;
        Shop shop(kind);
        REQUIRE(shop->put_settings(settings, at("2026-11-10T00:00:00Z")).ok());
        Instant now = at("2026-11-10T00:00:00Z");
        for (size_t next = 0; next < operations.size(); now += second_us) {
            json batch = json::array();
            bool erases = false;
            for (size_t size = 1 + journal.pick(8); size > 0 && next < operations.size(); --size) {
                erases |= operations[next]["type"] == "erase";
                batch.push_back(operations[next++]);
            }
            const json results = shop.apply(batch, now);
            for (size_t i = 0; i < results.size(); ++i) {
                INFO(batch[i].dump() << " " << results[i].dump());
                if (results[i]["outcome"] != "rejected") continue;
                REQUIRE(batch[i]["type"] != "erase");
                for (const json &error : results[i]["errors"]) REQUIRE(error["code"] == "erased");
                ++refused;
            }
            erased += erases;
            if (erases) REQUIRE(shop.digest() == shop.digest_refolded());
            if (journal.pick(20) == 0) shop.reopen();
        }
        REQUIRE(shop.digest() == shop.digest_refolded());
        if (kind == Kind::sqlite) REQUIRE(shop.digest_replayed() == shop.digest());
        const std::string last = shop.digest();
        for (const json &operation : operations) CHECK(shop.one(operation, now)["outcome"] != "accepted");  // the same once more: nothing comes back
        REQUIRE(shop.digest() == last);
    }
    CHECK(erased > journals);
    CHECK(refused > journals / 4);
}
