// An engine opened with lower limits over what was stored under higher ones: limits are for what comes in.
#include "engine_fixture.hpp"

using namespace engine_test;

namespace {
const Instant noon = at("2026-11-20T12:00:00Z");

json any_of(int conditions) {
    json all = json::array();
    for (int n = 0; n < conditions; ++n) all.push_back({{"purchases", {{"count", {{"ge", n}}}}}});
    return {{"any", all}};
}

json letter(const std::string &code, int conditions) {
    return {{"code", code}, {"channel", "email"}, {"subject", "Hello"}, {"body", std::string(500, 'x')}, {"condition", any_of(conditions)}};
}

json mailing(const std::string &code, int conditions) {
    return {{"code", code}, {"audience", any_of(conditions)}, {"channel", "email"}, {"category", "promo"}, {"template", "large"}};
}
}  // namespace

TEST_CASE("what was stored before the limits were lowered goes on working; what comes in is held to them") {
    Shop shop(Kind::sqlite);
    REQUIRE(shop->put_settings(R"({"fields":[{"of":"order","code":"gift","type":"boolean"},{"of":"order","code":"colour","type":"string"}]})", noon).ok());
    shop.apply(json::array({order("o1", "1", "C-1", "2026-11-20T10:00:00Z"), order("o2", "2", "C-2", "2026-11-20T10:00:00Z")}), noon);
    REQUIRE(shop->put_segment("large", any_of(40).dump(), noon).ok());
    REQUIRE(shop->put_template("", letter("large", 40).dump(), noon).ok());
    REQUIRE(shop->put_mailing("", mailing("november", 40).dump(), noon).ok());
    Shop::read(shop->start_mailing("november", noon));

    shop.limits.predicate_nodes = 20;
    shop.limits.predicate_bytes = 300;
    shop.limits.template_bytes = 450;
    shop.limits.settings_bytes = 100;
    shop.reopen();
    CHECK(Shop::read(shop->segment_count("large", noon))["count"] == 2);
    CHECK(Shop::read(shop->segment_count(R"({"segment":"large"})", noon))["count"] == 2);
    CHECK(Shop::read(shop->preview_template("large", "external_id:C-1", noon))["outcome"] == "rendered");
    CHECK(shop->put_segment("small", R"({"segment":"large"})", noon).ok());
    CHECK(shop->put_template("", R"({"code":"small","channel":"email","text":"x"})", noon).ok());
    CHECK(shop->put_settings(R"({"shop":{"future":"5m"}})", noon).ok());
    CHECK(shop->put_segment("large", R"({"orders":{}})", noon).ok());  // the mailing does not name it
    CHECK(shop->put_template("", R"({"code":"large","channel":"email","text":"x"})", noon).error().reason == "in_use");
    shop.one(order("o3", "1", "C-1", "2026-11-20T09:00:00Z"), noon);
    CHECK(shop.digest() == shop.digest_refolded());

    for (const auto &refused : {shop->put_segment("other", any_of(40).dump(), noon), shop->segment_count(any_of(40).dump(), noon),
                                shop->put_template("", letter("other", 1).dump(), noon), shop->put_mailing("", mailing("other", 40).dump(), noon)})
        CHECK(refused.code() == Code::limit);
    CHECK(Shop::read(shop->list_segments())["segments"].size() == 2);

    shop.run(noon);
    CHECK(Shop::read(shop->mailing_status("november"))["states"]["queued"] == 2);
    CHECK(shop->put_template("", R"({"code":"large","channel":"email","text":"x"})", noon).ok());
}
