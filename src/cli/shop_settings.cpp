#include "cli/shop_settings.hpp"

#include <algorithm>

#include "cli/failure.hpp"
#include "cli/json_reader.hpp"
#include "cli/operation_text.hpp"

namespace cartbell::cli {
namespace {

bool has(const Json &list, std::string_view kind, std::string_view of, const std::string &code) {
    return std::any_of(list.items.begin(), list.items.end(),
                       [&](const Json &item) { return item[kind].text == of && item["code"].text == code; });
}

std::string list_json(const Json &list, const std::string &added) {
    std::string elements;
    for (const Json &item : list.items)
        append_element(elements, json_text(item));
    if (!added.empty()) append_element(elements, added);
    return "[" + elements + "]";
}

}  // namespace

void provide_settings(engine &shop, const ShopSettings &needed, bool add, int64_t now_us) {
    const Json stored = read_json(shop.settings());
    const bool fresh = stored["version"].integer() == 0;
    std::string statuses, fields, missing;
    for (const auto &status : needed.statuses) {
        if (has(stored["statuses"], "set", status.set, status.code)) continue;
        append_element(statuses, ObjectText()
                                     .text("set", status.set)
                                     .text("code", status.code)
                                     .text("name", status.name)
                                     .raw("in_analytics", status.in_analytics ? "true" : "false")
                                     .json());
        if (status.used) missing += "\n  status " + status.set + ": " + status.code;
    }
    for (const auto &field : needed.fields) {
        if (has(stored["fields"], "of", field.of, field.code)) continue;
        append_element(fields, ObjectText()
                                   .text("of", field.of)
                                   .text("code", field.code)
                                   .text("name", field.name)
                                   .text("type", field.type)
                                   .json());
        missing += "\n  field of " + field.of + ": " + field.code + " (" + field.type + ")";
    }
    if (!fresh && !add) {
        if (missing.empty()) return;
        throw Failure(exit_refused, "the store's settings lack what the file uses:" + missing +
                                        "\n  --add-settings adds it; nothing was imported");
    }
    ObjectText settings;
    if (fresh)
        settings.raw("shop", ObjectText()
                                 .text("zone", needed.zone)
                                 .text("currency", needed.currency)
                                 .text("locale", needed.locale)
                                 .json_or_nothing());
    if (!statuses.empty()) settings.raw("statuses", list_json(stored["statuses"], statuses));
    if (!fields.empty()) settings.raw("fields", list_json(stored["fields"], fields));
    if (!settings.empty()) shop.put_settings(settings.json(), now_us);
}

}  // namespace cartbell::cli
