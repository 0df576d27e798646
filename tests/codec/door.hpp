// Shortcuts for tests of the door: settings of a small shop, one operation in, its errors out.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "codec/operation_json.hpp"

namespace cartbell::test {

inline Settings shop_settings() {
    Settings settings = default_settings();
    settings.version = 7;
    settings.sources.push_back({"shop", "Shop", "", Trust::trusted, 1, true});
    settings.sources.push_back({"site", "Site", "example.com", Trust::public_source, 2, true});
    settings.sources.push_back({"old", "Old shop", "", Trust::trusted, 3, false});
    for (const auto &[code, type] : {std::pair{"gift", Type::boolean},
                                     {"note", Type::text},
                                     {"points", Type::integer},
                                     {"weight", Type::decimal},
                                     {"deposit", Type::money},
                                     {"pickup_at", Type::time},
                                     {"due", Type::date},
                                     {"tags", Type::list}})
        settings.fields.push_back({Object::order, code, code, type, false});
    settings.fields.push_back({Object::line, "engraving", "Engraving", Type::text, false});
    settings.fields.push_back({Object::product, "eco", "Eco", Type::boolean, false});
    settings.fields.push_back({Object::customer, "vip", "VIP", Type::boolean, false});
    put_in_order(settings);
    return settings;
}

inline codec::Batch parse_batch(std::string_view json, codec::Form form,
                                const Settings &settings = shop_settings(), const Limits &limits = {}) {
    Result<codec::Batch> batch = codec::parse(json, form, {}, settings, limits);
    if (!batch.ok()) FAIL(batch.error().reason << ": " << batch.error().message);
    return std::move(*batch);
}

inline codec::Parsed parse_one(std::string_view json, const Settings &settings = shop_settings(),
                               const Limits &limits = {}) {
    codec::Batch batch = parse_batch(json, codec::Form::operation, settings, limits);
    REQUIRE(batch.operations.size() == 1);
    batch.operations.front().body = {};  // the batch's bytes end here
    return std::move(batch.operations.front());
}

// "code pointer" of each error.
inline std::vector<std::string> errors_of(const codec::Parsed &parsed) {
    std::vector<std::string> errors;
    for (const Note &note : parsed.errors)
        errors.push_back(note.code + " " + note.pointer);
    return errors;
}
inline std::vector<std::string> errors_of(std::string_view json, const Settings &settings = shop_settings(),
                                          const Limits &limits = {}) {
    return errors_of(parse_one(json, settings, limits));
}

// An order operation with these members of `order`, and of the operation.
inline std::string order_json(std::string_view members, std::string_view envelope = "") {
    std::string json = R"({"type":"order","id":"1","source":"shop")";
    json += envelope;
    json += R"(,"order":{"order_id":"100045")";
    if (!members.empty()) json += ",";
    json += members;
    return json + "}}";
}

inline Operation order_of(std::string_view members, const Settings &settings = shop_settings()) {
    codec::Parsed parsed = parse_one(order_json(members), settings);
    for (const Note &note : parsed.errors)
        FAIL_CHECK(note.code << " " << note.pointer << ": " << note.message);
    return std::move(parsed.operation);
}

using Errors = std::vector<std::string>;

// The example of formats.md §1, its dots filled in.
inline constexpr std::string_view order_example =
    R"({"type":"order","id":"op-1","occurred_at":"2026-11-20T10:15:00+01:00","source":"shop","customer":{"external_id":"C-17","email":"a@b.eu"},)"
    R"("order":{"order_id":"100045","placed_at":"2026-11-20T10:15:00+01:00","currency":"EUR",)"
    R"("status":{"general":"received","delivery":"assembling","payment":{"code":"awaiting","at":"2026-11-20T10:15:02+01:00"}},)"
    R"("delivery":{"type":"courier","provider":"DHL","address":{"country":"LV","city":"Riga","street":"Brivibas iela 1"},"at":"2026-11-22T09:00:00+02:00","note":"ring twice","cost":"4.90"},)"
    R"("payment":{"type":"card","provider":"stripe","paid":"0.00","bonuses_paid":"0.00"},)"
    R"("payments":[{"payment_id":"1","type":"voucher","provider":"gift","amount":"20.00","installments":1}],)"
    R"("total":"99.80","discount":"5.00",)"
    R"("lines":[{"line_id":"1","product_id":"SKU-9","name":"Mug","category":["Kitchen","Mugs"],"quantity":"2","price":"49.95","discount":"0.00",)"
    R"("total":"99.90","weight":"0.4","bonuses_accrued":"9.9","bonuses_paid":"0","fields":{"engraving":"Anna"}}],)"
    R"("fields":{"gift":true}}})";

}  // namespace cartbell::test
