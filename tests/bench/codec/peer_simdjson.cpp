#include <simdjson.h>

#include <cstdlib>

#include "peer.hpp"

namespace cartbell::bench {
namespace {

double decimal(std::string_view text) {
    char digits[32] = {};
    text.copy(digits, sizeof digits - 1);
    return std::strtod(digits, nullptr);
}

// The two interfaces differ in what an element is, not in how the order is walked.
template <typename Element>
std::string_view text(Element &&value) {
    std::string_view found;
    if (value.get_string().get(found) != simdjson::SUCCESS) return {};
    return found;
}

std::string_view raw(simdjson::ondemand::value value) {
    simdjson::ondemand::object object;
    std::string_view found;
    if (value.get_object().get(object) != simdjson::SUCCESS ||
        object.raw_json().get(found) != simdjson::SUCCESS)
        return {};
    return found;
}

template <typename Object>
void read_status(Object &&value, PlainStatus &status) {
    std::string_view code;
    if (value.get_string().get(code) == simdjson::SUCCESS) {
        status.code = code;
        return;
    }
    for (auto field : value.get_object()) {
        const std::string_view key = field.unescaped_key();
        (key == "code" ? status.code : status.at) = text(field.value());
    }
}

}  // namespace

struct SimdjsonDom::State {
    simdjson::dom::parser parser;
};
SimdjsonDom::SimdjsonDom() : state_(new State) {}
SimdjsonDom::~SimdjsonDom() {
    delete state_;
}

PlainOrder SimdjsonDom::order(const std::string &padded) {
    using simdjson::dom::element;
    PlainOrder out;
    element root = state_->parser.parse(padded.data(), padded.size(), false);
    const auto status = [](element value, PlainStatus &to) {
        if (value.is_string()) {
            to.code = text(value);
            return;
        }
        for (auto field : value.get_object())
            (field.key == "code" ? to.code : to.at) = text(field.value);
    };
    for (auto [key, value] : root.get_object()) {
        if (key == "type")
            out.type = text(value);
        else if (key == "id")
            out.id = text(value);
        else if (key == "occurred_at")
            out.occurred_at = text(value);
        else if (key == "source")
            out.source = text(value);
        else if (key == "customer") {
            for (auto [name, each] : value.get_object())
                (name == "email" ? out.email : out.external_id) = text(each);
        } else if (key == "order") {
            for (auto [name, each] : value.get_object()) {
                if (name == "order_id")
                    out.order_id = text(each);
                else if (name == "placed_at")
                    out.placed_at = text(each);
                else if (name == "currency")
                    out.currency = text(each);
                else if (name == "total")
                    out.total = decimal(text(each));
                else if (name == "discount")
                    out.discount = decimal(text(each));
                else if (name == "status") {
                    for (auto [set, code] : each.get_object())
                        status(code, set == "general"    ? out.general
                                     : set == "delivery" ? out.delivery
                                                         : out.payment);
                } else if (name == "delivery") {
                    for (auto [part, of] : each.get_object()) {
                        if (part == "type")
                            out.delivery_type = text(of);
                        else if (part == "provider")
                            out.delivery_provider = text(of);
                        else if (part == "at")
                            out.delivery_at = text(of);
                        else if (part == "note")
                            out.note = text(of);
                        else if (part == "cost")
                            out.delivery_cost = decimal(text(of));
                        else if (part == "address")
                            for (auto [line, in] : of.get_object())
                                (line == "country" ? out.country
                                 : line == "city"  ? out.city
                                                   : out.street) = text(in);
                    }
                } else if (name == "payment") {
                    for (auto [part, of] : each.get_object()) {
                        if (part == "type")
                            out.payment_type = text(of);
                        else if (part == "provider")
                            out.payment_provider = text(of);
                        else if (part == "paid")
                            out.paid = decimal(text(of));
                        else if (part == "bonuses_paid")
                            out.bonuses_paid = decimal(text(of));
                    }
                } else if (name == "payments") {
                    for (element item : each.get_array()) {
                        PlainPayment &payment = out.payments.emplace_back();
                        for (auto [part, of] : item.get_object()) {
                            if (part == "payment_id")
                                payment.payment_id = text(of);
                            else if (part == "type")
                                payment.type = text(of);
                            else if (part == "provider")
                                payment.provider = text(of);
                            else if (part == "amount")
                                payment.amount = decimal(text(of));
                            else if (part == "installments")
                                payment.installments = static_cast<int>(of.get_int64().value());
                        }
                    }
                } else if (name == "lines") {
                    for (element item : each.get_array()) {
                        PlainLine &line = out.lines.emplace_back();
                        for (auto [part, of] : item.get_object()) {
                            if (part == "line_id")
                                line.line_id = text(of);
                            else if (part == "product_id")
                                line.product_id = text(of);
                            else if (part == "name")
                                line.name = text(of);
                            else if (part == "category")
                                for (element level : of.get_array())
                                    line.category.emplace_back(text(level));
                            else if (part == "quantity")
                                line.quantity = decimal(text(of));
                            else if (part == "price")
                                line.price = decimal(text(of));
                            else if (part == "discount")
                                line.discount = decimal(text(of));
                            else if (part == "total")
                                line.total = decimal(text(of));
                            else if (part == "weight")
                                line.weight = decimal(text(of));
                            else if (part == "bonuses_accrued")
                                line.bonuses_accrued = decimal(text(of));
                            else if (part == "bonuses_paid")
                                line.bonuses_paid = decimal(text(of));
                            else if (part == "fields")
                                line.fields = simdjson::minify(of);
                        }
                    }
                } else if (name == "fields") {
                    out.fields = simdjson::minify(each);
                }
            }
        }
    }
    return out;
}

struct SimdjsonOnDemand::State {
    simdjson::ondemand::parser parser;
};
SimdjsonOnDemand::SimdjsonOnDemand() : state_(new State) {}
SimdjsonOnDemand::~SimdjsonOnDemand() {
    delete state_;
}

PlainOrder SimdjsonOnDemand::order(const std::string &padded) {
    PlainOrder out;
    auto document =
        state_->parser.iterate(padded.data(), padded.size(), padded.size() + simdjson::SIMDJSON_PADDING);
    for (auto field : document.get_object()) {
        const std::string_view key = field.unescaped_key();
        if (key == "type")
            out.type = text(field.value());
        else if (key == "id")
            out.id = text(field.value());
        else if (key == "occurred_at")
            out.occurred_at = text(field.value());
        else if (key == "source")
            out.source = text(field.value());
        else if (key == "customer") {
            for (auto member : field.value().get_object()) {
                const std::string_view name = member.unescaped_key();
                (name == "email" ? out.email : out.external_id) = text(member.value());
            }
        } else if (key == "order") {
            for (auto member : field.value().get_object()) {
                const std::string_view name = member.unescaped_key();
                if (name == "order_id")
                    out.order_id = text(member.value());
                else if (name == "placed_at")
                    out.placed_at = text(member.value());
                else if (name == "currency")
                    out.currency = text(member.value());
                else if (name == "total")
                    out.total = decimal(text(member.value()));
                else if (name == "discount")
                    out.discount = decimal(text(member.value()));
                else if (name == "status") {
                    for (auto each : member.value().get_object()) {
                        const std::string_view set = each.unescaped_key();
                        read_status(each.value(), set == "general"    ? out.general
                                                  : set == "delivery" ? out.delivery
                                                                      : out.payment);
                    }
                } else if (name == "delivery") {
                    for (auto each : member.value().get_object()) {
                        const std::string_view part = each.unescaped_key();
                        if (part == "type")
                            out.delivery_type = text(each.value());
                        else if (part == "provider")
                            out.delivery_provider = text(each.value());
                        else if (part == "at")
                            out.delivery_at = text(each.value());
                        else if (part == "note")
                            out.note = text(each.value());
                        else if (part == "cost")
                            out.delivery_cost = decimal(text(each.value()));
                        else if (part == "address")
                            for (auto in : each.value().get_object()) {
                                const std::string_view line = in.unescaped_key();
                                (line == "country" ? out.country
                                 : line == "city"  ? out.city
                                                   : out.street) = text(in.value());
                            }
                    }
                } else if (name == "payment") {
                    for (auto each : member.value().get_object()) {
                        const std::string_view part = each.unescaped_key();
                        if (part == "type")
                            out.payment_type = text(each.value());
                        else if (part == "provider")
                            out.payment_provider = text(each.value());
                        else if (part == "paid")
                            out.paid = decimal(text(each.value()));
                        else if (part == "bonuses_paid")
                            out.bonuses_paid = decimal(text(each.value()));
                    }
                } else if (name == "payments") {
                    for (auto item : member.value().get_array()) {
                        PlainPayment &payment = out.payments.emplace_back();
                        for (auto each : item.get_object()) {
                            const std::string_view part = each.unescaped_key();
                            if (part == "payment_id")
                                payment.payment_id = text(each.value());
                            else if (part == "type")
                                payment.type = text(each.value());
                            else if (part == "provider")
                                payment.provider = text(each.value());
                            else if (part == "amount")
                                payment.amount = decimal(text(each.value()));
                            else if (part == "installments")
                                payment.installments = static_cast<int>(each.value().get_int64().value());
                        }
                    }
                } else if (name == "lines") {
                    for (auto item : member.value().get_array()) {
                        PlainLine &line = out.lines.emplace_back();
                        for (auto each : item.get_object()) {
                            const std::string_view part = each.unescaped_key();
                            if (part == "line_id")
                                line.line_id = text(each.value());
                            else if (part == "product_id")
                                line.product_id = text(each.value());
                            else if (part == "name")
                                line.name = text(each.value());
                            else if (part == "category")
                                for (auto level : each.value().get_array())
                                    line.category.emplace_back(text(level));
                            else if (part == "quantity")
                                line.quantity = decimal(text(each.value()));
                            else if (part == "price")
                                line.price = decimal(text(each.value()));
                            else if (part == "discount")
                                line.discount = decimal(text(each.value()));
                            else if (part == "total")
                                line.total = decimal(text(each.value()));
                            else if (part == "weight")
                                line.weight = decimal(text(each.value()));
                            else if (part == "bonuses_accrued")
                                line.bonuses_accrued = decimal(text(each.value()));
                            else if (part == "bonuses_paid")
                                line.bonuses_paid = decimal(text(each.value()));
                            else if (part == "fields")
                                line.fields = raw(each.value());
                        }
                    }
                } else if (name == "fields") {
                    out.fields = raw(member.value());
                }
            }
        }
    }
    return out;
}

}  // namespace cartbell::bench
