// cartbell.hpp: C++ over the C ABI, with nothing of the library's inside.
#include <doctest/doctest.h>

#include <string>
#include <type_traits>
#include <vector>

#include "cartbell/cartbell.hpp"

namespace {

constexpr int64_t now_us = 1'322'000'000'000'000;
constexpr const char *order =
    R"({"type":"order","id":"1","occurred_at":"2011-10-01T10:00:00Z","customer":{"external_id":"C-1"},"order":{"order_id":"100","currency":"EUR",)"
    R"("placed_at":"2011-10-01T10:00:00Z","total":"9.90"}})";

struct NothingLeft {
    ~NothingLeft() { CHECK(cartbell_live_objects() == 0); }
};

bool has(const std::string &text, const char *part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

static_assert(!std::is_copy_constructible_v<cartbell::engine> &&
              std::is_nothrow_move_constructible_v<cartbell::engine>);
static_assert(!std::is_copy_constructible_v<cartbell::batch> &&
              std::is_nothrow_move_constructible_v<cartbell::batch>);
static_assert(std::is_nothrow_copy_constructible_v<cartbell::error>);

TEST_CASE("orders in, a segment, a message out") {
    const NothingLeft check;
    cartbell::engine shop(":memory:");
    shop.put_settings(R"({"shop":{"zone":"UTC","currency":"EUR"},"lists":[{"code":"vip"}],
        "categories":[{"code":"promo","kind":"promo"},{"code":"watch","kind":"tracking"}]})", now_us);
    CHECK(has(shop.settings("shop"), "EUR"));
    CHECK(has(shop.settings_versions("", 10), "\"version\":1"));
    CHECK(has(shop.settings_difference(), "\"to\":1"));

    cartbell::batch batch = shop.parse(cartbell::form::one, order);
    CHECK(batch.count() == 1);
    const cartbell::applied applied = shop.apply(batch, now_us);
    CHECK(applied.accepted == 1);
    CHECK(has(applied.results, "order.created"));
    CHECK(shop.ingest(cartbell::form::ndjson, order, now_us).duplicate == 1);

    CHECK(has(shop.order("100"), "9.90"));
    CHECK(shop.orders({"none"}) == "[null]");
    CHECK(has(shop.order_history("100"), "100"));
    const char *mug = R"({"type":"product","id":"p","product":{"product_id":"MUG","price":"9.90"}})";
    CHECK(shop.ingest(cartbell::form::one, mug, now_us).accepted == 1);
    CHECK(has(shop.product("MUG"), "9.90"));
    CHECK(shop.products({"none"}) == "[null]");
    CHECK(has(shop.customer("external_id:C-1"), "100"));
    CHECK(has(shop.order_timeline("100", "", 10), "order.created"));
    CHECK(has(shop.customer_timeline("external_id:C-1", "", 10), "\"order_id\":\"100\""));
    CHECK(has(shop.customers({"external_id:C-1"}), "C-1"));
    const char *agreed = R"({"type":"consent","id":"c","customer":{"external_id":"C-1"},"channel":"email","category":"promo","granted":true})";
    CHECK(shop.ingest(cartbell::form::one, agreed, now_us).accepted == 1);
    CHECK(has(shop.customer_consent("external_id:C-1", "email", "promo", now_us), "\"is\":true"));
    CHECK(has(shop.customer_consent("external_id:C-1", "", "watch", now_us), "\"is\":\"unknown\""));
    CHECK(has(shop.export_customer("external_id:C-1"), "\"withheld\":[]"));

    shop.put_segment("buyers", R"({"purchases":{"count":{"ge":1}}})", now_us);
    CHECK(has(shop.segment("buyers"), "purchases"));
    CHECK(has(shop.segments(), "buyers"));
    CHECK(has(shop.segment_count("buyers", now_us), "\"count\":1"));
    CHECK(has(shop.segment_customers("buyers", now_us, "", 10), "C-1"));
    CHECK(has(shop.segment_match("buyers", "external_id:C-1", now_us), "true"));
    CHECK(has(
        shop.segment_match("buyers", std::vector<std::string>{"external_id:C-1", "external_id:x"}, now_us),
        "null"));
    CHECK(has(shop.segment_explain("buyers", "external_id:C-1", now_us), "100"));

    const char *thanks =
        R"({"code":"thanks","channel":"email","subject":"Thanks","body":"{{customer.external_id}}"})";
    CHECK(has(shop.check_template(thanks), "customer.external_id"));
    shop.put_template(thanks, now_us);
    CHECK(has(shop.stored_template("thanks"), "Thanks"));
    CHECK(has(shop.templates(), "thanks"));
    CHECK(has(shop.preview_template("thanks", "external_id:C-1", now_us), "C-1"));
    shop.put_mailing(
        R"({"code":"m","audience":"buyers","channel":"email","category":"promo","template":"thanks"})",
        now_us);
    CHECK(has(shop.mailing("m"), "thanks"));
    CHECK(has(shop.mailings(), "\"m\""));
    CHECK(has(shop.dry_run_mailing("m", now_us), "\"rendered\":1"));
    shop.start_mailing("m", now_us);
    while (shop.tick(now_us).next_due_us <= now_us) {
    }
    CHECK(has(shop.mailing_status("m"), "\"rendered\":1"));

    int pages = 0;
    shop.each_message_page("mailing:m", 10, [&](std::string_view page) {
        ++pages;
        CHECK(page.front() == '[');
        return true;
    });
    CHECK(pages == 1);
    const std::string leased = shop.lease("w", 1, 60'000'000, now_us);
    const size_t at = leased.find("\"message_id\":\"") + 14;
    const std::string id = leased.substr(at, leased.find('"', at) - at);
    shop.report("{\"message_id\":\"" + id + "\",\"outcome\":\"handed_over\"}", now_us);
    CHECK(has(shop.message(id), "handed_over"));
    CHECK(has(shop.stats(), "orders"));
    CHECK(shop.digest() == shop.digest(true));
    while (shop.maintain()) {
    }
}

TEST_CASE("a failure is an exception with every part of the error") {
    const NothingLeft check;
    cartbell::engine shop(":memory:");
    try {
        shop.put_segment("s", R"({"purchases":{"cuont":1}})", now_us);
        FAIL("it was accepted");
    } catch (const cartbell::error &error) {
        CHECK(error.status() == CARTBELL_INVALID);
        CHECK(std::string(error.status_name()) == "invalid");
        CHECK(std::string(error.reason()) == "unknown_member");
        CHECK(has(error.pointer(), "/purchases"));
        CHECK(std::string(error.what()).size() > 3);
        const cartbell::error copy = error;
        CHECK(std::string(copy.what()) == error.what());
    }
    CHECK_THROWS_AS(shop.order("none"), cartbell::error);
    CHECK_THROWS_AS(cartbell::engine("/no such folder/shop.db"), cartbell::error);
}

TEST_CASE("handles move, and may be destroyed in any order") {
    const NothingLeft check;
    auto shop = std::make_unique<cartbell::engine>(":memory:");
    cartbell::batch batch = shop->parse(cartbell::form::array, "[]");
    cartbell::message_export cursor = shop->export_messages();
    cartbell::engine moved = std::move(*shop);
    shop.reset();
    cartbell::batch other = std::move(batch);
    moved.apply(other, now_us);
    CHECK_THROWS_AS(moved.apply(other, now_us), cartbell::error);
    std::string page = "kept";
    CHECK(!cursor.next(page));
    CHECK(page == "kept");
}

TEST_CASE("a compiled template renders, blocks, and says where it is wrong") {
    const NothingLeft check;
    const cartbell::compiled_template text(
        "{{#ok}}Hello {{name}}{{/ok}}{{^ok}}{{#block}}not ok{{/block}}{{/ok}}");
    CHECK(text.render(R"({"ok":true,"name":"<Ann>"})").text == "Hello &lt;Ann&gt;");
    const auto blocked = text.render("{}");
    CHECK(blocked.blocked);
    CHECK(blocked.text == "not ok");
    try {
        cartbell::compiled_template broken("a\n{{#b}}");
        FAIL("it compiled");
    } catch (const cartbell::error &error) {
        CHECK(error.line() == 2);
        CHECK(error.column() == 1);
    }
}

TEST_CASE("documents of others become operations that an engine takes") {
    const std::string document = R"({"id":1,"date_created_gmt":"2026-03-01T10:00:00","status":"processing","customer_id":5,"parent_id":9,"currency":"EUR","total":"5.00"})";
    cartbell::map_options options;
    options.given = R"({"backfill":true})";
    const cartbell::mapped made = cartbell::map_operations(document, "woocommerce", options);
    CHECK(made.report.find(R"("ignored":["/parent_id"])") != std::string::npos);
    cartbell::engine shop(":memory:");
    shop.put_settings(R"({"statuses":[{"set":"general","code":"processing","name":"P"},{"set":"payment","code":"unpaid","name":"U"}]})", now_us);
    const cartbell::applied done = shop.ingest(cartbell::form::array, made.operations, now_us);
    CHECK_MESSAGE(done.accepted == 1, done.results);
    CHECK(shop.ingest(cartbell::form::array, cartbell::map_operations(document, "woocommerce", options).operations, now_us).duplicate == 1);
    try {
        cartbell::map_operations(R"([{"id":1,"status":"x"}])", "woocommerce");
        FAIL("it was taken");
    } catch (const cartbell::error &failed) {
        CHECK(std::string(failed.reason()) == "missing_date_created_gmt");
        CHECK(std::string(failed.pointer()) == "/0");
    }
    options.table = R"({"format":"mine","rules":7})";
    CHECK_THROWS_AS(cartbell::map_operations("{}", "mine", options), cartbell::error);
    options.table.clear();
    options.skip_unmapped = true;
    CHECK(cartbell::map_operations("{}", "ga4", options).operations == "[]");
}
