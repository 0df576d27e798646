// The door: rules of formats.md §0 and §1, each quoted, from bytes to what is stored.
#include <cstdlib>
#include <filesystem>

#include "engine_fixture.hpp"

using namespace engine_test;

namespace {
const Instant noon = at("2026-11-20T12:00:00Z");

json codes(const json &notes) {
    json out = json::array();
    for (const json &note : notes)
        out.push_back(note["code"].get<std::string>() + " " + note["pointer"].get<std::string>());
    return out;
}
json order_of(Shop &shop, const std::string &id = "1") {
    return Shop::read(shop->order(id));
}
json entries(Shop &shop, const std::string &id = "1") {
    return Shop::read(shop->order_timeline(id, "", 100))["entries"];
}
json from(const std::string &source, json operation) {
    operation["source"] = source;
    return operation;
}
void put_sources(Shop &shop) {
    REQUIRE(
        shop->put_settings(
                R"({"sources":[{"code":"erp","rank":5},{"code":"pim","rank":1},{"code":"site","trust":"public","rank":9},{"code":"app","trust":"public"},
                                             {"code":"old","active":false}]})",
                noon)
            .ok());
}
}  // namespace

// ---- §0

TEST_CASE("a change is a journal entry") {
    std::string pattern = (std::filesystem::temp_directory_path() / "cartbell-door-XXXXXX").string();
    const std::string folder = mkdtemp(pattern.data()), path = folder + "/shop.db";
    {
        auto opened = store::Store::open(store::sqlite_store_functions(), store::new_sqlite_store(path), false);
        REQUIRE(opened.ok());
        auto engine = Engine::open(std::move(*opened), {});
        REQUIRE(engine.ok());
        REQUIRE((*engine)->put_settings(R"({"lists":[{"code":"vip"}]})", noon).ok());
        REQUIRE((*engine)->put_settings(R"({"lists":[{"code":"vip"}]})", noon).ok());  // no change
        REQUIRE((*engine)->put_settings(R"({"lists":[]})", noon + 1).ok());
    }
    auto opened = store::Store::open(store::sqlite_store_functions(), store::new_sqlite_store(path), true);
    REQUIRE(opened.ok());
    auto transaction = opened->begin_read();
    REQUIRE(transaction.ok());
    store::ScanRange range;
    range.table = store::journal;
    auto cursor = transaction->scan(range);
    REQUIRE(cursor.ok());
    std::vector<std::string> written;
    for (;;) {
        const auto rows = cursor->next();
        REQUIRE(rows.ok());
        if (rows->empty()) break;
        for (size_t row = 0; row < rows->size(); row += cursor->width()) {
            written.push_back(std::string(store::text_of((*rows)[row + store::journal_column::type])) + " " +
                              format_instant((*rows)[row + store::journal_column::received_at].integer));
            CHECK(json::parse(store::text_of((*rows)[row + store::journal_column::body]))["version"] == written.size());
        }
    }
    CHECK(written == std::vector<std::string>{"settings 2026-11-20T12:00:00Z", "settings 2026-11-20T12:00:00.000001Z"});
    std::filesystem::remove_all(folder);
}

TEST_CASE("unknown members of an object's `fields` follow the shop's `unknown_fields` setting: `reject` (default) or `keep`") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const json with_color = order("o1", "1", "C-1", "2026-11-20T10:00:00Z", {{"fields", {{"color", "red"}}}});
    CHECK(codes(shop.one(with_color, noon)["errors"]) == json::array({"unknown_field /order/fields/color"}));
    REQUIRE(shop->put_settings(R"({"shop":{"unknown_fields":"keep"}})", noon).ok());
    CHECK(shop.one(with_color, noon)["outcome"] == "accepted");  // what was rejected was not stored, so its id is free
    CHECK(order_of(shop)["fields"]["color"] == "red");
}

// ---- §1: id

TEST_CASE("id: operation id (any string ≤ 128 bytes), unique per source") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    put_sources(shop);
    const json operation = order(std::string(128, '\x01'), "1", "C-1", "2026-11-20T10:00:00Z", {{"total", "1"}});
    CHECK(shop.one(from("erp", operation), noon)["outcome"] == "accepted");
    CHECK(shop.one(from("erp", operation), noon)["outcome"] == "duplicate");
    CHECK(shop.one(from("pim", operation), noon)["outcome"] == "late");  // another source's id: its own entry, of a lesser rank
    CHECK(shop.one(operation, noon)["outcome"] == "late");
    CHECK(entries(shop).size() == 3);
    CHECK(codes(shop.one(order(std::string(129, 'x'), "1", "C-1", "2026-11-20T10:00:00Z"), noon)["errors"]) == json::array({"too_large /id"}));
}

TEST_CASE("the same id and the same canonical body (keys sorted, without `sent_at`) is a `duplicate`, answered with the first result") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const std::string first =
        R"({"type":"order","id":"o1","occurred_at":"2026-11-20T10:00:00Z","order":{"order_id":"1","total":"5","lines":[{"line_id":"1","total":"4"}]}})";
    const std::string again = R"({ "sent_at":"2026-11-20T13:00:00Z", "order":{"lines":[{"total":"4","line_id":"1"}],"total":"5","order_id":"\u0031"},
        "occurred_at":"2026-11-20T10:00:00Z", "id":"o1", "type":"order" })";
    json result = shop.apply(Form::one, first, noon)[0];
    CHECK(result["outcome"] == "accepted");
    json answer = shop.apply(Form::one, again, noon + day_us)[0];
    CHECK(answer["outcome"] == "duplicate");
    answer["outcome"] = "accepted";
    CHECK(answer == result);
    CHECK(entries(shop)[0]["at"] == "2026-11-20T10:00:00Z");  // moved "once, at the door": a second try moves nothing
    shop.one(order("o2", "1", "C-1", "2026-11-20T11:00:00Z"), noon);
    CHECK(shop.apply(Form::one, first, noon)[0]["version"] == 1);  // the first result, although there is a second version
}

TEST_CASE("another body is `rejected: id_reused`") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const json operation = order("o1", "1", "C-1", "2026-11-20T10:00:00Z", {{"total", "1"}});
    shop.one(operation, noon);
    const std::vector<std::pair<std::string, json>> changes{{"/order/total", "2"},    {"/order/total", 1}, {"/occurred_at", "2026-11-20T10:00:01Z"},
                                                            {"/order/order_id", "2"}, {"/backfill", true}, {"/customer", {{"external_id", "C-2"}}}};
    for (const auto &[pointer, value] : changes) {
        json other = operation;
        other[json::json_pointer(pointer)] = value;
        const json result = shop.one(other, noon);
        CHECK(result["outcome"] == "rejected");
        CHECK(result["errors"][0]["code"] == "id_reused");
        CHECK(result["changed"] == json::array());
    }
    CHECK(shop.one(operation, noon)["outcome"] == "duplicate");
    CHECK(order_of(shop)["total"] == "1.00");
    CHECK(shop->order("2").code() == Code::not_found);
}

// ---- §1: times

TEST_CASE("occurred_at: default: when it is received (then order of arrival counts)") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    json first = order("b", "1", "C-1", "", {{"total", "1"}}), second = order("a", "1", "C-1", "", {{"total", "2"}});
    first.erase("occurred_at");
    second.erase("occurred_at");
    shop.one(first, noon);
    shop.one(second, noon);
    CHECK(entries(shop)[1]["id"] == "a");
    CHECK(entries(shop)[1]["at"] == "2026-11-20T12:00:00Z");
    CHECK(order_of(shop)["total"] == "2.00");
}

TEST_CASE("beyond `received_at + future` it becomes `received_at`; the raw value is kept and warned of") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    REQUIRE(shop->put_settings(R"({"shop":{"future":"1h"}})", noon).ok());
    CHECK(shop.one(order("o1", "1", "C-1", "2026-11-20T13:00:00Z"), noon)["warnings"] == json::array());
    const json moved = shop.one(order("o2", "2", "C-1", "2026-11-20T13:00:00.000001Z"), noon);
    CHECK(codes(moved["warnings"]) == json::array({"time_moved /occurred_at"}));
    CHECK(moved["warnings"][0]["message"].get<std::string>().find("2026-11-20T13:00:00.000001Z") != std::string::npos);
    const json entry = entries(shop, "2")[0];
    CHECK(entry["at"] == "2026-11-20T12:00:00Z");
    CHECK(entry["operation"]["occurred_at"] == "2026-11-20T13:00:00.000001Z");
}

TEST_CASE("both corrections hold for a status's own `at` too") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const auto paid = [](const std::string &id, const char *when) {
        return order(id, id, "C-1", "2026-11-20T10:00:00Z", {{"status", {{"payment", {{"code", "paid"}, {"at", when}}}}}});
    };
    CHECK(codes(shop.one(paid("1", "2026-11-20T12:10:00.000001Z"), noon)["warnings"]) == json::array({"time_moved /order/status/payment/at"}));
    CHECK(order_of(shop, "1")["status"]["payment"]["at"] == "2026-11-20T12:00:00Z");
    json skewed = paid("2", "2026-11-20T09:30:00Z");
    skewed["sent_at"] = "2026-11-20T11:00:00Z";
    CHECK(codes(shop.one(skewed, noon)["warnings"]) == json::array({"time_moved /occurred_at", "time_moved /order/status/payment/at"}));
    CHECK(order_of(shop, "2")["status"]["payment"]["at"] == "2026-11-20T10:30:00Z");
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("instants outside 1970-2199 are `rejected: out_of_range`; no other age is too old") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    for (const char *when : {"1969-12-31T23:59:59.999999Z", "2200-01-01T00:00:00Z", "0001-01-01T00:00:00Z"})
        CHECK(codes(shop.one(order("o1", "1", "C-1", when), noon)["errors"]) == json::array({"out_of_range /occurred_at"}));
    CHECK(codes(shop.one(order("o1", "1", "C-1", "2026-11-20T10:00:00Z", {{"placed_at", "1969-12-31T00:00:00Z"}}), noon)["errors"]) ==
          json::array({"out_of_range /order/placed_at"}));
    const json oldest = shop.one(order("o1", "1", "C-1", "1970-01-01T00:00:00Z"), noon);
    CHECK(oldest["outcome"] == "accepted");
    CHECK(oldest["warnings"] == json::array());
    CHECK(entries(shop)[0]["at"] == "1970-01-01T00:00:00Z");
}

TEST_CASE(
    "when `sent_at` differs from the receive time by more than 2 minutes, `occurred_at` is moved by the difference, once, at the door, and flagged") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const auto sent = [](const std::string &id, const char *sent_at) {
        json operation = order(id, id, "C-1", "2026-11-20T11:00:00Z");
        operation["sent_at"] = sent_at;
        return operation;
    };
    CHECK(shop.one(sent("1", "2026-11-20T12:02:00Z"), noon)["warnings"] == json::array());
    CHECK(shop.one(sent("2", "2026-11-20T11:58:00Z"), noon)["warnings"] == json::array());
    CHECK(codes(shop.one(sent("3", "2026-11-20T12:02:00.000001Z"), noon)["warnings"]) == json::array({"time_moved /occurred_at"}));
    CHECK(entries(shop, "3")[0]["at"] == "2026-11-20T10:57:59.999999Z");
    CHECK(codes(shop.one(sent("4", "2026-11-20T11:57:59Z"), noon)["warnings"]) == json::array({"time_moved /occurred_at"}));
    CHECK(entries(shop, "4")[0]["at"] == "2026-11-20T11:02:01Z");
    CHECK(entries(shop, "1")[0]["at"] == "2026-11-20T11:00:00Z");
}

TEST_CASE("sent_at: optional, of this try; else the batch's") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    json own = order("o1", "1", "C-1", "2026-11-20T10:00:00Z"), none = order("o2", "2", "C-1", "2026-11-20T10:00:00Z");
    own["sent_at"] = "2026-11-20T12:00:00Z";
    const json batch{{"sent_at", "2026-11-20T11:00:00Z"}, {"operations", json::array({own, none})}};
    const json results = shop.apply(Form::object, batch.dump(), noon);
    CHECK(results[0]["warnings"] == json::array());
    CHECK(codes(results[1]["warnings"]) == json::array({"time_moved /occurred_at"}));
    CHECK(entries(shop, "1")[0]["at"] == "2026-11-20T10:00:00Z");
    CHECK(entries(shop, "2")[0]["at"] == "2026-11-20T11:00:00Z");
}

TEST_CASE("sequence: optional integer of the source, settles equal times") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const auto said = [](const std::string &id, const json &sequence, bool timed) {
        json operation = order(id, "1", "C-1", "2026-11-20T10:00:00Z", {{"total", id}});
        if (!sequence.is_null()) operation["sequence"] = sequence;
        if (!timed) operation.erase("occurred_at");
        return operation;
    };
    SUBCASE("of equal occurred_at") {
        shop.apply(json::array({said("3", 7, true), said("1", -2, true), said("9", nullptr, true), said("2", 5, true)}), noon);
        CHECK(order_of(shop)["total"] == "3.00");
        json sorted = json::array();
        for (const json &entry : entries(shop))
            sorted.push_back(entry["id"]);
        CHECK(sorted == json::array({"9", "1", "2", "3"}));  // without one it sorts first
    }
    SUBCASE("also where there is no occurred_at") {
        shop.apply(json::array({said("5", 1'000'000, false), said("4", 2, false)}), noon);
        CHECK(order_of(shop)["total"] == "5.00");
    }
    CHECK(shop.digest() == shop.digest_refolded());
}

// ---- §1: sources

TEST_CASE(
    "source: code of the event source; default: the one given to `parse`, else `system` (trusted, rank 0); unknown: `rejected: unknown_source`") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    put_sources(shop);
    const json operation = order("o1", "1", "C-1", "2026-11-20T10:00:00Z");
    shop.apply(Form::one, operation.dump(), noon);
    shop.apply(Form::one, operation.dump(), noon, "site");
    shop.apply(Form::one, from("erp", operation).dump(), noon, "site");
    json said = json::array();
    for (const json &entry : entries(shop))
        said.push_back(entry["source"].get<std::string>() + " " + entry["trust"].get<std::string>());
    CHECK(said == json::array({"site public", "system trusted", "erp trusted"}));
    CHECK(codes(shop.one(from("shop", operation), noon)["errors"]) == json::array({"unknown_source /source"}));
    CHECK(codes(shop.apply(Form::one, operation.dump(), noon, "shop")[0]["errors"]) == json::array({"unknown_source "}));
    CHECK(codes(shop.one(from("old", operation), noon)["errors"]) == json::array({"inactive_source /source"}));
}

TEST_CASE("on orders and profiles a public source's fact never beats a trusted one's: several sources of differing trust and rank on one object") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    put_sources(shop);
    // (source, time, total): by trust, then by time, then by rank.
    const json said = json::array(
        {from("pim", order("a", "1", "C-1", "2026-11-20T10:00:00Z", {{"total", "1"}})),
         from("erp", order("b", "1", "C-1", "2026-11-20T10:00:00Z", {{"total", "2"}})),
         from("system", order("c", "1", "C-1", "2026-11-20T10:00:00Z", {{"total", "3"}})),
         from("site", order("d", "1", "C-9", "2026-11-20T11:00:00Z", {{"total", "4"}, {"url", "site"}, {"status", {{"general", "cancelled"}}}})),
         from("app", order("e", "1", "C-9", "2026-11-20T11:30:00Z", {{"total", "5"}, {"url", "app"}}))});
    const json profile{{"type", "customer"}, {"customer", {{"external_id", "C-1"}}}};
    const auto lives = [&](const std::string &id, const char *when, const char *city) {
        json operation = profile;
        operation["id"] = id;
        operation["occurred_at"] = when;
        operation["profile"] = {{"city", city}};
        return operation;
    };
    std::vector<size_t> sequence{0, 1, 2, 3, 4};
    std::string digest;
    do {
        Shop other(Kind::memory);
        put_sources(other);
        for (const size_t i : sequence)
            other.one(said[i], noon);
        if (digest.empty()) digest = other.digest();
        CHECK(other.digest() == digest);
    } while (std::next_permutation(sequence.begin(), sequence.end()));
    for (const json &operation : said)
        shop.one(operation, noon);
    CHECK(shop.digest() == digest);
    const json stored = order_of(shop);
    CHECK(stored["total"] == "2.00");  // erp's rank is the highest of the trusted ones at that time
    CHECK(stored["url"] == "app");     // nobody trusted says one; of the public ones the newer
    CHECK(Shop::read(shop->customer("external_id:C-1"))["orders"] == json::array({"1"}));
    CHECK(Shop::read(shop->customer("external_id:C-9"))["orders"] == json::array());
    CHECK(shop.one(from("pim", order("f", "1", "", "2026-11-20T10:00:01Z", {{"total", "6"}})), noon)["outcome"] == "accepted");
    CHECK(order_of(shop)["total"] == "6.00");  // a newer trusted fact of a lower rank

    shop.one(from("erp", lives("p1", "2026-11-20T10:00:00Z", "Riga")), noon);
    CHECK(shop.one(from("site", lives("p2", "2026-11-20T11:00:00Z", "Oslo")), noon)["outcome"] == "late");
    CHECK(Shop::read(shop->customer("external_id:C-1"))["profile"].dump().find("Riga") != std::string::npos);
}

TEST_CASE("an entry keeps the trust and rank that its source had when it entered") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    put_sources(shop);
    shop.one(from("site", order("a", "1", "C-1", "2026-11-20T11:00:00Z", {{"total", "1"}})), noon);
    REQUIRE(
        shop->put_settings(
                R"({"sources":[{"code":"erp","rank":5},{"code":"pim","rank":1},{"code":"site","trust":"trusted"},{"code":"app","trust":"public"}]})",
                noon)
            .ok());
    shop.one(from("erp", order("b", "1", "C-1", "2026-11-20T10:00:00Z", {{"total", "2"}})), noon);
    CHECK(order_of(shop)["total"] == "2.00");
    CHECK(entries(shop)[1]["trust"] == "public");
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE(
    "unknown members anywhere outside `fields` are an error for trusted sources; for public ones they are kept in the journal and listed as "
    "`ignored`") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    put_sources(shop);
    json operation =
        order("o1", "1", "C-1", "2026-11-20T10:00:00Z", {{"colour", {{"hue", 1}}}, {"lines", json::array({{{"line_id", "1"}, {"sku", "x"}}})}});
    operation["priority"] = 5;
    const json refused = shop.one(from("erp", operation), noon);
    CHECK(refused["outcome"] == "rejected");
    CHECK(codes(refused["errors"]).size() == 3);  // "All errors of a well-formed operation at once"
    for (const json &error : refused["errors"])
        CHECK(error["code"] == "unknown_member");
    const json taken = shop.one(from("site", operation), noon);
    CHECK(taken["outcome"] == "accepted");
    json ignored = taken["ignored"];
    std::sort(ignored.begin(), ignored.end());
    CHECK(ignored == json::array({"/order/colour", "/order/lines/0/sku", "/priority"}));
    CHECK(entries(shop)[0]["operation"] == from("site", operation));
    CHECK(order_of(shop).dump().find("hue") == std::string::npos);
}

// ---- §1: the rest of the envelope

TEST_CASE("backfill: true: stored and segmented") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    json operation = order("o1", "1", "C-1", "2011-11-20T10:00:00Z");
    operation["backfill"] = true;
    CHECK(shop.one(operation, noon)["outcome"] == "accepted");
    CHECK(Shop::read(shop->segment_count(R"({"orders":{}})", noon))["count"] == 1);
    CHECK(entries(shop)[0]["operation"]["backfill"] == true);
}

TEST_CASE("if_version: the object's version that the sender saw; another one now is `rejected: version`") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    shop.one(order("o1", "1", "C-1", "2026-11-20T10:00:00Z"), noon);
    for (const int seen : {0, 2, 7}) {
        json stale = order("o2", "1", "C-1", "2026-11-20T10:01:00Z");
        stale["if_version"] = seen;
        CHECK(shop.one(stale, noon)["errors"][0]["code"] == "version");
    }
    json fits = order("o2", "1", "C-1", "2026-11-20T10:01:00Z");
    fits["if_version"] = 1;
    CHECK(shop.one(fits, noon)["version"] == 2);
}

TEST_CASE("whole: true: attributes of the object that are not named are cleared as of this fact; default false") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    shop.one(order("o1", "1", "C-1", "2026-11-20T10:00:00Z",
                   {{"placed_at", "2026-11-01T00:00:00Z"}, {"total", "1"}, {"url", "u"}, {"status", {{"general", "received"}}}}),
             noon);
    shop.one(order("o2", "1", "C-1", "2026-11-20T10:01:00Z", {{"total", "2"}}), noon);
    CHECK(order_of(shop)["url"] == "u");
    json whole = order("o3", "1", "C-1", "2026-11-20T10:02:00Z", {{"total", "3"}});
    whole["whole"] = true;
    shop.one(whole, noon);
    CHECK_FALSE(order_of(shop).contains("url"));
    CHECK(order_of(shop)["status"]["general"]["code"] == "received");  // "`whole` clears neither statuses nor `placed_at`"
    CHECK(order_of(shop)["placed_at"] == "2026-11-01T00:00:00Z");
    shop.one(order("o4", "1", "C-1", "2026-11-20T10:01:30Z", {{"url", "late"}, {"discount", "1"}}), noon);
    CHECK_FALSE(order_of(shop).contains("url"));  // what came late is cleared too: it is older than the whole
    CHECK_FALSE(order_of(shop).contains("discount"));
}

TEST_CASE("strings hold no U+0000; JSON is UTF-8; numbers keep their text") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    CHECK(codes(shop.one(order("o1", "1", "C-1", "2026-11-20T10:00:00Z", {{"url", std::string("a\0b", 3)}}), noon)["errors"]) ==
          json::array({"nul_character /order/url"}));
    const std::string bad = "{\"type\":\"order\",\"id\":\"o1\",\"order\":{\"order_id\":\"\xFF\"}}";
    const auto parsed = shop->parse(Form::one, bad, "");
    REQUIRE(!parsed.ok());
    CHECK(parsed.error().reason == "bad_utf8");
    CHECK(shop.apply(Form::one, R"({"type":"order","id":"o1","order":{"order_id":"1","total":0.30000000000000004,"discount":0.00005,"tax":0.00015}})",
                     noon)[0]["outcome"] == "accepted");
    CHECK(order_of(shop)["total"] == "0.30");  // "a JSON number is rounded half even"
    CHECK(order_of(shop)["discount"] == "0.00");
    CHECK(order_of(shop)["tax"] == "0.0002");
    CHECK(codes(shop.one(order("o2", "1", "C-1", "2026-11-20T10:00:00Z", {{"total", "0.00001"}}), noon)["errors"]) ==
          json::array({"too_many_decimals /order/total"}));
}

TEST_CASE("whatever is kept but odd is a warning: total_mismatch, second_currency, time_moved") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const json odd = shop.one(order("o1", "1", "C-1", "2026-11-20T13:00:00Z", {{"currency", "EUR"}, {"total", "5.00"}, {"subtotal", "4.00"}}), noon);
    CHECK(odd["outcome"] == "accepted");
    CHECK(codes(odd["warnings"]).dump().find("total_mismatch") != std::string::npos);
    CHECK(codes(odd["warnings"]).dump().find("time_moved") != std::string::npos);
    CHECK(order_of(shop)["total"] == "5.00");  // "Store what was said"
    CHECK(order_of(shop)["subtotal"] == "4.00");
    const json second = shop.one(order("o2", "1", "C-1", "2026-11-20T12:05:00Z", {{"currency", "USD"}}), noon);
    CHECK(second["outcome"] == "accepted");
    CHECK(codes(second["warnings"]).dump().find("second_currency") != std::string::npos);
}

TEST_CASE("no rejection looks at state: a change of an unknown line creates it, removing what is not there does nothing") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const json result = shop.one(order("o1", "1", "C-1", "2026-11-20T10:00:00Z",
                                       {{"line_changes", json::array({{{"line_id", "1"}, {"quantity", "2"}}, {{"line_id", "9"}, {"remove", true}}})},
                                        {"payment_changes", json::array({{{"payment_id", "9"}, {"remove", true}}})}}),
                                 noon);
    CHECK(result["outcome"] == "accepted");
    REQUIRE(order_of(shop)["lines"].size() == 1);
    CHECK(order_of(shop)["lines"][0]["quantity"] == "2");
}

TEST_CASE("one result per operation and in order; one bad operation never spoils its neighbours") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    json operations = json::array();
    for (int i = 0; i < 50; ++i) {
        json operation = order("o" + std::to_string(i), std::to_string(i % 7), "C-1", "2026-11-20T10:00:00Z");
        if (i % 3 == 0) operation["order"]["total"] = "much";
        if (i % 5 == 0) operation = i;  // no operation at all
        operations.push_back(operation);
    }
    const json results = shop.apply(operations, noon);
    REQUIRE(results.size() == 50);
    for (int i = 0; i < 50; ++i) {
        CAPTURE(i);
        const json &result = results[static_cast<size_t>(i)];
        CHECK((result["outcome"] == "rejected") == (i % 3 == 0 || i % 5 == 0));
        if (i % 5 != 0) CHECK(result["id"] == "o" + std::to_string(i));
        for (const char *member : {"id", "outcome", "version", "changed", "ignored", "warnings", "errors"})
            CHECK(result.contains(member));
        CHECK(result["errors"].empty() == (result["outcome"] != "rejected"));
    }
}
