// The order of the bench's e-mail, twice: as the model has it, and as plain texts for engines without types.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "model/customer.hpp"
#include "model/field.hpp"
#include "model/order.hpp"
#include "model/settings.hpp"
#include "render/model_view.hpp"

namespace cartbell::bench {

struct Email {
    Settings settings = default_settings();
    Customer customer;
    Order order;
    render::MessageFacts message{"m-1", "https://shop.example/u/1f6a2d5b8a01", "https://shop.example/v/1f6a2d5b8a01"};
    nlohmann::json texts;  // the same, as a host would hand it to mstch or handlebars

    explicit Email(int lines) {
        settings.shop.currency = Currency::of("EUR");
        settings.fields = {{Object::line, "engraving", "", Type::text, false}};
        namespace c = customer_field;
        say(customer.record, c::external_id, "C-17");
        say(customer.record, c::email, "anna.kalnina@shop.example");
        say(customer.record, c::first_name, "Anna");
        say(customer.record, c::last_name, "Kalniņa");
        say(customer.record, c::full_name, "Anna Kalniņa");
        texts["customer"] = {{"first_name", "Anna"}, {"full_name", "Anna Kalniņa"}, {"email", "anna.kalnina@shop.example"}};
        add_order();
        for (int line = 0; line < lines; ++line) add_line(line);
        texts["message"] = {{"view_url", message.view_url}, {"unsubscribe_url", message.unsubscribe_url}};
    }

    render::ViewFacts facts() const {
        render::ViewFacts made;
        made.customer = &customer;
        made.orders = {&order, 1};
        made.order = &order;
        made.settings = &settings;
        made.message = &message;
        return made;
    }

  private:
    static void say(Record &record, FieldId field, std::string_view text) { record.set(field, Value::of_text(text)); }
    static void money(Record &record, FieldId field, int64_t cents) { record.set(field, Value::of_money(cents * 100)); }

    void add_order() {
        namespace o = order_field;
        Record &record = order.record;
        say(record, o::order_id, "100045");
        record.set(o::placed_at, Value::of_time(1'795'166'100 * second_us));
        say(record, o::currency, "EUR");
        say(record, o::url, "https://shop.example/orders/100045");
        say(record, o::delivery_type, "courier");
        say(record, o::delivery_street, "Brīvības iela 1 - 2 & 3");
        say(record, o::delivery_postcode, "LV-1010");
        say(record, o::delivery_city, "Rīga");
        say(record, o::delivery_country, "LV");
        record.set(o::delivery_until, Value::of_time(1'795'339'800 * second_us));
        money(record, o::delivery_cost, 490);
        say(record, o::delivery_note, "ring twice, please");
        say(record, o::payment_type, "card");
        say(record, o::payment_provider, "stripe");
        money(record, o::subtotal, 24'475);
        money(record, o::discount, 500);
        money(record, o::total, 24'465);
        order.status[2].code = "awaiting";
        texts["order"] = {{"order_id", "100045"},
                          {"placed_at", format_instant(1'795'166'100 * second_us)},
                          {"currency", "EUR"},
                          {"url", "https://shop.example/orders/100045"},
                          {"delivery",
                           {{"address", {{"street", "Brīvības iela 1 - 2 & 3"}, {"postcode", "LV-1010"}, {"city", "Rīga"}, {"country", "LV"}}},
                            {"until", format_instant(1'795'339'800 * second_us)},
                            {"cost", "4.90"},
                            {"note", "ring twice, please"}}},
                          {"payment", {{"type", "card"}, {"provider", "stripe"}}},
                          {"subtotal", "244.75"},
                          {"discount", "5.00"},
                          {"total", "244.65"},
                          {"status", {{"payment", "awaiting"}}},
                          {"lines", nlohmann::json::array()}};
    }

    void add_line(int number) {
        namespace l = line_field;
        const std::string id = std::to_string(number + 1), name = "Mug \"" + std::string(number % 2 == 0 ? "Morning" : "Evening") + "\" " + id;
        const std::string url = "https://shop.example/p/mug-" + id, image = "https://cdn.shop.example/p/mug-" + id + "-64.jpg";
        Record line;
        say(line, l::line_id, id);
        say(line, l::product_id, "SKU-" + id);
        say(line, l::name, name);
        say(line, l::brand, "Clay & Co");
        say(line, l::url, url);
        say(line, l::image_url, image);
        line.set(l::category, Value::of_list({"Kitchen", "Mugs"}));
        line.set(l::quantity, Value::of_decimal(decimal_unit_e6));
        money(line, l::price, 4'995);
        money(line, l::total, 4'895);
        nlohmann::json text = {{"name", name}, {"brand", "Clay & Co"}, {"url", url}, {"image_url", image}, {"quantity", "1"},
                               {"price", "49.95"}, {"total", "48.95"}, {"order", {{"currency", "EUR"}}}};
        if (number % 2 == 0) {
            say(line, l::variant, "blue, 0.3 l");
            money(line, l::discount, 100);
            text["variant"] = "blue, 0.3 l";
            text["discount"] = "1.00";
        }
        if (number == 0) {
            line.set_custom("engraving", Value::of_text("Anna"));
            text["fields"] = {{"engraving", "Anna"}};
        }
        order.lines.edit().push_back(line);
        texts["order"]["lines"].push_back(text);
    }
};

}  // namespace cartbell::bench
