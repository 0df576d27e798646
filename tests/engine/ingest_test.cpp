// Operations in: formats.md §1 through the engine, on every store.
#include "engine_fixture.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include "engine/packed_result.hpp"

using namespace engine_test;

namespace {

const Instant noon = at("2026-11-20T12:00:00Z");

json codes(const json &notes) {
    json out = json::array();
    for (const json &note : notes) out.push_back(note["code"]);
    return out;
}

json event_names(const json &result) {
    json out = json::array();
    for (const json &event : result["changed"]) out.push_back(event["name"]);
    return out;
}

}  // namespace

TEST_CASE("an order goes in and comes out, with its customer") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const json result = shop.one(order("o1", "100045", "C-17", "2026-11-20T10:00:00Z",
                                       {{"total", "99.80"}, {"lines", json::array({{{"line_id", "1"}, {"quantity", "2"}, {"price", "49.90"}}})}}),
                                 noon);
    CHECK(result["outcome"] == "accepted");
    CHECK(result["version"] == 1);
    CHECK(event_names(result) == json::array({"order.created"}));
    const json stored = Shop::read(shop->order("100045"));
    CHECK(stored.dump().find("99.80") != std::string::npos);
    const json customer = Shop::read(shop->customer("external_id:C-17"));
    CHECK(customer["orders"] == json::array({"100045"}));
    CHECK(shop->order("nope").code() == Code::not_found);
    CHECK(shop->customer("external_id:nope").code() == Code::not_found);
    CHECK(shop->customer("C-17").code() == Code::invalid);
    shop.reopen();
    if (kind == Kind::sqlite) CHECK(Shop::read(shop->order("100045")) == stored);
}

TEST_CASE("the same id and the same canonical body is a duplicate, answered with the first result; another body is id_reused") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    json operation = order("o1", "1", "C-1", "2026-11-20T10:00:00Z", {{"total", "10.00"}});
    const json first = shop.one(operation, noon);
    const std::string digest = shop.digest();
    operation["sent_at"] = "2026-11-20T12:00:01Z";  // the body is compared without sent_at
    json again = shop.one(operation, noon + second_us);
    CHECK(again["outcome"] == "duplicate");
    again["outcome"] = first["outcome"];
    CHECK(again == first);
    CHECK(shop.last.duplicate == 1);
    operation["order"]["total"] = "11.00";
    const json reused = shop.one(operation, noon);
    CHECK(reused["outcome"] == "rejected");
    CHECK(codes(reused["errors"]) == json::array({"id_reused"}));
    CHECK(shop.digest() == digest);
}

TEST_CASE("duplicates and reused ids are seen inside one batch too") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const json a = order("o1", "1", "C-1", "2026-11-20T10:00:00Z", {{"total", "10.00"}});
    const json b = order("o1", "1", "C-1", "2026-11-20T10:00:00Z", {{"total", "12.00"}});
    const json results = shop.apply(json::array({a, a, b}), noon);
    CHECK(results[0]["outcome"] == "accepted");
    CHECK(results[1]["outcome"] == "duplicate");
    CHECK(results[2]["outcome"] == "rejected");
    CHECK(Shop::read(shop->stats())["operations"] == 1);
}

TEST_CASE("a result is kept packed and comes back as it was, whatever ids and texts are in it") {
    using cartbell::engine::pack_result;
    using cartbell::engine::unpack_result;
    Shop shop(Kind::memory);
    json hostile = order("id\",\"outcome\":\"accepted\",\"version\":\x01\x1f", "or\"}},{\"id\":\"der", "C-1", "2026-11-20T12:30:00Z",
                         {{"status", {{"general", {{"code", "received"}, {"at", "2026-11-21T00:00:00Z"}}}}}});
    const std::string result = shop.one(hostile, noon).dump();
    std::string packed;
    for (const std::string &text : {result, std::string("{\"id\":\""), std::string("null,\"to\":\"n"), std::string("{"), std::string()}) {
        pack_result(text, packed);
        CHECK(unpack_result(packed) == text);
        CHECK(unpack_result(text) == text);
    }
    const json first = shop.one(order("plain", "1", "C-1", "2026-11-20T10:00:00Z"), noon);
    pack_result(R"({"id":"plain","outcome":"accepted","version":1,"changed":[{"name":"order.created","context":{"order_id":"1"}}],"ignored":[],"warnings":[],"errors":[]})", packed);
    CHECK(packed.size() < 20);
    json again = shop.one(hostile, noon);
    CHECK(again["outcome"] == "duplicate");
    again["outcome"] = json::parse(result)["outcome"];
    CHECK(again.dump() == result);
    CHECK(first["outcome"] == "accepted");
}

TEST_CASE("an update that changes nothing says so and causes nothing") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    shop.one(order("o1", "1", "C-1", "2026-11-20T10:00:00Z", {{"total", "10.00"}}), noon);
    const json result = shop.one(order("o2", "1", "C-1", "2026-11-20T10:01:00Z", {{"total", "10.0"}}), noon);
    CHECK(result["outcome"] == "accepted");
    CHECK(result["changed"] == json::array());
    CHECK(result["version"] == 2);
}

TEST_CASE("late: accepted, and a fact of it sorts below one that its object already has") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    shop.one(order("o2", "1", "C-1", "2026-11-20T11:00:00Z", {{"total", "20.00"}}), noon);
    const json late = shop.one(order("o1", "1", "C-1", "2026-11-20T10:00:00Z", {{"total", "10.00"}, {"url", "u"}}), noon);
    CHECK(late["outcome"] == "late");
    CHECK(shop.last.late == 1);
    const std::string text = Shop::read(shop->order("1")).dump();
    CHECK(text.find("20.00") != std::string::npos);
    CHECK(text.find("10.00") == std::string::npos);
    CHECK(text.find("\"url\":\"u\"") != std::string::npos);
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("if_version: another one now is rejected: version") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    json operation = order("o1", "1", "C-1", "2026-11-20T10:00:00Z");
    operation["if_version"] = 1;
    CHECK(codes(shop.one(operation, noon)["errors"]) == json::array({"version"}));
    CHECK(shop->customer("external_id:C-1").code() == Code::not_found);  // a refused operation makes no customer
    operation["if_version"] = 0;
    CHECK(shop.one(operation, noon)["outcome"] == "accepted");
    json next = order("o2", "1", "C-1", "2026-11-20T10:01:00Z");
    next["if_version"] = 1;
    json stale = order("o3", "1", "C-1", "2026-11-20T10:02:00Z");
    stale["if_version"] = 1;
    const json results = shop.apply(json::array({next, stale}), noon);
    CHECK(results[0]["outcome"] == "accepted");
    CHECK(results[1]["outcome"] == "rejected");
}

TEST_CASE("an order belongs to the customer of its newest fact that names one; until then it has no owner") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    shop.one(order("o1", "1", "", "2026-11-20T10:00:00Z", {{"total", "1.00"}}), noon);
    CHECK(Shop::read(shop->stats())["customers"] == 0);
    shop.one(order("o2", "1", "A", "2026-11-20T10:01:00Z"), noon);
    CHECK(Shop::read(shop->customer("external_id:A"))["orders"] == json::array({"1"}));
    shop.one(order("o3", "1", "B", "2026-11-20T10:03:00Z"), noon);
    CHECK(Shop::read(shop->customer("external_id:A"))["orders"] == json::array());
    CHECK(Shop::read(shop->customer("external_id:B"))["orders"] == json::array({"1"}));
    const json late = shop.one(order("o4", "1", "C", "2026-11-20T10:02:00Z"), noon);
    CHECK(late["outcome"] == "late");
    CHECK(Shop::read(shop->customer("external_id:B"))["orders"] == json::array({"1"}));
    CHECK(Shop::read(shop->customer("external_id:C"))["orders"] == json::array());
    CHECK(Shop::read(shop->stats())["orders"] == 1);
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("a customer is named by the strongest identity of the operation") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    shop.one({{"type", "customer"}, {"id", "c1"}, {"customer", {{"email", "A@B.eu"}, {"external_id", "C-1"}}}, {"profile", {{"city", "Riga"}}}}, noon);
    CHECK(Shop::read(shop->customer("external_id:C-1")).dump().find("Riga") != std::string::npos);
    shop.one({{"type", "customer"}, {"id", "c2"}, {"customer", {{"email", "a@b.eu"}}}, {"profile", {{"city", "Cesis"}}}}, noon);
    CHECK(Shop::read(shop->stats())["customers"] == 1);  // the address is claimed
    CHECK(Shop::read(shop->customer("external_id:C-1")).dump().find("Cesis") != std::string::npos);
}

TEST_CASE("occurred_at beyond received_at + future becomes received_at, with the warning time_moved") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const json result = shop.one(order("o1", "1", "C-1", "2026-11-20T12:10:01Z"), noon);
    CHECK(codes(result["warnings"]) == json::array({"time_moved"}));
    CHECK(Shop::read(shop->order("1")).dump().find("2026-11-20T12:00:00Z") != std::string::npos);
    const json inside = shop.one(order("o2", "2", "C-1", "2026-11-20T12:10:00Z"), noon);
    CHECK(inside["warnings"] == json::array());
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("when sent_at differs by more than 2 minutes, occurred_at is moved by the difference, once, and a status's own time too") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    SUBCASE("said by the batch") {
        json operation = order("o1", "1", "C-1", "2026-11-20T09:00:00Z",
                               {{"status", {{"general", {{"code", "received"}, {"at", "2026-11-20T08:00:00Z"}}}}}});
        const json batch{{"operations", json::array({operation})}, {"sent_at", "2026-11-20T11:00:00Z"}};
        const json results = shop.apply(Form::object, batch.dump(), noon);
        CHECK(codes(results[0]["warnings"]) == json::array({"time_moved", "time_moved"}));
        const std::string stored = Shop::read(shop->order("1")).dump();
        CHECK(stored.find("2026-11-20T10:00:00Z") != std::string::npos);
        CHECK(stored.find("2026-11-20T09:00:00Z") != std::string::npos);
        CHECK(stored.find("2026-11-20T08:00:00Z") == std::string::npos);
        // A late entry makes the order fold anew, from the journal: the correction is the same.
        shop.one(order("o0", "1", "C-1", "2026-11-20T01:00:00Z", {{"url", "u"}}), noon);
        CHECK(Shop::read(shop->order("1")).dump().find("2026-11-20T08:00:00Z") == std::string::npos);
    }
    SUBCASE("said by the operation") {
        json operation = order("o1", "1", "C-1", "2026-11-20T13:00:00Z");
        operation["sent_at"] = "2026-11-20T13:30:00Z";
        shop.one(operation, noon);
        CHECK(Shop::read(shop->order("1")).dump().find("2026-11-20T11:30:00Z") != std::string::npos);
    }
    SUBCASE("two minutes are no difference") {
        json operation = order("o1", "1", "C-1", "2026-11-20T11:00:00Z");
        operation["sent_at"] = "2026-11-20T12:02:00Z";
        CHECK(shop.one(operation, noon)["warnings"] == json::array());
    }
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("what the batch said of sent_at never spoils an entry: it can be read again whatever the operation said or weighed") {
    Shop shop(Kind::memory);
    json operation = order("o1", "1", "C-1", "2026-11-20T09:00:00Z");
    SUBCASE("a null of its own") { operation["sent_at"] = nullptr; }
    SUBCASE("as large as an operation may be") {
        operation["order"]["delivery"]["note"] = "";
        json &lines = operation["order"]["lines"] = json::array();
        const std::string name(60'000, 'n');
        while (operation.dump().size() + 60'100 < Limits{}.operation_bytes) lines.push_back({{"name", name}});
        operation["order"]["delivery"]["note"] = std::string(Limits{}.operation_bytes - operation.dump().size(), 'x');
        REQUIRE(operation.dump().size() == Limits{}.operation_bytes);
    }
    const json batch{{"operations", json::array({operation})}, {"sent_at", "2026-11-20T11:00:00Z"}};
    CHECK(shop.apply(Form::object, batch.dump(), noon)[0]["outcome"] == "accepted");
    CHECK(shop.one(order("o0", "1", "C-1", "2026-11-20T01:00:00Z", {{"url", "u"}}), noon)["outcome"] == "late");
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("late facts of one order in one batch and facts on top of them give what the journal gives") {
    Shop shop(Kind::memory);
    shop.one(order("first", "1", "C-1", "2026-11-20T10:30:00Z", {{"total", "1"}}), noon);
    json operations = json::array();
    for (int minute = 0; minute < 60; minute += 7)
        operations.push_back(order("o" + std::to_string(minute), "1", "C-1", "2026-11-20T10:" + std::to_string(10 + minute % 50) + ":00Z",
                                   {{"url", "u" + std::to_string(minute)}, {"status", {{"general", minute % 2 ? "received" : "confirmed"}}}}));
    const json results = shop.apply(operations, noon);
    int late = 0;
    for (const json &result : results) late += result["outcome"] == "late" ? 1 : 0;
    CHECK(late > 2);
    CHECK(late < static_cast<int>(results.size()));
    CHECK(results.back()["version"] == 1 + static_cast<int>(results.size()));
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("without occurred_at and sequence the order of arrival counts") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    json a = order("z", "1", "C-1", "", {{"total", "1.00"}}), b = order("a", "1", "C-1", "", {{"total", "2.00"}});
    a.erase("occurred_at");
    b.erase("occurred_at");
    const json results = shop.apply(json::array({a, b}), noon);  // equal times, and the ids the other way round
    CHECK(results[1]["outcome"] == "accepted");
    CHECK(Shop::read(shop->order("1")).dump().find("2.00") != std::string::npos);
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("one bad operation never spoils its neighbours, and a bad line only its line") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const std::string good = order("o1", "1", "C-1", "2026-11-20T10:00:00Z").dump(), other = order("o2", "2", "C-1", "2026-11-20T10:00:00Z").dump();
    const json results = shop.apply(Form::ndjson, good + "\n{\"type\":\"order\",\n" + other + "\n", noon);
    REQUIRE(results.size() == 3);
    CHECK(results[0]["outcome"] == "accepted");
    CHECK(results[1]["outcome"] == "rejected");
    CHECK(results[2]["outcome"] == "accepted");
    CHECK(!shop->parse(Form::array, "[" + good + ",{]", "").ok());
    CHECK(Shop::read(shop->stats())["operations"] == 2);
}

TEST_CASE("several batches are one transaction, with results of their own") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    auto a = shop->parse(Form::one, order("o1", "1", "C-1", "2026-11-20T10:00:00Z").dump(), "");
    auto b = shop->parse(Form::array, json::array({order("o2", "1", "C-1", "2026-11-20T10:01:00Z"), order("o3", "2", "", "2026-11-20T10:01:00Z")}).dump(), "");
    REQUIRE(a.ok());
    REQUIRE(b.ok());
    Batch *both[] = {a->get(), b->get()};
    Applied applied;
    REQUIRE(shop->apply(both, noon, applied).ok());
    REQUIRE(applied.results.size() == 2);
    CHECK(json::parse(applied.results[0]).size() == 1);
    CHECK(json::parse(applied.results[1]).size() == 2);
    CHECK(applied.accepted == 3);
}

TEST_CASE("after fork the child's calls fail") {
    Shop shop(Kind::memory);
    const pid_t child = fork();
    if (child == 0) {
        Ticked ticked;
        const bool refused = shop->stats().code() == Code::forked && shop->tick(noon, 1, ticked).code() == Code::forked &&
                             shop->parse(Form::one, "{}", "").code() == Code::forked && shop->maintain().code() == Code::forked;
        _exit(refused ? 7 : 1);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WEXITSTATUS(status) == 7);
}

TEST_CASE("one unit of late and newest facts of one order says what the same operations say one by one") {
    FOR_EACH_STORE(kind)
    json operations = json::array();
    for (int i = 0; i < 300; ++i) {
        const int minute = (i * 37) % 120;  // late and newest in turn
        json more{{"total", std::to_string(i) + ".00"}};
        if (i % 4 == 0) more["status"] = {{"general", i % 8 ? "received" : "completed"}};
        if (i % 7 == 0) more["status"] = {{"payment", {{"code", i % 2 ? "paid" : "awaiting"}, {"at", format_instant(noon - (i % 50) * day_us)}}}};
        if (i % 11 == 0) more["lines"] = json::array({{{"line_id", "1"}, {"name", "Mug " + std::to_string(i)}}});
        if (i % 5 == 0) more["line_changes"] = json::array({{{"line_id", std::to_string(i % 3)}, {"quantity", std::to_string(i)}}});
        if (i % 13 == 0) more["currency"] = i % 2 ? "USD" : "EUR";
        json operation = order("m" + std::to_string(i), "1", i % 3 ? "C-1" : "C-2", format_instant(noon - 40 * day_us + minute * 60 * second_us), more);
        operation["order"].erase("placed_at");
        if (i % 17 == 0) operation["whole"] = true;
        operations.push_back(operation);
    }
    Shop together(kind), one_by_one(kind);
    for (Shop *shop : {&together, &one_by_one})
        REQUIRE((*shop)->put_settings(R"({"statuses":[{"set":"general","code":"received"},{"set":"general","code":"completed"},
                                      {"set":"payment","code":"paid"},{"set":"payment","code":"awaiting"}]})", noon).ok());
    const json results = together.apply(operations, noon);
    int late = 0;
    for (size_t i = 0; i < operations.size(); ++i) {
        CAPTURE(i);
        CHECK(one_by_one.one(operations[i], noon) == results[i]);
        late += results[i]["outcome"] == "late";
    }
    CHECK(late > 100);
    CHECK(late < 300);
    CHECK(together.digest() == one_by_one.digest());
    CHECK(together.digest_refolded() == together.digest());
    CHECK(Shop::read(together->order_history("1")) == Shop::read(one_by_one->order_history("1")));
}
