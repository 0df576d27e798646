// What people do in a shop, each text marked with whose it is.
#pragma once

#include "engine_fixture.hpp"

namespace engine_test {

inline const Instant noon = at("2026-11-20T12:00:00Z");

inline json operation(const char *type, const std::string &id, const char *when, json customer, json members) {
    members["type"] = type;
    members["id"] = id;
    members["occurred_at"] = std::string("2026-11-20T") + when + ":00Z";
    if (!customer.is_null()) members["customer"] = std::move(customer);
    return members;
}
inline json profile(const std::string &id, const char *when, const json &customer, const json &members) {
    return operation("customer", id, when, customer, {{"profile", members}});
}
inline json event(const std::string &id, const char *when, const json &customer, const std::string &session, const std::string &url) {
    json members{{"name", "page.viewed"}, {"context", {{"url", url}}}};
    if (!session.empty()) members["session_id"] = session;
    return operation("event", id, when, customer, members);
}
inline json merge(const char *type, const std::string &id, const char *when, const json &from, const json &into) {
    return operation(type, id, when, nullptr, {{"from", from}, {"into", into}});
}
inline const json anna = {{"external_id", "C-anna"}}, boris = {{"external_id", "C-boris"}};

// What two people do who share the device d-shared, each text marked with whose it is.
inline json life_of(const std::string &name, const char *hour) {
    const auto when = [hour](const char *minute) { return std::string(hour) + ":" + minute; };
    const json who = {{"external_id", "C-" + name}}, device = {{"device_id", "d-shared"}};
    const auto says = [&](const char *what) { return std::string(what) + " of " + name; };
    return json::array({
        event(name + "-e0", when("00").c_str(), {{"anonymous_id", "a-" + name}}, "s-" + name, "https://shop.eu/first/" + name),
        operation("identify", name + "-i", when("05").c_str(),
                  {{"external_id", "C-" + name}, {"email", name + "@mail.eu"}, {"device_id", "d-shared"}, {"anonymous_id", "a-" + name}}, {}),
        event(name + "-e1", when("10").c_str(), device, "", "https://shop.eu/device/" + name),
        event(name + "-e2", when("11").c_str(), who, "t-" + name, "https://shop.eu/known/" + name),
        event(name + "-e3", when("12").c_str(), nullptr, "t-" + name, "https://shop.eu/session/" + name),
        profile(name + "-c1", when("20").c_str(), who, {{"full_name", says("name")}, {"city", says("old city")}}),
        profile(name + "-c2", when("21").c_str(), {{"email", name + "@mail.eu"}}, {{"city", says("city")}}),
        operation("list", name + "-l", when("22").c_str(), who, {{"list", "vip"}, {"member", true}}),
        operation("consent", name + "-a1", when("23").c_str(), who,
                  {{"channel", "email"}, {"category", "promo"}, {"granted", true}, {"proof", says("old proof")}}),
        operation("consent", name + "-a2", when("24").c_str(), who,
                  {{"channel", "email"}, {"category", "promo"}, {"granted", false}, {"proof", says("proof")}}),
        operation("order", name + "-o1", when("30").c_str(), who,
                  {{"order",
                    {{"order_id", "order-" + name},
                     {"total", "12.50"},
                     {"status", {{"general", "received"}}},
                     {"delivery", {{"note", says("note")}, {"address", {{"street", says("street")}}}}},
                     {"lines", json::array({{{"line_id", "1"}, {"name", says("mug")}, {"quantity", "1"}, {"price", "12.50"}}})}}}}),
        operation("order", name + "-o2", when("31").c_str(), nullptr,
                  {{"order", {{"order_id", "order-" + name}, {"status", {{"general", "completed"}}}}}}),
        operation("message", name + "-m1", when("40").c_str(), who,
                  {{"backfill", true}, {"message", {{"message_id", "old-" + name}, {"channel", "email"}, {"subject", says("subject")}, {"handed_over_at", "2025-11-20T08:00:00Z"}}}}),
        operation("message", name + "-m2", when("41").c_str(), nullptr,
                  {{"backfill", true}, {"message", {{"message_id", "old-" + name}, {"opened_at", "2025-11-20T09:00:00Z"}}}}),
    });
}

inline void open_shop(Shop &shop) {
    REQUIRE(shop->put_settings(R"({"lists":[{"code":"vip"}],"categories":[{"code":"promo","kind":"promo"}]})", noon).ok());
}
inline void send_mailing(Shop &shop) {
    const auto put = [](const auto &answer) { REQUIRE_MESSAGE(answer.ok(), (answer.ok() ? "" : answer.error().message)); };
    put(shop->put_template("hello", R"({"code":"hello","channel":"email","subject":"Hello","body":"Letter for {{customer.full_name}}"})", noon));
    put(shop->put_mailing("m", R"({"code":"m","audience":true,"channel":"email","category":"promo","template":"hello"})", noon));
    put(shop->start_mailing("m", noon));
    shop.run(noon);
}

}  // namespace engine_test
