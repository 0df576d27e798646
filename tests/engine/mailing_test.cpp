// Templates and mailings through the engine: formats.md §3 and §4.
#include "engine_fixture.hpp"

#include <map>
#include <set>

#include "campaign/message_state.hpp"

using namespace engine_test;

namespace {
const Instant noon = at("2026-11-20T12:00:00Z");
const Instant day = day_us;

const char *offer_template = R"({"code":"offer","channel":"email","subject":"Hello {{customer.first_name}}",
  "body":"<p>{{customer.first_name}}: order {{orders.last.order_id}}{{#orders.last.lines}} {{name}}{{/orders.last.lines}}</p>",
  "condition":{"all":[{"purchases":{"count":{"lt":5}}},{"purchases":{"last":{"placed_at":{"ago":{"gt":"1mo"}}}}}]},"reason":"too fresh"})";

// Customers 0..n-1: customer i has (i % 7) orders; the last is 40 days old for even ones, 5 days for odd ones.
void fill(Shop &shop, int customers) {
    json operations = json::array();
    for (int i = 0; i < customers; ++i) {
        const std::string name = "C-" + std::to_string(i);
        operations.push_back({{"type", "customer"}, {"id", "c" + name}, {"customer", {{"external_id", name}}}, {"profile", {{"first_name", "N<" + std::to_string(i)}}}});
        for (int n = 0; n < i % 7; ++n) {
            const std::string id = name + "-" + std::to_string(n);
            const Instant placed = noon - (i % 2 == 0 ? 40 : 5) * day - (i % 7 - n) * second_us;
            operations.push_back(order("o" + id, id, name, format_instant(placed), {{"lines", json::array({{{"line_id", "1"}, {"name", "Mug"}, {"quantity", "1"}}})}}));
        }
        if (operations.size() > 500) {
            shop.apply(operations, noon);
            operations = json::array();
        }
    }
    shop.apply(operations, noon);
    REQUIRE(shop->put_template("", offer_template, noon).ok());
    REQUIRE(shop->put_mailing("", R"({"code":"november","audience":{"orders":{}},"channel":"email","category":"promo","template":"offer"})", noon).ok());
}

std::vector<json> all_messages(Shop &shop, const std::string &source = "") {
    std::vector<json> all;
    std::string after;
    for (;;) {
        const json page = Shop::read(shop->export_messages(source, after, 100));
        for (const json &message : page["messages"]) all.push_back(message);
        if (page["next"].is_null()) return all;
        after = page["next"];
    }
}
}  // namespace

// An empty section over all orders makes a template that needs all of them whole; nothing else differs.
TEST_CASE("a template that looks into the first or last order alone says what it says when all orders are read") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    fill(shop, 300);
    json moved = json::array();  // the newest order of some is no purchase, and the oldest of others
    REQUIRE(shop->put_settings(R"({"statuses":[{"set":"general","code":"cancelled","name":"Cancelled","in_analytics":false}]})", noon).ok());
    for (int i = 0; i < 300; i += 3)
        if (i % 7 > 0)
            moved.push_back(order("x" + std::to_string(i), "C-" + std::to_string(i) + "-" + std::to_string(i % 2 ? 0 : i % 7 - 1), "C-" + std::to_string(i),
                                  format_instant(noon - day), {{"status", {{"general", "cancelled"}}}, {"total", std::to_string(i) + ".50"}, {"currency", "USD"}}));
    shop.apply(moved, noon);
    const std::string text = "{{orders.count}} {{purchases.count}} {{orders.first.order_id}} {{orders.last.status.general.name}} {{orders.last.total}} "
                             "{{#purchases.last}}{{order_id}}{{#lines}} {{name}} {{quantity}}{{/lines}}{{status.general.at}}{{/purchases.last}} "
                             "{{purchases.first.updated_at}} {{#is.rich}}rich{{/is.rich}}";
    REQUIRE(shop->put_segment("rich", R"({"orders":{"sum":{"of":"total","is":{"ge":"100 USD"}},"currency":"USD"}})", noon).ok());
    const auto messages = [&](const std::string &code, const std::string &body) {
        REQUIRE(shop->put_template(code, json{{"code", code}, {"channel", "sms"}, {"text", body}}.dump(), noon).ok());
        const json mailing{{"code", code}, {"audience", {{"orders", {{"first", {{"placed_at", {{"before", "2026-11-20T12:00:00Z"}}}}}}}}},
                           {"channel", "sms"}, {"category", "promo"}, {"template", code}};
        REQUIRE(shop->put_mailing(code, mailing.dump(), noon).ok());
        REQUIRE(shop->start_mailing(code, noon).ok());
        shop.run(noon, 3);
        std::map<std::string, std::string> texts;
        for (const json &message : all_messages(shop, "mailing:" + code)) texts[message["customer"]] = message["parts"]["text"];
        return texts;
    };
    const auto narrow = messages("narrow", text), wide = messages("wide", text + "{{#orders}}{{/orders}}");
    CHECK(narrow.size() > 200);
    CHECK(narrow == wide);
    CHECK(narrow.at("external_id:C-298").find("C-298-3 Mug 1") != std::string::npos);
    // Each reads another part of the outlines: none, the statuses, the totals.
    const std::string parts[] = {"{{orders.count}} {{orders.first.total}}", "{{purchases.count}} {{orders.last.order_id}}", "{{#is.rich}}rich{{/is.rich}}"};
    for (size_t i = 0; i < std::size(parts); ++i) {
        const std::string code = std::to_string(i);
        std::map<std::string, int> differing;
        const auto alone = messages("narrow-" + code, parts[i]);
        for (const auto &[customer, said] : alone) ++differing[said];
        CHECK(alone == messages("wide-" + code, parts[i] + "{{#orders}}{{/orders}}"));
        CHECK(differing.size() > 1);
    }
}

TEST_CASE("a template is checked, stored by version and previewed") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    fill(shop, 3);
    CHECK(Shop::read(shop->check_template(offer_template))["variables"].dump().find("customer.first_name") != std::string::npos);
    const json rendered = Shop::read(shop->preview_template("offer", "external_id:C-2", noon));
    CHECK(rendered["outcome"] == "rendered");
    CHECK(rendered["parts"]["subject"] == "Hello N<2");  // escaping by part: none in the subject, HTML in an e-mail's body
    CHECK(rendered["parts"]["body"] == "<p>N&lt;2: order C-2-1 Mug</p>");
    const json blocked = Shop::read(shop->preview_template("offer", "external_id:C-1", noon));
    CHECK(blocked["outcome"] == "blocked");
    CHECK(blocked["reason"] == "too fresh");
    CHECK(shop->preview_template("nope", "external_id:C-1", noon).code() == Code::not_found);

    const auto bad = shop->put_template("offer", R"({"channel":"email","subject":"x","body":"a\n {{#customer}} b"})", noon);
    REQUIRE(!bad.ok());
    CHECK(bad.error().reason == "unclosed_section");
    CHECK(bad.error().pointer == "/body");
    CHECK(bad.error().line == 2);
    CHECK(!shop->put_template("other", offer_template, noon).ok());   // the code says something else
    CHECK(Shop::read(shop->get_template("offer"))["version"] == 1);
    CHECK(!shop->put_template("t2", R"({"channel":"email","body":"{{#is.nope}}x{{/is.nope}}"})", noon).ok());
}

TEST_CASE("missing and defaults: empty text counts as missing; defaults come first") {
    Shop shop(Kind::memory);
    fill(shop, 2);
    REQUIRE(shop->put_template("a", R"({"channel":"sms","text":"{{customer.city}}!","missing":"block"})", noon).ok());
    CHECK(Shop::read(shop->preview_template("a", "external_id:C-1", noon))["outcome"] == "blocked");
    REQUIRE(shop->put_template("a", R"({"channel":"sms","text":"{{customer.city}}!","missing":"block","defaults":{"customer.city":"Riga"}})", noon).ok());
    CHECK(Shop::read(shop->preview_template("a", "external_id:C-1", noon))["parts"]["text"] == "Riga!");
    REQUIRE(shop->put_template("a", R"({"channel":"sms","text":"{{customer.city}}{{customer.street}}!","missing":{"customer.city":"empty","*":"fail"}})", noon).ok());
    const json failed = Shop::read(shop->preview_template("a", "external_id:C-1", noon));
    CHECK(failed["outcome"] == "failed");
    CHECK(failed["line"] == 1);
}

TEST_CASE("is.<segment> asks a stored segment") {
    Shop shop(Kind::memory);
    fill(shop, 4);
    REQUIRE(shop->put_segment("buyers", R"({"purchases":{}})", noon).ok());
    REQUIRE(shop->put_template("t", R"({"channel":"sms","text":"{{#is.buyers}}again{{/is.buyers}}{{^is.buyers}}first{{/is.buyers}}"})", noon).ok());
    CHECK(Shop::read(shop->preview_template("t", "external_id:C-0", noon))["parts"]["text"] == "first");
    CHECK(Shop::read(shop->preview_template("t", "external_id:C-3", noon))["parts"]["text"] == "again");
}

TEST_CASE("a mailing gives every customer of its audience one message; the dry run equals the real run") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    fill(shop, 700);
    const json planned = Shop::read(shop->dry_run("november", noon));
    CHECK(planned["audience"] == 600);
    CHECK(planned["rendered"].get<int>() + planned["blocked"]["too fresh"].get<int>() == 600);
    CHECK(planned["rendered"].get<int>() > 100);
    CHECK(Shop::read(shop->mailing_status("november"))["state"] == "draft");
    CHECK(Shop::read(shop->start_mailing("november", noon))["state"] == "planned");
    CHECK(Shop::read(shop->start_mailing("november", noon + day))["start_at"] == "2026-11-20T12:00:00Z");  // twice: the same answer

    Ticked ticked;
    REQUIRE(shop->tick(noon - 1, 10, ticked).ok());
    CHECK(ticked.steps == 0);
    CHECK(ticked.next_due == noon);
    REQUIRE(shop->tick(noon, 1, ticked).ok());
    CHECK(ticked.steps == 1);
    CHECK(ticked.next_due <= noon);
    CHECK(Shop::read(shop->mailing_status("november"))["state"] == "running");
    shop.reopen();  // the cursor is in the store
    shop.run(noon + day, 1);
    if (kind == Kind::memory) CHECK(shop.next_due == never);
    json status = Shop::read(shop->mailing_status("november"));
    CHECK(status["state"] == "done");
    CHECK(status["states"]["queued"] == planned["rendered"]);
    CHECK(status["states"]["blocked"] == planned["blocked"]["too fresh"]);
    for (const char *member : {"audience", "rendered", "blocked", "failed"}) CHECK(status[member] == planned[member]);

    std::set<std::string> customers, ids;
    for (const json &message : all_messages(shop)) {
        const std::string customer = message["customer"];
        CHECK(customers.insert(customer).second);
        CHECK(ids.insert(message["message_id"]).second);
        // formats.md §4: name-based UUID of source, the customer's strongest identity as kind:text, and the key, empty for a mailing
        CHECK(message["message_id"] == campaign::message_id("mailing:november", customer, ""));
        if (message["state"] == "queued") CHECK(message["parts"]["body"].get<std::string>().find("order C-") != std::string::npos);
        if (message["state"] == "blocked") CHECK(message["reason"] == "too fresh");
    }
    CHECK(customers.size() == 600);
    CHECK(shop.run(noon + 2 * day) == 0);
    CHECK(Shop::read(shop->stats())["messages"] == 600);
}

TEST_CASE("the audience is decided with the mailing's clock, not the tick's") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    fill(shop, 30);
    const json planned = Shop::read(shop->dry_run("november", noon));
    REQUIRE(shop->start_mailing("november", noon).ok());
    shop.run(noon + 90 * day);  // everybody's last order is old by now
    CHECK(Shop::read(shop->mailing_status("november"))["blocked"] == planned["blocked"]);
}

TEST_CASE("a mailing with start_at waits for it; one that has started cannot be changed") {
    Shop shop(Kind::memory);
    fill(shop, 10);
    REQUIRE(shop->put_mailing("later", R"({"audience":{"orders":{}},"channel":"email","category":"promo","template":"offer","start_at":"2026-11-25T10:00:00+02:00"})", noon).ok());
    REQUIRE(shop->start_mailing("later", noon).ok());
    shop.run(noon);
    CHECK(shop.next_due == at("2026-11-25T08:00:00Z"));
    CHECK(shop->put_mailing("later", R"({"audience":{"orders":{"count":{"ge":2}}},"channel":"email","category":"promo","template":"offer"})", noon).code() == Code::conflict);
    shop.run(at("2026-11-25T08:00:00Z"));
    CHECK(Shop::read(shop->mailing_status("later"))["state"] == "done");
    CHECK(shop->start_mailing("nope", noon).code() == Code::not_found);
    CHECK(shop->mailing_status("nope").code() == Code::not_found);
    CHECK(!shop->put_mailing("m", R"({"audience":"nope","channel":"email","category":"promo","template":"offer"})", noon).ok());
    CHECK(!shop->put_mailing("m", R"({"audience":{"orders":{}},"channel":"email","category":"promo","template":"nope"})", noon).ok());
}

TEST_CASE("render failures are messages too, counted by their code") {
    Shop shop(Kind::memory);
    fill(shop, 7);
    REQUIRE(shop->put_template("strict", R"({"channel":"sms","text":"{{customer.city}}","missing":"fail"})", noon).ok());
    REQUIRE(shop->put_mailing("m", R"({"audience":{"orders":{}},"channel":"sms","category":"promo","template":"strict"})", noon).ok());
    const json planned = Shop::read(shop->dry_run("m", noon));
    CHECK(planned["failed"]["missing"] == 6);
    REQUIRE(shop->start_mailing("m", noon).ok());
    shop.run(noon);
    const json status = Shop::read(shop->mailing_status("m"));
    CHECK(status["failed"]["missing"] == 6);
    CHECK(status["states"]["render_failed"] == 6);
}

TEST_CASE("what a planned or running mailing decides with stays as it is until the mailing is done") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    fill(shop, 600);
    const auto put = [&](const char *code, const char *predicate) { return shop->put_segment(code, predicate, noon); };
    const char *words = R"({"channel":"sms","text":"{{#is.asked}}a{{/is.asked}}","condition":{"segment":"wanted"}})";
    for (const char *code : {"inner", "asked", "wanted", "apart"}) REQUIRE(put(code, R"({"orders":{}})").ok());
    REQUIRE(put("outer", R"({"all":[{"segment":"inner"}]})").ok());
    REQUIRE(shop->put_template("t", words, noon).ok());
    REQUIRE(shop->put_mailing("by-code", R"({"audience":"outer","channel":"sms","category":"promo","template":"t"})", noon).ok());
    REQUIRE(shop->put_mailing("by-predicate", R"({"audience":{"not":{"segment":"outer"}},"channel":"sms","category":"promo","template":"t"})", noon).ok());
    const char *mailing = "by-code";
    SUBCASE("its audience is a segment") {}
    SUBCASE("its audience is a predicate") { mailing = "by-predicate"; }
    CHECK(put("inner", R"({"orders":{"count":{"ge":1}}})").ok());  // a draft holds nothing
    REQUIRE(shop->start_mailing(mailing, noon).ok());
    const auto check_held = [&] {
        for (const char *code : {"inner", "outer", "asked", "wanted"}) {
            const auto refused = put(code, R"({"orders":{"count":{"ge":2}}})");
            REQUIRE(!refused.ok());
            CHECK(refused.code() == Code::conflict);
            CHECK(refused.error().reason == "in_use");
            CHECK(refused.error().message.find(mailing) != std::string::npos);
        }
        const auto refused = shop->put_template("t", R"({"channel":"sms","text":"other"})", noon);
        REQUIRE(!refused.ok());
        CHECK(refused.error().reason == "in_use");
        CHECK(shop->put_template("t", words, noon).ok());  // the same again changes nothing
    };
    check_held();
    CHECK(put("apart", R"({"orders":{"count":{"ge":2}}})").ok());
    CHECK(shop->put_template("offer", R"({"channel":"email","body":"other"})", noon).ok());
    Ticked ticked;
    REQUIRE(shop->tick(noon, 1, ticked).ok());
    CHECK(Shop::read(shop->mailing_status(mailing))["state"] == "running");
    check_held();
    shop.run(noon);
    CHECK(Shop::read(shop->mailing_status(mailing))["state"] == "done");
    CHECK(put("inner", R"({"orders":{"count":{"ge":2}}})").ok());
    CHECK(shop->put_template("t", R"({"channel":"sms","text":"other"})", noon).ok());
}

namespace {
class CountingZones final : public Zones {  // one question for each evaluation that needs the customer's zone
  public:
    const Zone *find(std::string_view name) const override {
        ++asked;
        return zones_.find(name);
    }
    mutable int asked = 0;

  private:
    TzifZones zones_;
};
}  // namespace

TEST_CASE("a segment in a loop is decided once for each message") {
    CountingZones zones;
    auto opened = store::Store::open(store::memory_store_functions(), store::new_memory_store(), false);
    REQUIRE(opened.ok());
    engine::Options options;
    options.zones = &zones;
    auto made = Engine::open(std::move(*opened), options);
    REQUIRE(made.ok());
    Engine &shop = **made;
    json lines = json::array();
    for (int i = 0; i < 50; ++i) lines.push_back({{"line_id", std::to_string(i)}, {"name", "Mug"}, {"quantity", "1"}});
    json operations = json::array({{{"type", "customer"}, {"id", "c"}, {"customer", {{"external_id", "C-1"}}}, {"profile", {{"time_zone", "Europe/Riga"}}}}});
    operations.push_back(order("o", "1", "C-1", "2026-11-20T10:00:00Z", {{"lines", lines}}));
    auto batch = shop.parse(Form::array, operations.dump(), "");
    REQUIRE(batch.ok());
    Batch *one = batch->get();
    Applied applied;
    REQUIRE(shop.apply({&one, 1}, noon, applied).ok());
    REQUIRE(shop.put_segment("today", R"({"orders":{"where":{"placed_at":{"within_next":"1d"}},"period":{"calendar":"today","zone":"customer"}}})", noon).ok());
    REQUIRE(shop.put_segment("of-today", R"({"orders":{"period":{"calendar":"today","zone":"customer"}}})", noon).ok());
    REQUIRE(shop.put_template("t", R"({"channel":"sms","text":"{{#orders.last.lines}}{{#is.today}}a{{/is.today}}{{#is.of-today}}b{{/is.of-today}}{{/orders.last.lines}}"})", noon).ok());
    zones.asked = 0;
    const json rendered = Shop::read(shop.preview_template("t", "external_id:C-1", noon));
    std::string all;
    for (int i = 0; i < 50; ++i) all += 'b';
    CHECK(rendered["parts"]["text"] == all);
    CHECK(zones.asked >= 2);
    CHECK(zones.asked < 10);
}

TEST_CASE("the audience of a mailing is who was there at its start") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    fill(shop, 600);
    const auto add_customers = [&](const std::string &prefix) {
        json operations = json::array();
        for (int i = 0; i < 200; ++i) operations.push_back(order("o" + prefix + std::to_string(i), prefix + std::to_string(i), prefix + std::to_string(i), "2026-11-19T10:00:00Z"));
        shop.apply(operations, noon);
    };
    const int planned = Shop::read(shop->dry_run("november", noon))["audience"];
    REQUIRE(shop->start_mailing("november", noon).ok());
    Ticked ticked;
    add_customers("early-");
    REQUIRE(shop->tick(noon, 1, ticked).ok());
    shop.reopen();
    add_customers("late-");
    shop.run(noon);
    CHECK(Shop::read(shop->mailing_status("november"))["audience"] == planned);

    REQUIRE(shop->put_mailing("later", R"({"audience":{"orders":{}},"channel":"email","category":"promo","template":"offer","start_at":"2026-11-25T10:00:00Z"})", noon).ok());
    REQUIRE(shop->start_mailing("later", noon).ok());
    add_customers("before-");  // planned is not started
    const int at_start = Shop::read(shop->dry_run("later", noon))["audience"];
    CHECK(at_start == planned + 600);
    REQUIRE(shop->tick(at("2026-11-25T10:00:00Z"), 1, ticked).ok());
    add_customers("after-");
    shop.run(at("2026-11-25T10:00:00Z"));
    CHECK(Shop::read(shop->mailing_status("later"))["audience"] == at_start);
}

TEST_CASE("a dry run speaks of the instant the mailing starts at") {
    Shop shop(Kind::memory);
    fill(shop, 30);
    REQUIRE(shop->put_mailing("spring", R"({"audience":{"orders":{}},"channel":"email","category":"promo","template":"offer","start_at":"2027-03-01T10:00:00Z"})", noon).ok());
    const json planned = Shop::read(shop->dry_run("spring", noon));
    CHECK(planned != Shop::read(shop->dry_run("november", noon)));  // every last order is old by then
    REQUIRE(shop->start_mailing("spring", noon).ok());
    shop.run(at("2027-03-01T10:00:00Z"));
    const json status = Shop::read(shop->mailing_status("spring"));
    for (const char *member : {"audience", "rendered", "blocked", "failed"}) CHECK(status[member] == planned[member]);
}
