// The shop's settings, one immutable version of them (formats.md §0).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.hpp"
#include "base/instant.hpp"
#include "model/field.hpp"

namespace cartbell {

enum class StatusSet : uint8_t { general, delivery, payment };
inline constexpr std::array<std::string_view, 3> status_set_names{"general", "delivery", "payment"};

enum class Trust : uint8_t { public_source = 0, trusted = 1 };

struct Source {
    std::string code, name, domain;
    Trust trust = Trust::trusted;
    int64_t rank = 0;
    bool active = true;
};
struct StatusDefinition {
    StatusSet set = StatusSet::general;
    std::string code, name;
    bool in_analytics = true;
};
struct FieldDefinition {
    Object of = Object::order;
    std::string code, name;
    Type type = Type::text;  // "string" is text
    bool personal = false;
};
struct Rate {
    Currency from, to;
    Date date;
    int64_t rate_e6 = 0;
};

struct ListDefinition {  // a static audience
    std::string code, name;
};

enum class EventKind : uint8_t { customer, web, system };
inline constexpr std::array<std::string_view, 3> event_kind_names{"customer", "web", "system"};

struct ContextField {
    std::string code, name;
    Type type = Type::text;
    bool personal = false;
};
struct EventDefinition {
    std::string name;
    EventKind kind = EventKind::customer;
    std::vector<ContextField> context;  // sorted by code

    const ContextField *find(std::string_view code) const;
};
struct ChannelDefinition {  // a way to reach a customer
    std::string code, name;
};
enum class CategoryKind : uint8_t { promo, service, tracking };
inline constexpr std::array<std::string_view, 3> category_kind_names{"promo", "service", "tracking"};

struct CategoryDefinition {  // what consent is asked for; tracking is the consent to be observed and has no channel
    std::string code, name;
    CategoryKind kind = CategoryKind::promo;
};

// What becomes of a product that both sides have when containers become one: "union", "max", "newest".
enum class Joining : uint8_t { quantities_add, larger_quantity, added_later };
inline constexpr std::array<std::string_view, 3> joining_names{"union", "max", "newest"};

struct ContainerDefinition {
    std::string code, name;
    std::optional<Duration> lifetime;  // emptied so long after the last change; none: never
    Joining joining = Joining::quantities_add;
    friend bool operator==(const ContainerDefinition &, const ContainerDefinition &) = default;
};

struct Settings {
    int64_t version = 0;
    struct Shop {
        std::string zone = "UTC";
        Currency currency = Currency::of("EUR");
        std::string locale = "en";
        bool keep_unknown_fields = false;   // unknown_fields: keep
        bool keep_unknown_events = false;   // unknown_events: keep
        int64_t anonymous_days = 60;
        Duration session_idle{30, Duration::Unit::minute};
        Duration future{10, Duration::Unit::minute};
        bool order_empties_cart = true;
    } shop;
    std::vector<Source> sources;             // sorted by code; "system" (trusted, rank 0) is always among them
    std::vector<StatusDefinition> statuses;  // sorted by (set, code)
    std::vector<FieldDefinition> fields;     // sorted by (of, code)
    std::vector<ContainerDefinition> containers;  // sorted by code; "cart" is always among them
    std::vector<ListDefinition> lists;       // sorted by code
    std::vector<EventDefinition> events;     // sorted by name; the built-in ones are always among them, with all of their context
    std::vector<ChannelDefinition> channels;      // sorted by code
    std::vector<CategoryDefinition> categories;   // sorted by code
    std::vector<Rate> rates;                 // sorted by (from, to, date)

    const Source *find_source(std::string_view code) const;
    const StatusDefinition *find_status(StatusSet set, std::string_view code) const;
    const FieldDefinition *find_field(Object of, std::string_view code) const;
    const ContainerDefinition *find_container(std::string_view code) const;
    const ListDefinition *find_list(std::string_view code) const;
    const EventDefinition *find_event(std::string_view name) const;
    const ChannelDefinition *find_channel(std::string_view code) const;
    const CategoryDefinition *find_category(std::string_view code) const;
    // formats.md §2: newest from->to rate dated at or before `day`, else the inverse of such a rate; false without one. Rounded half even to e4.
    bool convert(int64_t amount_e4, Currency from, Currency to, Date day, int64_t &out_e4) const;
};

// The events that every shop has (formats.md §1 "Event names built in", §5 "Contexts of the built-ins").
const std::vector<EventDefinition> &built_in_events();
// Whether events of this name are the engine's own: `order.created`, `container.item_added`… Nobody sends them.
bool is_domain_event(std::string_view name);

// Sorts every list as the finders above expect it; whoever builds Settings from a text calls it once.
void put_in_order(Settings &settings);

Settings default_settings();  // version 0: the system source; statuses and channels as a shop would expect, none forced

}  // namespace cartbell
