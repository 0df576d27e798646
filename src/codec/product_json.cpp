#include "codec/product_json.hpp"

namespace cartbell::codec {

void append_product(std::string &out, const Product &product, const Settings &settings, Detail detail) {
    const Currency currency = product.currency(settings);
    JsonWriter json(out);
    json.open('{');
    if (detail == Detail::all) {
        Record record = product.record;
        if (Value available = availability(product); !available.missing())
            record.set(product_field::available, std::move(available));
        write_cells(json, record, Object::product, currency, detail);
    } else {
        write_cells(json, product.record, Object::product, currency, detail);
    }
    write_customs(json, product.record, Object::product, settings, currency);
    if (detail == Detail::all) json.key("version").number(product.version());
    json.close('}');
}

}  // namespace cartbell::codec
