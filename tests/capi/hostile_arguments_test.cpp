// NULLs, wrong objects and reserved bytes in every place of every function: a status and an error, never a
// crash.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "cartbell/cartbell.h"
#include "cartbell/sys/store.h"

namespace {

constexpr int64_t now_us = 1'322'000'000'000'000;

// Every object that a call may ask for, over a store in memory; no object may be left at its end.
struct Objects {
    cartbell_engine *engine = nullptr;
    cartbell_batch *batch = nullptr;
    cartbell_template *compiled = nullptr;
    cartbell_export *cursor = nullptr;
    cartbell_buffer answer = CARTBELL_BUFFER_INIT;
    int64_t before = cartbell_live_objects();

    Objects() {
        cartbell_engine_options options = CARTBELL_ENGINE_OPTIONS_INIT;
        options.path = ":memory:";
        REQUIRE(cartbell_engine_open(&options, &engine, nullptr) == CARTBELL_OK);
        REQUIRE(cartbell_engine_parse(engine, CARTBELL_FORM_ARRAY, "[]", 2, nullptr, &batch, nullptr) ==
                CARTBELL_OK);
        REQUIRE(cartbell_template_compile("x", 1, nullptr, &compiled, nullptr) == CARTBELL_OK);
        REQUIRE(cartbell_export_open(engine, nullptr, &cursor, nullptr) == CARTBELL_OK);
    }
    ~Objects() {
        cartbell_export_close(cursor);
        cartbell_template_free(compiled);
        cartbell_batch_free(batch);
        cartbell_engine_close(engine);
        cartbell_buffer_free(&answer);
        CHECK(cartbell_live_objects() == before);
    }
};

struct Call {
    const char *name;
    std::function<int32_t(cartbell_error **)> run;
};

// The call fails as misuse, with an error object and without one.
void check_misuse(const Call &call, const char *reason) {
    CAPTURE(call.name);
    cartbell_error *error = nullptr;
    CHECK(call.run(&error) == CARTBELL_MISUSE);
    REQUIRE(error != nullptr);
    CHECK(std::string(cartbell_error_reason(error)) == reason);
    CHECK(cartbell_error_status(error) == CARTBELL_MISUSE);
    cartbell_error_free(error);
    CHECK(call.run(nullptr) == CARTBELL_MISUSE);
}

// Every function that asks for an engine, called with `e`.
std::vector<Call> calls_on_engine(cartbell_engine *e, Objects &o) {
    static int64_t number;
    static int32_t small;
    static cartbell_batch *batch;
    static cartbell_export *cursor;
    static const char *names[1] = {"external_id:C-1"};
    cartbell_buffer *a = &o.answer;
    return {
        {"parse",
         [=](auto x) { return cartbell_engine_parse(e, CARTBELL_FORM_ONE, "{}", 2, nullptr, &batch, x); }},
        {"apply", [=](auto x) { return cartbell_engine_apply(e, nullptr, 0, now_us, nullptr, a, x); }},
        {"ingest",
         [=](auto x) {
             return cartbell_engine_ingest(e, CARTBELL_FORM_ONE, "{}", 2, nullptr, now_us, nullptr, a, x);
         }},
        {"tick", [=](auto x) { return cartbell_engine_tick(e, now_us, 1, nullptr, &number, x); }},
        {"maintain", [=](auto x) { return cartbell_engine_maintain(e, &small, x); }},
        {"stats", [=](auto x) { return cartbell_engine_stats(e, a, x); }},
        {"digest", [=](auto x) { return cartbell_engine_digest(e, CARTBELL_DIGEST_STORED, a, x); }},
        {"settings_put", [=](auto x) { return cartbell_settings_put(e, "{}", 2, now_us, a, x); }},
        {"settings_get", [=](auto x) { return cartbell_settings_get(e, nullptr, a, x); }},
        {"settings_versions", [=](auto x) { return cartbell_settings_versions(e, nullptr, 1, a, x); }},
        {"settings_difference", [=](auto x) { return cartbell_settings_difference(e, -1, -1, a, x); }},
        {"order_get", [=](auto x) { return cartbell_order_get(e, "1", a, x); }},
        {"order_get_many", [=](auto x) { return cartbell_order_get_many(e, names, 1, a, x); }},
        {"order_history_get", [=](auto x) { return cartbell_order_history_get(e, "1", a, x); }},
        {"order_timeline", [=](auto x) { return cartbell_order_timeline(e, "1", nullptr, 1, a, x); }},
        {"customer_consent", [=](auto x) { return cartbell_customer_consent(e, names[0], "email", "promo", now_us, a, x); }},
        {"customer_timeline",
         [=](auto x) { return cartbell_customer_timeline(e, names[0], nullptr, 1, a, x); }},
        {"customer_export", [=](auto x) { return cartbell_customer_export(e, names[0], a, x); }},
        {"event_list", [=](auto x) { return cartbell_event_list(e, names[0], nullptr, 1, a, x); }},
        {"container_get", [=](auto x) { return cartbell_container_get(e, names[0], "cart", now_us, a, x); }},
        {"container_list", [=](auto x) { return cartbell_container_list(e, names[0], now_us, a, x); }},
        {"container_holders", [=](auto x) { return cartbell_container_holders(e, "1", nullptr, now_us, nullptr, 1, a, x); }},
        {"product_get", [=](auto x) { return cartbell_product_get(e, "1", a, x); }},
        {"product_get_many", [=](auto x) { return cartbell_product_get_many(e, names, 1, a, x); }},
        {"customer_get", [=](auto x) { return cartbell_customer_get(e, names[0], a, x); }},
        {"customer_get_many", [=](auto x) { return cartbell_customer_get_many(e, names, 1, a, x); }},
        {"segment_put", [=](auto x) { return cartbell_segment_put(e, "s", "{}", 2, now_us, a, x); }},
        {"segment_get", [=](auto x) { return cartbell_segment_get(e, "s", a, x); }},
        {"segment_list", [=](auto x) { return cartbell_segment_list(e, a, x); }},
        {"segment_count", [=](auto x) { return cartbell_segment_count(e, "s", 1, now_us, a, x); }},
        {"segment_customers",
         [=](auto x) { return cartbell_segment_customers(e, "s", 1, now_us, nullptr, 1, a, x); }},
        {"segment_match", [=](auto x) { return cartbell_segment_match(e, "s", 1, names[0], now_us, a, x); }},
        {"segment_match_many",
         [=](auto x) { return cartbell_segment_match_many(e, "s", 1, names, 1, now_us, a, x); }},
        {"segment_explain",
         [=](auto x) { return cartbell_segment_explain(e, "s", 1, names[0], now_us, 0, a, x); }},
        {"template_put", [=](auto x) { return cartbell_template_put(e, nullptr, "{}", 2, now_us, a, x); }},
        {"template_check", [=](auto x) { return cartbell_template_check(e, "{}", 2, a, x); }},
        {"template_get", [=](auto x) { return cartbell_template_get(e, "t", a, x); }},
        {"template_list", [=](auto x) { return cartbell_template_list(e, a, x); }},
        {"template_preview",
         [=](auto x) { return cartbell_template_preview(e, "t", names[0], now_us, a, x); }},
        {"mailing_put", [=](auto x) { return cartbell_mailing_put(e, nullptr, "{}", 2, now_us, a, x); }},
        {"mailing_get", [=](auto x) { return cartbell_mailing_get(e, "m", a, x); }},
        {"mailing_list", [=](auto x) { return cartbell_mailing_list(e, a, x); }},
        {"mailing_dry_run", [=](auto x) { return cartbell_mailing_dry_run(e, "m", now_us, a, x); }},
        {"mailing_start", [=](auto x) { return cartbell_mailing_start(e, "m", now_us, a, x); }},
        {"mailing_status", [=](auto x) { return cartbell_mailing_status(e, "m", a, x); }},
        {"message_lease", [=](auto x) { return cartbell_message_lease(e, "w", 1, 1, now_us, a, x); }},
        {"message_report", [=](auto x) { return cartbell_message_report(e, "[]", 2, now_us, a, x); }},
        {"message_get", [=](auto x) { return cartbell_message_get(e, "id", a, x); }},
        {"export_open", [=](auto x) { return cartbell_export_open(e, nullptr, &cursor, x); }},
    };
}

// Every pointer parameter that may not be NULL, one at a time.
std::vector<Call> calls_with_a_null(Objects &o) {
    static int64_t number;
    static int32_t small;
    static size_t count;
    static const char *names[2] = {"external_id:C-1", nullptr};
    static const char *data[1] = {"{}"};
    static const size_t sizes[1] = {2};
    static cartbell_map_options mapping = CARTBELL_MAP_OPTIONS_INIT;
    mapping.format = "ga4";
    static cartbell_batch *no_batches[1] = {nullptr};
    static cartbell_export *cursor;
    static cartbell_batch *batch;
    static cartbell_engine *engine;
    static cartbell_template *compiled;
    cartbell_buffer *a = &o.answer;
    cartbell_engine *e = o.engine;
    cartbell_template *t = o.compiled;
    return {
        {"open: options", [=](auto x) { return cartbell_engine_open(nullptr, &engine, x); }},
        {"open: engine",
         [=](auto x) {
             cartbell_engine_options options = CARTBELL_ENGINE_OPTIONS_INIT;
             options.path = ":memory:";
             return cartbell_engine_open(&options, nullptr, x);
         }},
        {"parse: bytes",
         [=](auto x) { return cartbell_engine_parse(e, CARTBELL_FORM_ONE, nullptr, 2, nullptr, &batch, x); }},
        {"parse: batch",
         [=](auto x) { return cartbell_engine_parse(e, CARTBELL_FORM_ONE, "{}", 2, nullptr, nullptr, x); }},
        {"batch_count: count", [=, &o](auto x) { return cartbell_batch_count(o.batch, nullptr, x); }},
        {"apply: batches",
         [=](auto x) { return cartbell_engine_apply(e, nullptr, 1, now_us, nullptr, a, x); }},
        {"ingest: bytes",
         [=](auto x) {
             return cartbell_engine_ingest(e, CARTBELL_FORM_ONE, nullptr, 2, nullptr, now_us, nullptr, a, x);
         }},
        {"tick: next_due_us",
         [=](auto x) { return cartbell_engine_tick(e, now_us, 1, &number, nullptr, x); }},
        {"maintain: more", [=](auto x) { return cartbell_engine_maintain(e, nullptr, x); }},
        {"stats: answer", [=](auto x) { return cartbell_engine_stats(e, nullptr, x); }},
        {"digest: answer",
         [=](auto x) { return cartbell_engine_digest(e, CARTBELL_DIGEST_STORED, nullptr, x); }},
        {"settings_put: json", [=](auto x) { return cartbell_settings_put(e, nullptr, 2, now_us, a, x); }},
        {"settings_get: answer", [=](auto x) { return cartbell_settings_get(e, nullptr, nullptr, x); }},
        {"order_timeline: order_id",
         [=](auto x) { return cartbell_order_timeline(e, nullptr, nullptr, 1, a, x); }},
        {"order_timeline: answer",
         [=](auto x) { return cartbell_order_timeline(e, "1", nullptr, 1, nullptr, x); }},
        {"customer_consent: identity", [=](auto x) { return cartbell_customer_consent(e, nullptr, "email", "promo", now_us, a, x); }},
        {"customer_consent: category", [=](auto x) { return cartbell_customer_consent(e, names[0], "email", nullptr, now_us, a, x); }},
        {"customer_consent: answer", [=](auto x) { return cartbell_customer_consent(e, names[0], "email", "promo", now_us, nullptr, x); }},
        {"customer_timeline: identity",
         [=](auto x) { return cartbell_customer_timeline(e, nullptr, nullptr, 1, a, x); }},
        {"customer_timeline: answer",
         [=](auto x) { return cartbell_customer_timeline(e, names[0], nullptr, 1, nullptr, x); }},
        {"customer_export: identity", [=](auto x) { return cartbell_customer_export(e, nullptr, a, x); }},
        {"customer_export: answer", [=](auto x) { return cartbell_customer_export(e, names[0], nullptr, x); }},
        {"event_list: answer", [=](auto x) { return cartbell_event_list(e, nullptr, nullptr, 1, nullptr, x); }},
        {"container_get: identity", [=](auto x) { return cartbell_container_get(e, nullptr, "cart", now_us, a, x); }},
        {"container_get: container", [=](auto x) { return cartbell_container_get(e, names[0], nullptr, now_us, a, x); }},
        {"container_get: answer", [=](auto x) { return cartbell_container_get(e, names[0], "cart", now_us, nullptr, x); }},
        {"container_list: identity", [=](auto x) { return cartbell_container_list(e, nullptr, now_us, a, x); }},
        {"container_list: answer", [=](auto x) { return cartbell_container_list(e, names[0], now_us, nullptr, x); }},
        {"container_holders: product_id", [=](auto x) { return cartbell_container_holders(e, nullptr, nullptr, now_us, nullptr, 1, a, x); }},
        {"container_holders: answer", [=](auto x) { return cartbell_container_holders(e, "1", nullptr, now_us, nullptr, 1, nullptr, x); }},
        {"settings_versions: answer",
         [=](auto x) { return cartbell_settings_versions(e, nullptr, 1, nullptr, x); }},
        {"settings_difference: answer",
         [=](auto x) { return cartbell_settings_difference(e, -1, -1, nullptr, x); }},
        {"order_get: order_id", [=](auto x) { return cartbell_order_get(e, nullptr, a, x); }},
        {"order_get: answer", [=](auto x) { return cartbell_order_get(e, "1", nullptr, x); }},
        {"order_get_many: order_ids", [=](auto x) { return cartbell_order_get_many(e, nullptr, 1, a, x); }},
        {"order_get_many: one id", [=](auto x) { return cartbell_order_get_many(e, names, 2, a, x); }},
        {"order_get_many: answer", [=](auto x) { return cartbell_order_get_many(e, names, 1, nullptr, x); }},
        {"order_history_get: order_id", [=](auto x) { return cartbell_order_history_get(e, nullptr, a, x); }},
        {"order_history_get: answer", [=](auto x) { return cartbell_order_history_get(e, "1", nullptr, x); }},
        {"product_get: product_id", [=](auto x) { return cartbell_product_get(e, nullptr, a, x); }},
        {"product_get: answer", [=](auto x) { return cartbell_product_get(e, "1", nullptr, x); }},
        {"product_get_many: product_ids", [=](auto x) { return cartbell_product_get_many(e, nullptr, 1, a, x); }},
        {"product_get_many: one id", [=](auto x) { return cartbell_product_get_many(e, names, 2, a, x); }},
        {"product_get_many: answer", [=](auto x) { return cartbell_product_get_many(e, names, 1, nullptr, x); }},
        {"customer_get: identity", [=](auto x) { return cartbell_customer_get(e, nullptr, a, x); }},
        {"customer_get: answer", [=](auto x) { return cartbell_customer_get(e, names[0], nullptr, x); }},
        {"customer_get_many: identities",
         [=](auto x) { return cartbell_customer_get_many(e, nullptr, 1, a, x); }},
        {"customer_get_many: one", [=](auto x) { return cartbell_customer_get_many(e, names, 2, a, x); }},
        {"customer_get_many: answer",
         [=](auto x) { return cartbell_customer_get_many(e, names, 1, nullptr, x); }},
        {"segment_put: code",
         [=](auto x) { return cartbell_segment_put(e, nullptr, "{}", 2, now_us, a, x); }},
        {"segment_put: json", [=](auto x) { return cartbell_segment_put(e, "s", nullptr, 2, now_us, a, x); }},
        {"segment_get: code", [=](auto x) { return cartbell_segment_get(e, nullptr, a, x); }},
        {"segment_get: answer", [=](auto x) { return cartbell_segment_get(e, "s", nullptr, x); }},
        {"segment_list: answer", [=](auto x) { return cartbell_segment_list(e, nullptr, x); }},
        {"segment_count: segment",
         [=](auto x) { return cartbell_segment_count(e, nullptr, 0, now_us, a, x); }},
        {"segment_count: answer",
         [=](auto x) { return cartbell_segment_count(e, "s", 1, now_us, nullptr, x); }},
        {"segment_customers: segment",
         [=](auto x) { return cartbell_segment_customers(e, nullptr, 1, now_us, nullptr, 1, a, x); }},
        {"segment_customers: answer",
         [=](auto x) { return cartbell_segment_customers(e, "s", 1, now_us, nullptr, 1, nullptr, x); }},
        {"segment_match: segment",
         [=](auto x) { return cartbell_segment_match(e, nullptr, 1, names[0], now_us, a, x); }},
        {"segment_match: identity",
         [=](auto x) { return cartbell_segment_match(e, "s", 1, nullptr, now_us, a, x); }},
        {"segment_match: answer",
         [=](auto x) { return cartbell_segment_match(e, "s", 1, names[0], now_us, nullptr, x); }},
        {"segment_match_many: segment",
         [=](auto x) { return cartbell_segment_match_many(e, nullptr, 1, names, 1, now_us, a, x); }},
        {"segment_match_many: identities",
         [=](auto x) { return cartbell_segment_match_many(e, "s", 1, nullptr, 1, now_us, a, x); }},
        {"segment_match_many: one",
         [=](auto x) { return cartbell_segment_match_many(e, "s", 1, names, 2, now_us, a, x); }},
        {"segment_match_many: answer",
         [=](auto x) { return cartbell_segment_match_many(e, "s", 1, names, 1, now_us, nullptr, x); }},
        {"segment_explain: segment",
         [=](auto x) { return cartbell_segment_explain(e, nullptr, 1, names[0], now_us, 0, a, x); }},
        {"segment_explain: identity",
         [=](auto x) { return cartbell_segment_explain(e, "s", 1, nullptr, now_us, 0, a, x); }},
        {"segment_explain: answer",
         [=](auto x) { return cartbell_segment_explain(e, "s", 1, names[0], now_us, 0, nullptr, x); }},
        {"template_put: json",
         [=](auto x) { return cartbell_template_put(e, "t", nullptr, 2, now_us, a, x); }},
        {"template_check: json", [=](auto x) { return cartbell_template_check(e, nullptr, 2, a, x); }},
        {"template_get: code", [=](auto x) { return cartbell_template_get(e, nullptr, a, x); }},
        {"template_get: answer", [=](auto x) { return cartbell_template_get(e, "t", nullptr, x); }},
        {"template_list: answer", [=](auto x) { return cartbell_template_list(e, nullptr, x); }},
        {"template_preview: code",
         [=](auto x) { return cartbell_template_preview(e, nullptr, names[0], now_us, a, x); }},
        {"template_preview: identity",
         [=](auto x) { return cartbell_template_preview(e, "t", nullptr, now_us, a, x); }},
        {"template_preview: answer",
         [=](auto x) { return cartbell_template_preview(e, "t", names[0], now_us, nullptr, x); }},
        {"template_compile: text",
         [=](auto x) { return cartbell_template_compile(nullptr, 1, nullptr, &compiled, x); }},
        {"template_compile: compiled",
         [=](auto x) { return cartbell_template_compile("x", 1, nullptr, nullptr, x); }},
        {"template_render: data",
         [=](auto x) { return cartbell_template_render(t, nullptr, 2, &small, a, x); }},
        {"template_render: outcome",
         [=](auto x) { return cartbell_template_render(t, "{}", 2, nullptr, a, x); }},
        {"template_render: output",
         [=](auto x) { return cartbell_template_render(t, "{}", 2, &small, nullptr, x); }},
        {"template_render_many: data",
         [=](auto x) { return cartbell_template_render_many(t, nullptr, sizes, 1, &small, a, &count, x); }},
        {"template_render_many: sizes",
         [=](auto x) { return cartbell_template_render_many(t, data, nullptr, 1, &small, a, &count, x); }},
        {"template_render_many: outcomes",
         [=](auto x) { return cartbell_template_render_many(t, data, sizes, 1, nullptr, a, &count, x); }},
        {"template_render_many: outputs",
         [=](auto x) {
             return cartbell_template_render_many(t, data, sizes, 1, &small, nullptr, &count, x);
         }},
        {"template_render_many: done",
         [=](auto x) { return cartbell_template_render_many(t, data, sizes, 1, &small, a, nullptr, x); }},
        {"map: json", [=](auto x) { return cartbell_map(nullptr, 2, &mapping, a, nullptr, x); }},
        {"map: options", [=](auto x) { return cartbell_map("[]", 2, nullptr, a, nullptr, x); }},
        {"map: operations", [=](auto x) { return cartbell_map("[]", 2, &mapping, nullptr, nullptr, x); }},
        {"mailing_put: json", [=](auto x) { return cartbell_mailing_put(e, "m", nullptr, 2, now_us, a, x); }},
        {"mailing_get: code", [=](auto x) { return cartbell_mailing_get(e, nullptr, a, x); }},
        {"mailing_get: answer", [=](auto x) { return cartbell_mailing_get(e, "m", nullptr, x); }},
        {"mailing_list: answer", [=](auto x) { return cartbell_mailing_list(e, nullptr, x); }},
        {"mailing_dry_run: code", [=](auto x) { return cartbell_mailing_dry_run(e, nullptr, now_us, a, x); }},
        {"mailing_dry_run: answer",
         [=](auto x) { return cartbell_mailing_dry_run(e, "m", now_us, nullptr, x); }},
        {"mailing_start: code", [=](auto x) { return cartbell_mailing_start(e, nullptr, now_us, a, x); }},
        {"mailing_status: code", [=](auto x) { return cartbell_mailing_status(e, nullptr, a, x); }},
        {"mailing_status: answer", [=](auto x) { return cartbell_mailing_status(e, "m", nullptr, x); }},
        {"message_lease: worker",
         [=](auto x) { return cartbell_message_lease(e, nullptr, 1, 1, now_us, a, x); }},
        {"message_lease: answer",
         [=](auto x) { return cartbell_message_lease(e, "w", 1, 1, now_us, nullptr, x); }},
        {"message_report: json",
         [=](auto x) { return cartbell_message_report(e, nullptr, 2, now_us, a, x); }},
        {"message_get: id", [=](auto x) { return cartbell_message_get(e, nullptr, a, x); }},
        {"message_get: answer", [=](auto x) { return cartbell_message_get(e, "id", nullptr, x); }},
        {"export_open: cursor", [=](auto x) { return cartbell_export_open(e, nullptr, nullptr, x); }},
        {"export_next: count", [=, &o](auto x) { return cartbell_export_next(o.cursor, 1, nullptr, a, x); }},
        {"export_next: answer",
         [=, &o](auto x) { return cartbell_export_next(o.cursor, 1, &count, nullptr, x); }},
        {"apply: a NULL among the batches",
         [=](auto x) { return cartbell_engine_apply(e, no_batches, 1, now_us, nullptr, a, x); }},
        {"export_open (kept apart)",
         [=](auto x) { return cartbell_export_open(nullptr, nullptr, &cursor, x); }},
    };
}

}  // namespace

TEST_CASE("a NULL engine is misuse in every function, with and without an error object") {
    Objects objects;
    for (const Call &call : calls_on_engine(nullptr, objects))
        check_misuse(call, "null_handle");
}

TEST_CASE("an object of another kind is misuse in every function") {
    Objects objects;
    for (const Call &call : calls_on_engine(reinterpret_cast<cartbell_engine *>(objects.batch), objects))
        check_misuse(call, "wrong_handle");
    alignas(16) char text[64] = "no object of this library at all, only text";
    for (const Call &call : calls_on_engine(reinterpret_cast<cartbell_engine *>(text), objects))
        check_misuse(call, "wrong_handle");
    for (const Call &call : calls_on_engine(reinterpret_cast<cartbell_engine *>(text + 1), objects))
        check_misuse(call, "wrong_handle");

    size_t count = 0;
    int32_t outcome = 0;
    auto *engine = objects.engine;
    auto *answer = &objects.answer;
    check_misuse(
        {"batch",
         [&](auto x) { return cartbell_batch_count(reinterpret_cast<cartbell_batch *>(engine), &count, x); }},
        "wrong_handle");
    check_misuse({"template",
                  [&](auto x) {
                      return cartbell_template_render(reinterpret_cast<cartbell_template *>(engine), "{}", 2,
                                                      &outcome, answer, x);
                  }},
                 "wrong_handle");
    check_misuse({"export",
                  [&](auto x) {
                      return cartbell_export_next(reinterpret_cast<cartbell_export *>(engine), 1, &count,
                                                  answer, x);
                  }},
                 "wrong_handle");
    auto *wrong = reinterpret_cast<cartbell_batch *>(engine);
    check_misuse(
        {"apply",
         [&](auto x) { return cartbell_engine_apply(engine, &wrong, 1, now_us, nullptr, nullptr, x); }},
        "wrong_handle");
    // Freeing an object as what it is not leaves it alone.
    cartbell_batch_free(wrong);
    cartbell_template_free(reinterpret_cast<cartbell_template *>(engine));
    cartbell_export_close(reinterpret_cast<cartbell_export *>(engine));
    cartbell_error_free(reinterpret_cast<cartbell_error *>(engine));
    CHECK(cartbell_engine_stats(engine, answer, nullptr) == CARTBELL_OK);
    CHECK(std::string(cartbell_error_message(reinterpret_cast<cartbell_error *>(engine))).empty());
}

TEST_CASE("every pointer that may not be NULL is asked for by name") {
    Objects objects;
    for (const Call &call : calls_with_a_null(objects)) {
        CAPTURE(call.name);
        cartbell_error *error = nullptr;
        CHECK(call.run(&error) == CARTBELL_MISUSE);
        REQUIRE(error != nullptr);
        const std::string reason = cartbell_error_reason(error);
        CHECK((reason == "null_argument" || reason == "null_handle"));
        CHECK(std::string(cartbell_error_message(error)).find("NULL") != std::string::npos);
        cartbell_error_free(error);
        CHECK(call.run(nullptr) == CARTBELL_MISUSE);
    }
}

TEST_CASE("what may be NULL may be: the error, freeing, accessors, optional outputs") {
    Objects objects;
    cartbell_error_free(nullptr);
    cartbell_engine_close(nullptr);
    cartbell_batch_free(nullptr);
    cartbell_template_free(nullptr);
    cartbell_export_close(nullptr);
    cartbell_buffer_free(nullptr);
    CHECK(cartbell_error_status(nullptr) == CARTBELL_OK);
    CHECK(std::string(cartbell_error_reason(nullptr)).empty());
    CHECK(std::string(cartbell_error_message(nullptr)).empty());
    CHECK(std::string(cartbell_error_pointer(nullptr)).empty());
    CHECK(cartbell_error_line(nullptr) == 0);
    CHECK(cartbell_error_column(nullptr) == 0);
    CHECK(cartbell_engine_apply(objects.engine, nullptr, 0, now_us, nullptr, nullptr, nullptr) ==
          CARTBELL_OK);
    CHECK(cartbell_engine_apply(objects.engine, &objects.batch, 1, now_us, nullptr, nullptr, nullptr) ==
          CARTBELL_OK);
    CHECK(cartbell_settings_put(objects.engine, "{}", 2, now_us, nullptr, nullptr) == CARTBELL_OK);
    CHECK(cartbell_template_compile(nullptr, 0, nullptr, nullptr, nullptr) == CARTBELL_MISUSE);
    // "Bytes that come with a size may be NULL if the size is 0."
    cartbell_template *empty = nullptr;
    CHECK(cartbell_template_compile(nullptr, 0, nullptr, &empty, nullptr) == CARTBELL_OK);
    cartbell_template_free(empty);
}

TEST_CASE("outputs are untouched on failure") {
    Objects objects;
    REQUIRE(cartbell_engine_stats(objects.engine, &objects.answer, nullptr) == CARTBELL_OK);
    const std::string before = objects.answer.data;
    CHECK(cartbell_order_get(objects.engine, "none", &objects.answer, nullptr) == CARTBELL_NOT_FOUND);
    CHECK(objects.answer.data == before);
    CHECK(objects.answer.size == before.size());
    auto *same = reinterpret_cast<cartbell_batch *>(uintptr_t{8});
    CHECK(cartbell_engine_parse(objects.engine, CARTBELL_FORM_ARRAY, "[", 1, nullptr, &same, nullptr) ==
          CARTBELL_INVALID);
    CHECK(same == reinterpret_cast<cartbell_batch *>(uintptr_t{8}));
}

TEST_CASE(
    "structs: a size that is not set, reserved bytes and members of a later version are misuse, an earlier "
    "struct is not") {
    Objects objects;
    cartbell_engine *engine = nullptr;
    cartbell_engine_options options = CARTBELL_ENGINE_OPTIONS_INIT;
    options.path = ":memory:";
    const auto open = [&](auto x) { return cartbell_engine_open(&options, &engine, x); };

    options.struct_size = 0;
    check_misuse({"no size", open}, "struct_size");
    options.struct_size = 0xFFFFFFFF;
    check_misuse({"a wild size", open}, "struct_size");
    options.struct_size = sizeof options;
    options.read_only = 2;
    check_misuse({"read_only", open}, "reserved_set");
    options.read_only = 0;

    cartbell_limits limits = CARTBELL_LIMITS_INIT;
    options.limits = &limits;
    limits.reserved = 1;
    check_misuse({"limits.reserved", open}, "reserved_set");
    limits.reserved = 0;
    limits.struct_size = 8;
    check_misuse({"limits.struct_size", open}, "struct_size");

    struct Later {
        cartbell_engine_options options = CARTBELL_ENGINE_OPTIONS_INIT;
        uint64_t added = 0;
    } later;
    later.options.path = ":memory:";
    later.options.struct_size = sizeof later;
    CHECK(cartbell_engine_open(&later.options, &engine, nullptr) == CARTBELL_OK);
    cartbell_engine_close(engine);
    later.added = 1;
    check_misuse({"a later member", [&](auto x) { return cartbell_engine_open(&later.options, &engine, x); }},
                 "reserved_set");

    cartbell_applied applied = CARTBELL_APPLIED_INIT;
    applied.reserved = 7;
    check_misuse({"applied.reserved",
                  [&](auto x) {
                      return cartbell_engine_apply(objects.engine, nullptr, 0, now_us, &applied, nullptr, x);
                  }},
                 "reserved_set");
    cartbell_template_options chosen = CARTBELL_TEMPLATE_OPTIONS_INIT;
    cartbell_template *made = nullptr;
    chosen.plain_mustache = 2;
    check_misuse(
        {"plain_mustache", [&](auto x) { return cartbell_template_compile("x", 1, &chosen, &made, x); }},
        "reserved_set");

    cartbell_map_options mapping = CARTBELL_MAP_OPTIONS_INIT;
    const auto map = [&](auto x) { return cartbell_map("[]", 2, &mapping, &objects.answer, nullptr, x); };
    check_misuse({"map: no format", map}, "null_argument");
    mapping.format = "ga4";
    mapping.skip_unmapped = 2;
    check_misuse({"map: skip_unmapped", map}, "reserved_set");
    mapping.skip_unmapped = 0;
    mapping.struct_size = 8;
    check_misuse({"map: struct_size", map}, "struct_size");
    mapping.struct_size = sizeof mapping;
    mapping.table_size = 1;
    check_misuse({"map: table", map}, "null_argument");
    mapping.table_size = 0;
    mapping.given_size = 1;
    check_misuse({"map: given", map}, "null_argument");
    mapping.given_size = 0;
    CHECK(map(nullptr) == CARTBELL_OK);

    cartbell_buffer wild = {nullptr, 3, 0};
    check_misuse({"a buffer that was not begun",
                  [&](auto x) { return cartbell_engine_stats(objects.engine, &wild, x); }},
                 "bad_buffer");
}

TEST_CASE("limits go down, never up; and a lowered one holds") {
    const int64_t before = cartbell_live_objects();
    cartbell_engine_options options = CARTBELL_ENGINE_OPTIONS_INIT;
    cartbell_limits limits = CARTBELL_LIMITS_INIT;
    options.path = ":memory:";
    options.limits = &limits;
    cartbell_engine *engine = nullptr;
    cartbell_error *error = nullptr;

    static_assert(sizeof(cartbell_limits) == offsetof(cartbell_limits, batch_bytes) + 27 * sizeof(uint64_t));
    uint64_t *const first = &limits.batch_bytes;
    for (uint64_t *member = first; member <= &limits.container_item_bytes; ++member) {
        CAPTURE(member - first);
        *member = UINT64_MAX;
        CHECK(cartbell_engine_open(&options, &engine, &error) == CARTBELL_INVALID);
        CHECK(std::string(cartbell_error_reason(error)) == "limit_raised");
        cartbell_error_free(error);
        *member = 0;
    }
    limits.batch_operations = 1;
    REQUIRE(cartbell_engine_open(&options, &engine, nullptr) == CARTBELL_OK);
    CHECK(cartbell_engine_ingest(engine, CARTBELL_FORM_ARRAY, "[{},{}]", 7, nullptr, now_us, nullptr, nullptr,
                                 nullptr) == CARTBELL_LIMIT);
    cartbell_engine_close(engine);
    CHECK(cartbell_live_objects() == before);
}

TEST_CASE("objects may be closed in any order; a cursor whose engine is gone says so") {
    const int64_t before = cartbell_live_objects();
    cartbell_engine_options options = CARTBELL_ENGINE_OPTIONS_INIT;
    options.path = ":memory:";
    cartbell_engine *engine = nullptr, *other = nullptr;
    cartbell_batch *batch = nullptr;
    cartbell_export *cursor = nullptr;
    REQUIRE(cartbell_engine_open(&options, &engine, nullptr) == CARTBELL_OK);
    REQUIRE(cartbell_engine_open(&options, &other, nullptr) == CARTBELL_OK);
    REQUIRE(cartbell_engine_parse(engine, CARTBELL_FORM_ARRAY, "[]", 2, nullptr, &batch, nullptr) ==
            CARTBELL_OK);
    REQUIRE(cartbell_export_open(engine, nullptr, &cursor, nullptr) == CARTBELL_OK);
    check_misuse(
        {"foreign",
         [&](auto x) { return cartbell_engine_apply(other, &batch, 1, now_us, nullptr, nullptr, x); }},
        "foreign_batch");
    cartbell_batch *twice[2] = {batch, batch};
    check_misuse(
        {"twice",
         [&](auto x) { return cartbell_engine_apply(engine, twice, 2, now_us, nullptr, nullptr, x); }},
        "used_batch");
    cartbell_engine_close(engine);
    size_t count = 0;
    cartbell_buffer answer = CARTBELL_BUFFER_INIT;
    check_misuse({"cursor", [&](auto x) { return cartbell_export_next(cursor, 1, &count, &answer, x); }},
                 "engine_closed");
    check_misuse(
        {"batch of a closed engine",
         [&](auto x) { return cartbell_engine_apply(other, &batch, 1, now_us, nullptr, nullptr, x); }},
        "foreign_batch");
    cartbell_export_close(cursor);
    cartbell_batch_free(batch);
    cartbell_engine_close(other);
    CHECK(cartbell_live_objects() == before);
}

TEST_CASE("a clock outside of 1970-2199 is refused by every call that takes one") {
    Objects objects;
    cartbell_engine *e = objects.engine;
    cartbell_buffer *a = &objects.answer;
    const char *name = "external_id:C-1";
    int64_t due = 0;
    for (const int64_t wild : {INT64_MIN, int64_t{-1}, int64_t{7'258'118'400'000'000}, INT64_MAX}) {
        const std::vector<Call> calls = {
            {"apply", [=](auto x) { return cartbell_engine_apply(e, nullptr, 0, wild, nullptr, a, x); }},
            {"ingest",
             [=](auto x) {
                 return cartbell_engine_ingest(e, CARTBELL_FORM_ARRAY, "[]", 2, nullptr, wild, nullptr, a, x);
             }},
            {"tick", [=, &due](auto x) { return cartbell_engine_tick(e, wild, 1, nullptr, &due, x); }},
            {"settings_put", [=](auto x) { return cartbell_settings_put(e, "{}", 2, wild, a, x); }},
            {"segment_put", [=](auto x) { return cartbell_segment_put(e, "s", "{\"all\":[]}", 10, wild, a, x); }},
            {"segment_count", [=](auto x) { return cartbell_segment_count(e, "{\"all\":[]}", 10, wild, a, x); }},
            {"segment_customers",
             [=](auto x) { return cartbell_segment_customers(e, "s", 1, wild, nullptr, 1, a, x); }},
            {"segment_match", [=](auto x) { return cartbell_segment_match(e, "s", 1, name, wild, a, x); }},
            {"segment_match_many",
             [=](auto x) { return cartbell_segment_match_many(e, "s", 1, &name, 1, wild, a, x); }},
            {"segment_explain", [=](auto x) { return cartbell_segment_explain(e, "s", 1, name, wild, 0, a, x); }},
            {"template_put", [=](auto x) { return cartbell_template_put(e, "t", "{}", 2, wild, a, x); }},
            {"template_preview", [=](auto x) { return cartbell_template_preview(e, "t", name, wild, a, x); }},
            {"mailing_put", [=](auto x) { return cartbell_mailing_put(e, "m", "{}", 2, wild, a, x); }},
            {"mailing_dry_run", [=](auto x) { return cartbell_mailing_dry_run(e, "m", wild, a, x); }},
            {"mailing_start", [=](auto x) { return cartbell_mailing_start(e, "m", wild, a, x); }},
            {"message_lease", [=](auto x) { return cartbell_message_lease(e, "w", 1, 1, wild, a, x); }},
            {"message_report", [=](auto x) { return cartbell_message_report(e, "[]", 2, wild, a, x); }},
        };
        for (const Call &call : calls) {
            CAPTURE(call.name);
            cartbell_error *error = nullptr;
            CHECK(call.run(&error) == CARTBELL_INVALID);
            CHECK(std::string(cartbell_error_reason(error)) == "bad_clock");
            cartbell_error_free(error);
        }
    }
}

TEST_CASE("text that is no UTF-8 is refused at the door") {
    Objects objects;
    const char bad[] = "\xC3\x28";
    CHECK(cartbell_order_get(objects.engine, bad, &objects.answer, nullptr) == CARTBELL_INVALID);
    CHECK(cartbell_product_get(objects.engine, bad, &objects.answer, nullptr) == CARTBELL_INVALID);
    CHECK(cartbell_customer_get(objects.engine, bad, &objects.answer, nullptr) == CARTBELL_INVALID);
    CHECK(cartbell_segment_get(objects.engine, bad, &objects.answer, nullptr) == CARTBELL_INVALID);
    CHECK(cartbell_segment_count(objects.engine, bad, 2, now_us, &objects.answer, nullptr) != CARTBELL_OK);
    cartbell_template *made = nullptr;
    CHECK(cartbell_template_compile(bad, 2, nullptr, &made, nullptr) == CARTBELL_INVALID);
    CHECK(cartbell_settings_put(objects.engine, "{\"shop\":{\"zone\":\"\xFF\"}}", 22, now_us, nullptr,
                                nullptr) == CARTBELL_INVALID);
}

namespace {
int closed = 0;
void close_store(void *) {
    ++closed;
}
int32_t refuse_open(void *, const cartbell_schema *, int32_t) {
    return CARTBELL_BUSY;
}
int32_t unused() {
    return CARTBELL_INTERNAL;
}

cartbell_store_functions refusing_store() {
    cartbell_store_functions functions{};
    functions.struct_size = sizeof functions;
    functions.version = CARTBELL_STORE_VERSION;
    functions.open = refuse_open;
    functions.close = close_store;
    functions.begin = [](void *, int32_t, void **) { return unused(); };
    functions.commit = [](void *) { return unused(); };
    functions.rollback = [](void *) {};
    functions.get = [](void *, uint32_t, const cartbell_cell *, size_t, uint64_t, cartbell_cell *,
                       uint8_t *) { return unused(); };
    functions.insert = [](void *, uint32_t, const cartbell_cell *, size_t, uint8_t *) { return unused(); };
    functions.put = [](void *, uint32_t, const cartbell_cell *, size_t) { return unused(); };
    functions.remove = [](void *, uint32_t, const cartbell_cell *, size_t) { return unused(); };
    functions.scan = [](void *, const cartbell_scan *, void **) { return unused(); };
    functions.next = [](void *, cartbell_cell *, size_t, size_t *) { return unused(); };
    functions.end_scan = [](void *) {};
    return functions;
}
}  // namespace

TEST_CASE(
    "a host's own store is closed exactly once, whatever opening returns, and a table with holes is "
    "refused") {
    int object = 0;
    cartbell_engine *engine = nullptr;
    cartbell_store_functions functions = refusing_store();
    cartbell_engine_options options = CARTBELL_ENGINE_OPTIONS_INIT;
    options.store_functions = &functions;
    options.store = &object;

    closed = 0;
    CHECK(cartbell_engine_open(&options, &engine, nullptr) == CARTBELL_BUSY);
    CHECK(closed == 1);
    options.path = ":memory:";  // both ways at once
    CHECK(cartbell_engine_open(&options, &engine, nullptr) == CARTBELL_MISUSE);
    CHECK(closed == 2);
    options.path = nullptr;
    functions.scan = nullptr;
    check_misuse({"hole", [&](auto x) { return cartbell_engine_open(&options, &engine, x); }}, "bad_store");
    CHECK(closed == 2);  // refused before it was taken over
    functions.version = 2;
    check_misuse({"version", [&](auto x) { return cartbell_engine_open(&options, &engine, x); }},
                 "bad_store");
    options.store_functions = nullptr;
    check_misuse({"nothing", [&](auto x) { return cartbell_engine_open(&options, &engine, x); }}, "no_store");
}
