#include "codec/settings_json.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "codec/coded_definition_json.hpp"
#include "codec/event_definition_json.hpp"
#include "codec/record_reader.hpp"
#include "codec/settings_words.hpp"
#include "codec/value_json.hpp"

namespace cartbell::codec {
namespace {

constexpr int64_t most_anonymous_days = 36'500;

class SettingsReader {
  public:
    SettingsReader(const Reading &reading, Settings &settings, const Zones *zones)
        : reading_(reading), settings_(settings), zones_(zones) {}

    void whole(const Node &root);
    void member(std::string_view name, const Node &node);

  private:
    void shop(const Node &node);
    void shop_member(const Node &member);
    void source(const Node &node);
    void status(const Node &node);
    void field(const Node &node);
    void rate(const Node &node);

    bool text(const Node &node, std::string &to) const;
    bool code(const Node &node, bool of_field, std::string &to) const;
    bool currency(const Node &node, Currency &to) const;
    void duration(const Node &node, Duration &to) const;
    template <typename ReadOne>
    void list(const Node &node, ReadOne read_one);
    void duplicate(const Node &node, std::string_view what) const {
        reading_.fail(node, "duplicate", "the same " + std::string(what) + " a second time");
    }

    const Reading &reading_;
    Settings &settings_;
    const Zones *zones_;
    std::set<std::string> sources_seen_;
};

bool SettingsReader::text(const Node &node, std::string &to) const {
    if (!reading_.expect(node, Kind::string)) return false;
    to = node.text();
    return true;
}

bool SettingsReader::code(const Node &node, bool of_field, std::string &to) const {
    if (!text(node, to)) return false;
    if (of_field ? is_field_code(to) : is_code(to)) return true;
    to.clear();
    return reading_.fail(
        node, "bad_code",
        of_field ? "a code here is [a-z][a-z0-9_]{0,63}" : "a code is [a-z0-9][a-z0-9_-]{0,63}");
}

bool SettingsReader::currency(const Node &node, Currency &to) const {
    if (!reading_.expect(node, Kind::string)) return false;
    to = Currency::listed(node.text());
    return to ? true : reading_.fail(node, "unknown_currency", "an ISO 4217 code is expected");
}

void SettingsReader::duration(const Node &node, Duration &to) const {
    if (!reading_.expect(node, Kind::string)) return;
    const Result<Duration> parsed = parse_duration(node.text());
    if (parsed.ok())
        to = *parsed;
    else
        reading_.fail(node, parsed.error());
}

template <typename ReadOne>
void SettingsReader::list(const Node &node, ReadOne read_one) {
    if (!reading_.expect(node, Kind::array)) return;
    for (const Node &element : children(reading_.tree, node))
        if (reading_.expect(element, Kind::object)) read_one(element);
}

void SettingsReader::whole(const Node &root) {
    if (!reading_.expect(root, Kind::object)) return;
    for (const Node &each : children(reading_.tree, root)) {
        if (each.key() == "version") continue;  // ours, given back
        if (std::find(later_names.begin(), later_names.end(), each.key()) != later_names.end())
            reading_.fail(each, "not_yet", "this version has no such settings");
        else if (std::find(settings_members.begin(), settings_members.end(), each.key()) == settings_members.end())
            reading_.unknown(each, settings_members);
        else
            member(each.key(), each);
    }
}

void SettingsReader::member(std::string_view name, const Node &node) {
    if (name == "shop") {
        settings_.shop = Settings::Shop{};
        shop(node);
    } else if (name == "sources") {
        settings_.sources.clear();
        list(node, [this](const Node &element) { source(element); });
        // "the system source cannot be deleted"
        const auto is_system = [](const Source &each) { return each.code == "system"; };
        if (std::none_of(settings_.sources.begin(), settings_.sources.end(), is_system))
            settings_.sources.push_back({"system", "System", "", Trust::trusted, 0, true});
    } else if (name == "statuses") {
        settings_.statuses.clear();
        list(node, [this](const Node &element) { status(element); });
    } else if (name == "fields") {
        settings_.fields.clear();
        list(node, [this](const Node &element) { field(element); });
    } else if (name == "events") {
        settings_.events.clear();
        list(node, [this](const Node &element) {
            read_event_definition(reading_, element, settings_.events.emplace_back());
        });
        add_built_in_events(settings_.events);
    } else if (name == "containers") {
        settings_.containers.clear();
        list(node, [this](const Node &element) { read_definition(reading_, element, settings_.containers.emplace_back()); });
        // "`cart` is always there"
        const auto is_cart = [](const ContainerDefinition &each) { return each.code == "cart"; };
        if (std::none_of(settings_.containers.begin(), settings_.containers.end(), is_cart)) settings_.containers.push_back({"cart", "Cart", {}, {}});
    } else if (name == "lists") {
        settings_.lists.clear();
        list(node, [this](const Node &element) { read_definition(reading_, element, settings_.lists.emplace_back()); });
    } else if (name == "channels") {
        settings_.channels.clear();
        list(node, [this](const Node &element) { read_definition(reading_, element, settings_.channels.emplace_back()); });
    } else if (name == "categories") {
        settings_.categories.clear();
        list(node, [this](const Node &element) { read_definition(reading_, element, settings_.categories.emplace_back()); });
    } else {
        settings_.rates.clear();
        list(node, [this](const Node &element) { rate(element); });
    }
}

void SettingsReader::shop(const Node &node) {
    if (!reading_.expect(node, Kind::object)) return;
    for (const Node &member : children(reading_.tree, node))
        shop_member(member);
}

void SettingsReader::shop_member(const Node &member) {
    constexpr std::array<std::string_view, 9> known{"zone",           "currency",       "locale",
                                                    "unknown_fields", "unknown_events", "anonymous_days",
                                                    "session_idle",   "future",         "order_empties_cart"};
    Settings::Shop &shop = settings_.shop;
    const std::string_view name = member.key();
    if (name == "zone") {
        if (text(member, shop.zone) && zones_ && !zones_->find(shop.zone))
            reading_.fail(member, "unknown_zone", "an IANA zone is expected");
    } else if (name == "currency") {
        currency(member, shop.currency);
    } else if (name == "locale") {
        const auto part = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
        };
        if (text(member, shop.locale) && (shop.locale.size() < 2 || shop.locale.size() > 35 ||
                                          !std::all_of(shop.locale.begin(), shop.locale.end(), part)))
            reading_.fail(member, "bad_value", "a BCP 47 tag is expected");
    } else if (name == "unknown_fields") {
        if (const int choice = one_of(reading_, member, unknown_names); choice >= 0)
            shop.keep_unknown_fields = choice == 1;
    } else if (name == "anonymous_days") {
        Value days;
        if (!read_value(reading_, member, Type::integer, days)) return;
        if (days.number < 0 || days.number > most_anonymous_days)
            reading_.fail(member, "out_of_range",
                          "0 to " + std::to_string(most_anonymous_days) + " days are possible");
        shop.anonymous_days = days.number;
    } else if (name == "session_idle") {
        duration(member, shop.session_idle);
    } else if (name == "future") {
        duration(member, shop.future);
    } else if (name == "order_empties_cart") {
        if (reading_.expect(member, Kind::boolean)) shop.order_empties_cart = member.truth;
    } else if (name == "unknown_events") {
        if (const int choice = one_of(reading_, member, unknown_names); choice >= 0)
            shop.keep_unknown_events = choice == 1;
    } else {
        reading_.unknown(member, known);
    }
}

void SettingsReader::source(const Node &node) {
    constexpr std::array<std::string_view, 6> known{"code", "name", "trust", "rank", "domain", "active"};
    Source read;
    const Node *code_node = nullptr;
    for (const Node &member : children(reading_.tree, node)) {
        const std::string_view name = member.key();
        Value rank;
        if (name == "code") {
            code_node = &member;
            code(member, false, read.code);
        } else if (name == "name") {
            text(member, read.name);
        } else if (name == "trust") {
            if (const int choice = one_of(reading_, member, trust_names); choice >= 0)
                read.trust = static_cast<Trust>(choice);
        } else if (name == "rank") {
            if (read_value(reading_, member, Type::integer, rank)) read.rank = rank.number;
        } else if (name == "domain") {
            if (member.kind != Kind::null) text(member, read.domain);
        } else if (name == "active") {
            if (reading_.expect(member, Kind::boolean)) read.active = member.truth;
        } else {
            reading_.unknown(member, known);
        }
    }
    if (!code_node) return reading_.missing(node, "code");
    if (read.name.empty()) read.name = read.code;
    // "default: ... `system` (trusted, rank 0)"
    if (read.code == "system" && (read.trust != Trust::trusted || read.rank != 0 || !read.active))
        reading_.fail(node, "bad_value", "the system source is trusted, of rank 0 and active");
    if (!read.code.empty() && !sources_seen_.insert(read.code).second) duplicate(*code_node, "code");
    settings_.sources.push_back(std::move(read));
}

void SettingsReader::status(const Node &node) {
    constexpr std::array<std::string_view, 4> known{"set", "code", "name", "in_analytics"};
    StatusDefinition read;
    const Node *code_node = nullptr;
    bool has_set = false;
    for (const Node &member : children(reading_.tree, node)) {
        const std::string_view name = member.key();
        if (name == "set") {
            has_set = true;
            if (const int set = one_of(reading_, member, status_set_names); set >= 0)
                read.set = static_cast<StatusSet>(set);
        } else if (name == "code") {
            code_node = &member;
            code(member, true, read.code);
        } else if (name == "name") {
            text(member, read.name);
        } else if (name == "in_analytics") {
            if (reading_.expect(member, Kind::boolean)) read.in_analytics = member.truth;
        } else {
            reading_.unknown(member, known);
        }
    }
    if (!has_set) reading_.missing(node, "set");
    if (!code_node) return reading_.missing(node, "code");
    if (read.name.empty()) read.name = read.code;
    settings_.statuses.push_back(std::move(read));
}

void SettingsReader::field(const Node &node) {
    constexpr std::array<std::string_view, 5> known{"of", "code", "name", "type", "personal"};
    FieldDefinition read;
    bool has_of = false, has_code = false, has_type = false;
    for (const Node &member : children(reading_.tree, node)) {
        const std::string_view name = member.key();
        if (name == "of") {
            has_of = true;
            if (member.kind == Kind::string && member.text().starts_with("event:"))
                reading_.fail(member, "bad_value", "what an event's context holds is declared with the event, in `events`");
            else if (const int object = one_of(reading_, member, object_names); object >= 0)
                read.of = objects[static_cast<size_t>(object)];
        } else if (name == "code") {
            has_code = true;
            code(member, true, read.code);
        } else if (name == "name") {
            text(member, read.name);
        } else if (name == "type") {
            has_type = true;
            if (const int type = one_of(reading_, member, field_type_names); type >= 0)
                read.type = field_type(type);
        } else if (name == "personal") {
            if (reading_.expect(member, Kind::boolean)) read.personal = member.truth;
        } else {
            reading_.unknown(member, known);
        }
    }
    if (!has_of) reading_.missing(node, "of");
    if (!has_type) reading_.missing(node, "type");
    if (!has_code) return reading_.missing(node, "code");
    if (read.name.empty()) read.name = read.code;
    settings_.fields.push_back(std::move(read));
}

void SettingsReader::rate(const Node &node) {
    constexpr std::array<std::string_view, 4> known{"from", "to", "date", "rate"};
    Rate read;
    bool has_from = false, has_to = false, has_date = false, has_rate = false;
    for (const Node &member : children(reading_.tree, node)) {
        const std::string_view name = member.key();
        Value value;
        if (name == "from") {
            has_from = true;
            currency(member, read.from);
        } else if (name == "to") {
            has_to = true;
            currency(member, read.to);
        } else if (name == "date") {
            has_date = true;
            if (!read_value(reading_, member, Type::date, value)) continue;
            read.date = unpack_date(value.number);
            if (read.date.year == 0) reading_.fail(member, "not_a_date", "a rate's date has a year");
        } else if (name == "rate") {
            has_rate = true;
            if (!read_value(reading_, member, Type::decimal, value)) continue;
            read.rate_e6 = value.number;
            if (read.rate_e6 <= 0) reading_.fail(member, "out_of_range", "a rate is greater than 0");
        } else {
            reading_.unknown(member, known);
        }
    }
    if (!has_from) reading_.missing(node, "from");
    if (!has_to) reading_.missing(node, "to");
    if (!has_date) reading_.missing(node, "date");
    if (!has_rate) reading_.missing(node, "rate");
    if (has_from && has_to && read.from == read.to)
        reading_.fail(node, "bad_value", "a rate is between two currencies");
    settings_.rates.push_back(read);
}

// How much of the settings a text is: pointers begin at what was sent.
enum class Part : uint8_t { whole, member };

// Two of a list that have one key. Called when everything is sorted, so that a long list stays quick.
void find_duplicates(const Settings &settings, Part part, std::vector<Note> &errors) {
    const auto report = [&](const char *pointer, const std::string &what) {
        errors.push_back({"duplicate", part == Part::whole ? pointer : "", "twice: " + what});
    };
    for (size_t i = 1; i < settings.statuses.size(); ++i) {
        const StatusDefinition &a = settings.statuses[i - 1], &b = settings.statuses[i];
        if (a.set == b.set && a.code == b.code)
            report("/statuses", std::string(status_set_names[static_cast<size_t>(a.set)]) + "." + a.code);
    }
    for (size_t i = 1; i < settings.fields.size(); ++i) {
        const FieldDefinition &a = settings.fields[i - 1], &b = settings.fields[i];
        if (a.of == b.of && a.code == b.code)
            report("/fields", std::string(name_of(a.of)) + "." + a.code);
    }
    for (size_t i = 1; i < settings.events.size(); ++i)
        if (settings.events[i - 1].name == settings.events[i].name) report("/events", settings.events[i].name);
    const auto report_codes = [&](const char *pointer, const auto &definitions) {
        for (size_t i = 1; i < definitions.size(); ++i)
            if (definitions[i - 1].code == definitions[i].code) report(pointer, definitions[i].code);
    };
    report_codes("/containers", settings.containers);
    report_codes("/lists", settings.lists);
    report_codes("/channels", settings.channels);
    report_codes("/categories", settings.categories);
    for (size_t i = 1; i < settings.rates.size(); ++i) {
        const Rate &a = settings.rates[i - 1], &b = settings.rates[i];
        if (a.from == b.from && a.to == b.to && a.date == b.date)
            report("/rates", a.from.text() + " to " + a.to.text() + " of " + format_date(a.date));
    }
}

template <typename Read>
ReadSettings read_text(std::string_view json, Part part, Settings start, const Limits &limits, Read read) {
    ReadSettings out{std::move(start), {}};
    Result<Document> document = read_document(json, limits.settings_bytes, limits.json_depth);
    if (!document.ok()) {
        const Error &error = document.error();
        out.errors.push_back({error.reason, error.pointer, error.message});
        return out;
    }
    std::vector<std::string> ignored;
    const Reading reading{document->tree, out.settings, limits, out.errors, ignored, Strictness::trusted};
    read(reading, document->root(), out.settings);
    put_in_order(out.settings);
    if (out.errors.empty()) find_duplicates(out.settings, part, out.errors);
    return out;
}

}  // namespace

ReadSettings read_settings(std::string_view json, const Zones *zones, const Limits &limits) {
    return read_text(json, Part::whole, default_settings(), limits,
                     [zones](const Reading &reading, const Node &root, Settings &settings) {
                         SettingsReader(reading, settings, zones).whole(root);
                     });
}

ReadSettings read_settings_member(std::string_view member, std::string_view json, const Settings &current,
                                  const Zones *zones, const Limits &limits) {
    if (std::find(later_names.begin(), later_names.end(), member) != later_names.end())
        return {current, {{"not_yet", "", "this version has no such settings"}}};
    if (std::find(settings_members.begin(), settings_members.end(), member) == settings_members.end())
        return {
            current,
            {{"unknown_member", "", "no such member of the settings" + Reading::hint(member, settings_members)}}};
    return read_text(json, Part::member, current, limits,
                     [&](const Reading &reading, const Node &root, Settings &settings) {
                         SettingsReader(reading, settings, zones).member(member, root);
                     });
}

}  // namespace cartbell::codec
