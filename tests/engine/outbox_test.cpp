// Lease and report: formats.md §4 "A message", architecture.md idea 3.
#include "engine_fixture.hpp"

#include <set>

#include "campaign/message_state.hpp"

using namespace engine_test;

namespace {
const Instant noon = at("2026-11-20T12:00:00Z");
constexpr int64_t minute = 60 * second_us;

void fill(Shop &shop, int customers) {
    json operations = json::array();
    for (int i = 0; i < customers; ++i) operations.push_back(order("o" + std::to_string(i), std::to_string(i), "C-" + std::to_string(i), "2026-11-20T10:00:00Z"));
    shop.apply(operations, noon);
    REQUIRE(shop->put_template("t", R"({"channel":"sms","text":"Hello"})", noon).ok());
    REQUIRE(shop->put_mailing("m", R"({"audience":{"orders":{}},"channel":"sms","category":"promo","template":"t"})", noon).ok());
    REQUIRE(shop->start_mailing("m", noon).ok());
    shop.run(noon);
}

json lease(Shop &shop, const char *worker, size_t most, Instant now) { return Shop::read(shop->lease(worker, most, minute, now))["messages"]; }

json report(Shop &shop, const json &message, const char *outcome, json more = json::object()) {
    more["message_id"] = message["message_id"];
    more["outcome"] = outcome;
    return Shop::read(shop->report(more.dump(), noon))["reports"].at(0);
}
json states(Shop &shop) { return Shop::read(shop->mailing_status("m"))["states"]; }
}  // namespace

TEST_CASE("a leased message is nobody else's; what is reported handed over is done") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    fill(shop, 10);
    const json a = lease(shop, "a", 4, noon), b = lease(shop, "b", 10, noon);
    CHECK(a.size() == 4);
    CHECK(b.size() == 6);
    std::set<std::string> ids;
    for (const json &message : a) ids.insert(message["message_id"]);
    for (const json &message : b) ids.insert(message["message_id"]);
    CHECK(ids.size() == 10);
    CHECK(lease(shop, "c", 10, noon).empty());
    CHECK(a[0]["parts"]["text"] == "Hello");
    CHECK(a[0]["attempts"] == 1);
    CHECK(report(shop, a[0], "handed_over", {{"provider_id", "p-1"}})["outcome"] == "changed");
    CHECK(report(shop, a[0], "handed_over", {{"provider_id", "p-1"}})["outcome"] == "unchanged");  // idempotent
    shop.reopen();
    const json stored = Shop::read(shop->message(a[0]["message_id"].get<std::string>()));
    CHECK(stored["state"] == "handed_over");
    CHECK(stored["provider_id"] == "p-1");
    CHECK(report(shop, a[0], "delivered")["state"] == "delivered");
    CHECK(report(shop, a[0], "failed")["error"]["code"] == "contradiction");
    CHECK(report(shop, a[1], "bounced", {{"reason", "hard"}})["state"] == "bounced");
    CHECK(report(shop, a[2], "failed")["state"] == "failed");
    CHECK(states(shop) == json{{"delivered", 1}, {"bounced", 1}, {"failed", 1}, {"leased", 7}});
}

TEST_CASE("a lease that ran out goes back to the queue") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    fill(shop, 3);
    const json first = lease(shop, "a", 3, noon);
    report(shop, first[0], "handed_over");
    CHECK(lease(shop, "b", 3, noon + minute - 1).empty());
    SUBCASE("seen by the next lease") {
        const json again = lease(shop, "b", 3, noon + minute);
        REQUIRE(again.size() == 2);
        CHECK(again[0]["attempts"] == 2);
        for (const json &message : again) CHECK(message["message_id"] != first[0]["message_id"]);
        // The first worker is late: that its provider took the message is true, that it failed is not its to say any more.
        CHECK(report(shop, first[1], "failed", {{"worker", "a"}})["error"]["code"] == "not_leased");
        CHECK(report(shop, first[1], "handed_over", {{"worker", "a"}})["outcome"] == "changed");
        CHECK(report(shop, first[2], "failed", {{"worker", "b"}})["outcome"] == "changed");
    }
    SUBCASE("seen by a tick") {
        Ticked ticked;
        REQUIRE(shop->tick(noon, 10, ticked).ok());
        CHECK(ticked.next_due == noon + minute);
        REQUIRE(shop->tick(noon + minute, 10, ticked).ok());
        CHECK(ticked.steps == 1);
        CHECK(ticked.next_due == never);
        CHECK(states(shop) == json{{"queued", 2}, {"handed_over", 1}});
        CHECK(report(shop, first[1], "handed_over")["outcome"] == "changed");  // late, and nobody took it meanwhile
    }
}

TEST_CASE("what a provider took is neither failed nor lost") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    fill(shop, 4);
    const json first = lease(shop, "a", 4, noon);
    Ticked ticked;
    REQUIRE(shop->tick(noon + minute, 10, ticked).ok());
    for (const char *outcome : {"failed", "bounced"})  // its lease ended: others will try
        CHECK(report(shop, first[0], outcome, {{"worker", "a"}})["error"]["code"] == "not_leased");
    CHECK(report(shop, first[0], "failed")["error"]["code"] == "not_leased");
    CHECK(states(shop) == json{{"queued", 4}});
    CHECK(report(shop, first[0], "handed_over", {{"worker", "a"}})["outcome"] == "changed");
    CHECK(report(shop, first[1], "delivered", {{"worker", "a"}})["outcome"] == "changed");

    const json again = lease(shop, "b", 4, noon + minute);
    REQUIRE(again.size() == 2);
    // b fails, then a's late word comes
    CHECK(report(shop, again[0], "failed", {{"worker", "b"}, {"reason", "busy"}})["state"] == "failed");
    CHECK(report(shop, again[0], "handed_over", {{"worker", "a"}, {"provider_id", "p-1"}})["outcome"] == "changed");
    const json stored = Shop::read(shop->message(again[0]["message_id"].get<std::string>()));
    CHECK(stored["state"] == "handed_over");
    CHECK(stored["provider_id"] == "p-1");
    CHECK(stored["reason"].is_null());
    // a's word comes first, then b, whose lease it is, fails
    CHECK(report(shop, again[1], "handed_over", {{"worker", "a"}, {"provider_id", "p-2"}})["outcome"] == "changed");
    for (const char *outcome : {"failed", "bounced"}) {
        const json refused = report(shop, again[1], outcome, {{"worker", "b"}});
        CHECK(refused["error"]["code"] == "not_leased");
        CHECK(refused["state"] == "handed_over");
    }
    shop.reopen();
    SUBCASE("the worker that handed over may say more") { CHECK(report(shop, again[1], "bounced", {{"worker", "a"}})["state"] == "bounced"); }
    SUBCASE("and so may nobody's report; the hand-over said once more is no news") {
        CHECK(report(shop, again[1], "failed", {{"reason", "provider"}})["state"] == "failed");
        CHECK(report(shop, again[1], "handed_over", {{"worker", "a"}, {"provider_id", "p-2"}})["outcome"] == "unchanged");
        CHECK(Shop::read(shop->message(again[1]["message_id"].get<std::string>()))["state"] == "failed");
    }
}

TEST_CASE("reports of one call are answered one by one, and bad ones refuse the whole text with a pointer") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    fill(shop, 2);
    const json leased = lease(shop, "a", 2, noon);
    const json answer = Shop::read(shop->report(
        json::array({{{"message_id", leased[0]["message_id"]}, {"outcome", "handed_over"}},
                     {{"message_id", "nobody"}, {"outcome", "handed_over"}},
                     {{"message_id", leased[0]["message_id"]}, {"outcome", "delivered"}}}).dump(), noon))["reports"];
    CHECK(answer[0]["outcome"] == "changed");
    CHECK(answer[1]["error"]["code"] == "unknown_message");
    CHECK(answer[2]["state"] == "delivered");
    const auto bad = shop->report(R"([{"message_id":"x","outcome":"lost"}])", noon);
    CHECK(bad.code() == Code::invalid);
    CHECK(bad.error().pointer == "/0/outcome");
    CHECK(!shop->report("[{}]", noon).ok());
    CHECK(!shop->report("[", noon).ok());
    CHECK(!shop->report(R"({"message_id":"x","outcome":"failed","state":"y"})", noon).ok());
}

TEST_CASE("one message is read by its id, leased or not; the export pages through one source or all") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    fill(shop, 5);
    const json page = Shop::read(shop->export_messages("mailing:m", "", 3));
    CHECK(page["messages"].size() == 3);
    const json rest = Shop::read(shop->export_messages("mailing:m", page["next"].get<std::string>(), 3));
    CHECK(rest["messages"].size() == 2);
    CHECK(rest["next"].is_null());
    CHECK(Shop::read(shop->export_messages("mailing:other", "", 3))["messages"].empty());
    CHECK(Shop::read(shop->message(rest["messages"][1]["message_id"].get<std::string>()))["state"] == "queued");
    CHECK(shop->message("nobody").code() == Code::not_found);
    CHECK(!shop->export_messages("", "nonsense", 3).ok());
}

TEST_CASE("a name-based id depends on source, identity and key, each apart") {
    using campaign::message_id;
    CHECK(message_id("mailing:m", "external_id:C-1", "") == message_id("mailing:m", "external_id:C-1", ""));
    CHECK(message_id("mailing:m", "external_id:C-1", "") != message_id("mailing:m", "external_id:C-", "1"));
    CHECK(message_id("mailing:m", "external_id:C-1", "").size() == 36);
    CHECK(message_id("mailing:m", "external_id:C-1", "")[14] == '5');
}
