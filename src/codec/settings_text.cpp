// The settings as JSON.
#include <algorithm>

#include "codec/coded_definition_json.hpp"
#include "codec/event_definition_json.hpp"
#include "codec/record_reader.hpp"
#include "codec/settings_json.hpp"
#include "codec/settings_words.hpp"
#include "codec/value_json.hpp"

namespace cartbell::codec {
namespace {

void write_shop(JsonWriter &json, const Settings::Shop &shop) {
    json.open('{')
        .key("zone")
        .text(shop.zone)
        .key("currency")
        .text(shop.currency.text())
        .key("locale")
        .text(shop.locale);
    json.key("unknown_fields").text(unknown_names[shop.keep_unknown_fields ? 1 : 0]);
    json.key("unknown_events").text(unknown_names[shop.keep_unknown_events ? 1 : 0]);
    json.key("anonymous_days").number(shop.anonymous_days);
    json.key("session_idle")
        .text(format_duration(shop.session_idle))
        .key("future")
        .text(format_duration(shop.future));
    json.key("order_empties_cart").truth(shop.order_empties_cart).close('}');
}

void write_member(JsonWriter &json, std::string_view name, const Settings &settings) {
    if (name == "shop") return write_shop(json, settings.shop);
    json.open('[');
    if (name == "sources") {
        for (const Source &source : settings.sources) {
            json.open('{').key("code").text(source.code).key("name").text(source.name);
            json.key("trust")
                .text(trust_names[static_cast<size_t>(source.trust)])
                .key("rank")
                .number(source.rank);
            if (!source.domain.empty()) json.key("domain").text(source.domain);
            json.key("active").truth(source.active).close('}');
        }
    } else if (name == "statuses") {
        for (const StatusDefinition &status : settings.statuses) {
            json.open('{')
                .key("set")
                .text(status_set_names[static_cast<size_t>(status.set)])
                .key("code")
                .text(status.code);
            json.key("name").text(status.name).key("in_analytics").truth(status.in_analytics).close('}');
        }
    } else if (name == "fields") {
        for (const FieldDefinition &field : settings.fields) {
            json.open('{')
                .key("of")
                .text(name_of(field.of))
                .key("code")
                .text(field.code)
                .key("name")
                .text(field.name);
            json.key("type").text(name_of_field_type(field.type));
            json.key("personal").truth(field.personal).close('}');
        }
    } else if (name == "events") {
        for (const EventDefinition &event : settings.events) write_event_definition(json, event);
    } else if (name == "containers") {
        for (const ContainerDefinition &container : settings.containers) write_definition(json, container);
    } else if (name == "lists") {
        for (const ListDefinition &list : settings.lists) write_definition(json, list);
    } else if (name == "channels") {
        for (const ChannelDefinition &channel : settings.channels) write_definition(json, channel);
    } else if (name == "categories") {
        for (const CategoryDefinition &category : settings.categories) write_definition(json, category);
    } else {
        for (const Rate &rate : settings.rates) {
            json.open('{').key("from").text(rate.from.text()).key("to").text(rate.to.text());
            json.key("date")
                .text(format_date(rate.date))
                .key("rate")
                .text(format_decimal(rate.rate_e6))
                .close('}');
        }
    }
    json.close(']');
}

}  // namespace

void append_settings(std::string &out, const Settings &settings) {
    JsonWriter json(out);
    json.open('{').key("version").number(settings.version);
    for (const std::string_view name : settings_members) {
        json.key(name);
        write_member(json, name, settings);
    }
    json.close('}');
}

Status append_settings_member(std::string &out, std::string_view member, const Settings &settings) {
    if (std::find(settings_members.begin(), settings_members.end(), member) == settings_members.end()) {
        return failure(Code::not_found, "unknown_member",
                       "no such member of the settings" + Reading::hint(member, settings_members));
    }
    JsonWriter json(out);
    write_member(json, member, settings);
    return {};
}

}  // namespace cartbell::codec
