// Erase and tombstones (docs/formats.md §1 `erase`, docs/privacy.md).
#include "base/hash.hpp"
#include "engine/erased_rows.hpp"
#include "engine/tombstones.hpp"
#include "model/operation.hpp"
#include "people_fixture.hpp"

using namespace engine_test;

namespace {

json erase(const std::string &id, const char *when, json customer, const char *mode = "delete") {
    return operation("erase", id, when, std::move(customer), {{"mode", mode}});
}
json in_cart(const std::string &name, const char *when) {
    return operation("container", name + "-k", when, {{"external_id", "C-" + name}}, {{"container", "cart"}, {"add", {{"product_id", "mug of " + name}, {"quantity", "2"}}}});
}
using Codes = std::vector<std::string>;
Codes errors(const json &result) {
    Codes codes;
    for (const json &error : result["errors"]) codes.push_back(error["code"].get<std::string>() + " " + error["pointer"].get<std::string>());
    return codes;
}
json stats(Shop &shop) {
    json all = Shop::read(shop->stats());
    for (const char *of_the_journal : {"journal", "operations"}) all.erase(of_the_journal);
    return all;
}
size_t occurrences(const std::string &bytes, const std::string &text) {
    size_t count = 0;
    for (size_t at = bytes.find(text); at != std::string::npos; at = bytes.find(text, at + 1)) ++count;
    return count;
}

}  // namespace

TEST_CASE("an erase names a customer and a mode, and only trusted sources send it") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    REQUIRE(shop->put_settings(R"({"sources":[{"code":"site","trust":"public"}]})", noon).ok());
    const json good = erase("1", "10:00", anna);
    const auto refused = [&](const json &patch) {
        json changed = good;
        changed.merge_patch(patch);
        return errors(shop.one(changed, noon));
    };
    CHECK(refused({{"mode", nullptr}}) == Codes{"missing_mode /mode"});
    CHECK(refused({{"mode", "forget"}}) == Codes{"bad_value /mode"});
    CHECK(refused({{"customer", nullptr}}) == Codes{"missing_customer /customer"});
    CHECK(refused({{"customer", {{"external_id", nullptr}}}}) == Codes{"missing_customer /customer"});
    CHECK(refused({{"source", "site"}}) == Codes{"not_trusted /type"});
    CHECK(refused({{"if_version", 1}}) == Codes{"no_version /if_version"});
    CHECK(refused({{"order", json::object()}}) == Codes{"unknown_member /order"});
    CHECK(refused(json::object()).empty());
    CHECK(errors(shop.one({{"type", "customer"}, {"id", "2"}, {"customer", anna}, {"mode", "delete"}}, noon)) == Codes{"unknown_member /mode"});
}

// architecture.md idea 1: "refold is also how merge, unmerge, late claims and erase work".
TEST_CASE("what is left after an erase is as if the person had never been there, whoever shared a device with them") {
    FOR_EACH_STORE(kind)
    const json of_anna = life_of("anna", "08"), of_boris = life_of("boris", "09");
    for (const char *mode : {"delete", "anonymise"}) {
        CAPTURE(mode);
        Shop shop(kind), without(kind);
        for (Shop *one : {&shop, &without}) {
            open_shop(*one);
            one->apply(of_boris, noon);
            one->one(in_cart("boris", "09:00"), noon);
        }
        shop.apply(of_anna, noon);
        shop.one(in_cart("anna", "08:00"), noon);
        send_mailing(shop);
        send_mailing(without);
        CHECK(stats(shop)["outbox"]["queued"] == 2);
        const json result = shop.one(erase("erase-anna", "12:00", {{"email", "anna@mail.eu"}}, mode), noon);
        CHECK(result == json{{"id", "erase-anna"}, {"outcome", "accepted"}, {"version", 0}, {"changed", json::array()}, {"ignored", json::array()},
                             {"warnings", json::array()}, {"errors", json::array()}});
        CHECK(shop.digest() == shop.digest_refolded());
        for (const char *identity : {"external_id:C-anna", "email:anna@mail.eu", "anonymous_id:a-anna"}) {
            CHECK(shop->customer(identity).error().reason == "no_customer");
            CHECK(shop->export_customer(identity).error().reason == "no_customer");
        }
        CHECK(shop->order("order-anna").error().code == Code::not_found);
        CHECK(Shop::read(shop->mailing_status("m")) == Shop::read(without->mailing_status("m")));
        CHECK(Shop::read(shop->lease("w", 10, second_us, noon))["messages"].size() == 1);
        CHECK(Shop::read(shop->export_customer("external_id:C-boris"))["orders"] == Shop::read(without->export_customer("external_id:C-boris"))["orders"]);
        shop.reopen();
        CHECK(shop.digest() == shop.digest_refolded());
        if (mode == std::string("delete")) {
            CHECK(shop.digest() == without.digest());
            json lost = stats(shop), never_there = stats(without);
            lost.erase("outbox"), never_there.erase("outbox");  // one of them leased
            CHECK(lost == never_there);
        } else {
            CHECK(stats(shop)["orders"] == 2);
            CHECK(stats(shop)["lines"] == 2);
            CHECK(stats(shop)["customers"] == 1);
        }
    }
}

TEST_CASE("no byte of the person is left in the file: delete") {
    Shop shop(Kind::sqlite);
    open_shop(shop);
    shop.apply(life_of("boris", "09"), noon);
    shop.apply(life_of("anna", "08"), noon);
    shop.apply(json::array({in_cart("anna", "08:00"), in_cart("boris", "08:00")}), noon);
    shop.apply(json::array({merge("merge", "m-anna", "09:30", {{"external_id", "old-anna"}}, anna), profile("c-anna", "07:00", {{"external_id", "old-anna"}}, {{"city", "past of anna"}}),
                            merge("merge", "m-none", "09:31", {{"external_id", "unused-anna"}}, anna)}), noon);
    send_mailing(shop);
    const json leased = Shop::read(shop->lease("w", 10, second_us, noon));
    REQUIRE(leased["messages"].size() == 2);
    json reports = json::array();
    std::string message_id;
    for (const json &message : leased["messages"]) {
        const std::string who = message["customer"];
        const std::string name = who.substr(who.find("C-") + 2);
        if (name == "anna") message_id = message["message_id"];
        reports.push_back({{"message_id", message["message_id"]}, {"outcome", "bounced"}, {"worker", "w"}, {"provider_id", "at provider " + name}, {"reason", "no mailbox of " + name}});
    }
    REQUIRE(shop->report(reports.dump(), noon).ok());
    CHECK(shop.one(erase("erase-anna", "12:00", anna), noon)["outcome"] == "accepted");
    CHECK(shop.digest_replayed() == shop.digest());
    CHECK(shop.digest() == shop.digest_refolded());
    for (const json &line : shop.journal()) {
        if (line["type"] == "erase") CHECK(json::parse(line["body"].get<std::string>())["hashes"].size() >= 9);
        if (line["type"] == "report") CHECK(json::parse(line["body"].get<std::string>()).size() == 1);
        if (line["id"] == "" && is_operation(line["type"].get<std::string>()) && line["type"] != "erase")
            CHECK((line["body"].is_null() && line["object"].is_null() && line["has_result"] == false));
    }
    const std::string bytes = shop.close();
    CHECK(occurrences(bytes, "boris") > 50);
    CHECK(occurrences(bytes, "anna") == 0);
    CHECK(occurrences(bytes, message_id) == 0);
}

TEST_CASE("no byte of the person is left in the file: anonymise keeps orders, of what the shop's statistics need") {
    Shop shop(Kind::sqlite);
    json settings = json::parse(R"({"lists":[{"code":"vip"}],"categories":[{"code":"promo","kind":"promo"}],"shop":{"unknown_fields":"keep"},
        "fields":[{"of":"order","code":"gift","type":"boolean"},{"of":"order","code":"greeting","type":"string","personal":true},
                  {"of":"line","code":"colour","type":"string"},{"of":"line","code":"engraving","type":"string","personal":true}]})");
    REQUIRE(shop->put_settings(settings.dump(), noon).ok());
    shop.apply(life_of("anna", "08"), noon);
    const json bought = json::parse(R"({"order_id":"order-anna","placed_at":"2026-11-20T08:30:00Z","currency":"EUR","url":"https://anna",
        "status":{"general":"received","payment":{"code":"awaiting","at":"2026-11-20T08:40:00Z"}},"coupons":["FOR-anna"],
        "delivery":{"type":"courier","provider":"DHL","point_name":"anna","note":"anna","cost":"4.90","at":"2026-11-21T08:40:00Z","address":{"city":"anna"},"tracking":"anna"},
        "payment":{"type":"card","paid":"1.00"},"payments":[{"payment_id":"pay-anna","type":"voucher","amount":"20.00"}],"total":"99.80",
        "lines":[{"line_id":"order-anna/1","product_id":"SKU-9","name":"Mug","category":["Kitchen","Mugs"],"quantity":"2","price":"49.95","url":"https://anna",
                  "fields":{"engraving":"anna","colour":"red","unknown":"anna"}}],
        "fields":{"gift":true,"greeting":"anna","unknown":"anna"}})");
    json sent = operation("order", "anna-o3", "08:50", anna, {{"order", bought}, {"sequence", 7}});
    CHECK(errors(shop.one(sent, noon)).empty());
    CHECK(errors(shop.one(operation("order", "anna-o4", "08:51", nullptr, {{"order", {{"order_id", "order-anna"}, {"line_changes", json::array({{{"line_id", "order-anna/1"}, {"quantity", "3"}}})},
                                                                                        {"payment_changes", json::array({{{"payment_id", "pay-anna"}, {"amount", "21.00"}}})}}}}), noon)).empty());
    CHECK(shop.one(erase("erase-anna", "12:00", anna, "anonymise"), noon)["outcome"] == "accepted");
    CHECK(shop.digest() == shop.digest_refolded());
    std::string order_id;
    for (const json &line : shop.journal())
        if (line["type"] == "order") {
            CHECK(line["has_result"] == true);
            order_id = line["object"];
        }
    REQUIRE(order_id.starts_with("erased-"));
    const json kept = Shop::read(shop->order(order_id));
    INFO(kept.dump());
    CHECK(kept["customer"].is_null());
    CHECK(kept["total"] == "99.80");
    CHECK(kept["status"]["payment"]["at"] == "2026-11-20T08:40:00Z");
    CHECK(kept["history"].size() == 4);
    CHECK(kept["delivery"] == json{{"type", "courier"}, {"provider", "DHL"}, {"at", "2026-11-21T08:40:00Z"}, {"cost", "4.90"}});
    CHECK(kept["fields"] == json{{"gift", true}});
    REQUIRE(kept["lines"].size() == 1);
    CHECK(kept["lines"][0]["quantity"] == "3");
    CHECK(kept["lines"][0]["fields"] == json{{"colour", "red"}});
    CHECK(kept["lines"][0]["product_id"] == "SKU-9");
    REQUIRE(kept["payments"].size() == 1);
    CHECK(kept["payments"][0]["amount"] == "21.00");
    CHECK(Shop::read(shop->order_timeline(order_id, "", 10))["entries"].size() == 4);
    CHECK(shop.digest_replayed() == shop.digest());
    const std::string bytes = shop.close();
    CHECK(occurrences(bytes, "SKU-9") > 0);
    CHECK(occurrences(bytes, "mug of anna") > 0);  // the name of what was bought is the shop's
    CHECK(occurrences(bytes, "anna") == occurrences(bytes, "mug of anna"));
}

// "refuses (`erased`) every operation whose `occurred_at` is not after it; a later one starts a new person"
TEST_CASE("what names an erased identity or order is refused up to the tombstone's instant, and is a new person's after it") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    open_shop(shop);
    shop.apply(life_of("anna", "08"), noon);
    shop.one(erase("x", "11:00", anna), noon);
    shop.reopen();
    const std::string empty = shop.digest();
    const auto refused = [&](const json &operation) { return errors(shop.one(operation, noon)); };
    const json other = {{"external_id", "C-other"}};
    CHECK(refused(profile("1", "11:00", anna, {{"city", "Riga"}})) == Codes{"erased /customer/external_id"});
    CHECK(refused(profile("2", "10:59", {{"external_id", "C-other"}, {"email", "ANNA@mail.eu"}}, {{"city", "Riga"}})) == Codes{"erased /customer/email"});
    CHECK(refused(profile("3", "10:59", {{"external_id", "C-anna"}, {"anonymous_id", "a-anna"}}, {})) == Codes{"erased /customer/external_id", "erased /customer/anonymous_id"});
    CHECK(refused(event("4", "08:12", nullptr, "t-anna", "u")) == Codes{"erased /session_id"});
    CHECK(refused(operation("order", "5", "09:00", other, {{"order", {{"order_id", "order-anna"}}}})) == Codes{"erased /order/order_id"});
    CHECK(refused(merge("merge", "6", "09:00", anna, other)) == Codes{"erased /from/external_id"});
    CHECK(refused(merge("unmerge", "7", "09:00", other, anna)) == Codes{"erased /into/external_id"});
    // The same operation again, whatever it says when it happened: its id is known to be erased.
    CHECK(refused(operation("list", "anna-l", "11:30", anna, {{"list", "vip"}, {"member", true}})) == Codes{"erased /id"});
    const json said = shop.one(profile("8", "10:00", anna, {{"full_name", "Anna Secret"}}), noon);
    CHECK(said["errors"][0]["message"].get<std::string>().find("nna") == std::string::npos);
    CHECK(shop.digest() == empty);

    CHECK(refused(profile("9", "11:01", anna, {{"city", "Tartu"}})).empty());
    CHECK(refused(operation("order", "10", "11:02", anna, {{"order", {{"order_id", "order-anna"}, {"total", "1.00"}}}})).empty());
    CHECK(refused({{"type", "list"}, {"id", "11"}, {"customer", anna}, {"list", "vip"}, {"member", true}}).empty());  // it happens when it is received
    const json anew = Shop::read(shop->export_customer("external_id:C-anna"));
    CHECK(anew["profile"]["city"] == "Tartu");
    CHECK_FALSE(anew["profile"].contains("full_name"));
    CHECK(anew["entries"].size() == 3);
    CHECK(anew["orders"][0]["total"] == "1.00");
    CHECK(anew["orders"][0]["history"].empty());
    CHECK(anew["identities"].size() == 1);
    CHECK(shop.digest() == shop.digest_refolded());
    // And may be erased too, by an erase of a greater instant.
    CHECK(refused(erase("y", "11:58", anna)).empty());
    CHECK(refused(profile("12", "11:30", anna, {{"city", "Riga"}})) == Codes{"erased /customer/external_id"});
    CHECK(refused(erase("z", "11:20", anna)).empty());  // one of a smaller instant takes nothing of it back
    CHECK(refused(profile("13", "11:30", anna, {{"city", "Riga"}})) == Codes{"erased /customer/external_id"});
    CHECK(shop.digest() == empty);
}

// formats.md §1 `id`: "The same id and the same canonical body … is a `duplicate`, answered with the first result; another body is `rejected: id_reused`"
TEST_CASE("the same erase again is a duplicate; its id is nobody else's") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    open_shop(shop);
    const json once = erase("for anna@mail.eu", "11:00", {{"email", "anna@mail.eu"}});
    json two = shop.apply(json::array({once, once}), noon);
    CHECK(two[0]["outcome"] == "accepted");
    CHECK(two[1]["outcome"] == "duplicate");
    shop.reopen();
    json again = shop.one(once, noon);
    CHECK(shop.last.duplicate == 1);
    CHECK(again["outcome"] == "duplicate");
    again["outcome"] = "accepted";
    CHECK(again == two[0]);
    json other = once;
    other["mode"] = "anonymise";
    CHECK(errors(shop.one(other, noon)) == Codes{"id_reused /id"});
    CHECK(errors(shop.one(profile("for anna@mail.eu", "11:30", anna, {}), noon)) == Codes{"erased /id"});
    CHECK(shop.one(profile("p", "11:30", anna, {}), noon)["outcome"] == "accepted");
    CHECK(errors(shop.one(erase("p", "11:40", anna), noon)) == Codes{"id_reused /id"});
    CHECK(shop.one(erase("q", "11:40", anna), noon)["outcome"] == "accepted");
    CHECK(errors(shop.one(erase("p", "11:50", anna), noon)) == Codes{"erased /id"});
    if (kind == Kind::sqlite) CHECK(occurrences(shop.close(), "anna") == 0);
}

// "nobody's customer = accepted, and a tombstone of the given identities all the same"; it is "a barrier in journal order".
TEST_CASE("an erase is a barrier in its batch: what stands before it goes, what stands behind it is measured by its tombstone") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    open_shop(shop);
    json results = shop.apply(json::array({erase("x0", "10:00", {{"phone", "+371 2"}}), profile("1", "10:00", anna, {{"city", "Riga"}}), erase("x1", "10:30", anna),
                                           profile("1", "10:00", anna, {{"city", "Riga"}}), profile("2", "10:30", anna, {{"city", "Oslo"}}),
                                           profile("3", "10:31", anna, {{"city", "Tartu"}}), profile("4", "09:59", {{"phone", "+3712"}}, {}),
                                           erase("x2", "10:31", anna, "anonymise"), profile("5", "10:40", anna, {{"city", "Bergen"}})}),
                              noon);
    std::vector<std::string> outcomes;
    for (const json &result : results) outcomes.push_back(result["outcome"]);
    CHECK(outcomes == Codes{"accepted", "accepted", "accepted", "rejected", "rejected", "accepted", "rejected", "accepted", "accepted"});
    CHECK(errors(results[3]) == Codes{"erased /id", "erased /customer/external_id"});
    CHECK(errors(results[4]) == Codes{"erased /customer/external_id"});
    CHECK(errors(results[6]) == Codes{"erased /customer/phone"});
    CHECK(shop.last.accepted == 6);
    CHECK(shop.last.rejected == 3);
    const json left = Shop::read(shop->customer("external_id:C-anna"));
    CHECK(left["profile"]["city"] == "Bergen");
    CHECK(left["version"] == 1);
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("every declared table that has an owner or keeps something personal has a place in an erase") {
    const cartbell_schema &schema = store::schema();
    size_t by_owner = 0;
    for (size_t i = 0; i < schema.table_count; ++i) {
        const cartbell_table &table = schema.tables[i];
        CAPTURE(table.name);
        const engine::Erased erased = engine::erased_as(static_cast<store::Table>(i), table);
        CHECK(erased != engine::Erased::unknown);
        bool keeps_personal = table.owner_column >= 0;
        for (size_t c = 0; c < table.column_count; ++c) keeps_personal = keeps_personal || (table.columns[c].flags & CARTBELL_COLUMN_PERSONAL) != 0;
        if (keeps_personal) CHECK(erased != engine::Erased::nothing);
        by_owner += erased == engine::Erased::by_owner;
    }
    CHECK(by_owner >= 5);
    // Tables added later.
    const cartbell_column columns[] = {{sizeof(cartbell_column), 0, CARTBELL_CELL_INTEGER, 0, "id"}, {sizeof(cartbell_column), 0, CARTBELL_CELL_INTEGER, 0, "customer_id"},
                                       {sizeof(cartbell_column), CARTBELL_COLUMN_PERSONAL, CARTBELL_CELL_TEXT, 0, "name"}};
    cartbell_table later = {sizeof(cartbell_table), CARTBELL_PLACE_CUSTOMER, "later", columns, 2, 1, nullptr, 0, 0, 0};
    CHECK(engine::erased_as(store::table_count, later) == engine::Erased::by_owner);
    later.owner_column = 1;
    CHECK(engine::erased_as(store::table_count, later) == engine::Erased::unknown);
    later.owner_column = -1;
    CHECK(engine::erased_as(store::table_count, later) == engine::Erased::nothing);
    later.column_count = 3;
    CHECK(engine::erased_as(store::table_count, later) == engine::Erased::unknown);
}

TEST_CASE("keyed hashes are those of RFC 2104: the cases of RFC 4231") {
    const auto mac = [](const std::string &key, const std::string &text) { return hex(engine::hmac_sha256(key, text)); };
    CHECK(mac(std::string(20, '\x0b'), "Hi There") == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(mac("Jefe", "what do ya want for nothing?") == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(mac(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First") == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("two stores hash the same person differently") {
    std::vector<json> bodies;
    for (const char *when : {"10:00", "10:01"}) {
        Shop shop(Kind::sqlite);
        shop.one(erase("x", when, anna), noon);
        bodies.push_back(json::parse(shop.journal().back()["body"].get<std::string>())["hashes"]);
    }
    CHECK(bodies[0].size() == 1);
    CHECK(bodies[0] != bodies[1]);
}
