#include "codec/settings_json.hpp"
#include "door.hpp"

using namespace cartbell;
using namespace cartbell::test;

namespace {

Errors errors(const codec::ReadSettings &read) {
    Errors out;
    for (const Note &note : read.errors)
        out.push_back(note.code + " " + note.pointer);
    return out;
}

codec::ReadSettings read(std::string_view json) {
    return codec::read_settings(json, nullptr, Limits{});
}

std::string text(const Settings &settings) {
    std::string out;
    codec::append_settings(out, settings);
    return out;
}

}  // namespace

TEST_CASE("settings are put whole; a member that is not named has its default") {
    const codec::ReadSettings bare = read("{}");
    CHECK(errors(bare).empty());
    CHECK(text(bare.settings) == text(default_settings()));
    const codec::ReadSettings full = read(
        R"({"shop":{"zone":"Europe/Riga","currency":"GBP","locale":"en-GB","unknown_fields":"keep","anonymous_days":30,"session_idle":"15m","future":"1h","order_empties_cart":false},)"
        R"("sources":[{"code":"site","name":"Site","trust":"public","rank":-3,"domain":"a.b","active":false},{"code":"9-x_y"}],)"
        R"("statuses":[{"set":"payment","code":"paid","name":"Paid","in_analytics":true},{"set":"general","code":"cancelled","in_analytics":false}],)"
        R"("fields":[{"of":"order","code":"gift","name":"Gift","type":"boolean"},{"of":"customer","code":"ssn","type":"string","personal":true}],)"
        R"("rates":[{"from":"USD","to":"GBP","date":"2026-01-01","rate":"0.8"},{"from":"USD","to":"GBP","date":"2025-01-01","rate":0.75}]})");
    REQUIRE(errors(full).empty());
    const Settings &settings = full.settings;
    CHECK(settings.shop.zone == "Europe/Riga");
    CHECK(settings.shop.keep_unknown_fields);
    CHECK(settings.shop.session_idle == Duration{15, Duration::Unit::minute});
    CHECK(settings.find_source("site")->trust == Trust::public_source);
    CHECK(settings.find_source("site")->rank == -3);
    CHECK(settings.find_source("9-x_y")->name == "9-x_y");
    CHECK(settings.find_source("system") != nullptr);  // "the system source cannot be deleted"
    CHECK(settings.statuses.size() == 2);
    CHECK_FALSE(settings.find_status(StatusSet::general, "cancelled")->in_analytics);
    CHECK(settings.find_field(Object::customer, "ssn")->personal);
    CHECK(settings.find_field(Object::order, "gift")->type == Type::boolean);
    int64_t pounds = 0;
    CHECK(settings.convert(1'000'000, Currency::of("USD"), Currency::of("GBP"), Date{2025, 6, 1}, pounds));
    CHECK(pounds == 750'000);
}

TEST_CASE("settings written are settings read") {
    Settings settings = shop_settings();
    settings.rates.push_back({Currency::of("USD"), Currency::of("EUR"), Date{2026, 1, 2}, 900'001});
    settings.channels.push_back({"whatsapp", "WhatsApp"});
    settings.categories = {{"news", "News", CategoryKind::promo}, {"orders", "Orders", CategoryKind::service}, {"watch", "Watching", CategoryKind::tracking}};
    const codec::ReadSettings again = read(text(settings));
    CHECK(errors(again).empty());
    CHECK(again.settings.version == 0);
    Settings expected = settings;
    expected.version = 0;
    CHECK(text(again.settings) == text(expected));
    for (const char *member : {"shop", "sources", "statuses", "fields", "channels", "categories", "rates"}) {
        std::string json;
        REQUIRE(codec::append_settings_member(json, member, settings).ok());
        const codec::ReadSettings one =
            codec::read_settings_member(member, json, settings, nullptr, Limits{});
        CHECK(errors(one).empty());
        CHECK(text(one.settings) == text(settings));
    }
}

TEST_CASE("one member is put anew over the others, which stay") {
    const Settings current = shop_settings();
    const codec::ReadSettings shop =
        codec::read_settings_member("shop", R"({"currency":"GBP"})", current, nullptr, Limits{});
    CHECK(shop.ok());
    CHECK(shop.settings.shop.currency == Currency::of("GBP"));
    CHECK(shop.settings.find_source("site") != nullptr);
    CHECK(shop.settings.version == 7);
    const codec::ReadSettings statuses =
        codec::read_settings_member("statuses", "[]", current, nullptr, Limits{});
    CHECK(statuses.settings.statuses.empty());
    CHECK(errors(codec::read_settings_member("sorces", "[]", current, nullptr, Limits{})) ==
          Errors{"unknown_member "});
    CHECK(errors(codec::read_settings_member("holidays", "{}", current, nullptr, Limits{})) ==
          Errors{"not_yet "});
    std::string out;
    CHECK(codec::append_settings_member(out, "statusses", current).error().message.find("statuses") !=
          std::string::npos);
}

TEST_CASE("codes of fields and statuses are [a-z][a-z0-9_]{0,63}; other codes [a-z0-9][a-z0-9_-]{0,63}") {
    CHECK(
        errors(read(
            R"({"statuses":[{"set":"general","code":"in-work"},{"set":"general","code":"9x"},{"set":"general","code":"Paid"}]})")) ==
        Errors{"bad_code /statuses/0/code", "bad_code /statuses/1/code", "bad_code /statuses/2/code"});
    CHECK(errors(read(R"({"fields":[{"of":"order","type":"string","code":"a.b"}]})")) ==
          Errors{"bad_code /fields/0/code"});
    CHECK(errors(read(R"({"sources":[{"code":"a.b"},{"code":""},{"code":"-x"},{"code":"x-1"}]})")) ==
          Errors{"bad_code /sources/0/code", "bad_code /sources/1/code", "bad_code /sources/2/code"});
    CHECK(errors(read(R"({"sources":[{"code":")" + std::string(65, 'a') + R"("}]})")) ==
          Errors{"bad_code /sources/0/code"});
}

TEST_CASE("`cart` is always there, and containers come back as they were put") {
    const codec::ReadSettings read_back = read(R"({"containers":[{"code":"wishes","name":"Wishes","lifetime":"30d","merge":"max"}]})");
    REQUIRE(read_back.ok());
    CHECK(read_back.settings.containers == std::vector<ContainerDefinition>{{"cart", "Cart", {}, Joining::quantities_add},
                                                                            {"wishes", "Wishes", Duration{30, Duration::Unit::day}, Joining::larger_quantity}});
    std::string out;
    REQUIRE(codec::append_settings_member(out, "containers", read_back.settings).ok());
    CHECK(out == R"([{"code":"cart","name":"Cart","merge":"union"},{"code":"wishes","name":"Wishes","lifetime":"30d","merge":"max"}])");
    CHECK(read(R"({"containers":[{"code":"cart","lifetime":"1mo","merge":"newest"}]})").settings.containers.size() == 1);
    CHECK(errors(read(R"({"containers":[{"code":"a"},{"code":"a"}]})")) == Errors{"duplicate /containers"});
}

TEST_CASE("currencies of settings are those of ISO 4217") {
    CHECK(errors(read(
              R"({"shop":{"currency":"ZZZ"},"rates":[{"from":"HRK","to":"EUR","date":"2022-12-31","rate":"0.132723"},{"from":"AAA","to":"EUR","date":"2022-12-31","rate":"1"}]})")) ==
          Errors{"unknown_currency /shop/currency", "unknown_currency /rates/1/from"});
}

TEST_CASE("all errors of settings come at once, with pointers, unknown members with the nearest name") {
    const codec::ReadSettings bad = read(
        R"({"shp":{},"caps":[],"containers":[{"code":"a.b","merge":"least","lifetime":"soon","size":1},{"name":"x","lifetime":"0d"}],"shop":{"zone":5,"currency":"EURO","unknown_fields":"drop","anonymous_days":-1,"session_idle":"soon","unknown_events":"maybe","curency":"EUR"},)"
        R"("sources":[{"name":"x","trust":"friend"},5],"statuses":[{"set":"shipping","code":"x"},{}],)"
        R"("fields":[{"of":"items","code":"x","type":"string"},{"of":"event:a","code":"x","type":"text"},{"of":"ordr","code":"y","type":"list"}],)"
        R"("rates":[{"from":"USD","to":"USD","date":"--01-01","rate":0},{}]})");
    CHECK(errors(bad) == Errors{"unknown_member /shp",
                                "not_yet /caps",
                                "bad_code /containers/0/code",
                                "bad_value /containers/0/merge",
                                "not_a_duration /containers/0/lifetime",
                                "unknown_member /containers/0/size",
                                "out_of_range /containers/1/lifetime",
                                "missing_code /containers/1/code",
                                "bad_type /shop/zone",
                                "unknown_currency /shop/currency",
                                "bad_value /shop/unknown_fields",
                                "out_of_range /shop/anonymous_days",
                                "not_a_duration /shop/session_idle",
                                "bad_value /shop/unknown_events",
                                "unknown_member /shop/curency",
                                "bad_value /sources/0/trust",
                                "missing_code /sources/0/code",
                                "bad_type /sources/1",
                                "bad_value /statuses/0/set",
                                "missing_set /statuses/1/set",
                                "missing_code /statuses/1/code",
                                "bad_value /fields/0/of",
                                "bad_value /fields/1/of",
                                "bad_value /fields/1/type",
                                "bad_value /fields/2/of",
                                "not_a_date /rates/0/date",
                                "out_of_range /rates/0/rate",
                                "bad_value /rates/0",
                                "missing_from /rates/1/from",
                                "missing_to /rates/1/to",
                                "missing_date /rates/1/date",
                                "missing_rate /rates/1/rate"});
    CHECK(bad.errors[0].message.find("shop") != std::string::npos);
    CHECK(errors(read("[]")) == Errors{"bad_type "});
    CHECK(errors(read("{")) == Errors{"syntax "});
    CHECK(errors(read(R"({"shop":{},"shop":{}})")) == Errors{"duplicate_key /shop"});
    CHECK(errors(read("\"" + std::string(5u << 20, 'x') + "\"")) == Errors{"too_large "});
}

TEST_CASE("channels have a code and a name, categories a kind besides; by default there are the channels email, sms and push and no categories") {
    const codec::ReadSettings bare = read("{}"), full = read(
        R"({"channels":[{"code":"sms"},{"code":"email","name":"E-mail"}],"categories":[{"code":"w","kind":"tracking"},{"code":"o","name":"Orders","kind":"service"}]})");
    REQUIRE(errors(full).empty());
    REQUIRE(bare.settings.channels.size() == 3);
    for (const char *code : {"email", "sms", "push"}) CHECK(bare.settings.find_channel(code) != nullptr);
    CHECK(bare.settings.categories.empty());
    CHECK(full.settings.channels.size() == 2);
    CHECK(full.settings.find_channel("sms")->name == "sms");
    CHECK(full.settings.find_channel("push") == nullptr);
    CHECK(full.settings.find_category("w")->kind == CategoryKind::tracking);
    CHECK(full.settings.find_category("o")->name == "Orders");
    CHECK(errors(read(R"({"channels":[{"code":"sms","per_minute":5,"hours":["09:00","21:00"]},{"name":"x"},{"code":"a.b"},7]})")) ==
          Errors{"unknown_member /channels/0/per_minute", "unknown_member /channels/0/hours", "missing_code /channels/1/code", "bad_code /channels/2/code",
                 "bad_type /channels/3"});
    CHECK(errors(read(R"({"categories":[{"code":"a"},{"kind":"promo"},{"code":"b","kind":"adverts"},{"code":"c","kind":"promo","x":1}]})")) ==
          Errors{"missing_kind /categories/0/kind", "missing_code /categories/1/code", "bad_value /categories/2/kind", "unknown_member /categories/3/x"});
    CHECK(errors(read(R"({"channels":[{"code":"a"},{"code":"a"}]})")) == Errors{"duplicate /channels"});
    CHECK(errors(read(R"({"categories":[{"code":"a","kind":"promo"},{"code":"a","kind":"service"}]})")) == Errors{"duplicate /categories"});
}

TEST_CASE("nothing is declared twice") {
    CHECK(errors(read(R"({"sources":[{"code":"a"},{"code":"a"}]})")) == Errors{"duplicate /sources/1/code"});
    CHECK(
        errors(read(
            R"({"statuses":[{"set":"general","code":"a"},{"set":"payment","code":"a"},{"set":"general","code":"a"}]})")) ==
        Errors{"duplicate /statuses"});
    CHECK(
        errors(read(
            R"({"fields":[{"of":"order","code":"a","type":"list"},{"of":"line","code":"a","type":"list"},{"of":"order","code":"a","type":"date"}]})")) ==
        Errors{"duplicate /fields"});
    CHECK(
        errors(read(
            R"({"rates":[{"from":"USD","to":"EUR","date":"2026-01-01","rate":1},{"from":"USD","to":"EUR","date":"2026-01-01","rate":2}]})")) ==
        Errors{"duplicate /rates"});
}

TEST_CASE("the system source cannot be deleted, distrusted or switched off") {
    CHECK(read(R"({"sources":[]})").settings.find_source("system") != nullptr);
    CHECK(errors(read(R"({"sources":[{"code":"system","trust":"public"}]})")) ==
          Errors{"bad_value /sources/0"});
    CHECK(errors(read(R"({"sources":[{"code":"system","name":"Us"}]})")).empty());
}

TEST_CASE("the shop's zone must be one that the zones know") {
    class TwoZones final : public Zones {
      public:
        const Zone *find(std::string_view name) const override { return name == "UTC" ? &utc() : nullptr; }
    } const zones;
    CHECK(codec::read_settings(R"({"shop":{"zone":"UTC"}})", &zones, Limits{}).ok());
    CHECK(errors(codec::read_settings(R"({"shop":{"zone":"Mars/Base"}})", &zones, Limits{})) ==
          Errors{"unknown_zone /shop/zone"});
}
