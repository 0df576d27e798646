#include "model/settings.hpp"

#include <algorithm>
#include <tuple>

namespace cartbell {
namespace {

using RateKey = std::tuple<uint32_t, uint32_t, Date>;
RateKey key_of(const Rate &rate) {
    return {rate.from.packed, rate.to.packed, rate.date};
}

// The newest from→to rate dated at or before `day`, or null.
const Rate *rate_at(const std::vector<Rate> &rates, Currency from, Currency to, Date day) {
    const RateKey wanted{from.packed, to.packed, day};
    auto above = std::upper_bound(rates.begin(), rates.end(), wanted,
                                  [](const RateKey &key, const Rate &rate) { return key < key_of(rate); });
    if (above == rates.begin()) return nullptr;
    const Rate &rate = *--above;
    return rate.from == from && rate.to == to && rate.rate_e6 > 0 ? &rate : nullptr;
}

template <typename Definition>
const Definition *find_code(const std::vector<Definition> &definitions, std::string_view code) {
    const auto at = std::lower_bound(definitions.begin(), definitions.end(), code,
                                     [](const Definition &definition, std::string_view wanted) { return definition.code < wanted; });
    return at != definitions.end() && at->code == code ? &*at : nullptr;
}

}  // namespace

void put_in_order(Settings &settings) {
    const auto by_code = [](const auto &a, const auto &b) { return a.code < b.code; };
    std::stable_sort(settings.sources.begin(), settings.sources.end(), by_code);
    std::stable_sort(settings.containers.begin(), settings.containers.end(), by_code);
    std::stable_sort(settings.lists.begin(), settings.lists.end(), by_code);
    std::stable_sort(settings.events.begin(), settings.events.end(), [](const auto &a, const auto &b) { return a.name < b.name; });
    for (EventDefinition &event : settings.events) std::stable_sort(event.context.begin(), event.context.end(), by_code);
    std::stable_sort(settings.channels.begin(), settings.channels.end(), by_code);
    std::stable_sort(settings.categories.begin(), settings.categories.end(), by_code);
    std::stable_sort(settings.statuses.begin(), settings.statuses.end(), [](const auto &a, const auto &b) {
        return std::tie(a.set, a.code) < std::tie(b.set, b.code);
    });
    std::stable_sort(settings.fields.begin(), settings.fields.end(), [](const auto &a, const auto &b) {
        return std::tie(a.of, a.code) < std::tie(b.of, b.code);
    });
    std::stable_sort(settings.rates.begin(), settings.rates.end(),
                     [](const Rate &a, const Rate &b) { return key_of(a) < key_of(b); });
}

const Source *Settings::find_source(std::string_view code) const { return find_code(sources, code); }
const ContainerDefinition *Settings::find_container(std::string_view code) const { return find_code(containers, code); }
const ListDefinition *Settings::find_list(std::string_view code) const { return find_code(lists, code); }
const ChannelDefinition *Settings::find_channel(std::string_view code) const { return find_code(channels, code); }
const CategoryDefinition *Settings::find_category(std::string_view code) const { return find_code(categories, code); }

const EventDefinition *Settings::find_event(std::string_view name) const {
    const auto at = std::lower_bound(events.begin(), events.end(), name, [](const auto &event, std::string_view wanted) { return event.name < wanted; });
    return at != events.end() && at->name == name ? &*at : nullptr;
}

const ContextField *EventDefinition::find(std::string_view code) const {
    const auto at = std::lower_bound(context.begin(), context.end(), code, [](const auto &field, std::string_view wanted) { return field.code < wanted; });
    return at != context.end() && at->code == code ? &*at : nullptr;
}

const StatusDefinition *Settings::find_status(StatusSet set, std::string_view code) const {
    const auto at = std::lower_bound(statuses.begin(), statuses.end(), code,
                                     [set](const auto &status, std::string_view wanted) {
                                         return status.set != set ? status.set < set : status.code < wanted;
                                     });
    return at != statuses.end() && at->set == set && at->code == code ? &*at : nullptr;
}

const FieldDefinition *Settings::find_field(Object of, std::string_view code) const {
    const auto at = std::lower_bound(fields.begin(), fields.end(), code,
                                     [of](const auto &field, std::string_view wanted) {
                                         return field.of != of ? field.of < of : field.code < wanted;
                                     });
    return at != fields.end() && at->of == of && at->code == code ? &*at : nullptr;
}

bool Settings::convert(int64_t amount_e4, Currency from, Currency to, Date day, int64_t &out_e4) const {
    if (from == to) {
        out_e4 = amount_e4;
        return true;
    }
    Wide converted = 0;
    if (const Rate *direct = rate_at(rates, from, to, day))
        converted = divide_half_even(Wide{amount_e4} * direct->rate_e6, decimal_unit_e6);
    else if (const Rate *inverse = rate_at(rates, to, from, day))
        converted = divide_half_even(Wide{amount_e4} * decimal_unit_e6, inverse->rate_e6);
    else
        return false;
    if (!fits_int64(converted)) return false;
    out_e4 = static_cast<int64_t>(converted);
    return true;
}

Settings default_settings() {
    Settings settings;
    settings.sources.push_back({"system", "System", "", Trust::trusted, 0, true});
    settings.statuses = {
        {StatusSet::general, "received", "Received", true},
        {StatusSet::general, "confirmed", "Confirmed", true},
        {StatusSet::general, "processing", "Being processed", true},
        {StatusSet::general, "completed", "Completed", true},
        {StatusSet::general, "cancelled", "Cancelled", false},
        {StatusSet::general, "returned", "Returned", false},
        {StatusSet::delivery, "assembling", "Being assembled", true},
        {StatusSet::delivery, "shipped", "Shipped", true},
        {StatusSet::delivery, "ready", "Ready for pickup", true},
        {StatusSet::delivery, "delivered", "Delivered", true},
        {StatusSet::delivery, "returned", "Returned", false},
        {StatusSet::payment, "awaiting", "Awaiting payment", true},
        {StatusSet::payment, "authorized", "Authorized", true},
        {StatusSet::payment, "partially_paid", "Partially paid", true},
        {StatusSet::payment, "paid", "Paid", true},
        {StatusSet::payment, "failed", "Failed", false},
        {StatusSet::payment, "refunded", "Refunded", false},
    };
    settings.events = built_in_events();
    settings.containers = {{"cart", "Cart", {}, Joining::quantities_add}};
    settings.channels = {{"email", "E-mail"}, {"sms", "SMS"}, {"push", "Push"}};
    put_in_order(settings);
    return settings;
}

}  // namespace cartbell
