// Whose it is (formats.md §1.1): claims, late claims, the anonymous past, merges and unmerges, and what they move.
#include <algorithm>
#include <map>

#include "engine_fixture.hpp"

using namespace engine_test;

namespace {

const Instant noon = at("2026-11-20T12:00:00Z");

json who(const char *kind, const std::string &value) { return {{kind, value}}; }

json operation(const char *type, const std::string &id, const json &customer, const char *when) {
    return {{"type", type}, {"id", id}, {"customer", customer}, {"occurred_at", when}};
}

json profile(const std::string &id, const json &customer, const char *when, const char *city) {
    json made = operation("customer", id, customer, when);
    made["profile"] = {{"city", city}};
    return made;
}

json bought(const std::string &id, const char *order_id, const json &customer, const char *when) {
    json made = operation("order", id, customer, when);
    made["order"] = {{"order_id", order_id}, {"total", "10.00"}};
    return made;
}

json merge(const char *type, const std::string &id, const char *from, const char *into, const char *when) {
    return {{"type", type}, {"id", id}, {"from", {{"external_id", from}}}, {"into", {{"external_id", into}}}, {"occurred_at", when}};
}

json customer(Shop &shop, const std::string &identity) { return Shop::read(shop->customer(identity)); }
json orders(Shop &shop, const std::string &identity) { return customer(shop, identity)["orders"]; }
bool knows(Shop &shop, const std::string &identity) { return shop->customer(identity).ok(); }
int64_t customers(Shop &shop) { return Shop::read(shop->stats())["customers"]; }

void check_sound(Shop &shop) { CHECK(shop.digest() == shop.digest_refolded()); }

}  // namespace

TEST_CASE("an operation that carries a weaker beside a stronger identity claims the weaker: what was known by it belongs to the stronger") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    shop.one(profile("1", who("email", "A@b.eu"), "2026-01-01T00:00:00Z", "Riga"), noon);
    shop.one(bought("2", "o1", who("email", "a@b.eu"), "2026-01-02T00:00:00Z"), noon);
    CHECK(customers(shop) == 1);
    const json claimed = shop.one(bought("3", "o2", {{"external_id", "C-1"}, {"email", "a@b.eu"}}, "2026-02-01T00:00:00Z"), noon);
    CHECK(claimed["warnings"] == json::array());
    CHECK(customers(shop) == 1);
    for (const char *name : {"external_id:C-1", "email:a@b.eu"}) {
        CAPTURE(name);
        CHECK(orders(shop, name) == json::array({"o1", "o2"}));
        CHECK(customer(shop, name)["profile"]["city"] == "Riga");
        CHECK(customer(shop, name)["version"] == 3);
    }
    CHECK(shop.one(bought("4", "o3", who("email", "a@b.eu"), "2026-03-01T00:00:00Z"), noon)["outcome"] == "accepted");
    CHECK(orders(shop, "external_id:C-1").size() == 3);
    check_sound(shop);
}

TEST_CASE("belongs to the newest claim at or before t, else to the first after it") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    shop.apply(json::array({operation("identify", "a", {{"external_id", "A"}, {"phone", "+3711"}}, "2026-02-01T00:00:00Z"),
                            operation("identify", "b", {{"external_id", "B"}, {"phone", "+3711"}}, "2026-04-01T00:00:00Z")}), noon);
    int number = 0;
    for (const char *when : {"2020-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-03-31T23:59:59.999999Z", "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"}) {
        const std::string id = std::to_string(++number);
        shop.one(bought("op" + id, id.c_str(), who("phone", "+371 1"), when), noon);
    }
    CHECK(orders(shop, "external_id:A") == json::array({"1", "2", "3"}));
    CHECK(orders(shop, "external_id:B") == json::array({"4", "5"}));
    CHECK(customer(shop, "phone:+3711")["customer"]["external_id"] == "B");  // by now it is B's
    check_sound(shop);
}

TEST_CASE("device and anonymous ids within `anonymous_days`") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    REQUIRE(shop->put_settings(R"({"shop":{"anonymous_days":30}})", noon).ok());
    shop.one(profile("1", who("anonymous_id", "x"), "2026-01-31T23:59:59Z", "Oslo"), noon);
    shop.one(profile("2", who("anonymous_id", "x"), "2026-02-01T00:00:00Z", "Riga"), noon);
    shop.one(profile("3", who("email", "e@x.eu"), "2020-01-01T00:00:00Z", "Rome"), noon);
    shop.one(operation("identify", "4", {{"external_id", "C-1"}, {"email", "e@x.eu"}, {"anonymous_id", "x"}}, "2026-03-03T00:00:00Z"), noon);
    CHECK(customer(shop, "external_id:C-1")["version"] == 3);  // the last 30 days of x, and all of the address
    CHECK(customer(shop, "external_id:C-1")["profile"]["city"] == "Riga");
    CHECK(customers(shop) == 2);
    CHECK(customer(shop, "anonymous_id:x")["customer"]["external_id"] == "C-1");  // by now
    CHECK(shop.one(profile("5", who("anonymous_id", "x"), "2028-01-01T00:00:00Z", "Bonn"), noon)["version"] == 4);  // after the claim: for ever
    const json page = Shop::read(shop->segment_list("true", noon, "", 1));
    const json rest = Shop::read(shop->segment_list("true", noon, page["next"].get<std::string>(), 10));
    CHECK(page["customers"].size() + rest["customers"].size() == 2);  // pages hold although both are known as x
    check_sound(shop);
}

TEST_CASE("the strongest identity of an operation names its customer; two external_ids are two people unless a merge stands") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    shop.apply(json::array({bought("1", "o1", {{"external_id", "A"}, {"email", "x@y.eu"}}, "2026-01-01T00:00:00Z"),
                            bought("2", "o2", {{"external_id", "B"}, {"phone", "+1"}}, "2026-01-02T00:00:00Z")}), noon);
    CHECK(customers(shop) == 2);
    const std::string before = shop.digest();
    const json merged = shop.one(merge("merge", "m1", "B", "A", "2026-02-01T00:00:00Z"), noon);
    CHECK(merged["outcome"] == "accepted");
    CHECK(merged["version"] == nullptr);
    CHECK(customers(shop) == 1);
    for (const char *name : {"external_id:A", "external_id:B", "email:x@y.eu", "phone:+1"}) CHECK(orders(shop, name) == json::array({"o1", "o2"}));
    check_sound(shop);
    CHECK(shop.one(merge("unmerge", "m2", "B", "A", "2026-03-01T00:00:00Z"), noon)["outcome"] == "accepted");
    CHECK(customers(shop) == 2);
    CHECK(orders(shop, "external_id:B") == json::array({"o2"}));
    CHECK(orders(shop, "phone:+1") == json::array({"o2"}));
    check_sound(shop);
    CHECK(shop.digest() != before);  // that they were merged is known
    CHECK(shop.one(merge("merge", "m3", "B", "A", "2026-02-15T00:00:00Z"), noon)["outcome"] == "late");  // newest of merge and unmerge per `from`
    CHECK(customers(shop) == 2);
    CHECK(shop.one(merge("merge", "m1", "B", "A", "2026-02-01T00:00:00Z"), noon)["outcome"] == "duplicate");
    check_sound(shop);
}

TEST_CASE("chains are followed, a cycle's survivor is the smallest text") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    for (const char *name : {"A", "B", "C", "D"}) shop.one(profile(std::string("p") + name, who("external_id", name), "2026-01-01T00:00:00Z", name), noon);
    shop.one(merge("merge", "1", "D", "C", "2026-02-01T00:00:00Z"), noon);
    shop.one(merge("merge", "2", "C", "B", "2026-02-02T00:00:00Z"), noon);
    CHECK(customers(shop) == 2);
    CHECK(customer(shop, "external_id:D")["version"] == 3);
    shop.one(merge("merge", "3", "B", "D", "2026-02-03T00:00:00Z"), noon);  // B → D → C → B
    CHECK(customers(shop) == 2);
    for (const char *name : {"external_id:B", "external_id:C", "external_id:D"}) CHECK(customer(shop, name)["version"] == 3);
    check_sound(shop);
    shop.one(merge("merge", "4", "C", "A", "2026-02-04T00:00:00Z"), noon);  // D → C → A, B → D
    CHECK(customers(shop) == 1);
    CHECK(customer(shop, "external_id:A")["version"] == 4);
    shop.one(merge("unmerge", "5", "D", "C", "2026-02-05T00:00:00Z"), noon);
    CHECK(customers(shop) == 2);
    CHECK(customer(shop, "external_id:B")["version"] == 2);
    CHECK(customer(shop, "external_id:C")["version"] == 2);
    check_sound(shop);
}

TEST_CASE("conflicting identities are reported, and each entry stays with whom it names") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    shop.one(bought("1", "o1", {{"external_id", "A"}, {"email", "home@x.eu"}}, "2026-01-01T00:00:00Z"), noon);
    const json second = shop.one(bought("2", "o2", {{"external_id", "B"}, {"email", "home@x.eu"}}, "2026-02-01T00:00:00Z"), noon);
    REQUIRE(second["warnings"].size() == 1);
    CHECK(second["outcome"] == "accepted");
    CHECK(second["warnings"][0]["code"] == "identity_conflict");
    CHECK(second["warnings"][0]["pointer"] == "/customer/email");
    CHECK(second["warnings"][0]["message"].get<std::string>().find("home") == std::string::npos);  // nothing personal
    CHECK(orders(shop, "external_id:A") == json::array({"o1"}));
    CHECK(orders(shop, "external_id:B") == json::array({"o2"}));
    // A says it once more: the claim of B ends; what B said in between stays B's.
    CHECK(shop.one(bought("3", "o3", {{"external_id", "A"}, {"email", "home@x.eu"}}, "2026-03-01T00:00:00Z"), noon)["warnings"].size() == 1);
    shop.one(bought("4", "o4", who("email", "home@x.eu"), "2026-02-15T00:00:00Z"), noon);
    shop.one(bought("5", "o5", who("email", "home@x.eu"), "2026-03-15T00:00:00Z"), noon);
    CHECK(orders(shop, "external_id:B") == json::array({"o2", "o4"}));
    CHECK(orders(shop, "external_id:A") == json::array({"o1", "o3", "o5"}));
    check_sound(shop);
    // Of merged customers it is no conflict.
    shop.one(merge("merge", "m", "B", "A", "2026-04-01T00:00:00Z"), noon);
    CHECK(shop.one(bought("6", "o6", {{"external_id", "B"}, {"email", "home@x.eu"}}, "2026-05-01T00:00:00Z"), noon)["warnings"] == json::array());
    check_sound(shop);
}

TEST_CASE("a claim inside another's run of claims ends it, and the next one of that run counts again") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    // A claims at 1, 3, 5 and 7 o'clock; only the first is kept, until B's claim at 4 comes late.
    for (const char *hour : {"01", "03", "05", "07"})
        shop.one(bought(std::string("a") + hour, hour, {{"external_id", "A"}, {"phone", "+9"}}, ("2026-01-01T" + std::string(hour) + ":00:00Z").c_str()), noon);
    for (const char *hour : {"02", "04", "06"})
        shop.one(bought(std::string("p") + hour, hour, who("phone", "+9"), ("2026-01-01T" + std::string(hour) + ":30:00Z").c_str()), noon);
    CHECK(orders(shop, "external_id:A").size() == 7);
    shop.one(operation("identify", "b", {{"external_id", "B"}, {"phone", "+9"}}, "2026-01-01T04:00:00Z"), noon);
    CHECK(orders(shop, "external_id:B") == json::array({"04"}));
    CHECK(orders(shop, "external_id:A").size() == 6);
    check_sound(shop);
}

TEST_CASE("an order without a known customer is accepted and attached when its owner is known") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    json nobodys = bought("1", "o1", nullptr, "2026-01-01T00:00:00Z");
    nobodys.erase("customer");
    CHECK(shop.one(nobodys, noon)["outcome"] == "accepted");
    CHECK(customers(shop) == 0);
    CHECK(Shop::read(shop->order("o1")).dump().find("10.00") != std::string::npos);
    CHECK(shop.one(bought("2", "o1", who("device_id", "till-7"), "2026-01-02T00:00:00Z"), noon)["outcome"] == "accepted");
    CHECK(orders(shop, "device_id:till-7") == json::array({"o1"}));
    shop.one(operation("identify", "3", {{"email", "a@b.eu"}, {"device_id", "till-7"}}, "2026-01-03T00:00:00Z"), noon);
    CHECK(orders(shop, "email:a@b.eu") == json::array({"o1"}));
    shop.one(operation("identify", "4", {{"external_id", "C-1"}, {"email", "a@b.eu"}}, "2026-01-04T00:00:00Z"), noon);
    CHECK(orders(shop, "external_id:C-1") == json::array({"o1"}));
    CHECK(orders(shop, "device_id:till-7") == json::array({"o1"}));  // by two claims
    CHECK(customers(shop) == 1);
    check_sound(shop);
}

TEST_CASE("an order follows the newest fact that names its customer, at that fact's instant") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    shop.one(bought("1", "o1", who("phone", "+1"), "2026-01-01T00:00:00Z"), noon);
    shop.one(bought("2", "o1", who("phone", "+2"), "2026-03-01T00:00:00Z"), noon);
    shop.one(operation("identify", "3", {{"external_id", "A"}, {"phone", "+2"}}, "2026-02-01T00:00:00Z"), noon);
    shop.one(operation("identify", "4", {{"external_id", "B"}, {"phone", "+2"}}, "2026-04-01T00:00:00Z"), noon);
    CHECK(orders(shop, "external_id:A") == json::array({"o1"}));
    CHECK(orders(shop, "external_id:B") == json::array());
    CHECK(customer(shop, "external_id:A")["version"] == 2);
    CHECK(customer(shop, "phone:+1")["version"] == 1);
    check_sound(shop);
}

TEST_CASE("a root that no entry carried fills the profile; else the newest entry's identity of a kind does") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    shop.one(profile("1", who("device_id", "d"), "2026-01-01T00:00:00Z", "Riga"), noon);
    shop.one({{"type", "merge"}, {"id", "2"}, {"from", who("device_id", "d")}, {"into", who("email", "a@b.eu")}, {"occurred_at", "2026-01-02T00:00:00Z"}}, noon);
    CHECK(customer(shop, "device_id:d")["customer"] == json({{"device_id", "d"}, {"email", "a@b.eu"}}));
    CHECK(customer(shop, "device_id:d")["profile"]["known"] == true);
    shop.one(profile("3", who("external_id", "B"), "2026-01-01T00:00:00Z", "Oslo"), noon);
    shop.one(merge("merge", "4", "B", "A", "2026-01-02T00:00:00Z"), noon);
    CHECK(customer(shop, "external_id:A")["customer"]["external_id"] == "B");  // "the one of the newest entry (by key) that carried it"
    check_sound(shop);
}

TEST_CASE("identities are written in many ways and are one") {
    Shop shop(Kind::memory);
    shop.one(profile("1", who("email", " Anna@Example.EU "), "2026-01-01T00:00:00Z", "Riga"), noon);
    shop.one(profile("2", who("phone", "+371 (29) 11-22.33"), "2026-01-01T00:00:00Z", "Riga"), noon);
    CHECK(customer(shop, "email:anna@example.eu")["version"] == 1);
    CHECK(customer(shop, "phone:+37129112233")["version"] == 1);
    CHECK(shop.one(profile("3", who("phone", "29112233"), "2026-01-01T00:00:00Z", "Riga"), noon)["errors"][0]["code"] == "bad_phone");
    CHECK_FALSE(knows(shop, "phone:+29112233"));
}

TEST_CASE("what a merge must say") {
    Shop shop(Kind::memory);
    REQUIRE(shop->put_settings(R"({"sources":[{"code":"web","trust":"public"}]})", noon).ok());
    const auto errors = [&](json operation) {
        operation["id"] = "x";
        std::string all;
        const json result = shop.one(operation, noon);
        for (const json &error : result["errors"]) all += std::string(error["code"]) + " " + std::string(error["pointer"]) + ";";
        return all;
    };
    const json a{{"external_id", "A"}}, b{{"external_id", "B"}};
    CHECK(errors({{"type", "merge"}}) == "missing_from /from;missing_into /into;");
    CHECK(errors({{"type", "merge"}, {"from", a}, {"into", a}}) == "same_customer /into;");
    CHECK(errors({{"type", "unmerge"}, {"from", a}, {"into", json::object()}}) == "one_identity /into;");
    CHECK(errors({{"type", "merge"}, {"from", {{"external_id", "A"}, {"email", "a@b.eu"}}}, {"into", b}}) == "one_identity /from;");
    CHECK(errors({{"type", "merge"}, {"from", {{"email", "nonsense"}}}, {"into", b}}) == "bad_email /from/email;");
    CHECK(errors({{"type", "merge"}, {"from", a}, {"into", b}, {"customer", a}}) == "unknown_member /customer;");
    CHECK(errors({{"type", "merge"}, {"from", a}, {"into", b}, {"if_version", 1}}) == "no_version /if_version;");
    CHECK(errors({{"type", "merge"}, {"source", "web"}, {"from", a}, {"into", b}, {"if_version", 1}}) == "no_version /if_version;");
    CHECK(errors({{"type", "identify"}}) == "missing_customer /customer;");
    CHECK(errors({{"type", "identify"}, {"customer", a}, {"profile", json::object()}}) == "unknown_member /profile;");
    CHECK(errors({{"type", "customer"}, {"customer", a}, {"from", b}}) == "unknown_member /from;");
    CHECK(errors({{"type", "identify"}, {"customer", a}}).empty());
    CHECK(customers(shop) == 1);
}

TEST_CASE("if_version is the customer's that the operation leads to") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    shop.apply(json::array({profile("1", who("external_id", "A"), "2026-01-01T00:00:00Z", "Riga"), profile("2", who("external_id", "B"), "2026-01-01T00:00:00Z", "Oslo"),
                            merge("merge", "3", "B", "A", "2026-01-02T00:00:00Z")}), noon);
    json next = profile("4", who("external_id", "B"), "2026-01-03T00:00:00Z", "Rome");
    next["if_version"] = 1;
    CHECK(shop.one(next, noon)["errors"][0]["code"] == "version");
    next["if_version"] = 2;
    CHECK(shop.one(next, noon)["version"] == 3);
}

TEST_CASE("when customers are merged, a queued second message is retracted (`merged`), and none is written again") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    REQUIRE(shop->put_template("t", R"({"code":"t","channel":"email","body":"Hello"})", noon).ok());
    REQUIRE(shop->put_mailing("m", R"({"code":"m","audience":true,"channel":"email","category":"promo","template":"t"})", noon).ok());
    for (const char *name : {"A", "B", "C"}) shop.one(profile(std::string("p") + name, {{"external_id", name}, {"email", std::string(name) + "@x.eu"}}, "2026-01-01T00:00:00Z", name), noon);
    REQUIRE(shop->start_mailing("m", noon).ok());
    shop.run(noon);
    const auto states = [&] { return Shop::read(shop->mailing_status("m"))["states"]; };
    CHECK(states() == json({{"queued", 3}}));
    SUBCASE("both queued") {
        shop.one(merge("merge", "1", "B", "A", "2026-02-01T00:00:00Z"), noon);
        CHECK(states() == json({{"queued", 2}, {"retracted", 1}}));
        const json leased = Shop::read(shop->lease("w", 10, 1'000'000, noon))["messages"];
        CHECK(leased.size() == 2);
        const json all = Shop::read(shop->export_messages("", "", 10))["messages"];
        CHECK(all.size() == 3);  // nothing is lost
        for (const json &one : all)
            if (one["state"] == "retracted") {
                CHECK(one["reason"] == "merged");
                CHECK(one["customer"] == "external_id:B");
                CHECK(Shop::read(shop->message(one["message_id"].get<std::string>()))["state"] == "retracted");
            }
    }
    SUBCASE("the one that goes was leased: the other is retracted, and the report finds its way") {
        json leased = Shop::read(shop->lease("w", 10, 1'000'000, noon))["messages"];
        json reports = json::array();
        for (const json &one : leased)
            if (one["customer"] == "external_id:B") reports.push_back({{"message_id", one["message_id"]}, {"outcome", "handed_over"}, {"worker", "w"}});
        shop.run(noon + 2'000'000);  // the leases run out
        Shop::read(shop->lease("w", 0, 1, noon + 2'000'000));
        CHECK(states() == json({{"queued", 3}}));
        CHECK(Shop::read(shop->report(reports.dump(), noon))["reports"][0]["outcome"] == "changed");
        shop.one(merge("merge", "1", "B", "A", "2026-02-01T00:00:00Z"), noon);
        CHECK(states() == json({{"handed_over", 1}, {"queued", 1}, {"retracted", 1}}));
        reports[0]["outcome"] = "delivered";
        CHECK(Shop::read(shop->report(reports.dump(), noon))["reports"][0]["outcome"] == "changed");
        CHECK(states() == json({{"delivered", 1}, {"queued", 1}, {"retracted", 1}}));
    }
    SUBCASE("a page of messages goes on after it") {
        shop.one(merge("merge", "1", "A", "B", "2026-02-01T00:00:00Z"), noon);
        std::string next;
        size_t seen = 0;
        do {
            const json page = Shop::read(shop->export_messages("", next, 1));
            seen += page["messages"].size();
            next = page["next"].is_null() ? "" : page["next"].get<std::string>();
        } while (!next.empty());
        CHECK(seen == 3);
    }
    check_sound(shop);
}

TEST_CASE("a mailing's audience is taken at its start: who registers or is merged while it runs still gets one message") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    REQUIRE(shop->put_template("t", R"({"code":"t","channel":"email","body":"Hello"})", noon).ok());
    REQUIRE(shop->put_mailing("m", R"({"code":"m","audience":{"orders":{}},"channel":"email","category":"promo","template":"t"})", noon).ok());
    constexpr int most = 900;
    json all = json::array();
    const auto mail = [](int i) { return "u" + std::to_string(i) + "@x.eu"; };
    for (int i = 0; i < most; ++i) all.push_back(bought("o" + std::to_string(i), ("o" + std::to_string(i)).c_str(), who("email", mail(i)), "2026-01-01T00:00:00Z"));
    for (int i = 0; i < most; ++i) all.push_back(profile("p" + std::to_string(i), who("external_id", "N" + std::to_string(i)), "2026-01-01T00:00:00Z", "no order"));
    shop.apply(all, noon);
    REQUIRE(shop->start_mailing("m", noon).ok());
    Ticked ticked;
    REQUIRE(shop->tick(noon, 2, ticked).ok());
    all.clear();
    for (int i = 0; i < most; ++i) {
        const std::string id = std::to_string(i);
        if (i % 3 == 0) {  // registers: a customer who came later
            all.push_back(operation("identify", "i" + id, {{"external_id", "R" + id}, {"email", mail(i)}}, "2026-02-01T00:00:00Z"));
        } else if (i % 3 == 1) {  // is a customer who has no order, and may have been passed
            all.push_back({{"type", "merge"}, {"id", "m" + id}, {"from", who("email", mail(i))}, {"into", who("external_id", "N" + id)}, {"occurred_at", "2026-02-01T00:00:00Z"}});
            if (i % 2)  // and then somebody else again
                all.push_back(merge("merge", "n" + id, ("N" + id).c_str(), ("L" + id).c_str(), "2026-02-02T00:00:00Z"));
        }
    }
    shop.apply(all, noon);
    shop.run(noon);
    const json states = Shop::read(shop->mailing_status("m"))["states"];
    CHECK(states == json({{"queued", most}}));
    std::map<std::string, int> sent;
    const json messages = Shop::read(shop->export_messages("", "", 10'000))["messages"];
    for (const json &one : messages) ++sent[customer(shop, one["customer"])["orders"].at(0)];
    CHECK(sent.size() == most);  // each buyer one
    check_sound(shop);
}

TEST_CASE("however messages and customers come together, one of a mailing is queued or sent") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    REQUIRE(shop->put_template("t", R"({"code":"t","channel":"email","body":"Hello"})", noon).ok());
    REQUIRE(shop->put_mailing("m", R"({"code":"m","audience":true,"channel":"email","category":"promo","template":"t"})", noon).ok());
    for (const char *name : {"A", "B", "C"}) shop.one(profile(std::string("p") + name, who("external_id", name), "2026-01-01T00:00:00Z", name), noon);
    REQUIRE(shop->start_mailing("m", noon).ok());
    shop.run(noon);
    const auto states = [&] { return Shop::read(shop->mailing_status("m"))["states"]; };
    const auto report = [&](const std::string &of, const char *outcome) {
        const json messages = Shop::read(shop->export_messages("", "", 10))["messages"];
        for (const json &one : messages)
            if (one["customer"] == "external_id:" + of)
                return Shop::read(shop->report(json::array({{{"message_id", one["message_id"]}, {"outcome", outcome}, {"worker", "w"}}}).dump(), noon))["reports"][0];
        return json();
    };
    Shop::read(shop->lease("w", 10, 1'000'000, noon));
    SUBCASE("both leased, and both leases run out") {
        shop.one(merge("merge", "1", "B", "A", "2026-02-01T00:00:00Z"), noon);
        CHECK(states() == json({{"leased", 3}}));
        shop.run(noon + 2'000'000);
        CHECK(states() == json({{"queued", 2}, {"retracted", 1}}));
    }
    SUBCASE("a chain of merges") {
        CHECK(report("B", "failed")["outcome"] == "changed");
        shop.run(noon + 2'000'000);
        shop.one(merge("merge", "1", "A", "B", "2026-02-01T00:00:00Z"), noon);
        CHECK(states() == json({{"failed", 1}, {"queued", 2}}));
        shop.one(merge("merge", "2", "B", "C", "2026-02-02T00:00:00Z"), noon);
        CHECK(states() == json({{"failed", 1}, {"queued", 1}, {"retracted", 1}}));
    }
    SUBCASE("what a provider took after all is not lost, and its twin is not sent") {
        shop.run(noon + 2'000'000);
        shop.one(merge("merge", "1", "B", "A", "2026-02-01T00:00:00Z"), noon);
        CHECK(states() == json({{"queued", 2}, {"retracted", 1}}));
        std::string retracted;
        const json messages = Shop::read(shop->export_messages("", "", 10))["messages"];
        for (const json &one : messages)
            if (one["state"] == "retracted") retracted = one["customer"].get<std::string>().substr(12);
        CHECK(report(retracted, "handed_over")["outcome"] == "changed");
        CHECK(states() == json({{"handed_over", 1}, {"queued", 1}, {"retracted", 1}}));
        CHECK(report(retracted == "A" ? "B" : "A", "failed")["outcome"] == "refused");
    }
    check_sound(shop);
}

TEST_CASE("a mailing that is under way writes one message to customers merged meanwhile") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    REQUIRE(shop->put_template("t", R"({"code":"t","channel":"email","body":"Hello"})", noon).ok());
    REQUIRE(shop->put_mailing("m", R"({"code":"m","audience":true,"channel":"email","category":"promo","template":"t"})", noon).ok());
    constexpr int most = 600;
    json all = json::array();
    for (int i = 0; i < most; ++i) all.push_back(profile("p" + std::to_string(i), who("external_id", "C-" + std::to_string(i)), "2026-01-01T00:00:00Z", "Riga"));
    shop.apply(all, noon);
    REQUIRE(shop->start_mailing("m", noon).ok());
    Ticked ticked;
    REQUIRE(shop->tick(noon, 1, ticked).ok());  // 256 of them
    all.clear();
    for (int i = 0; i < most; i += 2)
        all.push_back({{"type", "merge"}, {"id", "m" + std::to_string(i)}, {"from", who("external_id", "C-" + std::to_string(i))},
                       {"into", who("external_id", "C-" + std::to_string(i + 1))}, {"occurred_at", "2026-02-01T00:00:00Z"}});
    shop.apply(all, noon);
    shop.run(noon);
    const json states = Shop::read(shop->mailing_status("m"))["states"];
    CHECK(states["queued"] == most / 2);
    CHECK(states.value("retracted", 0) > 0);
    check_sound(shop);
}
