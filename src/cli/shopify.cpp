#include "cli/shopify.hpp"

#include <algorithm>
#include <array>

#include "cli/custom_fields.hpp"
#include "cli/json_reader.hpp"
#include "cli/json_values.hpp"
#include "cli/operation_text.hpp"
#include "cli/screen.hpp"

namespace cartbell::cli {
namespace {

struct Status {
    std::string_view set, code, name;
    bool in_analytics;
};
// general is ours, by cancelled_at and closed_at; payment is financial_status; delivery is
// fulfillment_status, where null is unfulfilled, and delivered once every fulfillment says so.
constexpr std::array<Status, 16> statuses{{
    {"general", "open", "Open", true},
    {"general", "closed", "Closed", true},
    {"general", "cancelled", "Cancelled", false},
    {"payment", "pending", "Pending", true},
    {"payment", "authorized", "Authorized", true},
    {"payment", "partially_paid", "Partially paid", true},
    {"payment", "paid", "Paid", true},
    {"payment", "partially_refunded", "Partially refunded", true},
    {"payment", "refunded", "Refunded", false},
    {"payment", "voided", "Voided", false},
    {"payment", "expired", "Expired", false},
    {"delivery", "unfulfilled", "Unfulfilled", true},
    {"delivery", "partial", "Partially fulfilled", true},
    {"delivery", "fulfilled", "Fulfilled", true},
    {"delivery", "delivered", "Delivered", true},
    {"delivery", "restocked", "Restocked", false},
}};

class OrderMapping {
  public:
    OrderMapping(const JsonValues &values, const Json &order, ShopSettings &settings)
        : values_(values), order_(order), settings_(settings) {
        id_ = values_.needed(order_, "id");
        placed_at_ = values_.instant(order_, "processed_at");
        if (placed_at_.empty()) placed_at_ = values_.instant(order_, "created_at");
        if (placed_at_.empty()) values_.fault(order_, "the order has no created_at");
        occurred_at_ = values_.instant(order_, "updated_at");
        if (occurred_at_.empty()) occurred_at_ = placed_at_;
    }

    std::string order_operation() {
        ObjectText json;
        json.text("order_id", id_).text("placed_at", placed_at_);
        json.text("currency", values_.text(order_, "currency"));
        json.text("url", values_.text(order_, "order_status_url"));
        json.raw("status", status());
        json.raw("delivery", delivery());
        json.raw("payment", payment());
        json.raw("payments", payments());
        const std::string lines_json = lines();  // also adds up their discounts
        amounts(json);
        json.raw("coupons", coupons()).raw("lines", lines_json).raw("fields", fields());
        return operation("order", "", occurred_at_).raw("whole", "true").raw("order", json.json()).json();
    }

    // Empty if nobody is named.
    std::string customer_operation() const {
        if (identities().empty()) return {};
        const Json &person = values_.object(order_, "customer");
        const Json &own = values_.object(person, "default_address");
        const Json &address = own.is(Json::Kind::null) ? values_.object(order_, "billing_address") : own;
        const Json &named = person.is(Json::Kind::null) ? address : person;
        ObjectText profile;
        profile.text("first_name", values_.text(named, "first_name"))
            .text("last_name", values_.text(named, "last_name"))
            .text("full_name", values_.text(address, "name"))
            .text("locale", values_.text(order_, "customer_locale"))
            .text("registered_at", values_.instant(person, "created_at"));
        add_address(profile, address);
        if (profile.empty()) return {};
        const std::string updated_at = values_.instant(person, "updated_at");
        return operation("customer", ":customer", updated_at.empty() ? occurred_at_ : updated_at)
            .raw("profile", profile.json())
            .json();
    }

    const std::string &id() const { return id_; }

  private:
    ObjectText operation(std::string_view type, std::string_view suffix, const std::string &at) const {
        ObjectText json;
        json.text("type", type)
            .text("id", "shopify:" + id_ + ":" + occurred_at_ + std::string(suffix))
            .text("occurred_at", at)
            .raw("backfill", "true")
            .raw("customer", identities());
        return json;
    }

    std::string identities() const {
        const Json &person = values_.object(order_, "customer");
        std::string email = values_.text(person, "email"), phone = values_.text(person, "phone");
        if (email.empty()) email = values_.first_text(order_, {"email", "contact_email"});
        if (phone.empty()) phone = values_.text(order_, "phone");
        if (!phone.empty() && phone.front() != '+') phone.clear();  // it names nobody without its country
        return ObjectText()
            .text("external_id", values_.text(person, "id"))
            .text("email", email)
            .text("phone", phone)
            .json_or_nothing();
    }

    void add_address(ObjectText &json, const Json &address) const {
        std::string street = values_.text(address, "address1");
        if (const std::string more = values_.text(address, "address2"); !more.empty())
            street += (street.empty() ? "" : ", ") + more;
        json.text("country", values_.first_text(address, {"country_code", "country"}))
            .text("city", values_.text(address, "city"))
            .text("street", street)
            .text("postcode", values_.text(address, "zip"));
    }

    std::string status_json(std::string_view set, const std::string &code, const std::string &at,
                            const Json &where) const {
        const bool known = std::any_of(statuses.begin(), statuses.end(), [&](const Status &status) {
            return status.set == set && status.code == code;
        });
        if (!known) values_.fault(where, "\"" + plain_text(code) + "\" is no status of Shopify known here");
        for (ShopSettings::Status &status : settings_.statuses)
            if (status.set == set && status.code == code) status.used = true;
        return ObjectText().text("code", code).text("at", at).json();
    }

    std::string status() const {
        const std::string cancelled = values_.instant(order_, "cancelled_at"),
                          closed = values_.instant(order_, "closed_at");
        ObjectText json;
        json.raw("general", !cancelled.empty() ? status_json("general", "cancelled", cancelled, order_)
                            : !closed.empty()  ? status_json("general", "closed", closed, order_)
                                               : status_json("general", "open", occurred_at_, order_));
        if (const std::string paid = values_.text(order_, "financial_status"); !paid.empty())
            json.raw("payment", status_json("payment", paid, occurred_at_, order_["financial_status"]));
        const bool said = std::any_of(order_.members.begin(), order_.members.end(), [](const auto &member) {
            return member.first == "fulfillment_status";
        });
        std::string sent = values_.text(order_, "fulfillment_status");
        if (sent == "fulfilled" && all_delivered()) sent = "delivered";
        if (said)
            json.raw("delivery", status_json("delivery", sent.empty() ? "unfulfilled" : sent, occurred_at_,
                                             order_["fulfillment_status"]));
        return json.json();
    }

    bool all_delivered() const {
        bool any = false;
        for (const Json &one : values_.list(order_, "fulfillments")) {
            if (values_.text(one, "status") == "cancelled") continue;
            if (values_.text(one, "shipment_status") != "delivered") return false;
            any = true;
        }
        return any;
    }

    std::string delivery() const {
        ObjectText json, address;
        std::string provider, tracking, tracking_url;
        for (const Json &one : values_.list(order_, "fulfillments")) {  // the last that has one
            if (values_.text(one, "status") == "cancelled") continue;
            if (auto found = values_.text(one, "tracking_company"); !found.empty()) provider = found;
            if (auto found = values_.text(one, "tracking_number"); !found.empty()) tracking = found;
            if (auto found = values_.text(one, "tracking_url"); !found.empty()) tracking_url = found;
        }
        const auto &shipping = values_.list(order_, "shipping_lines");
        if (!shipping.empty()) {
            json.text("type", values_.text(shipping.front(), "title"));
            if (provider.empty())
                provider = values_.first_text(shipping.front(), {"carrier_identifier", "source"});
            json.text("cost", format_e4(shipping_e4()));
        }
        add_address(address, values_.object(order_, "shipping_address"));
        return json.text("provider", provider)
            .raw("address", address.json_or_nothing())
            .text("note", values_.text(order_, "note"))
            .text("tracking", tracking)
            .text("tracking_url", tracking_url)
            .json_or_nothing();
    }

    // After its own discounts.
    int64_t shipping_e4() const {
        const auto &shipping = values_.list(order_, "shipping_lines");
        int64_t cost_e4 = values_.sum(shipping, "price");
        values_.sum(cost_e4, -shipping_discount_e4(), order_);
        return cost_e4;
    }
    int64_t shipping_discount_e4() const {
        int64_t total = 0;
        for (const Json &line : values_.list(order_, "shipping_lines"))
            values_.sum(total, values_.sum(values_.list(line, "discount_allocations"), "amount"), line);
        return total;
    }

    static bool is_card(const JsonValues &values, const Json &details) {
        return !values.first_text(details, {"credit_card_company", "credit_card_number"}).empty();
    }

    std::string payment() const {
        ObjectText json;
        std::string provider = values_.text(order_, "gateway");
        const Json &gateways = values_.member(order_, "payment_gateway_names", Json::Kind::array);
        if (provider.empty() && !gateways.items.empty()) provider = gateways.items.front().text;
        json.text("type", is_card(values_, values_.object(order_, "payment_details"))
                              ? "card"
                              : values_.text(order_, "processing_method"));
        json.text("provider", provider);
        int64_t total_e4 = 0, outstanding_e4 = 0;
        if (values_.amount(order_, "total_outstanding", outstanding_e4) &&
            values_.amount(order_, "total_price", total_e4)) {
            values_.sum(total_e4, -outstanding_e4, order_["total_outstanding"]);
            json.text("paid", format_e4(total_e4));
        }
        return json.json_or_nothing();
    }

    static bool succeeded(const JsonValues &values, const Json &transaction) {
        return values.text(transaction, "status") == "success";
    }

    std::string payments() const {
        if (order_["transactions"].is(Json::Kind::null)) return {};
        std::string elements;
        for (const Json &one : values_.list(order_, "transactions")) {
            const std::string kind = values_.text(one, "kind");
            if ((kind != "sale" && kind != "capture") || !succeeded(values_, one)) continue;
            std::string at = values_.instant(one, "processed_at");
            if (at.empty()) at = values_.instant(one, "created_at");
            append_element(
                elements,
                ObjectText()
                    .text("payment_id", values_.needed(one, "id"))
                    .text("type", is_card(values_, values_.object(one, "payment_details")) ? "card" : "")
                    .text("provider", values_.text(one, "gateway"))
                    .text("amount", values_.amount(one, "amount"))
                    .text("at", at)
                    .json());
        }
        return "[" + elements + "]";
    }

    // Cartbell's discount is the order's beyond those of its lines, and its subtotal the sum of the lines,
    // before that discount; Shopify's subtotal_price is after all discounts.
    void amounts(ObjectText &json) const {
        int64_t discount_e4 = 0, subtotal_e4 = 0;
        const bool discounted = values_.amount(order_, "total_discounts", discount_e4);
        values_.sum(discount_e4, -line_discount_e4_, order_);
        values_.sum(discount_e4, -shipping_discount_e4(), order_);
        discount_e4 = std::max<int64_t>(0, discount_e4);
        if (values_.amount(order_, "subtotal_price", subtotal_e4)) {
            values_.sum(subtotal_e4, discount_e4, order_);
            json.text("subtotal", format_e4(subtotal_e4));
        }
        if (discounted) json.text("discount", format_e4(discount_e4));
        json.text("tax", values_.amount(order_, "total_tax"))
            .text("total", values_.amount(order_, "total_price"));
        if (order_["refunds"].is(Json::Kind::null)) return;
        int64_t refunded_e4 = 0, one_e4 = 0;
        for (const Json &refund : values_.list(order_, "refunds"))
            for (const Json &transaction : values_.list(refund, "transactions"))
                if (values_.text(transaction, "kind") == "refund" && succeeded(values_, transaction) &&
                    values_.amount(transaction, "amount", one_e4))
                    values_.sum(refunded_e4, one_e4, transaction);
        json.text("refunded", format_e4(refunded_e4));
    }

    std::string coupons() const {
        std::string elements;
        for (const Json &code : values_.list(order_, "discount_codes"))
            append_quoted_element(elements, values_.text(code, "code"));
        return elements.empty() ? std::string() : "[" + elements + "]";
    }

    static void append_quoted_element(std::string &elements, std::string_view text) {
        if (text.empty()) return;
        std::string quoted;
        append_quoted(quoted, text);
        append_element(elements, quoted);
    }

    int64_t returned(const std::string &line_id) const {
        int64_t pieces = 0;
        for (const Json &refund : values_.list(order_, "refunds"))
            for (const Json &line : values_.list(refund, "refund_line_items"))
                if (values_.text(line, "line_item_id") == line_id)
                    values_.sum(pieces, values_.count(line, "quantity"), line);
        return pieces;
    }

    std::string lines() {
        if (order_["line_items"].is(Json::Kind::null)) return {};
        std::string elements;
        for (const Json &line : values_.list(order_, "line_items"))
            append_element(elements, line_json(line));
        return "[" + elements + "]";
    }

    std::string line_json(const Json &line) {
        const std::string id = values_.needed(line, "id");
        const int64_t quantity = values_.count(line, "quantity");
        int64_t price_e4 = 0, discount_e4 = 0, total_e4 = 0, grams = 0;
        const bool priced = values_.amount(line, "price", price_e4);
        const auto &allocations = values_.list(line, "discount_allocations");
        const bool discounted = values_.amount(line, "total_discount", discount_e4) || !allocations.empty();
        if (!allocations.empty()) discount_e4 = values_.sum(allocations, "amount");
        values_.sum(line_discount_e4_, discount_e4, line);
        if (!multiply(price_e4, quantity, total_e4)) values_.fault(line, "the amounts are too large");
        values_.sum(total_e4, -discount_e4, line);
        CustomFields fields("line", settings_);
        fields.add_text("sku", values_.text(line, "sku"));
        fields.add_text("variant_id", values_.text(line, "variant_id"));
        add_pairs(fields, values_.list(line, "properties"));
        ObjectText json;
        json.text("line_id", id)
            .text("product_id", values_.text(line, "product_id"))
            .text("name", values_.first_text(line, {"title", "name"}))
            .text("brand", values_.text(line, "vendor"))
            .text("variant", values_.text(line, "variant_title"))
            .text("quantity", values_.text(line, "quantity"));
        if (!order_["refunds"].is(Json::Kind::null)) json.text("returned", std::to_string(returned(id)));
        json.text("price", priced ? format_e4(price_e4) : "")
            .text("discount", discounted ? format_e4(discount_e4) : "")
            .text("total", priced ? format_e4(total_e4) : "");
        // Grams in thousandths are kilograms; in ten-thousandths that is ten for each.
        if (!line["grams"].is(Json::Kind::null)) {
            if (!multiply(values_.count(line, "grams"), 10, grams))
                values_.fault(line["grams"], "grams is too large");
            json.text("weight", format_e4(grams));
        }
        return json.raw("fields", fields.json()).json();
    }

    // [{"name":…,"value":…}]
    void add_pairs(CustomFields &fields, const std::vector<Json> &pairs) const {
        for (const Json &pair : pairs) {
            const Json &value = pair["value"];
            std::string name = values_.text(pair, "name");
            if (name.empty()) name = "attribute";
            if (value.scalar() && !value.is(Json::Kind::boolean))
                fields.add_text(name, values_.text(pair, "value"));
            else
                fields.add_text(name, json_text(value));
        }
    }

    std::string fields() const {
        CustomFields fields("order", settings_);
        fields.add_text("order_name", values_.text(order_, "name"));
        std::string elements;
        const std::string tags = values_.text(order_, "tags");
        for (size_t at = 0; at <= tags.size();) {
            const size_t end = std::min(tags.find(',', at), tags.size());
            const size_t from = std::min(tags.find_first_not_of(' ', at), end);
            append_quoted_element(elements, std::string_view(tags).substr(from, end - from));
            at = end + 1;
        }
        if (!elements.empty()) fields.add("tags", "[" + elements + "]", "list");
        add_pairs(fields, values_.list(order_, "note_attributes"));
        return fields.json();
    }

    const JsonValues &values_;
    const Json &order_;
    ShopSettings &settings_;
    std::string id_, placed_at_, occurred_at_;
    int64_t line_discount_e4_ = 0;
};

// The orders in whatever the file wraps them in.
void collect(const JsonValues &values, const Json &value, std::vector<const Json *> &orders) {
    if (value.is(Json::Kind::array)) {
        for (const Json &item : value.items)
            collect(values, item, orders);
    } else if (!value.is(Json::Kind::object)) {
        values.fault(value, "an order is an object");
    } else if (const Json &many = value["orders"]; many.is(Json::Kind::array)) {
        collect(values, many, orders);
    } else if (const Json &one = value["order"]; one.is(Json::Kind::object)) {
        orders.push_back(&one);
    } else {
        orders.push_back(&value);
    }
}

}  // namespace

ShopifySource::ShopifySource(std::string_view text, std::string_view input) {
    const JsonValues values(text, input);
    const std::vector<Json> read = read_json_input(text, input);
    std::vector<const Json *> orders;
    for (const Json &value : read)
        collect(values, value, orders);
    settings_.zone = "UTC";
    settings_.locale = "en";
    for (const Status &status : statuses)
        settings_.statuses.push_back({std::string(status.set), std::string(status.code),
                                      std::string(status.name), status.in_analytics, false});
    for (const Json *order : orders) {
        OrderMapping mapping(values, *order, settings_);
        places_.push_back(values.place(*order) + ", order " + plain_text(mapping.id()));
        operations_.push_back({mapping.order_operation(), places_.size() - 1});
        if (std::string customer = mapping.customer_operation(); !customer.empty())
            operations_.push_back({std::move(customer), places_.size() - 1});
        if (settings_.currency.empty()) settings_.currency = values.text(*order, "currency");
    }
}

Piece ShopifySource::next(size_t most_operations) {
    Piece piece;
    while (at_ < operations_.size() && piece.places.size() < most_operations) {
        const std::string &json = operations_[at_].json;
        if (!piece.empty() && piece.ndjson.size() + json.size() > piece_bytes) break;
        piece.ndjson += json + "\n";
        piece.places.push_back(static_cast<int64_t>(at_++));
    }
    piece.read_bytes = static_cast<int64_t>(at_);
    return piece;
}

std::string ShopifySource::place(int64_t number) const {
    return places_[operations_[static_cast<size_t>(number)].order];
}

std::string ShopifySource::summary() const {
    return plural(static_cast<int64_t>(places_.size()), "order", "orders");
}

}  // namespace cartbell::cli
