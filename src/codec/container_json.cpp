#include "codec/container_json.hpp"

#include "codec/value_json.hpp"

namespace cartbell::codec {
namespace {

void write_instant(JsonWriter &json, std::string_view name, Instant at) {
    if (at == no_instant)
        json.key(name).raw("null");
    else
        json.key(name).text(format_instant(at));
}

}  // namespace

void append_container(std::string &out, const Container &container, const Settings &settings) {
    const Currency shops = settings.shop.currency;
    const ContainerTotals totals = totals_of(container);
    JsonWriter json(out);
    json.open('{').key("container").text(container.code).key("item_count").number(static_cast<int64_t>(container.items.size()));
    json.key("quantity").text(format_decimal(totals.quantity_e6));
    append_value(json.key("total").value(), totals.total, shops);
    append_value(json.key("total_now").value(), totals.total_now, shops);
    write_instant(json, "created_at", container.created_at);
    write_instant(json, "changed_at", container.changed_at);
    json.key("items").open('[');
    for (const Record &item : container.items) {
        json.open('{');
        write_cells(json, item, Object::item, shops, Detail::all);
        write_customs(json, item, Object::item, settings, shops);
        json.close('}');
    }
    json.close(']').key("version").number(container.facts).close('}');
}

void append_holder(std::string &out, std::string_view identity, std::string_view code, const Record &item) {
    JsonWriter json(out);
    json.open('{').key("customer").text(identity).key("container").text(code);
    append_value(json.key("quantity").value(), *item.find(item_field::quantity), {});
    append_value(json.key("added_at").value(), *item.find(item_field::added_at), {});
    json.close('}');
}

}  // namespace cartbell::codec
