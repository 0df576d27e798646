// The events every shop has, and the names that are the engine's own (formats.md §1, §5).
#include <algorithm>
#include <initializer_list>

#include "model/settings.hpp"

namespace cartbell {
namespace {

struct Typed {
    std::string_view code;
    Type type = Type::text;
};

EventDefinition event(std::string_view name, EventKind kind, std::initializer_list<Typed> context) {
    EventDefinition definition;
    definition.name = name;
    definition.kind = kind;
    for (const Typed &field : context) definition.context.push_back({std::string(field.code), std::string(field.code), field.type, false});
    std::sort(definition.context.begin(), definition.context.end(), [](const auto &a, const auto &b) { return a.code < b.code; });
    return definition;
}

// Families of names that operations, segments and messages make.
constexpr std::array<std::string_view, 13> domain_events{
    "order.created",         "order.status_changed",  "order.lines_changed", "order.updated",         "container.item_added",
    "container.item_removed", "container.changed",    "container.cleared",   "product.price_changed", "product.stock_changed",
    "segment.entered",       "segment.left",          "message."};

}  // namespace

const std::vector<EventDefinition> &built_in_events() {
    static const std::vector<EventDefinition> events{
        event("category.viewed", EventKind::web, {{"category", Type::list}, {"url"}}),
        event("checkout.started", EventKind::web, {{"total", Type::money}}),
        event("customer.logged_in", EventKind::web, {{"method"}}),
        event("customer.registered", EventKind::web, {{"method"}}),
        event("order.placed", EventKind::web, {{"order_id"}, {"total", Type::money}}),
        event("page.viewed", EventKind::web, {{"url"}, {"title"}, {"section"}}),
        event("product.viewed", EventKind::web,
              {{"product_id"}, {"name"}, {"category", Type::list}, {"price", Type::money}, {"url"}, {"image_url"}}),
        event("search.performed", EventKind::web, {{"query"}, {"results", Type::integer}}),
        event("site.visited", EventKind::web, {{"url"}, {"referrer"}, {"utm_source"}, {"utm_medium"}, {"utm_campaign"}}),
    };
    return events;
}

bool is_domain_event(std::string_view name) {
    return std::any_of(domain_events.begin(), domain_events.end(), [&](std::string_view own) {
        return own.ends_with('.') ? name.starts_with(own) : name == own;
    });
}

}  // namespace cartbell
