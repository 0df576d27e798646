// Settings by version: formats.md §0 through the engine.
#include "engine_fixture.hpp"

using namespace engine_test;

namespace {
const Instant noon = at("2026-11-20T12:00:00Z");

json shop_settings() {
    return {{"statuses", json::array({{{"set", "payment"}, {"code", "awaiting"}}, {{"set", "payment"}, {"code", "paid"}}})},
            {"fields", json::array({{{"of", "order"}, {"code", "gift"}, {"type", "boolean"}}, {{"of", "customer"}, {"code", "vip"}, {"type", "boolean"}}})}};
}
}  // namespace

TEST_CASE("settings have versions; members that are not named stay") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    CHECK(Shop::read(shop->put_settings(shop_settings().dump(), noon))["version"] == 1);
    CHECK(Shop::read(shop->put_settings(R"({"shop":{"zone":"Europe/Riga","currency":"GBP"}})", noon))["version"] == 2);
    CHECK(Shop::read(shop->put_settings(R"({"shop":{"zone":"Europe/Riga","currency":"GBP"}})", noon))["version"] == 2);  // nothing new
    shop.reopen();
    if (kind == Kind::sqlite) CHECK(Shop::read(shop->get_settings())["version"] == 2);
    const json settings = Shop::read(shop->get_settings());
    CHECK(settings["shop"]["currency"] == "GBP");
    CHECK(settings["statuses"].size() == 2);
    CHECK(Shop::read(shop->get_settings("fields")).size() == 2);
    CHECK(shop->get_settings("feilds").code() == Code::not_found);
}

TEST_CASE("settings that make no sense are refused with a pointer, and nothing is stored") {
    Shop shop(Kind::memory);
    const auto bad = shop->put_settings(R"({"shop":{"zone":"Europe/Rigga"}})", noon);
    REQUIRE(!bad.ok());
    CHECK(bad.code() == Code::invalid);
    CHECK(bad.error().pointer == "/shop/zone");
    const auto twice = shop->put_settings(R"({"rates":[{"from":"EUR","to":"USD","date":"2026-01-01","rate":"1.1"},{"from":"EUR","to":"USD","date":"2026-01-01","rate":"1.2"}]})", noon);
    REQUIRE(!twice.ok());
    CHECK(twice.error().reason == "duplicate");
    CHECK(twice.error().pointer == "/rates");
    CHECK(!shop->put_settings(R"({"shops":{}})", noon).ok());
    CHECK(!shop->put_settings("[]", noon).ok());
    CHECK(!shop->put_settings("{", noon).ok());
    CHECK(Shop::read(shop->get_settings())["version"] == 0);
}

TEST_CASE("what stored data contradicts is refused with the list") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    REQUIRE(shop->put_settings(shop_settings().dump(), noon).ok());
    shop.apply(json::array({order("o1", "1", "C-1", "2026-11-20T10:00:00Z", {{"status", {{"payment", "awaiting"}}}, {"fields", {{"gift", true}}}}),
                            order("o2", "1", "C-1", "2026-11-20T10:01:00Z", {{"status", {{"payment", "paid"}}}})}),
               noon);
    SUBCASE("a status in use, in the history too") {
        const auto refused = shop->put_settings(R"({"statuses":[{"set":"payment","code":"paid"}]})", noon);
        REQUIRE(!refused.ok());
        CHECK(refused.code() == Code::conflict);
        CHECK(refused.error().reason == "in_use");
        CHECK(refused.error().pointer == "/statuses");
        CHECK(refused.error().message.find("payment.awaiting") != std::string::npos);
        CHECK(refused.error().message.find("payment.paid") == std::string::npos);
    }
    SUBCASE("a field that changes its type") {
        json changed = shop_settings();
        changed.erase("statuses");
        changed["fields"][0]["type"] = "string";
        const auto refused = shop->put_settings(changed.dump(), noon);
        CHECK(refused.code() == Code::conflict);
        CHECK(refused.error().message.find("order field gift") != std::string::npos);
        CHECK(refused.error().pointer == "/fields");
    }
    SUBCASE("what nobody used may go") {
        CHECK(shop->put_settings(R"({"fields":[{"of":"order","code":"gift","type":"boolean"}]})", noon).ok());
    }
    SUBCASE("a status that a segment names") {
        REQUIRE(shop->put_settings(R"({"statuses":[{"set":"payment","code":"awaiting"},{"set":"payment","code":"paid"},{"set":"general","code":"new"}]})", noon).ok());
        REQUIRE(shop->put_segment("fresh", R"({"orders":{"where":{"status.general":"new"}}})", noon).ok());
        const auto refused = shop->put_settings(R"({"statuses":[{"set":"payment","code":"awaiting"},{"set":"payment","code":"paid"}]})", noon);
        CHECK(refused.code() == Code::conflict);
        CHECK(refused.error().message.find("definition") != std::string::npos);
    }
}

TEST_CASE("a source that stored facts come from or name cannot be removed, only switched off") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const auto sources = [&](std::initializer_list<const char *> codes) {
        json list = json::array();
        for (const char *code : codes) list.push_back({{"code", code}});
        return shop->put_settings(json{{"sources", list}}.dump(), noon);
    };
    REQUIRE(sources({"app", "named", "site", "spare"}).ok());
    json first = order("o1", "1", "C-1", "2026-11-20T10:00:00Z", {{"source", "named"}, {"url", "u"}});
    first["source"] = "site";
    json profile{{"type", "customer"}, {"id", "c1"}, {"source", "app"}, {"occurred_at", "2026-11-20T10:00:00Z"}, {"customer", {{"external_id", "C-1"}}}, {"profile", {{"city", "Riga"}}}};
    shop.apply(json::array({first, profile}), noon);
    profile["id"] = "c2";  // what the app said is overwritten, but the app's operation stays
    profile["source"] = "system";
    profile["occurred_at"] = "2026-11-20T11:00:00Z";
    shop.one(profile, noon);

    CHECK(sources({"app", "named", "site"}).ok());  // nobody used the spare one
    for (const auto &[kept, used] : {std::pair{sources({"named", "site"}), "app"}, {sources({"app", "site"}), "named"}, {sources({"app", "named"}), "site"}}) {
        const std::string in_use = used;
        CAPTURE(in_use);
        REQUIRE(!kept.ok());
        CHECK(kept.code() == Code::conflict);
        CHECK(kept.error().reason == "in_use");
        CHECK(kept.error().pointer == "/sources");
        CHECK(kept.error().message == "stored data contradict this: source " + std::string(used) + " is in use");
    }
    CHECK(sources({}).error().message == "stored data contradict this: source app is in use, source named is in use, source site is in use");
    CHECK(shop->put_settings(R"({"sources":[{"code":"app"},{"code":"named"},{"code":"site","active":false}]})", noon).ok());
}

TEST_CASE("the shop's currency stays while stored amounts would mean another one") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const char *pounds = R"({"shop":{"currency":"GBP"}})";
    REQUIRE(shop->put_settings(R"({"fields":[{"of":"customer","code":"credit","type":"money"}]})", noon).ok());
    shop.one(order("o1", "1", "C-1", "2026-11-20T10:00:00Z", {{"total", "10.00"}, {"currency", "EUR"}}), noon);
    const auto credit = [&](const char *id, const char *amount) {
        shop.one({{"type", "customer"}, {"id", id}, {"customer", {{"external_id", "C-1"}}}, {"profile", {{"fields", {{"credit", amount}}}}}}, noon);
    };
    credit("c1", "5.00 EUR");
    SUBCASE("all that is stored names its currency") { CHECK(shop->put_settings(pounds, noon).ok()); }
    SUBCASE("an order names none") {
        shop.one(order("o2", "2", "C-2", "2026-11-20T10:00:00Z", {{"total", "10.00"}}), noon);
        const auto refused = shop->put_settings(pounds, noon);
        CHECK(refused.code() == Code::conflict);
        CHECK(refused.error().reason == "in_use");
        CHECK(refused.error().pointer == "/shop/currency");
        CHECK(refused.error().message == "stored data contradict this: orders have no currency of their own");
        shop.one(order("o3", "2", "C-2", "2026-11-20T10:01:00Z", {{"currency", "EUR"}}), noon);
        CHECK(shop->put_settings(pounds, noon).ok());
    }
    SUBCASE("a customer's amount names none") {
        credit("c2", "5.00");
        const auto refused = shop->put_settings(pounds, noon);
        CHECK(refused.error().pointer == "/shop/currency");
        CHECK(refused.error().message == "stored data contradict this: customer field credit has amounts without a currency");
    }
    CHECK(shop->put_settings(R"({"shop":{"currency":"ZZZ"}})", noon).error().pointer == "/shop/currency");
}

TEST_CASE("a field declared after its values were kept: values that fit are of its type from then on, others refuse it") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    REQUIRE(shop->put_settings(R"({"shop":{"unknown_fields":"keep"}})", noon).ok());
    shop.apply(json::array({order("o1", "1", "C-1", "2026-11-20T10:00:00Z", {{"currency", "EUR"}, {"fields", {{"deposit", 5}, {"colour", "red"}}}, {"lines", json::array({{{"line_id", "1"}, {"fields", {{"size", "9"}}}}})}}),
                            order("o2", "2", "C-2", "2026-11-20T10:00:00Z", {{"fields", {{"deposit", "7.50"}}}})}),
               noon);
    shop.one({{"type", "customer"}, {"id", "c1"}, {"customer", {{"external_id", "C-1"}}}, {"profile", {{"fields", {{"since", "2020-01-01"}}}}}}, noon);
    const auto declare = [&](const char *of, const char *code, const char *type) {
        json fields = Shop::read(shop->get_settings("fields"));
        fields.push_back({{"of", of}, {"code", code}, {"type", type}});
        return shop->put_settings(json{{"fields", fields}}.dump(), noon);
    };
    for (const auto &[of, code, type] : {std::tuple{"order", "colour", "integer"}, {"order", "deposit", "boolean"}, {"order", "deposit", "integer"}, {"line", "size", "list"}, {"customer", "since", "time"}}) {
        const std::string declared = code;
        CAPTURE(declared);
        const auto refused = declare(of, code, type);
        REQUIRE(!refused.ok());
        CHECK(refused.code() == Code::conflict);
        CHECK(refused.error().reason == "in_use");
        CHECK(refused.error().pointer == "/fields");
        CHECK(refused.error().message == "stored data contradict this: " + std::string(of) + " field " + code + " has values that are not of its type");
    }
    for (const auto &[of, code, type] : {std::tuple{"order", "colour", "string"}, {"order", "deposit", "money"}, {"line", "size", "decimal"}, {"customer", "since", "date"}, {"customer", "new", "list"}})
        CHECK(declare(of, code, type).ok());
    const json stored = Shop::read(shop->order("1"));
    CHECK(stored["fields"]["deposit"] == "5.00");  // not the number that was sent
    CHECK(stored["fields"]["colour"] == "red");
    CHECK(stored["lines"][0]["fields"]["size"] == "9");
    CHECK(Shop::read(shop->customer("external_id:C-1"))["profile"]["fields"]["since"] == "2020-01-01");
    CHECK(Shop::read(shop->segment_count(R"({"orders":{"sum":{"of":"fields.deposit","is":{"ge":"7.50 EUR"}}}})", noon))["count"] == 1);
    CHECK(Shop::read(shop->segment_count(R"({"customer":{"fields.since":{"before":"2021-01-01"}}})", noon))["count"] == 1);
    CHECK(shop.digest() == shop.digest_refolded());
    // From another type to another: what is stored decides.
    json fields = Shop::read(shop->get_settings("fields"));
    for (json &field : fields)
        if (field["code"] == "colour") field["type"] = "integer";
    CHECK(shop->put_settings(json{{"fields", fields}}.dump(), noon).error().pointer == "/fields");
}

TEST_CASE("a mailing that is under way keeps the settings it decides with; what cannot change it may change") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const char *statuses = R"({"statuses":[{"set":"payment","code":"paid"},{"set":"payment","code":"failed","in_analytics":false}]})";
    REQUIRE(shop->put_settings(statuses, noon).ok());
    REQUIRE(shop->put_settings(R"({"fields":[{"of":"order","code":"gift","type":"boolean"}],"rates":[{"from":"USD","to":"EUR","date":"2026-11-19","rate":"0.9"}]})", noon).ok());
    json operations = json::array();
    for (int n = 0; n < 600; ++n) {
        const std::string text = std::to_string(n);
        operations.push_back(order("o" + text, text, "C-" + text, "2026-11-20T10:00:00Z", {{"currency", "EUR"}, {"total", "10.00"}}));
    }
    shop.apply(operations, noon);
    REQUIRE(shop->put_template("t", R"({"channel":"sms","text":"{{purchases.count}}"})", noon).ok());
    const json mailing{{"audience", {{"purchases", {{"count", {{"ge", 1}}}}}}}, {"channel", "sms"}, {"category", "promo"}, {"template", "t"}, {"start_at", "2026-11-21T12:00:00Z"}};
    REQUIRE(shop->put_mailing("spring", mailing.dump(), noon).ok());
    REQUIRE(shop->start_mailing("spring", noon).ok());

    const std::pair<const char *, const char *> held[] = {
        {R"({"shop":{"zone":"Europe/Riga"}})", "/shop/zone"},
        {R"({"shop":{"currency":"GBP"}})", "/shop/currency"},
        {R"({"shop":{"locale":"lv"}})", "/shop/locale"},
        {R"({"statuses":[{"set":"payment","code":"paid","in_analytics":false},{"set":"payment","code":"failed","in_analytics":false}]})", "/statuses"},
        {R"({"statuses":[{"set":"payment","code":"paid","name":"Thanks"},{"set":"payment","code":"failed","in_analytics":false}]})", "/statuses"},
        {R"({"fields":[]})", "/fields"},
        {R"({"fields":[{"of":"order","code":"gift","type":"string"}]})", "/fields"},
    };
    const char *rates = R"({"rates":[{"from":"USD","to":"EUR","date":"2026-11-19","rate":"0.9"},{"from":"USD","to":"EUR","date":"2026-11-20","rate":"0.8"}]})";
    const auto check_held = [&] {
        for (const auto &[change, pointer] : held) {
            const std::string put = change;
            CAPTURE(put);
            const auto refused = shop->put_settings(put, noon);
            REQUIRE(!refused.ok());
            CHECK(refused.code() == Code::conflict);
            CHECK(refused.error().reason == "in_use");
            CHECK(refused.error().pointer == pointer);
            CHECK(refused.error().message.find("spring") != std::string::npos);
        }
    };
    check_held();
    const Instant start = at("2026-11-21T12:00:00Z");
    CHECK(shop->put_settings(rates, start - second_us).ok());  // a day's rates come before the mailing's instant
    const json dry = Shop::read(shop->dry_run("spring", start));
    Ticked ticked;
    REQUIRE(shop->tick(start, 1, ticked).ok());
    CHECK(Shop::read(shop->mailing_status("spring"))["state"] == "running");
    check_held();
    const auto refused = shop->put_settings(R"({"rates":[]})", start);
    REQUIRE(!refused.ok());
    CHECK(refused.error().pointer == "/rates");
    for (const char *harmless : {R"({"shop":{"future":"5m","session_idle":"1h","anonymous_days":5,"order_empties_cart":false}})", R"({"sources":[{"code":"app"}]})",
                                 R"({"fields":[{"of":"order","code":"gift","name":"A gift","type":"boolean","personal":true},{"of":"order","code":"colour","type":"string"}]})",
                                 R"({"statuses":[{"set":"payment","code":"paid"},{"set":"payment","code":"failed","in_analytics":false},{"set":"general","code":"new","in_analytics":false}]})"})
        CHECK_MESSAGE(shop->put_settings(harmless, start).ok(), harmless);
    REQUIRE(shop->put_settings(R"({"shop":{"unknown_fields":"keep"}})", start).ok());  // from here on a definition may name what is not declared
    CHECK(shop->put_settings(R"({"fields":[{"of":"order","code":"gift","type":"boolean"},{"of":"order","code":"colour","type":"string"},{"of":"order","code":"size","type":"string"}]})", start).error().pointer == "/fields");
    shop.run(start);
    const json real = Shop::read(shop->mailing_status("spring"));
    CHECK(real["state"] == "done");
    CHECK(real["rendered"] == dry["rendered"]);
    for (const auto &one : {held[0], held[1], held[3], held[5]}) CHECK_MESSAGE(shop->put_settings(one.first, start).ok(), one.second);
    CHECK(shop->put_settings(R"({"rates":[]})", start).ok());
}

TEST_CASE("an operation is checked against the version in force when it enters, not when it was parsed") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    const json operation = order("o1", "1", "C-1", "2026-11-20T10:00:00Z", {{"fields", {{"gift", true}}}});
    const json batch{{"operations", json::array({operation})}, {"sent_at", "2026-11-20T11:00:00Z"}};
    auto early = shop->parse(Form::object, batch.dump(), "");
    REQUIRE(early.ok());
    REQUIRE(shop->put_settings(shop_settings().dump(), noon).ok());
    Batch *one = early->get();
    Applied applied;
    REQUIRE(shop->apply({&one, 1}, noon, applied).ok());
    const json result = json::parse(applied.results[0])[0];
    CHECK(result["outcome"] == "accepted");
    CHECK(result["warnings"][0]["code"] == "time_moved");  // the batch's sent_at is not lost on the way
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("an entry is folded anew with the settings that were in force when it entered") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    REQUIRE(shop->put_settings(R"({"fields":[{"of":"order","code":"gift","type":"boolean"}]})", noon).ok());
    shop.one(order("o2", "1", "C-1", "2026-11-20T10:00:00Z", {{"fields", {{"gift", true}}}}), noon);
    shop.one(order("o3", "1", "C-1", "2026-11-20T10:05:00Z", {{"fields", {{"gift", nullptr}}}}), noon);
    REQUIRE(shop->put_settings(R"({"fields":[{"of":"order","code":"gift","type":"string"}]})", noon).ok());
    CHECK(shop.one(order("o1", "1", "C-1", "2026-11-20T09:00:00Z", {{"fields", {{"gift", "red"}}}}), noon)["outcome"] == "late");
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("on orders, profiles and products a public source's fact never beats a trusted one's") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    REQUIRE(shop->put_settings(R"({"sources":[{"code":"web","trust":"public"}]})", noon).ok());
    shop.one(order("o1", "1", "C-1", "2026-11-20T10:00:00Z", {{"total", "10.00"}}), noon);
    json web = order("o2", "1", "C-1", "2026-11-20T11:00:00Z", {{"total", "1.00"}, {"url", "u"}});
    web["source"] = "web";
    CHECK(shop.one(web, noon)["outcome"] == "late");
    const std::string stored = Shop::read(shop->order("1")).dump();
    CHECK(stored.find("10.00") != std::string::npos);
    CHECK(stored.find("\"url\":\"u\"") != std::string::npos);
    web["source"] = "nowhere";
    web["id"] = "o3";
    CHECK(shop.one(web, noon)["errors"][0]["code"] == "unknown_source");
    CHECK(shop.digest() == shop.digest_refolded());
}

TEST_CASE("settings that would be too large in all are refused, so that what is stored can be read again") {
    Shop shop(Kind::sqlite);
    json statuses = json::array(), fields = json::array();
    for (int i = 0; i < 30'000; ++i) statuses.push_back({{"set", "general"}, {"code", "a_rather_long_code_of_a_status_" + std::to_string(i)}});
    for (int i = 0; i < 20'000; ++i) fields.push_back({{"of", "order"}, {"code", "a_rather_long_code_of_a_field_" + std::to_string(i)}, {"type", "string"}});
    const Instant now = at("2026-11-20T12:00:00Z");
    const auto first = shop->put_settings(json{{"statuses", statuses}}.dump(), now);
    const auto second = shop->put_settings(json{{"fields", fields}}.dump(), now);
    CHECK((!first.ok() || !second.ok()));
    const json before = Shop::read(shop->get_settings());
    shop.reopen();
    CHECK(Shop::read(shop->get_settings()) == before);
}
