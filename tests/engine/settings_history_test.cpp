// "Versioned; put whole or by member": versions listed, and what differs between two (formats.md §0).
#include <random>

#include "engine_fixture.hpp"

using namespace engine_test;

namespace {
const Instant noon = at("2026-11-20T12:00:00Z");

json put(Shop &shop, const json &settings, Instant now = noon) {
    return Shop::read(shop->put_settings(settings.dump(), now))["version"];
}
json difference(Shop &shop, int64_t from = -1, int64_t to = -1) {
    return Shop::read(shop->settings_difference(from, to));
}

// ---- the plain applier: settings as {path: value of the innermost object's member}, elements by their keys

const std::map<std::string, std::vector<std::string>> keys{
    {"sources", {"code"}}, {"statuses", {"set", "code"}}, {"fields", {"of", "code"}}, {"lists", {"code"}}, {"rates", {"from", "to", "date"}}};

std::vector<std::string> tokens(const std::string &path) {
    std::vector<std::string> out;
    for (const char c : path) {
        if (c == '/')
            out.emplace_back();
        else
            out.back() += c;
    }
    return out;
}

json *element_of(json &list, const std::string &name, const std::vector<std::string> &path) {
    for (json &element : list) {
        bool same = true;
        for (size_t i = 0; i < keys.at(name).size(); ++i)
            same = same && element.at(keys.at(name)[i]) == path[1 + i];
        if (same) return &element;
    }
    return nullptr;
}

void apply_to(json &settings, const json &change) {
    const std::vector<std::string> path = tokens(change["path"]);
    json &member = settings.at(path[0]);
    json *object = &member;
    size_t at = 1;
    if (const auto keyed = keys.find(path[0]); keyed != keys.end()) {
        at += keyed->second.size();
        object = element_of(member, path[0], path);
        if (path.size() == at) {  // a whole element
            CHECK((object != nullptr) == change.contains("from"));
            if (object != nullptr) {
                CHECK(*object == change["from"]);
                member.erase(member.begin() + (object - &member[0]));
            }
            if (change.contains("to")) member.push_back(change["to"]);
            return;
        }
    }
    REQUIRE(object != nullptr);
    REQUIRE(path.size() == at + 1);
    CHECK(object->contains(path[at]) == change.contains("from"));
    if (change.contains("from")) CHECK(object->at(path[at]) == change["from"]);
    if (change.contains("to"))
        (*object)[path[at]] = change["to"];
    else
        object->erase(path[at]);
}

// Lists in one order, so that settings compare whatever the place of their elements.
json in_order(json settings) {
    settings.erase("version");
    for (const auto &[name, by] : keys)
        std::sort(settings.at(name).begin(), settings.at(name).end());
    return settings;
}

// ---- random settings

class RandomSettings {
  public:
    explicit RandomSettings(uint32_t seed) : random_(seed) {}

    json next() {
        json settings = json::object();
        if (one_in(3)) settings["shop"] = shop();
        if (one_in(3))
            settings["sources"] = elements(6, [&](int i) {
                json source{{"code", "s" + std::to_string(i)},
                            {"name", word()},
                            {"rank", below(3)},
                            {"trust", one_in(2) ? "public" : "trusted"},
                            {"active", one_in(2)}};
                if (one_in(2)) source["domain"] = word() + ".example";
                return source;
            });
        if (one_in(3))
            settings["statuses"] = elements(6, [&](int i) {
                const char *sets[] = {"general", "delivery", "payment"};
                return json{{"set", sets[i % 3]}, {"code", "c" + std::to_string(i / 3)}, {"name", word()}, {"in_analytics", one_in(2)}};
            });
        if (one_in(3))
            settings["fields"] = elements(6, [&](int i) {
                const char *objects[] = {"customer", "order", "line"}, *types[] = {"string", "money", "list"};
                return json{{"of", objects[i % 3]},
                            {"code", "f" + std::to_string(i / 3)},
                            {"name", word()},
                            {"type", types[below(3)]},
                            {"personal", one_in(2)}};
            });
        if (one_in(3)) settings["lists"] = elements(4, [&](int i) { return json{{"code", "l-" + std::to_string(i)}, {"name", word()}}; });
        if (one_in(3))
            settings["rates"] = elements(6, [&](int i) {
                return json{{"from", i % 2 ? "USD" : "GBP"},
                            {"to", "EUR"},
                            {"date", "2026-01-0" + std::to_string(1 + i / 2)},
                            {"rate", std::to_string(1 + below(5)) + ".5"}};
            });
        return settings;
    }
    int below(int bound) { return static_cast<int>(random_() % static_cast<uint32_t>(bound)); }

  private:
    bool one_in(int chances) { return below(chances) == 0; }
    std::string word() { return std::string(1, static_cast<char>('a' + below(4))) + "/~\"ā"; }
    template <typename Make>
    json elements(int most, Make make) {
        json list = json::array();
        for (int i = 0; i < most; ++i)
            if (one_in(2)) list.insert(list.begin() + below(static_cast<int>(list.size()) + 1), make(i));
        return list;
    }
    json shop() {
        const char *zones[] = {"UTC", "Europe/Riga", "Asia/Tokyo"};
        return {{"zone", zones[below(3)]},
                {"anonymous_days", below(3)},
                {"unknown_fields", one_in(2) ? "keep" : "reject"},
                {"order_empties_cart", one_in(2)}};
    }
    std::mt19937 random_;
};

}  // namespace

TEST_CASE("versions kept and listed with their difference") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    CHECK(Shop::read(shop->settings_versions("", 10)) == json::parse(R"({"versions":[],"next":null})"));
    CHECK(difference(shop) == json::parse(R"({"from":0,"to":0,"changes":[]})"));

    put(shop, {{"sources", {{{"code", "shop"}, {"trust", "public"}, {"rank", 2}}}}}, noon);
    put(shop,
        {{"sources", {{{"code", "app"}}, {{"code", "shop"}, {"trust", "trusted"}, {"rank", 2}, {"domain", "a.eu"}}}},
         {"shop", {{"zone", "Europe/Riga"}}}},
        noon + second_us);
    put(shop, {{"sources", {{{"code", "shop"}}}}}, noon + 2 * second_us);
    shop.reopen();
    CHECK(Shop::read(shop->settings_versions("", 2))["versions"] ==
          json::parse(R"([{"version":3,"created_at":"2026-11-20T12:00:02Z"},{"version":2,"created_at":"2026-11-20T12:00:01Z"}])"));
    CHECK(Shop::read(shop->settings_versions("", 2))["next"] == "2");
    CHECK(Shop::read(shop->settings_versions("2", 2)) ==
          json::parse(R"({"versions":[{"version":1,"created_at":"2026-11-20T12:00:00Z"}],"next":null})"));
    CHECK(Shop::read(shop->settings_versions("", 0))["versions"].empty());

    // Added, removed and changed; by path, and no element that only moved.
    CHECK(difference(shop, 1, 2) == json::parse(R"({"from":1,"to":2,"changes":[
        {"path":"/shop/zone","from":"UTC","to":"Europe/Riga"},
        {"path":"/sources/app","to":{"code":"app","name":"app","trust":"trusted","rank":0,"active":true}},
        {"path":"/sources/shop/domain","to":"a.eu"},
        {"path":"/sources/shop/trust","from":"public","to":"trusted"}]})"));
    CHECK(difference(shop) == difference(shop, 2, 3));  // "default: a version and the one before it"
    CHECK(difference(shop, -1, 2) == difference(shop, 1, 2));
    CHECK(difference(shop, 2, 2)["changes"].empty());
    const json back = difference(shop, 2, 1)["changes"];  // in whichever direction
    REQUIRE(back.size() == 4);
    CHECK(back[1] == json::parse(R"({"path":"/sources/app","from":{"code":"app","name":"app","trust":"trusted","rank":0,"active":true}})"));
    CHECK(difference(shop, 0, 1)["changes"].at(0)["path"] == "/sources/shop");
}

TEST_CASE("versions that are not there, pages that are none and limits are told") {
    Shop shop(Kind::memory);
    put(shop, {{"lists", {{{"code", "vip"}}}}});
    CHECK(shop->settings_difference(0, 2).code() == Code::not_found);
    CHECK(shop->settings_difference(2, 1).code() == Code::not_found);
    CHECK(shop->settings_difference(INT64_MAX, -1).code() == Code::not_found);
    CHECK(difference(shop, INT64_MIN, INT64_MIN) == difference(shop, 0, 1));
    for (const char *token : {"x", "0", "-1", "1x", " 1", "99999999999999999999"}) {
        const auto page = shop->settings_versions(token, 1);
        REQUIRE(!page.ok());
        CHECK(page.error().reason == "bad_token");
    }
    CHECK(Shop::read(shop->settings_versions("1", 1))["versions"].empty());
    CHECK(shop->settings_versions("", library_limits.page_rows + 1).code() == Code::limit);
}

TEST_CASE("applying the changes of all versions gives the newest, for random settings") {
    for (uint32_t seed = 0; seed < 40; ++seed) {
        CAPTURE(seed);
        RandomSettings random(seed);
        Shop shop(Kind::memory);
        std::vector<json> versions{Shop::read(shop->get_settings())};
        for (int round = 0; round < 25; ++round) {
            const json version = put(shop, random.next());
            const json now = Shop::read(shop->get_settings());
            if (version == versions.size()) versions.push_back(now);
            REQUIRE(versions.back() == now);
        }
        const auto newest = static_cast<int64_t>(versions.size()) - 1;
        REQUIRE(newest > 5);
        json settings = versions.front();
        for (int64_t version = 1; version <= newest; ++version) {
            const json changes = difference(shop, version - 1, version)["changes"];
            CHECK(!changes.empty());
            for (size_t i = 1; i < changes.size(); ++i)
                CHECK(changes[i - 1]["path"].get<std::string>() < changes[i]["path"].get<std::string>());
            for (const json &change : changes) {
                CHECK((change.contains("from") ? change["from"] : json()) != (change.contains("to") ? change["to"] : json()));
                apply_to(settings, change);
            }
            CHECK(in_order(settings) == in_order(versions[static_cast<size_t>(version)]));
        }
        // Between any two, in one step and in both directions.
        const int64_t a = random.below(static_cast<int>(newest)), b = random.below(static_cast<int>(newest));
        settings = versions[static_cast<size_t>(a)];
        const json between = difference(shop, a, b);
        for (const json &change : between["changes"])
            apply_to(settings, change);
        CHECK(in_order(settings) == in_order(versions[static_cast<size_t>(b)]));
    }
}
