// What an erase leaves of entries in which others have a part (docs/decisions/0008-erase.md).
#include "people_fixture.hpp"

using namespace engine_test;

namespace {

json erase(const std::string &id, const char *when, json customer, const char *mode = "delete") {
    return operation("erase", id, when, std::move(customer), {{"mode", mode}});
}
json said_of(const char *id, const char *when, const json &customer, const char *order_id, json members = json::object()) {
    members["order_id"] = order_id;
    return operation("order", id, when, customer, {{"order", members}});
}
void check_folds(Shop &shop, Kind kind) {
    CHECK(shop.digest() == shop.digest_refolded());
    shop.reopen();
    CHECK(shop.digest() == shop.digest_refolded());
    if (kind == Kind::sqlite) CHECK(shop.digest() == shop.digest_replayed());
}

}  // namespace

TEST_CASE("an order that became somebody else's stays theirs, without whom it was of before") {
    FOR_EACH_STORE(kind)
    for (const char *mode : {"delete", "anonymise"}) {
        CAPTURE(mode);
        Shop shop(kind);
        shop.apply(json::array({said_of("of-anna", "08:00", anna, "1", {{"total", "5.00"}, {"delivery", {{"provider", "DHL"}}}}), said_of("o2", "08:30", boris, "1", {{"total", "6.00"}})}), noon);
        shop.one(erase("x", "11:00", anna, mode), noon);
        const json kept = Shop::read(shop->order("1"));
        CHECK(kept["total"] == "6.00");
        CHECK(kept["delivery"]["provider"] == "DHL");
        CHECK(kept["version"] == 2);
        CHECK(kept["customer"]["external_id"] == "C-boris");
        CHECK(shop.one(said_of("o3", "08:40", boris, "1", {{"total", "7.00"}}), noon)["outcome"] == "accepted");  // it is no order of the erased person
        CHECK(Shop::read(shop->export_customer("external_id:C-boris"))["entries"].size() == 3);
        check_folds(shop, kind);
        if (kind == Kind::sqlite) CHECK(shop.close().find("anna") == std::string::npos);
    }
}

TEST_CASE("of an old message that two were named of, what its owner is left with is told without the other") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const auto sent = [](const char *id, const char *when, const json &customer, const char *message_id, json members) {
        members["message_id"] = message_id;
        return operation("message", id, when, customer, {{"backfill", true}, {"message", members}});
    };
    shop.apply(json::array({sent("of-anna", "08:00", anna, "boris-1", {{"subject", "Hello"}}), sent("m2", "08:30", boris, "boris-1", {{"opened_at", "2025-01-01T00:00:00Z"}}),
                            sent("m3", "08:00", boris, "anna-1", {{"subject", "Hello boris"}}), sent("m4", "08:30", anna, "anna-1", {{"opened_at", "2025-01-01T00:00:00Z"}}),
                            sent("m5", "08:40", nullptr, "anna-1", {{"clicked_at", "2025-01-01T00:00:00Z"}})}), noon);
    shop.one(erase("x", "11:00", anna), noon);
    const json messages = Shop::read(shop->customer_messages("external_id:C-boris", "", 10));
    REQUIRE(messages["messages"].size() == 1);
    CHECK(messages["messages"][0]["message_id"] == "boris-1");
    CHECK(messages["messages"][0]["subject"] == "Hello");
    CHECK(shop.one(sent("m6", "08:50", boris, "anna-1", {{"subject", "Hello"}}), noon)["errors"][0] ==
          json{{"code", "erased"}, {"pointer", "/message/message_id"}, {"message", "erased with all that happened up to 2026-11-20T11:00:00Z"}});
    CHECK(shop.one(sent("m7", "08:20", boris, "boris-1", {{"subject", "Late"}}), noon)["outcome"] == "late");
    CHECK(Shop::read(shop->stats())["old_messages"] == 1);
    check_folds(shop, kind);
    if (kind == Kind::sqlite) CHECK(shop.close().find("anna") == std::string::npos);
}

TEST_CASE("of somebody else's operation about an order of the erased person only whom it named stays") {
    FOR_EACH_STORE(kind)
    for (const char *mode : {"delete", "anonymise"}) {
        CAPTURE(mode);
        Shop shop(kind);
        const json both = {{"external_id", "C-boris"}, {"phone", "+37120"}};
        shop.apply(json::array({said_of("o1", "08:00", both, "order-anna", {{"total", "5.00"}, {"delivery", {{"note", "for anna"}}}}),
                                said_of("o2", "08:30", anna, "order-anna", {{"currency", "EUR"}}),
                                profile("p", "08:40", {{"phone", "+37120"}}, {{"city", "Tartu"}})}), noon);
        shop.one(erase("x", "11:00", anna, mode), noon);
        const json left = Shop::read(shop->export_customer("external_id:C-boris"));
        CHECK(left["orders"].empty());
        CHECK(left["profile"]["city"] == "Tartu");  // the phone is theirs by that operation still
        REQUIRE(left["entries"].size() == 2);
        CHECK(left["entries"][0]["operation"] == operation("identify", "o1", "08:00", both, json::object()));
        CHECK(shop.one(said_of("o1", "08:00", both, "order-anna", {{"total", "5.00"}, {"delivery", {{"note", "for anna"}}}}), noon)["outcome"] == "duplicate");
        CHECK(shop->order("order-anna").error().code == Code::not_found);
        CHECK(Shop::read(shop->stats())["orders"] == (mode == std::string("delete") ? 0 : 1));
        check_folds(shop, kind);
        if (kind == Kind::sqlite) CHECK(shop.close().find("anna") == std::string::npos);
    }
}

TEST_CASE("who was merged into the person is the person; who was parted from them is not, and nothing names them any more") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const json old = {{"external_id", "C-old-anna"}}, other = {{"external_id", "C-carl"}};
    shop.apply(json::array({profile("c1", "08:00", anna, {{"city", "Riga"}}), profile("c2", "08:10", boris, {{"city", "Tartu"}}), profile("c3", "08:20", old, {{"city", "Oslo"}}),
                            profile("c4", "08:30", other, {{"city", "Bergen"}}), merge("merge", "m1", "09:00", old, anna), merge("merge", "m2", "09:00", boris, other),
                            merge("merge", "m3", "09:05", boris, anna), merge("unmerge", "m4", "09:10", boris, anna)}), noon);
    shop.one(erase("x", "11:00", old), noon);
    for (const char *gone : {"external_id:C-anna", "external_id:C-old-anna"}) CHECK(shop->customer(gone).error().reason == "no_customer");
    // The unmerge was the last word about boris: without it he would be carl again.
    CHECK(Shop::read(shop->customer("external_id:C-boris"))["profile"]["city"] == "Tartu");
    CHECK(Shop::read(shop->customer("external_id:C-carl"))["profile"]["city"] == "Bergen");
    const json entries = Shop::read(shop->export_customer("external_id:C-boris"))["entries"];
    REQUIRE(entries.size() == 4);
    for (size_t i = 2; i < 4; ++i) {
        CHECK(entries[i]["type"] == "unmerge");
        CHECK(entries[i]["operation"]["from"] == boris);
    }
    check_folds(shop, kind);
    if (kind == Kind::sqlite) CHECK(shop.close().find("anna") == std::string::npos);
}

TEST_CASE("an identity of somebody else is not erased with the person who is named by it too") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const json shared = {{"phone", "+37120"}};
    shop.apply(json::array({operation("identify", "i1", "08:00", {{"external_id", "C-anna"}, {"phone", "+37120"}}, {}), profile("p1", "08:10", shared, {{"city", "Riga"}}),
                            operation("identify", "i2", "09:00", {{"external_id", "C-boris"}, {"phone", "+37120"}}, {}), profile("p2", "09:10", shared, {{"city", "Tartu"}})}), noon);
    const json result = shop.one(erase("x", "11:00", {{"external_id", "C-anna"}, {"phone", "+37120"}}), noon);
    CHECK(result["outcome"] == "accepted");
    REQUIRE(result["warnings"].size() == 1);
    CHECK(result["warnings"][0]["code"] == "identity_conflict");
    CHECK(result["warnings"][0]["pointer"] == "/customer/phone");
    CHECK(Shop::read(shop->customer("phone:+37120"))["profile"]["city"] == "Tartu");
    // What the phone said while it was the person's would be boris's now: it is refused too.
    CHECK(shop.one(profile("p3", "08:20", shared, {{"city", "Oslo"}}), noon)["errors"][0]["code"] == "erased");
    CHECK(shop.one(profile("p4", "11:20", shared, {{"city", "Bergen"}}), noon)["outcome"] == "accepted");
    check_folds(shop, kind);
}

TEST_CASE("no late claim leads from an erased person to what somebody else did") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const json device = {{"device_id", "d1"}};
    shop.apply(json::array({event("e1", "08:00", device, "", "u1"), operation("identify", "i1", "09:00", {{"external_id", "C-anna"}, {"device_id", "d1"}}, {})}), noon);
    CHECK(Shop::read(shop->events("external_id:C-anna", "", 10))["events"].size() == 1);
    shop.one(erase("x", "10:00", anna), noon);
    CHECK(Shop::read(shop->stats())["events"] == 0);
    CHECK(shop.one(operation("identify", "i2", "09:30", {{"external_id", "C-boris"}, {"device_id", "d1"}}, {}), noon)["errors"][0]["pointer"] == "/customer/device_id");
    CHECK(shop.one(operation("identify", "i3", "10:30", {{"external_id", "C-boris"}, {"device_id", "d1"}}, {}), noon)["outcome"] == "accepted");
    CHECK(Shop::read(shop->events("external_id:C-boris", "", 10))["events"].empty());
    check_folds(shop, kind);
}

// architecture.md idea 3: "exactly one message per (source, customer, key)"; formats.md §4: "A mailing's audience is taken at `start_at`".
TEST_CASE("a mailing under way goes on without who was erased, and does not ask the new person") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    json many = json::array();
    for (int i = 0; i < 600; ++i) many.push_back(profile("p" + std::to_string(i), "08:00", {{"external_id", "C-" + std::to_string(i)}}, {{"city", "Riga"}}));
    shop.apply(many, noon);
    REQUIRE(shop->put_template("t", R"({"code":"t","channel":"email","subject":"s","body":"Hello {{customer.city}}"})", noon).ok());
    REQUIRE(shop->put_mailing("m", R"({"code":"m","audience":true,"channel":"email","category":"promo","template":"t"})", noon).ok());
    REQUIRE(shop->start_mailing("m", noon).ok());
    Ticked ticked;
    REQUIRE(shop->tick(noon, 1, ticked).ok());
    const int64_t planned = Shop::read(shop->mailing_status("m"))["audience"];
    CHECK((planned > 0 && planned < 600));
    const json leased = Shop::read(shop->lease("w", 5, 60 * second_us, noon))["messages"];
    // A third of them is erased, of those that were asked and those that were not; half of these come back.
    json erases = json::array(), back = json::array();
    for (int i = 0; i < 600; i += 3) {
        erases.push_back(erase("x" + std::to_string(i), "11:00", {{"external_id", "C-" + std::to_string(i)}}));
        if (i % 2 == 0) back.push_back(profile("b" + std::to_string(i), "11:30", {{"external_id", "C-" + std::to_string(i)}}, {{"city", "Riga"}}));
    }
    for (const json &result : shop.apply(erases, noon)) CHECK(result["outcome"] == "accepted");
    for (const json &result : shop.apply(back, noon)) CHECK(result["outcome"] == "accepted");
    shop.run(noon);
    const json status = Shop::read(shop->mailing_status("m"));
    CHECK(status["state"] == "done");
    CHECK(status["audience"] == 400);
    CHECK(Shop::read(shop->stats())["messages"] == 400);
    const json left = Shop::read(shop->export_messages("mailing:m", "", 1000))["messages"];
    CHECK(left.size() == 400);
    for (const json &message : left) CHECK(std::stoi(message["customer"].get<std::string>().substr(14)) % 3 != 0);
    // Who had one in hand is told that it is no more; nothing of that report is kept.
    for (const json &message : leased) {
        const bool is_gone = std::stoi(message["customer"].get<std::string>().substr(14)) % 3 == 0;
        const json answer = Shop::read(shop->report(json{{"message_id", message["message_id"]}, {"outcome", "handed_over"}, {"reason", "to the address"}}.dump(), noon))["reports"][0];
        CHECK((answer["outcome"] == "refused") == is_gone);
        if (is_gone) CHECK(answer["error"]["code"] == "unknown_message");
    }
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("erasing somebody of thousands of entries, events and sessions takes them all") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    shop.apply(json::array({profile("b", "07:00", boris, {{"city", "Tartu"}})}), noon);
    const std::string before = shop.digest();
    for (int batch = 0; batch < 5; ++batch) {
        json many = json::array();
        for (int i = 0; i < 1000; ++i) {
            const std::string n = std::to_string(batch * 1000 + i);
            many.push_back(event("anna-e" + n, "08:00", anna, "anna-s" + std::to_string(i % 100), "https://anna/" + n));
            if (i % 4 == 0) many.push_back(said_of(("anna-o" + n).c_str(), "09:00", anna, i % 8 == 0 ? "order-anna" : ("order-anna-" + n).c_str(), {{"total", "1.00"}}));
            if (i % 4 == 1) many.push_back(profile("anna-p" + n, "09:00", anna, {{"city", "anna " + n}}));
        }
        shop.apply(many, noon);
    }
    CHECK(Shop::read(shop->stats())["events"] == 5000);
    CHECK(shop.one(erase("x", "11:00", anna), noon)["outcome"] == "accepted");
    CHECK(shop.digest() == before);
    CHECK(shop.digest_refolded() == before);
    const json left = Shop::read(shop->stats());
    CHECK(left["events"] == 0);
    CHECK(left["orders"] == 0);
    CHECK(left["customers"] == 1);
    if (kind == Kind::sqlite) CHECK(shop.close().find("anna") == std::string::npos);
}
