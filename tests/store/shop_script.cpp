#include "store/shop_script.hpp"

#include <cstring>

namespace shop_script {
namespace {

constexpr int64_t minute_us = 60'000'000, hour_us = 60 * minute_us;

constexpr char settings[] =
    R"({"shop":{"zone":"Europe/Riga","currency":"EUR"},"sources":[{"code":"site","name":"Site","trust":"public","rank":1}],
        "statuses":[{"set":"general","code":"completed","name":"Completed"},{"set":"general","code":"cancelled","name":"Cancelled","in_analytics":false}],
        "fields":[{"of":"customer","code":"vip","name":"VIP","type":"boolean"}]})";
constexpr char more_settings[] = R"({"statuses":[{"set":"general","code":"completed","name":"Completed"},
        {"set":"general","code":"cancelled","name":"Cancelled","in_analytics":false},{"set":"general","code":"returned","name":"Returned"}]})";
constexpr char mug_lovers[] = R"({"bought":{"where":{"product.price":{"lt":"9"}},"count":{"ge":2}}})";
constexpr char regulars[] = R"({"purchases":{"count":{"ge":2}}})";
constexpr char offer[] = R"({"code":"offer","channel":"email","subject":"For you","body":"<p>{{purchases.last.order_id}}{{#purchases.last.lines}} {{product.name}}{{/purchases.last.lines}}</p>",
        "condition":{"segment":"regulars"},"reason":"too few purchases"})";
constexpr char spring[] = R"({"code":"spring","audience":{"purchases":{"count":{"ge":1}}},"channel":"email","category":"promo","template":"offer"})";
constexpr char summer[] = R"({"code":"summer","audience":{"segment":"regulars"},"channel":"email","category":"promo","template":"offer"})";

std::string order(int id, int order_id, int customer, const char *total, const char *members = "") {
    return R"({"type":"order","id":"op-)" + std::to_string(id) + R"(","occurred_at":"2025-11-)" + (id % 20 < 9 ? "0" : "") + std::to_string(id % 20 + 1) +
           R"(T10:00:00Z","customer":{"external_id":"C-)" + std::to_string(customer) + R"(","email":"c)" + std::to_string(customer) +
           R"(@example.org"},"order":{"order_id":")" + std::to_string(order_id) + R"(","currency":"EUR","total":")" + total +
           R"(","lines":[{"line_id":"1","product_id":"MUG","name":"Mug","quantity":"1","price":")" + total + R"(","total":")" + total + R"("}])" + members + "}}\n";
}

std::string product(int id, const char *day, const char *members) {
    return R"({"type":"product","id":"pr-)" + std::to_string(id) + R"(","occurred_at":"2025-11-)" + day + R"(T10:00:00Z","product":{"product_id":"MUG",)" + members + "}}\n";
}

// New orders, a product, a bad line, a duplicate, a late one.
std::string first_lines() {
    std::string lines;
    for (int i = 0; i < 12; ++i) lines += order(i, 100 + i, i % 5, "10.00");
    return lines + product(1, "05", R"("name":"Mug","price":"10.00","stock":"3")") + "this line is no JSON\n" + order(3, 103, 3, "10.00");
}
std::string second_lines() {
    return order(30, 100, 0, "12.00", R"(,"status":{"general":"completed"})") + order(20, 101, 4, "7.00") + order(31, 130, 9, "3.00") +
           product(2, "06", R"("price":"8.00")") + product(3, "04", R"("price":"9.00","brand":"Kiln")") +
           R"({"type":"customer","id":"cu-1","occurred_at":"2025-11-20T10:00:00Z","customer":{"external_id":"C-1"},"profile":{"full_name":"Ann","fields":{"vip":true}}})";
}

// A phone two people claim, the later first; what was known by it; two customers who are one, with their messages.
std::string people_lines() {
    const auto said = [](const char *type, const char *id, const char *day, const std::string &rest) {
        return std::string(R"({"type":")") + type + R"(","id":")" + id + R"(","occurred_at":"2025-10-)" + day + R"(T10:00:00Z",)" + rest + "}\n";
    };
    return said("order", "p-1", "05", R"("customer":{"phone":"+371"},"order":{"order_id":"200","total":"5.00"})") +
           said("order", "p-2", "15", R"("customer":{"phone":"+371"},"order":{"order_id":"201","total":"6.00"})") +
           said("identify", "p-3", "12", R"("customer":{"external_id":"C-2","phone":"+371"})") +
           said("identify", "p-4", "02", R"("customer":{"external_id":"C-3","phone":"+371"})") +
           said("identify", "p-5", "20", R"("customer":{"external_id":"C-2","phone":"+371"})") +
           said("identify", "p-6", "14", R"("customer":{"external_id":"C-3","phone":"+371"})") +
           said("merge", "p-7", "21", R"("from":{"external_id":"C-1"},"into":{"external_id":"C-0"})") +
           said("merge", "p-8", "22", R"("from":{"external_id":"C-4"},"into":{"external_id":"C-3"})") +
           said("unmerge", "p-9", "23", R"("from":{"external_id":"C-4"},"into":{"external_id":"C-3"})");
}

// Visits of somebody whom a session, then a device, then an address leads to; each tells whose those before were.
std::string visits(const char *prefix, const char *day, const char *customer) {
    std::string lines;
    for (int i = 0; i < 4; ++i)
        lines += std::string(R"({"type":"event","id":")") + prefix + std::to_string(i) + R"(","occurred_at":"2025-11-)" + day + "T1" + std::to_string(i) +
                 R"(:00:00Z","session_id":"s1","name":"page.viewed","context":{"url":"u"})" + customer + "}\n";
    return lines;
}
constexpr char known_visitor[] = R"({"type":"identify","id":"kv","occurred_at":"2025-11-20T10:00:00Z","customer":{"external_id":"C-2","device_id":"d9"}})";

// Facts of one order, one product and one customer, so many of each; or a few that are older than all of them.
std::string busy_lines(int first, int count, bool late) {
    std::string lines;
    for (int i = first; i < first + count; ++i) {
        const std::string n = std::to_string(i), time = std::string(late ? "2025-09-" : "2025-10-") + std::to_string(10 + i / 24) + "T" +
                                                        std::to_string(100 + i % 24).substr(1) + R"(:00:00Z",)";
        const auto say = [&](const char *type, const char *id, const std::string &rest) {
            lines += std::string(R"({"type":")") + type + R"(","id":")" + id + n + R"(","occurred_at":")" + time + rest + "}\n";
        };
        say("order", "bo-", R"("customer":{"external_id":"C-70","email":"c)" + n + R"(@example.org"},"order":{"order_id":"300","total":")" + n + R"(.00"})");
        say("product", "bp-", R"("product":{"product_id":"BUSY","stock":")" + n + R"("})");
        say("customer", "bc-", R"("customer":{"external_id":"C-70"},"profile":{"city":")" + n + R"("})");
    }
    return lines;
}
// People with orders, messages, visits and identities that others have too; one of them comes back.
std::string erases() {
    return R"({"type":"erase","id":"x-1","occurred_at":"2025-11-25T10:00:00Z","customer":{"external_id":"C-2"},"mode":"delete"})" "\n"
           R"({"type":"erase","id":"x-2","occurred_at":"2025-11-25T10:00:00Z","customer":{"email":"c0@example.org"},"mode":"anonymise"})" "\n" +
           order(40, 140, 2, "3.00") +
           R"({"type":"identify","id":"x-3","occurred_at":"2025-11-26T10:00:00Z","customer":{"external_id":"C-2","phone":"+371"}})" "\n";
}

constexpr char busy_merge[] =
    R"({"type":"merge","id":"bm","occurred_at":"2025-11-01T10:00:00Z","from":{"external_id":"C-70"},"into":{"external_id":"C-9"}})";

// What somebody puts into containers, first without a name; late facts, a claim, orders and a merge then fold them anew.
constexpr char carts[] = R"({"type":"container","id":"k1","occurred_at":"2025-11-20T09:00:00Z","customer":{"anonymous_id":"v8"},"container":"cart","add":{"product_id":"MUG"}}
{"type":"container","id":"k2","occurred_at":"2025-11-20T09:10:00Z","customer":{"external_id":"C-2"},"container":"cart","add":{"product_id":"MUG","quantity":"2","price":"5"}}
{"type":"container","id":"k3","occurred_at":"2025-11-20T09:20:00Z","customer":{"external_id":"C-2"},"container":"cart","add":{"product_id":"CUP"}}
)";
constexpr char joined_carts[] = R"({"type":"identify","id":"k4","occurred_at":"2025-11-20T10:00:00Z","customer":{"external_id":"C-2","anonymous_id":"v8"}}
{"type":"container","id":"k5","occurred_at":"2025-11-20T09:05:00Z","customer":{"external_id":"C-2"},"container":"cart","remove":{"product_id":"CUP"}}
{"type":"container","id":"k6","occurred_at":"2025-11-20T10:10:00Z","customer":{"anonymous_id":"v8"},"container":"cart","set":{"product_id":"CUP","quantity":"3"}}
)";
constexpr char merged_carts[] = R"({"type":"merge","id":"k7","occurred_at":"2025-11-20T11:00:00Z","from":{"external_id":"C-2"},"into":{"external_id":"C-9"}}
{"type":"container","id":"k8","occurred_at":"2025-11-20T12:00:00Z","customer":{"external_id":"C-2"},"container":"cart","replace":[{"product_id":"MUG"}]}
{"type":"unmerge","id":"k9","occurred_at":"2025-11-20T13:00:00Z","from":{"external_id":"C-2"},"into":{"external_id":"C-9"}}
)";

// Sends of an earlier system to two who become one; more entries than stand with a message.
std::string old_sends(const char *prefix, int count, const char *customer) {
    std::string lines;
    for (int i = 0; i < count; ++i)
        lines += std::string(R"({"type":"message","backfill":true,"id":")") + prefix + std::to_string(i) + R"(","occurred_at":"2025-10-)" + std::to_string(10 + i % 20) +
                 R"(T10:00:00Z","message":{"message_id":"old-)" + std::to_string(i % 2) + R"(","opened_at":"2025-01-)" + std::to_string(10 + i % 15) +
                 R"(T10:00:00Z"})" + customer + "}\n";
    return lines;
}
constexpr char old_merge[] =
    R"({"type":"merge","id":"om","occurred_at":"2025-11-02T10:00:00Z","from":{"external_id":"C-80"},"into":{"external_id":"C-9"}})";

int32_t ingest(cartbell_engine *engine, const std::string &lines, cartbell_error **error) {
    return cartbell_engine_ingest(engine, CARTBELL_FORM_NDJSON, lines.data(), lines.size(), nullptr, now_us, nullptr, nullptr, error);
}

int32_t tick(cartbell_engine *engine, int64_t at, int64_t work, cartbell_error **error) {
    int64_t due = 0;
    return cartbell_engine_tick(engine, at, work, nullptr, &due, error);
}

// An answer that is asked for and thrown away.
template <typename Call>
int32_t ask(Call &&call) {
    cartbell_buffer answer = CARTBELL_BUFFER_INIT;
    const int32_t status = call(&answer);
    cartbell_buffer_free(&answer);
    return status;
}

template <typename Call>
std::string told(Call &&call, int32_t &status) {
    cartbell_buffer answer = CARTBELL_BUFFER_INIT;
    const int32_t now = call(&answer);
    if (now != CARTBELL_OK && status == CARTBELL_OK) status = now;
    std::string text = now == CARTBELL_OK && answer.data ? std::string(answer.data, answer.size) : "failed " + std::to_string(now);
    cartbell_buffer_free(&answer);
    return text + "\n";
}

constexpr const char *identities[] = {"external_id:C-1", "external_id:C-2", "email:nobody@example.org"};
constexpr const char *order_ids[] = {"100", "101", "999"};
constexpr const char *product_ids[] = {"MUG", "none"};

std::string reports;  // on what was leased last; which messages these are is the store's affair

int32_t lease(cartbell_engine *engine, cartbell_error **error) {
    cartbell_buffer leased = CARTBELL_BUFFER_INIT;
    const int32_t status = cartbell_message_lease(engine, "worker", 1, minute_us, now_us + hour_us, &leased, error);
    if (status == CARTBELL_OK) reports.clear();
    for (const char *at = leased.data; status == CARTBELL_OK && (at = std::strstr(at, "\"message_id\":\"")) != nullptr;) {
        at += std::strlen("\"message_id\":\"");
        reports += std::string(reports.empty() ? "[" : ",") + R"({"message_id":")" + std::string(at, 36) +
                   R"(","outcome":"handed_over","provider_id":"p","worker":"worker"})";
    }
    cartbell_buffer_free(&leased);
    return status;
}

int32_t report(cartbell_engine *engine, cartbell_error **error) {
    const std::string json = reports + "]";
    return cartbell_message_report(engine, json.data(), json.size(), now_us + hour_us, nullptr, error);
}

int32_t export_all(cartbell_engine *engine, cartbell_error **error) {
    cartbell_export *cursor = nullptr;
    int32_t status = cartbell_export_open(engine, nullptr, &cursor, error);
    for (size_t count = 1; status == CARTBELL_OK && count > 0;)
        status = ask([&](cartbell_buffer *answer) { return cartbell_export_next(cursor, 2, &count, answer, error); });
    cartbell_export_close(cursor);
    return status;
}

}  // namespace

const std::vector<Step> &steps() {
    using E = cartbell_engine *;
    using X = cartbell_error **;
    static const std::vector<Step> all = {
        {"settings", false, false, [](E e, X x) { return cartbell_settings_put(e, settings, sizeof settings - 1, now_us, nullptr, x); }},
        {"orders", false, true, [](E e, X x) { return ingest(e, first_lines(), x); }},
        {"segment", false, false, [](E e, X x) { return cartbell_segment_put(e, "regulars", regulars, sizeof regulars - 1, now_us, nullptr, x); }},
        {"template", false, false, [](E e, X x) { return cartbell_template_put(e, nullptr, offer, sizeof offer - 1, now_us, nullptr, x); }},
        {"mailing", false, false, [](E e, X x) { return cartbell_mailing_put(e, nullptr, spring, sizeof spring - 1, now_us, nullptr, x); }},
        {"second mailing", false, false, [](E e, X x) { return cartbell_mailing_put(e, nullptr, summer, sizeof summer - 1, now_us, nullptr, x); }},
        {"more orders", false, true, [](E e, X x) { return ingest(e, second_lines(), x); }},
        {"more settings", false, false, [](E e, X x) { return cartbell_settings_put(e, more_settings, sizeof more_settings - 1, now_us, nullptr, x); }},
        {"dry run", true, true, [](E e, X x) { return ask([&](auto *a) { return cartbell_mailing_dry_run(e, "spring", now_us, a, x); }); }},
        {"start", false, true, [](E e, X x) { return cartbell_mailing_start(e, "spring", now_us, nullptr, x); }},
        {"tick", false, true, [](E e, X x) { return tick(e, now_us, 1, x); }},
        {"second start", false, true, [](E e, X x) { return cartbell_mailing_start(e, "summer", now_us, nullptr, x); }},
        {"second tick", false, true, [](E e, X x) { return tick(e, now_us, 1, x); }},
        {"lease", false, false, [](E e, X x) { return ask([&](auto *a) { return cartbell_message_lease(e, "worker", 2, minute_us, now_us, a, x); }); }},
        {"tick that requeues", false, true, [](E e, X x) { return tick(e, now_us + hour_us, 100, x); }},
        {"second lease", false, false, lease},
        {"report", false, true, report},
        {"people", false, true, [](E e, X x) { return ingest(e, people_lines(), x); }},
        {"a busy order", false, true, [](E e, X x) { return ingest(e, busy_lines(0, 70, false), x); }},
        {"late facts of it", false, true, [](E e, X x) { return ingest(e, busy_lines(100, 2, true), x); }},
        {"more late facts of it", false, true, [](E e, X x) { return ingest(e, busy_lines(110, 1, true), x); }},
        {"a busy customer becomes another", false, true, [](E e, X x) { return ingest(e, busy_merge, x); }},
        {"visits of nobody", false, true, [](E e, X x) { return ingest(e, visits("v", "05", ""), x); }},
        {"visits of a device", false, true, [](E e, X x) { return ingest(e, visits("d", "06", R"(,"customer":{"device_id":"d9"})"), x); }},
        {"a device becomes a customer", false, true, [](E e, X x) { return ingest(e, known_visitor, x); }},
        {"the same device becomes another", false, true, [](E e, X x) { return ingest(e, visits("w", "08", R"(,"customer":{"email":"c3@example.org","device_id":"d9"})"), x); }},
        {"carts", false, true, [](E e, X x) { return ingest(e, carts, x); }},
        {"carts become one", false, true, [](E e, X x) { return ingest(e, joined_carts, x); }},
        {"merged, and parted again", false, true, [](E e, X x) { return ingest(e, merged_carts, x); }},
        {"old sends of nobody", false, true, [](E e, X x) { return ingest(e, old_sends("on", 3, ""), x); }},
        {"old sends", false, true, [](E e, X x) { return ingest(e, old_sends("os", 140, R"(,"customer":{"external_id":"C-80"})"), x); }},
        {"their customer becomes another", false, true, [](E e, X x) { return ingest(e, old_merge, x); }},
        {"upkeep", false, true, [](E e, X x) {
             int32_t more = 0;
             return cartbell_engine_maintain(e, &more, x);
         }},
        {"count", true, true, [](E e, X x) { return ask([&](auto *a) { return cartbell_segment_count(e, "regulars", 8, now_us, a, x); }); }},
        {"explain", true, true, [](E e, X x) { return ask([&](auto *a) { return cartbell_segment_explain(e, "regulars", 8, identities[0], now_us, 0, a, x); }); }},
        {"match", true, true, [](E e, X x) { return ask([&](auto *a) { return cartbell_segment_match_many(e, "regulars", 8, identities, 3, now_us, a, x); }); }},
        {"customers", true, true, [](E e, X x) { return ask([&](auto *a) { return cartbell_customer_get_many(e, identities, 3, a, x); }); }},
        {"get orders", true, true, [](E e, X x) { return ask([&](auto *a) { return cartbell_order_get_many(e, order_ids, 3, a, x); }); }},
        {"get products", true, true, [](E e, X x) { return ask([&](auto *a) { return cartbell_product_get_many(e, product_ids, 2, a, x); }); }},
        {"count by products", true, true, [](E e, X x) { return ask([&](auto *a) { return cartbell_segment_count(e, mug_lovers, sizeof mug_lovers - 1, now_us, a, x); }); }},
        {"history", true, true, [](E e, X x) { return ask([&](auto *a) { return cartbell_order_history_get(e, "100", a, x); }); }},
        {"events", true, true, [](E e, X x) { return ask([&](auto *a) { return cartbell_event_list(e, "device_id:d9", nullptr, 5, a, x); }); }},
        {"containers", true, true, [](E e, X x) { return ask([&](auto *a) { return cartbell_container_list(e, "external_id:C-2", now_us, a, x); }); }},
        {"holders", true, true, [](E e, X x) { return ask([&](auto *a) { return cartbell_container_holders(e, "MUG", nullptr, now_us, nullptr, 5, a, x); }); }},
        {"timeline", true, true, [](E e, X x) { return ask([&](auto *a) { return cartbell_customer_timeline(e, "external_id:C-2", nullptr, 50, a, x); }); }},
        {"messages of a customer", true, true, [](E e, X x) { return ask([&](auto *a) { return cartbell_customer_messages(e, "external_id:C-9", nullptr, 5, a, x); }); }},
        {"export", true, true, export_all},
        {"people are erased", false, true, [](E e, X x) { return ingest(e, erases(), x); }},
        {"refold", true, true, [](E e, X x) { return ask([&](auto *a) { return cartbell_engine_digest(e, CARTBELL_DIGEST_REFOLDED, a, x); }); }},
    };
    return all;
}

std::string digest(cartbell_engine *engine, int32_t of, int32_t *status) {
    int32_t ignored = CARTBELL_OK;
    return told([&](auto *a) { return cartbell_engine_digest(engine, of, a, nullptr); }, status ? *status : ignored);
}

std::string answers(cartbell_engine *engine, int32_t *status) {
    int32_t ignored = CARTBELL_OK;
    int32_t &worst = status ? *status : ignored;
    std::string out;
    out += told([&](auto *a) { return cartbell_settings_get(engine, nullptr, a, nullptr); }, worst);
    out += told([&](auto *a) { return cartbell_segment_list(engine, a, nullptr); }, worst);
    out += told([&](auto *a) { return cartbell_template_list(engine, a, nullptr); }, worst);
    out += told([&](auto *a) { return cartbell_mailing_list(engine, a, nullptr); }, worst);
    out += told([&](auto *a) { return cartbell_engine_stats(engine, a, nullptr); }, worst);
    out += told([&](auto *a) { return cartbell_segment_count(engine, regulars, sizeof regulars - 1, now_us, a, nullptr); }, worst);
    out += told([&](auto *a) { return cartbell_segment_count(engine, mug_lovers, sizeof mug_lovers - 1, now_us, a, nullptr); }, worst);
    out += told([&](auto *a) { return cartbell_event_list(engine, "device_id:d9", nullptr, 50, a, nullptr); }, worst);
    out += told([&](auto *a) { return cartbell_customer_messages(engine, "external_id:C-9", nullptr, 50, a, nullptr); }, worst);
    out += told([&](auto *a) { return cartbell_product_get_many(engine, product_ids, 2, a, nullptr); }, worst);
    out += told([&](auto *a) { return cartbell_container_list(engine, "external_id:C-2", now_us, a, nullptr); }, worst);
    out += told([&](auto *a) { return cartbell_container_holders(engine, "MUG", nullptr, now_us, nullptr, 50, a, nullptr); }, worst);
    return out + digest(engine, CARTBELL_DIGEST_STORED, &worst);
}

}  // namespace shop_script
