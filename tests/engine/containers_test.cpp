// Containers through the engine (formats.md §1 "container", §1.1, §5 "Container", "Item"). Random ones are in engine_journal_test.cpp.
#include "engine_fixture.hpp"

using namespace engine_test;

namespace {

const Instant noon = at("2026-11-20T12:00:00Z");

const char *const settings =
    R"({"containers":[{"code":"wishes","merge":"max"},{"code":"seen","merge":"newest"},{"code":"trial","lifetime":"1h"},{"code":"monthly","lifetime":"1mo"}],
        "sources":[{"code":"web","trust":"public"},{"code":"till","trust":"trusted","rank":5}],"fields":[{"of":"item","code":"gift","type":"boolean"}]})";

class ContainerShop : public Shop {
  public:
    explicit ContainerShop(Kind kind) : Shop(kind) { REQUIRE(engine().put_settings(settings, at("2026-11-01T00:00:00Z")).ok()); }

    // `when`: "09:15" of the 20th.
    json change(const json &customer, const char *when, json act, const char *container = "cart") {
        act.merge_patch({{"type", "container"}, {"customer", customer}, {"container", container}, {"occurred_at", day(when)}});
        if (!act.contains("id")) act["id"] = "c" + std::to_string(++ids_);
        return one(act, noon);
    }
    json order_at(const char *when, const json &customer, const char *order_id, json members = json::object()) {
        json operation{{"type", "order"}, {"id", "o" + std::to_string(++ids_)}, {"source", "web"}, {"customer", customer}, {"occurred_at", day(when)},
                       {"order", {{"order_id", order_id}}}};
        operation.merge_patch(members);
        return one(operation, noon);
    }
    json identify(const char *when, const json &customer) {
        return one({{"type", "identify"}, {"id", "i" + std::to_string(++ids_)}, {"customer", customer}, {"occurred_at", day(when)}}, noon);
    }
    json merge(const char *when, const json &from, const json &into, const char *type = "merge") {
        return one({{"type", type}, {"id", "m" + std::to_string(++ids_)}, {"from", from}, {"into", into}, {"occurred_at", day(when)}}, noon);
    }
    json price(const char *when, const char *product, const char *price) {
        return one({{"type", "product"}, {"id", "p" + std::to_string(++ids_)}, {"occurred_at", day(when)}, {"product", {{"product_id", product}, {"price", price}}}}, noon);
    }
    json get(const char *identity, const char *code = "cart", const char *when = "12:00") {
        CHECK(digest() == digest_refolded());
        return read(engine().container(identity, code, at(day(when).c_str())));
    }
    // "SKU-1 x2, SKU-2 x1"
    std::string content(const char *identity, const char *code = "cart", const char *when = "12:00") {
        std::string text;
        const json container = get(identity, code, when);
        for (const json &item : container["items"])
            text += (text.empty() ? "" : ", ") + item["product_id"].get<std::string>() + " x" + item["quantity"].get<std::string>();
        return text;
    }
    static std::string day(const char *when) { return std::string("2026-11-20T") + when + ":00Z"; }

  private:
    int ids_ = 0;
};

const json ann{{"external_id", "A"}}, bob{{"external_id", "B"}}, visitor{{"anonymous_id", "v"}};

json add(const char *product, const char *quantity = "1", const char *price = nullptr) {
    json item{{"product_id", product}, {"quantity", quantity}};
    if (price != nullptr) item["price"] = price;
    return {{"add", item}};
}

// "container.item_added SKU-1 2 49.95"
std::vector<std::string> changes(const json &result) {
    std::vector<std::string> all;
    for (const json &event : result["changed"]) {
        std::string text = event["name"];
        if (!text.starts_with("container.")) continue;
        for (const char *name : {"product_id", "quantity", "price"})
            if (event["context"].contains(name)) text += " " + (event["context"][name].is_null() ? "-" : event["context"][name].get<std::string>());
        CHECK(event["context"]["container"].is_string());
        all.push_back(text);
    }
    return all;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("add, remove, set, replace and clear, each with what it changed") {
    FOR_EACH_STORE(kind)
    ContainerShop shop(kind);
    const json first = shop.change(ann, "09:00", {{"add", {{"product_id", "SKU-1"}, {"name", "Mug"}, {"category", {"Kitchen", "Mugs"}}, {"quantity", "2"},
                                                         {"price", "49.95"}, {"fields", {{"gift", true}}}}}});
    CHECK(first["outcome"] == "accepted");
    CHECK(first["version"] == 1);
    CHECK(changes(first) == Texts{"container.item_added SKU-1 2 49.95"});
    CHECK(changes(shop.change(ann, "09:10", add("SKU-1"))) == Texts{"container.item_added SKU-1 1 49.95"});
    CHECK(changes(shop.change(ann, "09:20", {{"add", {{"product_id", "SKU-2"}}}})) == Texts{"container.item_added SKU-2 1 -"});  // one piece
    shop.reopen();
    CHECK(shop.get("external_id:A") ==
          json{{"container", "cart"}, {"item_count", 2}, {"quantity", "4"}, {"total", "149.85"}, {"total_now", "0.00"},
               {"created_at", "2026-11-20T09:00:00Z"}, {"changed_at", "2026-11-20T09:20:00Z"}, {"version", 3},
               {"items",
                {{{"product_id", "SKU-1"}, {"name", "Mug"}, {"category", {"Kitchen", "Mugs"}}, {"quantity", "3"}, {"price", "49.95"}, {"price_then", "49.95"},
                  {"total", "149.85"}, {"added_at", "2026-11-20T09:00:00Z"}, {"changed_at", "2026-11-20T09:10:00Z"}, {"fields", {{"gift", true}}}},
                 {{"product_id", "SKU-2"}, {"quantity", "1"}, {"added_at", "2026-11-20T09:20:00Z"}, {"changed_at", "2026-11-20T09:20:00Z"}}}}});
    CHECK(changes(shop.change(ann, "09:30", {{"remove", {{"product_id", "SKU-1"}, {"quantity", "2"}}}})) == Texts{"container.item_removed SKU-1 2 49.95"});
    CHECK(changes(shop.change(ann, "09:35", {{"set", {{"product_id", "SKU-1"}, {"quantity", "5"}}}})) == Texts{"container.changed SKU-1 5 49.95"});
    CHECK(changes(shop.change(ann, "09:36", {{"set", {{"product_id", "SKU-1"}, {"quantity", "5"}}}})).empty());
    CHECK(changes(shop.change(ann, "09:37", {{"set", {{"product_id", "SKU-1"}, {"price", "40"}}}})) == Texts{"container.changed SKU-1 5 40.00"});
    CHECK(changes(shop.change(ann, "09:40", {{"remove", {{"product_id", "SKU-2"}}}})) == Texts{"container.item_removed SKU-2 1 -"});
    CHECK(changes(shop.change(ann, "09:41", {{"remove", {{"product_id", "SKU-2"}}}})).empty());  // removing what is not there does nothing
    CHECK(changes(shop.change(ann, "09:50", {{"replace", {{{"product_id", "SKU-3"}}, {{"product_id", "SKU-1"}, {"quantity", "1"}}}}})) ==
          Texts{"container.item_added SKU-3 1 -", "container.changed SKU-1 1 -"});
    CHECK(shop.content("external_id:A") == "SKU-3 x1, SKU-1 x1");
    CHECK(changes(shop.change(ann, "09:55", {{"clear", true}})) == Texts{"container.cleared"});
    const json empty = shop.get("external_id:A");
    CHECK(empty["item_count"] == 0);
    CHECK(empty["total"] == "0.00");
    CHECK(empty["created_at"].is_null());  // "An empty or unknown container has `item_count` 0, `total` 0 and no `created_at`."
    CHECK(empty["changed_at"] == "2026-11-20T09:55:00Z");
    CHECK(changes(shop.change(ann, "09:56", {{"clear", true}})).empty());
    CHECK(shop.get("external_id:A")["changed_at"] == "2026-11-20T09:55:00Z");
    const json unknown = shop.get("external_id:A", "wishes");
    CHECK(unknown["item_count"] == 0);
    CHECK(unknown["changed_at"].is_null());
    CHECK(unknown["version"] == 0);
    CHECK(shop->container("external_id:A", "wishs", noon).error().reason == "unknown_code");
    CHECK(shop->container("external_id:B", "cart", noon).error().reason == "no_customer");
}

TEST_CASE("`set` of a container, and `replace` for products that stay, keep `added_at` and the price then; `remove` and `add` begin anew") {
    ContainerShop shop(Kind::memory);
    const auto of = [&](const char *member) { return shop.get("external_id:A")["items"][0][member]; };
    shop.change(ann, "09:00", add("SKU-1", "1", "10"));
    shop.change(ann, "09:10", {{"set", {{"product_id", "SKU-1"}, {"quantity", "2"}, {"price", "20"}}}});
    CHECK(of("added_at") == "2026-11-20T09:00:00Z");
    CHECK(of("price_then") == "10.00");
    CHECK(of("price") == "20.00");
    CHECK(of("changed_at") == "2026-11-20T09:10:00Z");
    shop.change(ann, "09:20", {{"replace", {{{"product_id", "SKU-1"}, {"quantity", "2"}, {"price", "30"}}}}});
    CHECK(of("added_at") == "2026-11-20T09:00:00Z");
    CHECK(of("price_then") == "10.00");
    CHECK(of("changed_at") == "2026-11-20T09:10:00Z");  // as many as before
    CHECK(shop.get("external_id:A")["changed_at"] == "2026-11-20T09:10:00Z");  // "last change of content (a price change is none)"
    shop.change(ann, "09:30", {{"remove", {{"product_id", "SKU-1"}}}});
    shop.change(ann, "09:40", add("SKU-1", "1", "40"));
    CHECK(of("added_at") == "2026-11-20T09:40:00Z");
    CHECK(of("price_then") == "40.00");
}

TEST_CASE("an item added without a price takes the catalogue's of that instant, whatever arrives when") {
    FOR_EACH_STORE(kind)
    ContainerShop shop(kind);
    shop.change(ann, "09:00", add("SKU-1", "2"));
    CHECK_FALSE(shop.get("external_id:A")["items"][0].contains("price_then"));
    shop.price("10:00", "SKU-1", "12.00");  // afterwards: the price now
    CHECK_FALSE(shop.get("external_id:A")["items"][0].contains("price_then"));
    CHECK(shop.get("external_id:A")["items"][0]["price_now"] == "12.00");
    CHECK(shop.get("external_id:A")["total_now"] == "24.00");
    shop.price("08:00", "SKU-1", "9.00");  // late
    shop.price("08:30", "SKU-1", "10.00");
    const json item = shop.get("external_id:A")["items"][0];
    CHECK(item["price_then"] == "10.00");
    CHECK(item["total"] == "20.00");
    CHECK(item["price_now"] == "12.00");
    shop.change(ann, "10:30", add("SKU-2", "1", "5.00 USD"));
    const json cart = shop.get("external_id:A");
    CHECK(cart["items"][1]["total"] == "5.00 USD");
    CHECK(cart["total"] == "20.00");  // amounts of two currencies are no sum
}

TEST_CASE("late facts are folded where they belong, and said to be late") {
    FOR_EACH_STORE(kind)
    ContainerShop shop(kind);
    shop.change(ann, "10:00", add("SKU-1"));
    const json late = shop.change(ann, "09:00", add("SKU-1", "2", "10"));
    CHECK(late["outcome"] == "late");
    CHECK(late["version"] == 2);
    CHECK(changes(late) == Texts{"container.item_added SKU-1 2 10.00"});
    CHECK(shop.get("external_id:A")["items"][0]["added_at"] == "2026-11-20T09:00:00Z");
    CHECK(shop.change(ann, "09:30", {{"clear", true}})["outcome"] == "late");
    CHECK(shop.content("external_id:A") == "SKU-1 x1");
    CHECK(shop.get("external_id:A")["items"][0]["added_at"] == "2026-11-20T10:00:00Z");
    CHECK(shop.change(ann, "09:40", add("SKU-9"), "wishes")["outcome"] == "accepted");  // another container's first fact
    CHECK(changes(shop.change(ann, "09:10", {{"set", {{"product_id", "SKU-1"}, {"quantity", "9"}}}})).empty());  // cleared since
}

TEST_CASE("a container is emptied `lifetime` after `changed_at`") {
    ContainerShop shop(Kind::memory);
    shop.change(ann, "09:00", add("SKU-1"), "trial");
    shop.change(ann, "09:30", add("SKU-2"), "trial");
    CHECK(shop.content("external_id:A", "trial", "10:29") == "SKU-1 x1, SKU-2 x1");
    CHECK(shop.content("external_id:A", "trial", "10:30") == "");
    CHECK(shop.get("external_id:A", "trial", "10:30")["changed_at"] == "2026-11-20T10:30:00Z");
    CHECK(shop.get("external_id:A", "trial", "10:30")["created_at"].is_null());
    shop.change(ann, "10:30", add("SKU-1"), "trial");
    CHECK(shop.content("external_id:A", "trial", "10:31") == "SKU-1 x1");
    CHECK(shop.get("external_id:A", "trial", "10:31")["created_at"] == "2026-11-20T10:30:00Z");
    CHECK(shop.change(ann, "10:20", add("SKU-3"), "trial")["outcome"] == "late");  // in time, so nothing had ended
    CHECK(shop.content("external_id:A", "trial", "10:31") == "SKU-1 x2, SKU-2 x1, SKU-3 x1");
    shop.change(ann, "09:00", add("SKU-1"), "monthly");
    CHECK(Shop::read(shop->container("external_id:A", "monthly", at("2026-12-20T08:59:59Z")))["item_count"] == 1);
    CHECK(Shop::read(shop->container("external_id:A", "monthly", at("2026-12-20T09:00:00Z")))["item_count"] == 0);
    const json all = Shop::read(shop->containers("external_id:A", noon));
    REQUIRE(all["containers"].size() == 2);
    CHECK(all["containers"][0]["container"] == "monthly");
    CHECK(all["containers"][1]["item_count"] == 0);
}

TEST_CASE("an order of a public source, not backfill, acts as a `clear` of the cart at its earliest fact") {
    FOR_EACH_STORE(kind)
    ContainerShop shop(kind);
    shop.change(ann, "09:00", add("SKU-1"));
    shop.change(ann, "09:00", add("SKU-1"), "wishes");
    shop.order_at("09:10", ann, "1", {{"source", "till"}});
    shop.order_at("09:10", ann, "2", {{"backfill", true}});
    CHECK(shop.content("external_id:A") == "SKU-1 x1");
    CHECK(changes(shop.order_at("10:00", ann, "3")).back() == "container.cleared");
    CHECK(shop.content("external_id:A") == "");
    CHECK(shop.content("external_id:A", "wishes") == "SKU-1 x1");
    shop.change(ann, "10:10", add("SKU-2"));
    shop.order_at("10:20", ann, "3", {{"order", {{"total", "5"}}}});  // not its earliest
    CHECK(shop.content("external_id:A") == "SKU-2 x1");
    shop.order_at("08:50", ann, "3", {{"order", {{"total", "6"}}}});  // now this one is: at 10:00 nothing happened
    CHECK(shop.content("external_id:A") == "SKU-1 x1, SKU-2 x1");
    shop.order_at("10:30", bob, "3");  // of somebody else
    CHECK(shop.content("external_id:A") == "SKU-1 x1, SKU-2 x1");
    shop.order_at("11:00", bob, "4");  // before B ever had a cart
    shop.change(bob, "10:50", add("SKU-5"));
    CHECK(shop.content("external_id:B") == "");
    REQUIRE(shop->put_settings(R"({"shop":{"order_empties_cart":false}})", noon).ok());
    shop.order_at("11:10", ann, "5");
    CHECK(shop.content("external_id:A") == "SKU-1 x1, SKU-2 x1");
}

TEST_CASE("containers of both sides are folded to the merge's instant, combined by the container's rule, and go on as one") {
    FOR_EACH_STORE(kind)
    ContainerShop shop(kind);
    for (const char *code : {"cart", "wishes", "seen"}) {
        shop.change(visitor, "09:00", add("SKU-1", "2", "10"), code);
        shop.change(ann, "09:10", add("SKU-1", "3", "20"), code);
        shop.change(visitor, "09:20", add("SKU-2"), code);
        shop.change(ann, "09:30", add("SKU-3"), code);
    }
    CHECK(shop.content("anonymous_id:v") == "SKU-1 x2, SKU-2 x1");
    const json joined = shop.identify("10:00", {{"external_id", "A"}, {"anonymous_id", "v"}});
    CHECK(changes(joined) ==
          Texts{"container.changed SKU-1 5 20.00", "container.item_added SKU-2 1 -", "container.item_added SKU-2 1 -", "container.item_added SKU-2 1 -"});
    // "on a merge quantities add, or the larger, or the item added later"
    CHECK(shop.content("external_id:A") == "SKU-1 x5, SKU-3 x1, SKU-2 x1");
    CHECK(shop.get("external_id:A")["items"][0]["added_at"] == "2026-11-20T09:00:00Z");
    CHECK(shop.get("external_id:A")["items"][0]["price_then"] == "10.00");
    CHECK(shop.content("external_id:A", "wishes") == "SKU-1 x3, SKU-3 x1, SKU-2 x1");
    CHECK(shop.get("external_id:A", "wishes")["items"][0]["added_at"] == "2026-11-20T09:00:00Z");
    CHECK(shop.content("external_id:A", "seen") == "SKU-1 x3, SKU-3 x1, SKU-2 x1");
    CHECK(shop.get("external_id:A", "seen")["items"][0]["added_at"] == "2026-11-20T09:10:00Z");
    CHECK(shop.get("external_id:A")["created_at"] == "2026-11-20T09:00:00Z");
    CHECK(shop.get("external_id:A")["changed_at"] == "2026-11-20T09:30:00Z");
    CHECK(shop.get("external_id:A")["version"] == 4);

    shop.change(visitor, "10:10", {{"remove", {{"product_id", "SKU-3"}}}});  // known by the weaker identity, as one
    CHECK(shop.content("external_id:A") == "SKU-1 x5, SKU-2 x1");
    shop.change(ann, "09:50", {{"clear", true}});  // only the one side, before the instant
    CHECK(shop.content("external_id:A") == "SKU-1 x2, SKU-2 x1");
    shop.identify("09:25", {{"external_id", "A"}, {"anonymous_id", "v"}});  // a late claim: one from then on, and cleared at 09:50
    CHECK(shop.content("external_id:A") == "");
    CHECK(Shop::read(shop->containers("external_id:A", noon))["containers"].size() == 3);
}

TEST_CASE("a fact between the other side's newest and the instant of the merge is not above all") {
    ContainerShop shop(Kind::memory);
    const json address{{"email", "a@example.eu"}};
    shop.change(address, "09:00", add("SKU-1"));
    shop.merge("11:00", bob, ann);
    shop.identify("09:30", {{"external_id", "B"}, {"email", "a@example.eu"}});  // B's from then on, A's from 11:00 on
    shop.change(ann, "10:00", add("SKU-2"));
    CHECK(shop.content("external_id:A") == "SKU-2 x1, SKU-1 x1");
    CHECK(shop.get("external_id:A")["created_at"] == "2026-11-20T09:00:00Z");
}

TEST_CASE("merge and unmerge move containers, by the newest merge's instant") {
    FOR_EACH_STORE(kind)
    ContainerShop shop(kind);
    shop.change(ann, "09:00", add("SKU-1"));
    shop.change(bob, "09:10", add("SKU-2"));
    shop.change(ann, "09:20", {{"clear", true}});
    const json merged = shop.merge("09:30", bob, ann);
    CHECK(changes(merged) == Texts{"container.item_added SKU-2 1 -"});
    CHECK(shop.content("external_id:A") == "SKU-2 x1");
    CHECK(shop->container("external_id:B", "cart", noon).ok());  // the same customer
    shop.change(ann, "09:40", {{"clear", true}});
    CHECK(shop.content("external_id:B") == "");
    shop.merge("09:50", bob, ann);  // said again, later: until then B's stood apart
    CHECK(shop.content("external_id:A") == "SKU-2 x1");
    shop.merge("09:55", bob, ann, "unmerge");
    CHECK(shop.content("external_id:A") == "");
    CHECK(shop.content("external_id:B") == "SKU-2 x1");
    CHECK(Shop::read(shop->stats())["containers"] == 2);
}

TEST_CASE("who has a product is found, page by page") {
    FOR_EACH_STORE(kind)
    ContainerShop shop(kind);
    for (int i = 0; i < 9; ++i) shop.change({{"external_id", "C" + std::to_string(i)}}, "09:00", add("SKU-1", "2"), i % 3 == 0 ? "wishes" : "cart");
    shop.change({{"external_id", "C1"}}, "09:10", add("SKU-1"), "wishes");
    shop.change({{"external_id", "C2"}}, "09:10", add("SKU-2"));
    shop.change({{"external_id", "C4"}}, "09:10", {{"remove", {{"product_id", "SKU-1"}}}});
    shop.change({{"external_id", "C5"}}, "11:50", add("SKU-1"), "trial");
    const auto all = [&](const char *code, size_t most, const char *when) {
        std::vector<std::string> found;
        std::string after;
        do {
            const json page = Shop::read(shop->container_holders("SKU-1", code, at(ContainerShop::day(when).c_str()), after, most));
            CHECK(page["holders"].size() <= most);
            for (const json &one : page["holders"]) found.push_back(one["customer"].get<std::string>() + " " + one["container"].get<std::string>());
            after = page["next"].is_null() ? "" : page["next"].get<std::string>();
        } while (!after.empty());
        std::sort(found.begin(), found.end());
        return found;
    };
    const Texts carts{"external_id:C1 cart", "external_id:C2 cart", "external_id:C5 cart", "external_id:C7 cart", "external_id:C8 cart"};
    const Texts wishes{"external_id:C0 wishes", "external_id:C1 wishes", "external_id:C3 wishes", "external_id:C6 wishes"};
    for (const size_t most : {1, 2, 100}) {
        CHECK(all("cart", most, "12:00") == carts);
        CHECK(all("wishes", most, "12:00") == wishes);
        CHECK(all("", most, "12:00").size() == 10);
        CHECK(all("", most, "12:50").size() == 9);  // a lifetime is over
    }
    shop.merge("10:00", {{"external_id", "C1"}}, {{"external_id", "C2"}});
    CHECK(all("cart", 1, "12:00").size() == 4);
    CHECK(shop->container_holders("SKU-1", "cat", noon, "", 5).error().reason == "unknown_code");
    CHECK(shop->container_holders("SKU-1", "", noon, "x", 5).error().reason == "bad_token");
    CHECK(shop->container_holders("SKU-1", "", noon, "cart external_id:none", 5).error().reason == "no_customer");
    CHECK(shop->container_holders("SKU-1", "", noon, "", 100'000).error().reason == "page_rows");
    CHECK(Shop::read(shop->container_holders("none", "", noon, "", 5)) == json{{"holders", json::array()}, {"next", nullptr}});
}

TEST_CASE("if_version is the container's; a duplicate is answered with the first result") {
    ContainerShop shop(Kind::memory);
    CHECK(shop.change(ann, "09:00", {{"add", {{"product_id", "SKU-1"}}}, {"if_version", 0}})["outcome"] == "accepted");
    CHECK(shop.change(ann, "09:01", {{"add", {{"product_id", "SKU-1"}}}, {"if_version", 0}})["errors"][0]["code"] == "version");
    CHECK(shop.change(ann, "09:02", {{"add", {{"product_id", "SKU-1"}}}, {"if_version", 1}})["version"] == 2);
    CHECK(shop.change(ann, "09:03", {{"clear", true}, {"id", "twice"}})["outcome"] == "accepted");
    CHECK(shop.change(ann, "09:03", {{"clear", true}, {"id", "twice"}})["outcome"] == "duplicate");
    CHECK(shop.content("external_id:A") == "");
}

TEST_CASE("what stored containers contradict is refused") {
    ContainerShop shop(Kind::memory);
    shop.change(ann, "09:00", {{"add", {{"product_id", "SKU-1"}, {"price", "5"}, {"fields", {{"gift", true}}}}}}, "wishes");
    const auto put = [&](const char *member, const char *json) { return shop->put_settings(std::string("{\"") + member + "\":" + json + "}", noon); };
    const auto refused = put("containers", R"([{"code":"seen"}])");
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().reason == "in_use");
    CHECK(refused.error().pointer == "/containers");
    CHECK(refused.error().message.find("wishes") != std::string::npos);
    CHECK(put("containers", R"([{"code":"wishes","merge":"newest","lifetime":"3d"}])").ok());
    CHECK(put("fields", R"([{"of":"item","code":"gift","type":"integer"}])").error().reason == "in_use");
    CHECK(put("shop", R"({"currency":"SEK"})").error().reason == "in_use");
    shop.change(ann, "09:10", {{"clear", true}}, "wishes");
    CHECK(put("fields", "[]").ok());
    CHECK(put("shop", R"({"currency":"SEK"})").ok());
}

TEST_CASE("a container holds at most 1,000 products: one more is left out, and nothing else lost") {
    ContainerShop shop(Kind::memory);
    json all = json::array();
    for (int i = 0; i < 1000; ++i) all.push_back({{"product_id", "P" + std::to_string(i)}});
    CHECK(shop.change(ann, "09:00", {{"replace", all}})["outcome"] == "accepted");
    CHECK(changes(shop.change(ann, "09:01", add("SKU-1"))).empty());
    CHECK(changes(shop.change(ann, "09:02", add("P7"))) == Texts{"container.item_added P7 1 -"});
    shop.change(visitor, "09:00", add("SKU-1"));
    shop.identify("10:00", {{"external_id", "A"}, {"anonymous_id", "v"}});
    CHECK(shop.get("external_id:A")["item_count"] == 1000);
}

TEST_CASE("the export and the timeline of a customer tell of containers") {
    ContainerShop shop(Kind::sqlite);
    shop.change(ann, "09:00", add("SKU-1", "2", "10"));
    const json whole = Shop::read(shop->export_customer("external_id:A"));
    REQUIRE(whole["containers"].size() == 1);
    CHECK(whole["containers"][0]["items"][0]["product_id"] == "SKU-1");
    CHECK(whole["tables"].empty());
    CHECK(whole["entries"][0]["type"] == "container");
    const json timeline = Shop::read(shop->customer_timeline("external_id:A", "", 10));
    CHECK(timeline["entries"][0]["operation"]["add"]["product_id"] == "SKU-1");
}
