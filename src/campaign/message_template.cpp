#include "campaign/message_template.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "render/model_shapes.hpp"

namespace cartbell::campaign {
namespace {

struct PartRule {
    std::string_view name;
    std::string TemplateDefinition::*source;
};
constexpr std::array part_rules{
    PartRule{"subject", &TemplateDefinition::subject}, PartRule{"body", &TemplateDefinition::body},
    PartRule{"text", &TemplateDefinition::text},       PartRule{"title", &TemplateDefinition::title},
    PartRule{"link", &TemplateDefinition::link},       PartRule{"image", &TemplateDefinition::image},
    PartRule{"payload", &TemplateDefinition::payload},
};

// formats.md §3 "Escaping": HTML in the body of an e-mail, JSON in payload; none elsewhere, subject and title without line breaks.
render::Escape escape_of(std::string_view part, std::string_view channel) {
    if (part == "body" && channel == "email") return render::Escape::html;
    if (part == "payload") return render::Escape::json;
    if (part == "subject" || part == "title") return render::Escape::single_line;
    return render::Escape::none;
}

render::MissingPolicy policy_of(Missing missing) {
    switch (missing) {
        case Missing::block: return render::MissingPolicy::block;
        case Missing::fail: return render::MissingPolicy::fail;
        case Missing::empty: break;
    }
    return render::MissingPolicy::empty;
}

}  // namespace

Result<std::shared_ptr<const MessageTemplate>> compile_message(TemplateDefinition definition, std::shared_ptr<const segment::Program> condition,
                                                               const Settings &settings, const FindSegment &find, const Limits &limits) {
    auto compiled = std::make_shared<MessageTemplate>();
    compiled->condition = std::move(condition);
    const render::ModelShapes shapes(settings, {});
    for (const PartRule &rule : part_rules) {
        const std::string &source = definition.*rule.source;
        if (source.empty()) continue;
        render::Options options;
        options.escape = escape_of(rule.name, definition.channel);
        options.shapes = &shapes;
        options.knows_segment = [&](std::string_view code) { return find(code) != nullptr; };
        auto text = render::compile(source, definition.partials, options, limits);
        if (!text.ok()) {
            Error error = text.take_error();
            error.pointer = "/" + std::string(rule.name);
            return error;
        }
        for (std::string &code : render::segments_used(**text)) {
            const auto known = std::find_if(compiled->segments.begin(), compiled->segments.end(), [&](const auto &one) { return one.first == code; });
            if (known == compiled->segments.end()) {
                auto program = find(code);
                compiled->segments.emplace_back(std::move(code), std::move(program));
            }
        }
        compiled->orders.add(render::orders_used(**text));
        compiled->uses_products |= render::uses_products(**text);
        compiled->parts.push_back({rule.name, *text});
    }
    if (!compiled->orders.all) compiled->outlines = OutlineUse{false, compiled->orders.purchases};
    const auto add_use = [&](const std::optional<OutlineUse> &one) {
        if (!one) compiled->outlines.reset();
        if (compiled->outlines) compiled->outlines->add(*one);
    };
    if (compiled->condition != nullptr) add_use(segment::outlines_used(*compiled->condition));
    compiled->uses_products |= compiled->condition != nullptr && segment::uses_products(*compiled->condition);
    for (const auto &[code, program] : compiled->segments) {
        add_use(segment::outlines_used(*program));
        compiled->uses_products |= segment::uses_products(*program);
    }
    if (compiled->parts.empty()) return failure(Code::invalid, "no_text", "a template needs at least one text: subject, body, text, title, link, image or payload");
    compiled->definition = std::move(definition);
    return std::shared_ptr<const MessageTemplate>(std::move(compiled));
}

std::vector<std::string> variables_used(const MessageTemplate &compiled) {
    std::vector<std::string> all;
    for (const auto &part : compiled.parts)
        for (std::string &path : render::variables_used(*part.text)) all.push_back(std::move(path));
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

void find_orders_used(const render::OrdersUsed &used, std::span<const Order> orders, const Settings &settings, std::vector<size_t> &found) {
    found.clear();
    constexpr size_t none = static_cast<size_t>(-1);
    struct Ends {
        size_t first = none, last = none;
    } any, purchases;
    const auto widen = [&](Ends &ends, size_t i) {
        if (ends.first == none || earlier(orders[i], orders[ends.first])) ends.first = i;
        if (ends.last == none || earlier(orders[ends.last], orders[i])) ends.last = i;
    };
    const bool asks_purchases = used.first_purchase || used.last_purchase;
    for (size_t i = 0; i < orders.size(); ++i) {
        widen(any, i);
        if (asks_purchases && in_analytics(orders[i], settings)) widen(purchases, i);
    }
    const auto take = [&](bool wanted, size_t i) {
        if (wanted && i != none && std::find(found.begin(), found.end(), i) == found.end()) found.push_back(i);
    };
    take(used.first, any.first);
    take(used.last, any.last);
    take(used.first_purchase, purchases.first);
    take(used.last_purchase, purchases.last);
}

MessageWriter::MessageWriter(const MessageTemplate &compiled, const segment::World &world, const Formatter &formatter, const Limits &limits)
    : template_(compiled), world_(world), limits_(limits), shop_zone_(world.zones->find(world.settings->shop.zone)) {
    if (shop_zone_ == nullptr) shop_zone_ = &utc();
    context_.formatter = &formatter;
    context_.currency = world.settings->shop.currency;
    context_.in_segment = [this](std::string_view code) { return in_segment(code); };
    const TemplateDefinition &definition = compiled.definition;
    if (definition.missing != Missing::empty || !definition.missing_by_path.empty())
        context_.missing = [&definition](std::string_view path) {
            const auto own = definition.missing_by_path.find(std::string(path));
            return policy_of(own != definition.missing_by_path.end() ? own->second : definition.missing);
        };
    if (!definition.defaults.empty())
        context_.fallback = [&definition](std::string_view path) {
            const auto own = definition.defaults.find(std::string(path));
            return own != definition.defaults.end() ? std::string_view(own->second) : std::string_view();
        };
}

bool MessageWriter::in_segment(std::string_view code) {
    for (size_t i = 0; i < template_.segments.size(); ++i) {
        const auto &[known, program] = template_.segments[i];
        if (known != code) continue;
        if (asked_[i] == Asked::not_yet) asked_[i] = segment::evaluate(*program, facts_, world_).holds ? Asked::yes : Asked::no;
        return asked_[i] == Asked::yes;
    }
    return false;
}

// The customer's zone and the locale: the template's own, else the customer's, else the shop's.
void MessageWriter::choose_place(const segment::Facts &facts) {
    const std::string_view zone_name = facts.customer->record.text(customer_field::time_zone);
    context_.zone = shop_zone_;
    if (!zone_name.empty()) {
        if (customer_zone_name_ != zone_name) {
            customer_zone_name_ = zone_name;
            customer_zone_ = world_.zones->find(zone_name);
        }
        if (customer_zone_ != nullptr) context_.zone = customer_zone_;
    }
    const std::string_view locale = facts.customer->record.text(customer_field::locale);
    context_.locale = !template_.definition.locale.empty() ? std::string_view(template_.definition.locale)
                      : !locale.empty()                    ? locale
                                                           : std::string_view(world_.settings->shop.locale);
}

void MessageWriter::write(const segment::Facts &facts, std::string_view message_id, Written &written) {
    written.kind = render::Outcome::Kind::rendered;
    written.reason.clear();
    written.part.clear();
    written.parts.clear();
    written.line = written.column = 0;
    facts_ = facts;
    asked_.assign(template_.segments.size(), Asked::not_yet);
    if (template_.condition != nullptr && !segment::evaluate(*template_.condition, facts, world_).holds) {
        written.kind = render::Outcome::Kind::blocked;
        written.reason = template_.definition.reason.empty() ? "condition" : template_.definition.reason;
        return;
    }
    choose_place(facts);
    render::MessageFacts message;
    message.message_id = message_id;
    render::ViewFacts seen;
    seen.customer = facts.customer;
    seen.orders = facts.orders;
    seen.settings = world_.settings;
    seen.message = &message;
    seen.products = facts.products;
    view_.reset(seen);
    context_.root = view_.root();
    written.parts = "{";
    for (const MessageTemplate::Part &part : template_.parts) {
        text_.clear();
        render::Outcome outcome = render::render(*part.text, context_, limits_, text_);
        if (outcome.kind != render::Outcome::Kind::rendered) {
            written.kind = outcome.kind;
            written.reason = std::move(outcome.reason);
            written.part = part.name;
            written.line = outcome.line;
            written.column = outcome.column;
            written.parts.clear();
            return;
        }
        if (written.parts.size() > 1) written.parts += ',';
        append_json_string(written.parts, part.name);
        written.parts += ':';
        append_json_string(written.parts, text_);
    }
    written.parts += '}';
}

}  // namespace cartbell::campaign
