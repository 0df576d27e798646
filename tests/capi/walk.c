/* A plain C program that walks the whole API: walk <path of a store>. It prints the first thing that is not
 * as it should be. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cartbell/cartbell.h"

#define NOW INT64_C(1322000000000000) /* 2011-11-22T22:13:20Z */

static cartbell_error *error;
static cartbell_buffer answer = CARTBELL_BUFFER_INIT;

static void fail(int line, const char *what) {
    fprintf(stderr,
            "walk.c:%d: %s\n  status %s, reason %s: %s (at \"%s\", line %u, column %u)\n  answer: %s\n", line,
            what, cartbell_status_name(cartbell_error_status(error)), cartbell_error_reason(error),
            cartbell_error_message(error), cartbell_error_pointer(error), cartbell_error_line(error),
            cartbell_error_column(error), answer.data ? answer.data : "");
    exit(1);
}

#define CHECK(condition) ((condition) ? (void)0 : fail(__LINE__, #condition))
#define OK(call) ((call) == CARTBELL_OK ? (void)0 : fail(__LINE__, #call))
#define HAS(text) \
    (answer.data && strstr(answer.data, text) ? (void)0 : fail(__LINE__, "the answer has no " #text))

/* A call that must fail with this status and say so in its error. */
#define FAILS(status, call)                                                     \
    do {                                                                        \
        CHECK((call) == (status));                                              \
        CHECK(error != NULL && cartbell_error_status(error) == (status));       \
        CHECK(*cartbell_error_reason(error) && *cartbell_error_message(error)); \
        cartbell_error_free(error);                                             \
        error = NULL;                                                           \
    } while (0)

static const char settings[] =
    "{\"shop\":{\"zone\":\"Europe/"
    "Riga\",\"currency\":\"EUR\"},\"sources\":[{\"code\":\"site\",\"name\":\"Site\",\"trust\":\"public\","
    "\"rank\":1}]}";

static const char orders[] =
    "{\"type\":\"order\",\"id\":\"1\",\"occurred_at\":\"2011-10-01T10:00:00Z\",\"customer\":{\"external_id\":"
    "\"C-1\",\"email\":\"Ann@Example.org\"},"
    "\"order\":{\"order_id\":\"100\",\"placed_at\":\"2011-10-01T10:00:00Z\",\"currency\":\"EUR\",\"status\":{"
    "\"general\":\"received\"},\"total\":\"99.90\","
    "\"lines\":[{\"line_id\":\"1\",\"product_id\":\"MUG\",\"name\":\"Mug "
    "<large>\",\"quantity\":\"2\",\"price\":\"49.95\",\"total\":\"99.90\"}]}}\n"
    "this line is no JSON\n"
    "{\"type\":\"order\",\"id\":\"2\",\"occurred_at\":\"2011-11-20T10:00:00Z\",\"customer\":{\"external_id\":"
    "\"C-2\"},"
    "\"order\":{\"order_id\":\"101\",\"placed_at\":\"2011-11-20T10:00:00Z\",\"currency\":\"EUR\",\"total\":"
    "\"5.00\"}}\n";

static const char status_change[] =
    "[{\"type\":\"order\",\"id\":\"3\",\"occurred_at\":\"2011-10-02T10:00:00Z\",\"order\":{\"order_id\":"
    "\"100\",\"status\":{\"general\":\"completed\"}}}]";

static const char predicate[] = "{\"purchases\":{\"last\":{\"placed_at\":{\"ago\":{\"gt\":\"1mo\"}}}}}";

static const char offer[] =
    "{\"code\":\"offer\",\"channel\":\"email\",\"subject\":\"For "
    "you\",\"body\":\"<p>{{purchases.last.order_id}}:{{#purchases.last.lines}} {{name}}"
    "{{/purchases.last.lines}}</p>\",\"condition\":{\"segment\":\"quiet\"},\"reason\":\"bought lately\"}";

static const char mailing[] =
    "{\"code\":\"autumn\",\"audience\":{\"purchases\":{\"count\":{\"ge\":1}}},\"channel\":\"email\","
    "\"category\":\"promo\",\"template\":\"offer\"}";

static const char categories[] =
    "{\"categories\":[{\"code\":\"promo\",\"kind\":\"promo\"},{\"code\":\"watch\",\"kind\":\"tracking\"}]}";

static const char consents[] =
    "[{\"type\":\"consent\",\"id\":\"c1\",\"occurred_at\":\"2011-11-02T00:00:00Z\",\"customer\":{\"external_id\":\"C-1\"},"
    "\"channel\":\"email\",\"category\":\"promo\",\"granted\":false},"
    "{\"type\":\"consent\",\"id\":\"c2\",\"occurred_at\":\"2011-11-01T00:00:00Z\",\"customer\":{\"external_id\":\"C-1\"},"
    "\"channel\":\"email\",\"category\":\"promo\",\"granted\":true,\"proof\":\"form 3\"},"
    "{\"type\":\"consent\",\"id\":\"c3\",\"occurred_at\":\"2011-11-01T00:00:00Z\",\"customer\":{\"external_id\":\"C-1\"},"
    "\"category\":\"watch\",\"granted\":true}]";

static void text_after(const char *name, char *out, size_t size) {
    const char *at = strstr(answer.data, name);
    size_t length = 0;
    CHECK(at != NULL);
    at += strlen(name);
    while (at[length] && at[length] != '"' && length + 1 < size) {
        out[length] = at[length];
        ++length;
    }
    out[length] = '\0';
}

static void facts(cartbell_engine *engine) {
    cartbell_batch *batches[2] = {NULL, NULL};
    cartbell_applied applied = CARTBELL_APPLIED_INIT;
    const char *ids[3] = {"101", "none", "100"};
    const char *people[2] = {"external_id:C-2", "email:ann@example.org"};
    const char *goods[2] = {"none", "MUG"};
    const char *viewed = "{\"type\":\"event\",\"id\":\"v\",\"customer\":{\"external_id\":\"C-1\"},\"name\":\"product.viewed\",\"context\":{\"product_id\":\"MUG\"}}";
    const char *put_in =
        "{\"type\":\"container\",\"id\":\"k\",\"customer\":{\"external_id\":\"C-1\"},\"container\":\"cart\",\"add\":{\"product_id\":\"MUG\",\"quantity\":\"2\",\"price\":\"9.90\"}}";
    const char *product = "{\"type\":\"product\",\"id\":\"p\",\"product\":{\"product_id\":\"MUG\",\"price\":\"9.90\",\"stock\":\"3\"}}";
    size_t count = 0;

    OK(cartbell_settings_put(engine, settings, strlen(settings), NOW, &answer, &error));
    HAS("\"version\":1");
    OK(cartbell_settings_get(engine, NULL, &answer, &error));
    HAS("Europe/Riga");
    OK(cartbell_settings_get(engine, "shop", &answer, &error));
    HAS("\"currency\":\"EUR\"");
    FAILS(CARTBELL_NOT_FOUND, cartbell_settings_get(engine, "shoe", &answer, &error));
    OK(cartbell_settings_versions(engine, NULL, 10, &answer, &error));
    HAS("{\"version\":1,\"created_at\":");
    FAILS(CARTBELL_INVALID, cartbell_settings_versions(engine, "?", 10, &answer, &error));
    OK(cartbell_settings_difference(engine, -1, -1, &answer, &error));
    HAS("{\"path\":\"/shop/zone\",\"from\":\"UTC\",\"to\":\"Europe/Riga\"}");
    FAILS(CARTBELL_NOT_FOUND, cartbell_settings_difference(engine, 1, 2, &answer, &error));
    FAILS(CARTBELL_INVALID,
          cartbell_settings_put(engine, "{\"shop\":{\"zone\":\"Mars\"}}", 24, NOW, NULL, &error));

    OK(cartbell_engine_parse(engine, CARTBELL_FORM_NDJSON, orders, strlen(orders), NULL, &batches[0],
                             &error));
    OK(cartbell_batch_count(batches[0], &count, &error));
    CHECK(count == 3);
    OK(cartbell_engine_parse(engine, CARTBELL_FORM_ARRAY, status_change, strlen(status_change), "system",
                             &batches[1], &error));
    OK(cartbell_engine_apply(engine, batches, 2, NOW, &applied, &answer, &error));
    CHECK(applied.accepted + applied.late == 3 && applied.rejected == 1 && applied.duplicate == 0);
    HAS("order.created");
    HAS("order.status_changed");
    FAILS(CARTBELL_MISUSE, cartbell_engine_apply(engine, batches, 1, NOW, NULL, NULL, &error));
    FAILS(CARTBELL_MISUSE, cartbell_batch_count(batches[0], &count, &error));
    cartbell_batch_free(batches[0]);
    cartbell_batch_free(batches[1]);

    OK(cartbell_engine_ingest(engine, CARTBELL_FORM_NDJSON, orders, strlen(orders), NULL, NOW, &applied,
                              &answer, &error));
    CHECK(applied.duplicate == 2 && applied.accepted == 0);
    FAILS(CARTBELL_INVALID,
          cartbell_engine_ingest(engine, CARTBELL_FORM_ARRAY, "[1,", 3, NULL, NOW, NULL, NULL, &error));
    FAILS(CARTBELL_INVALID, cartbell_engine_ingest(engine, 9, "[]", 2, NULL, NOW, NULL, NULL, &error));

    OK(cartbell_order_get(engine, "100", &answer, &error));
    HAS("completed");
    HAS("99.90");
    FAILS(CARTBELL_NOT_FOUND, cartbell_order_get(engine, "none", &answer, &error));
    OK(cartbell_order_get_many(engine, ids, 3, &answer, &error));
    HAS(",null,");
    OK(cartbell_order_timeline(engine, "100", NULL, 1, &answer, &error));
    HAS("\"changed\":[{\"name\":\"order.created\"");
    FAILS(CARTBELL_NOT_FOUND, cartbell_order_timeline(engine, "none", NULL, 1, &answer, &error));
    OK(cartbell_customer_timeline(engine, "external_id:C-1", NULL, 10, &answer, &error));
    HAS("\"next\":null");
    FAILS(CARTBELL_INVALID,
          cartbell_customer_timeline(engine, "external_id:C-1", "-", 10, &answer, &error));
    OK(cartbell_settings_put(engine, categories, strlen(categories), NOW, NULL, &error));
    OK(cartbell_engine_ingest(engine, CARTBELL_FORM_ARRAY, consents, strlen(consents), NULL, NOW, &applied, NULL, &error));
    CHECK(applied.accepted + applied.late == 3 && applied.rejected == 0);
    OK(cartbell_customer_consent(engine, "external_id:C-1", "email", "promo", NOW, &answer, &error));
    HAS("\"is\":false,\"fact\":{\"granted\":false,\"at\":\"2011-11-02T00:00:00Z\",\"source\":\"system\"},\"forgotten\":false}");
    OK(cartbell_customer_consent(engine, "external_id:C-1", "email", "promo", 1320105600000000, &answer, &error));
    HAS("\"at\":\"2011-11-01T00:00:00Z\",\"is\":true,\"fact\":{\"granted\":true");
    HAS("\"proof\":\"form 3\"");
    OK(cartbell_customer_consent(engine, "external_id:C-1", "sms", "promo", NOW, &answer, &error));
    HAS("\"is\":\"unknown\",\"forgotten\":false}");
    OK(cartbell_customer_consent(engine, "external_id:C-1", NULL, "watch", NOW, &answer, &error));
    HAS("{\"category\":\"watch\",");
    FAILS(CARTBELL_INVALID, cartbell_customer_consent(engine, "external_id:C-1", "email", "prom", NOW, &answer, &error));
    FAILS(CARTBELL_INVALID, cartbell_customer_consent(engine, "external_id:C-1", "email", "watch", NOW, &answer, &error));
    FAILS(CARTBELL_INVALID, cartbell_customer_consent(engine, "external_id:C-1", "", "promo", NOW, &answer, &error));
    FAILS(CARTBELL_INVALID, cartbell_customer_consent(engine, "external_id:C-1", "email", "promo", -1, &answer, &error));
    FAILS(CARTBELL_NOT_FOUND, cartbell_customer_consent(engine, "external_id:none", "email", "promo", NOW, &answer, &error));
    OK(cartbell_customer_get(engine, "external_id:C-1", &answer, &error));
    HAS("\"consents\":[{\"category\":\"watch\"");
    OK(cartbell_order_history_get(engine, "100", &answer, &error));
    HAS("received");
    OK(cartbell_engine_ingest(engine, CARTBELL_FORM_ONE, viewed, strlen(viewed), NULL, NOW, &applied, &answer,
                              &error));
    CHECK(applied.accepted == 1);
    OK(cartbell_event_list(engine, "external_id:C-1", NULL, 10, &answer, &error));
    HAS("\"context\":{\"product_id\":\"MUG\"}");
    HAS("\"next\":null");
    OK(cartbell_event_list(engine, NULL, NULL, 10, &answer, &error));
    HAS("{\"events\":[],");
    OK(cartbell_engine_ingest(engine, CARTBELL_FORM_ONE, put_in, strlen(put_in), NULL, NOW, &applied, &answer,
                              &error));
    HAS("container.item_added");
    OK(cartbell_container_get(engine, "external_id:C-1", "cart", NOW, &answer, &error));
    HAS("\"total\":\"19.80\"");
    OK(cartbell_container_list(engine, "external_id:C-1", NOW, &answer, &error));
    HAS("{\"containers\":[{\"container\":\"cart\"");
    OK(cartbell_container_holders(engine, "MUG", "cart", NOW, NULL, 10, &answer, &error));
    HAS("{\"customer\":\"external_id:C-1\",\"container\":\"cart\",\"quantity\":\"2\"");
    HAS("\"next\":null");
    FAILS(CARTBELL_NOT_FOUND, cartbell_container_get(engine, "external_id:nobody", "cart", NOW, &answer, &error));
    FAILS(CARTBELL_INVALID, cartbell_container_get(engine, "external_id:C-1", "cat", NOW, &answer, &error));
    FAILS(CARTBELL_INVALID, cartbell_container_list(engine, "external_id:C-1", -1, &answer, &error));
    FAILS(CARTBELL_INVALID, cartbell_container_holders(engine, "MUG", "cart", NOW, "x", 10, &answer, &error));
    OK(cartbell_customer_export(engine, "external_id:C-1", &answer, &error));
    HAS("\"context\":{\"product_id\":\"MUG\"}");
    HAS("\"tables\":{}");
    HAS("\"withheld\":[]");
    FAILS(CARTBELL_NOT_FOUND, cartbell_customer_export(engine, "external_id:nobody", &answer, &error));
    FAILS(CARTBELL_NOT_FOUND, cartbell_event_list(engine, "external_id:nobody", NULL, 10, &answer, &error));
    OK(cartbell_engine_ingest(engine, CARTBELL_FORM_ONE, product, strlen(product), NULL, NOW, &applied, &answer,
                              &error));
    CHECK(applied.accepted == 1);
    OK(cartbell_product_get(engine, "MUG", &answer, &error));
    HAS("\"price\":\"9.90\"");
    HAS("\"available\":true");
    FAILS(CARTBELL_NOT_FOUND, cartbell_product_get(engine, "none", &answer, &error));
    OK(cartbell_product_get_many(engine, goods, 2, &answer, &error));
    HAS("[null,{");
    OK(cartbell_customer_get(engine, "external_id:C-1", &answer, &error));
    HAS("ann@example.org");
    HAS("\"100\"");
    FAILS(CARTBELL_NOT_FOUND, cartbell_customer_get(engine, "external_id:C-9", &answer, &error));
    FAILS(CARTBELL_INVALID, cartbell_customer_get(engine, "no identity", &answer, &error));
    OK(cartbell_customer_get_many(engine, people, 1, &answer, &error));
    HAS("C-2");
}

static void segments(cartbell_engine *engine) {
    const char *people[2] = {"external_id:C-2", "external_id:C-9"};
    OK(cartbell_segment_put(engine, "quiet", predicate, strlen(predicate), NOW, &answer, &error));
    HAS("\"version\":1");
    FAILS(CARTBELL_INVALID, cartbell_segment_put(engine, "bad", "{\"purchase\":{}}", 15, NOW, NULL, &error));
    OK(cartbell_segment_get(engine, "quiet", &answer, &error));
    HAS("\"1mo\"");
    FAILS(CARTBELL_NOT_FOUND, cartbell_segment_get(engine, "none", &answer, &error));
    OK(cartbell_segment_list(engine, &answer, &error));
    HAS("quiet");
    OK(cartbell_segment_count(engine, "quiet", 5, NOW, &answer, &error));
    HAS("\"count\":1");
    HAS("\"customers\":2");
    OK(cartbell_segment_count(engine, predicate, strlen(predicate), NOW, &answer, &error));
    HAS("\"count\":1");
    OK(cartbell_segment_count(engine, "true", 4, NOW, &answer, &error));
    HAS("\"count\":2");
    OK(cartbell_segment_match(engine, "false", 5, "external_id:C-1", NOW, &answer, &error));
    HAS("\"match\":false");
    OK(cartbell_segment_explain(engine, "true", 4, "external_id:C-1", NOW, 0, &answer, &error));
    HAS("\"match\":true");
    OK(cartbell_segment_customers(engine, "true", 4, NOW, NULL, 1, &answer, &error));
    {
        char next[64];
        text_after("\"next\":\"", next, sizeof next);
        OK(cartbell_segment_customers(engine, "true", 4, NOW, next, 1, &answer, &error));
        HAS("\"next\":null");
    }
    OK(cartbell_segment_match(engine, "quiet", 5, "external_id:C-1", NOW, &answer, &error));
    HAS("\"match\":true");
    OK(cartbell_segment_match_many(engine, "quiet", 5, people, 2, NOW, &answer, &error));
    HAS("\"match\":false");
    HAS(",null]");
    OK(cartbell_segment_explain(engine, "quiet", 5, "external_id:C-1", NOW, 0, &answer, &error));
    HAS("\"100\"");
}

static void messages(cartbell_engine *engine) {
    cartbell_export *cursor = NULL;
    size_t count = 0, all = 0;
    int64_t done = 0, due = 0;
    char id[64], report[256];

    OK(cartbell_template_check(engine, offer, strlen(offer), &answer, &error));
    HAS("purchases.last.order_id");
    OK(cartbell_template_put(engine, NULL, offer, strlen(offer), NOW, &answer, &error));
    FAILS(CARTBELL_INVALID,
          cartbell_template_put(engine, "worse",
                                "{\"channel\":\"email\",\"subject\":\"x\",\"body\":\"{{#a}}\"}", 50, NOW,
                                NULL, &error));
    OK(cartbell_template_get(engine, "offer", &answer, &error));
    HAS("bought lately");
    OK(cartbell_template_list(engine, &answer, &error));
    HAS("offer");
    OK(cartbell_template_preview(engine, "offer", "external_id:C-1", NOW, &answer, &error));
    HAS("100: Mug &lt;large&gt;");
    OK(cartbell_template_preview(engine, "offer", "external_id:C-2", NOW, &answer, &error));
    HAS("bought lately");

    OK(cartbell_mailing_put(engine, NULL, mailing, strlen(mailing), NOW, &answer, &error));
    OK(cartbell_mailing_get(engine, "autumn", &answer, &error));
    HAS("offer");
    OK(cartbell_mailing_list(engine, &answer, &error));
    HAS("autumn");
    OK(cartbell_mailing_dry_run(engine, "autumn", NOW, &answer, &error));
    HAS("\"audience\":2");
    HAS("\"rendered\":1");
    OK(cartbell_mailing_start(engine, "autumn", NOW, &answer, &error));
    do
        OK(cartbell_engine_tick(engine, NOW, 10, &done, &due, &error));
    while (due <= NOW);
    OK(cartbell_mailing_status(engine, "autumn", &answer, &error));
    HAS("\"audience\":2");
    HAS("\"rendered\":1");
    HAS("bought lately");

    OK(cartbell_message_lease(engine, "w1", 10, 60000000, NOW, &answer, &error));
    HAS("Mug");
    text_after("\"message_id\":\"", id, sizeof id);
    OK(cartbell_message_lease(engine, "w2", 10, 60000000, NOW, &answer, &error));
    CHECK(strstr(answer.data, id) == NULL);
    snprintf(
        report, sizeof report,
        "[{\"message_id\":\"%s\",\"outcome\":\"handed_over\",\"provider_id\":\"p-1\",\"worker\":\"w1\"}]",
        id);
    OK(cartbell_message_report(engine, report, strlen(report), NOW, &answer, &error));
    OK(cartbell_message_report(engine, report, strlen(report), NOW, NULL, &error));
    OK(cartbell_message_get(engine, id, &answer, &error));
    HAS("handed_over");
    HAS("p-1");
    FAILS(CARTBELL_NOT_FOUND,
          cartbell_message_get(engine, "00000000-0000-5000-8000-000000000000", &answer, &error));

    OK(cartbell_export_open(engine, "mailing:autumn", &cursor, &error));
    for (;;) {
        OK(cartbell_export_next(cursor, 1, &count, &answer, &error));
        if (count == 0) break;
        CHECK(count == 1);
        all += count;
    }
    CHECK(all == 2);
    OK(cartbell_export_next(cursor, 1, &count, &answer, &error));
    CHECK(count == 0);
    cartbell_export_close(cursor);
}

static void whole(cartbell_engine *engine) {
    int32_t more = 0;
    char digest[80];
    OK(cartbell_engine_stats(engine, &answer, &error));
    HAS("orders");
    OK(cartbell_engine_digest(engine, CARTBELL_DIGEST_STORED, &answer, &error));
    text_after("\"digest\":\"", digest, sizeof digest);
    CHECK(strlen(digest) == 64);
    OK(cartbell_engine_digest(engine, CARTBELL_DIGEST_REFOLDED, &answer, &error));
    HAS(digest);
    FAILS(CARTBELL_INVALID, cartbell_engine_digest(engine, 7, &answer, &error));
    do
        OK(cartbell_engine_maintain(engine, &more, &error));
    while (more);
}

static void compiled(void) {
    static const char text[] =
        "Dear {{name}},{{#orders}} {{id}}{{^@last}},{{/@last}}{{/orders}}{{^orders}}{{#block}} no orders "
        "{{/block}}{{/orders}}{{> end}}";
    static const char json[] = "{\"name\":\"A & B\",\"orders\":[{\"id\":1},{\"id\":\"two\"}]}";
    const char *data[3] = {json, "{\"name\":\"C\"}", "no JSON"};
    const size_t sizes[3] = {strlen(json), 12, 7};
    cartbell_partial end = {"end", ".", 1};
    cartbell_template_options options = CARTBELL_TEMPLATE_OPTIONS_INIT;
    cartbell_template *made = NULL;
    cartbell_buffer outputs[3] = {CARTBELL_BUFFER_INIT, CARTBELL_BUFFER_INIT, CARTBELL_BUFFER_INIT};
    int32_t outcomes[3] = {0, 0, 0};
    int32_t outcome = 0;
    size_t done = 9, index;

    options.partials = &end;
    options.partial_count = 1;
    OK(cartbell_template_compile(text, strlen(text), &options, &made, &error));
    OK(cartbell_template_render(made, json, strlen(json), &outcome, &answer, &error));
    CHECK(outcome == CARTBELL_RENDERED);
    CHECK(strcmp(answer.data, "Dear A &amp; B, 1, two.") == 0);
    FAILS(CARTBELL_INVALID,
          cartbell_template_render_many(made, data, sizes, 3, outcomes, outputs, &done, &error));
    CHECK(done == 2 && outcomes[0] == CARTBELL_RENDERED && outcomes[1] == CARTBELL_BLOCKED);
    CHECK(strcmp(outputs[1].data, "no orders") == 0);
    for (index = 0; index < 3; ++index)
        cartbell_buffer_free(&outputs[index]);
    cartbell_template_free(made);

    CHECK(cartbell_template_compile("line\n {{#open}}", 15, NULL, &made, &error) == CARTBELL_INVALID);
    CHECK(cartbell_error_line(error) == 2 && cartbell_error_column(error) == 2);
    cartbell_error_free(error);
    error = NULL;
}

/* What others call an order is one of ours. */
static void mapped(cartbell_engine *engine) {
    static const char document[] = "{\"event\":\"purchase\",\"ecommerce\":{\"transaction_id\":\"T-1\",\"value\":5}}";
    static const char table[] = "{\"format\":\"ga4\",\"rules\":[{\"name\":\"order\",\"match\":{\"event\":\"purchase\"},\"in\":\"ecommerce\","
                                "\"operations\":[{\"type\":\"=order\",\"order\":{\"order_id\":\"transaction_id\",\"total\":{\"$money\":\"value\"}}}]}]}";
    cartbell_map_options options = CARTBELL_MAP_OPTIONS_INIT;
    cartbell_buffer operations = CARTBELL_BUFFER_INIT;
    options.format = "ga4";
    OK(cartbell_map(document, sizeof document - 1, &options, &operations, &answer, &error));
    CHECK(strstr(operations.data, "\"order.placed\"") != NULL);
    CHECK(strstr(answer.data, "\"rule\":\"purchase\"") != NULL);
    options.table = table;
    options.table_size = sizeof table - 1;
    OK(cartbell_map(document, sizeof document - 1, &options, &operations, NULL, &error));
    OK(cartbell_engine_ingest(engine, CARTBELL_FORM_ARRAY, operations.data, operations.size, NULL, NOW, NULL, NULL, &error));
    OK(cartbell_order_get(engine, "T-1", &answer, &error));
    CHECK(strstr(answer.data, "\"total\":\"5.00\"") != NULL);
    FAILS(CARTBELL_INVALID, cartbell_map("{\"event\":\"x\"}", 13, &options, &operations, NULL, &error));
    cartbell_buffer_free(&operations);
}

int main(int argc, char **argv) {
    cartbell_engine_options options = CARTBELL_ENGINE_OPTIONS_INIT;
    cartbell_engine *engine = NULL;
    if (argc != 2) return 2;
    CHECK(strcmp(cartbell_version(), "0.1.0") == 0);
    options.path = argv[1];
    OK(cartbell_engine_open(&options, &engine, &error));
    facts(engine);
    segments(engine);
    messages(engine);
    whole(engine);
    mapped(engine);
    cartbell_engine_close(engine);
    compiled();
    cartbell_buffer_free(&answer);
    CHECK(cartbell_live_objects() == 0);
    puts("walked");
    return 0;
}
