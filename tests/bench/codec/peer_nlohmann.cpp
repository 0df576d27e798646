#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/decimal.hpp"
#include "base/hash.hpp"
#include "base/instant.hpp"
#include "peer.hpp"

namespace cartbell::bench {
namespace {

using nlohmann::json;

std::string text(const json &object, const char *name) {
    const auto found = object.find(name);
    return found == object.end() ? std::string() : found->get<std::string>();
}
double number(const json &object, const char *name) {
    const auto found = object.find(name);
    return found == object.end() ? 0 : std::strtod(found->get_ref<const std::string &>().c_str(), nullptr);
}
PlainStatus status(const json &object, const char *name) {
    const json &value = object.at(name);
    if (value.is_string()) return {value.get<std::string>(), {}};
    return {text(value, "code"), text(value, "at")};
}

PlainOrder plain_order(const json &operation) {
    PlainOrder out;
    out.type = text(operation, "type");
    out.id = text(operation, "id");
    out.occurred_at = text(operation, "occurred_at");
    out.source = text(operation, "source");
    out.external_id = text(operation.at("customer"), "external_id");
    out.email = text(operation.at("customer"), "email");
    const json &order = operation.at("order");
    out.order_id = text(order, "order_id");
    out.placed_at = text(order, "placed_at");
    out.currency = text(order, "currency");
    out.general = status(order.at("status"), "general");
    out.delivery = status(order.at("status"), "delivery");
    out.payment = status(order.at("status"), "payment");
    const json &delivery = order.at("delivery");
    out.delivery_type = text(delivery, "type");
    out.delivery_provider = text(delivery, "provider");
    out.country = text(delivery.at("address"), "country");
    out.city = text(delivery.at("address"), "city");
    out.street = text(delivery.at("address"), "street");
    out.delivery_at = text(delivery, "at");
    out.note = text(delivery, "note");
    out.delivery_cost = number(delivery, "cost");
    const json &payment = order.at("payment");
    out.payment_type = text(payment, "type");
    out.payment_provider = text(payment, "provider");
    out.paid = number(payment, "paid");
    out.bonuses_paid = number(payment, "bonuses_paid");
    out.total = number(order, "total");
    out.discount = number(order, "discount");
    for (const json &each : order.at("payments")) {
        out.payments.push_back({text(each, "payment_id"), text(each, "type"), text(each, "provider"),
                                number(each, "amount"), each.at("installments").get<int>()});
    }
    for (const json &each : order.at("lines")) {
        PlainLine &line = out.lines.emplace_back();
        line.line_id = text(each, "line_id");
        line.product_id = text(each, "product_id");
        line.name = text(each, "name");
        line.category = each.at("category").get<std::vector<std::string>>();
        line.quantity = number(each, "quantity");
        line.price = number(each, "price");
        line.discount = number(each, "discount");
        line.total = number(each, "total");
        line.weight = number(each, "weight");
        line.bonuses_accrued = number(each, "bonuses_accrued");
        line.bonuses_paid = number(each, "bonuses_paid");
        line.fields = each.at("fields").dump();
    }
    out.fields = order.at("fields").dump();
    return out;
}

void add_number(const json &object, const char *name, int scale, std::vector<int64_t> &numbers) {
    const auto found = object.find(name);
    if (found == object.end()) return;
    const auto parsed = parse_scaled(found->get_ref<const std::string &>(), scale, Excess::refuse);
    if (parsed.ok()) numbers.push_back(*parsed);
}

void add_instant(const std::string &text, std::vector<int64_t> &instants) {
    if (text.empty()) return;
    const auto parsed = parse_instant(text);
    if (parsed.ok()) instants.push_back(*parsed);
}

}  // namespace

PlainOrder order_by_nlohmann(std::string_view bytes) {
    return plain_order(json::parse(bytes));
}

ExactOrder exact_order_by_nlohmann(std::string_view bytes) {
    json operation = json::parse(bytes);
    ExactOrder out;
    out.plain = plain_order(operation);
    const json &order = operation.at("order");
    for (const char *name : {"total", "discount"})
        add_number(order, name, 4, out.numbers);
    add_number(order.at("delivery"), "cost", 4, out.numbers);
    add_number(order.at("payment"), "paid", 4, out.numbers);
    add_number(order.at("payment"), "bonuses_paid", 6, out.numbers);
    for (const json &payment : order.at("payments"))
        add_number(payment, "amount", 4, out.numbers);
    for (const json &line : order.at("lines")) {
        for (const char *name : {"price", "discount", "total"})
            add_number(line, name, 4, out.numbers);
        for (const char *name : {"quantity", "weight", "bonuses_accrued", "bonuses_paid"})
            add_number(line, name, 6, out.numbers);
    }
    for (const std::string *text : {&out.plain.occurred_at, &out.plain.placed_at, &out.plain.general.at,
                                    &out.plain.delivery.at, &out.plain.payment.at, &out.plain.delivery_at})
        add_instant(*text, out.instants);
    operation.erase("sent_at");
    out.body_hash = hash128(operation.dump());
    return out;
}

}  // namespace cartbell::bench
