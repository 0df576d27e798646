#include "cli/entry_table.hpp"

#include <algorithm>
#include <initializer_list>

namespace cartbell::cli {
namespace {

// What every operation carries around what it says.
bool is_envelope(const std::string &name) {
    constexpr std::string_view names[] = {"type", "id", "occurred_at", "sent_at", "sequence", "source", "customer", "backfill", "if_version"};
    return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

// "status.payment paid, lines 2": the members by their paths, lists of objects by their length.
void add_members(std::string &text, const Json &object, const std::string &path) {
    for (const auto &[name, value] : object.members) {
        if (path.empty() && is_envelope(name)) continue;
        const bool is_outer = path.empty() || path == "order" || path == "profile" || path == "context";
        const std::string inner = is_outer ? name : path + "." + name;
        if (value.is(Json::Kind::object)) {
            add_members(text, value, inner);
            continue;
        }
        if (inner == "order_id") continue;  // it has a column
        const bool objects = value.is(Json::Kind::array) && !value.items.empty() && !value.items.front().scalar();
        if (!text.empty()) text += ", ";
        text += inner + " " + (objects ? std::to_string(value.items.size()) : value.is(Json::Kind::null) ? "cleared" : value.shown());
    }
}

// "order.status_changed payment awaiting → paid"
std::string change_text(const Json &change) {
    std::string text = change["name"].shown();
    const Json &context = change["context"];
    if (context["to"].is(Json::Kind::text)) {
        const std::string from = context["from"].shown();
        return text + " " + context["set"].shown() + " " + (from.empty() ? "" : from + " ") + "→ " + context["to"].shown();
    }
    for (const auto &[name, value] : context.members)
        if (name != "order_id" && !value.shown().empty()) text += " " + (name == "paths" ? "" : name + " ") + value.shown();
    return text;
}

std::vector<std::string> cells_of(const Json &entry) {
    std::string said, changed;
    add_members(said, entry["operation"], "");
    for (const Json &change : entry["changed"].items)
        changed += (changed.empty() ? "" : "; ") + change_text(change);
    const std::string source = entry["source"].shown() + (entry["trust"].shown() == "public" ? " (public)" : "");
    return {entry["at"].shown(),
            entry["received_at"].shown() + (entry["late"].truth ? " late" : ""),
            source,
            entry["type"].shown(),
            entry["order_id"].shown(),
            said,
            changed};
}

}  // namespace

namespace {

std::vector<std::string> cells_of_event(const Json &event) {
    std::string context;
    add_members(context, event["context"], "context");
    std::string customer;
    add_members(customer, event["customer"], "context");
    return {event["occurred_at"].shown(), event["source"].shown(), event["name"].shown(), event["session_id"].shown(), customer, context};
}

std::vector<std::string> cells_of_holder(const Json &holder) {
    return {holder["customer"].shown(), holder["container"].shown(), holder["quantity"].shown(), holder["added_at"].shown()};
}

void show_pages(Session &session, const Page &page, size_t most, const std::string &after, const char *member, const std::vector<std::string> &titles,
                std::vector<std::string> (*cells)(const Json &)) {
    std::vector<std::vector<std::string>> rows;
    std::string next = after;
    for (size_t listed = 0; most == 0 || listed < most;) {
        const std::string text = page(next, most == 0 ? 1000 : std::min<size_t>(1000, most - listed));
        const Json answer = read_json(text);
        if (session.json)
            session.screen.line(text);
        else
            for (const Json &one : answer[member].items)
                rows.push_back(cells(one));
        listed += answer[member].items.size();
        next = answer["next"].text;
        if (next.empty()) break;
    }
    if (session.json) return;
    session.screen.table(titles, rows);
    if (!next.empty()) session.screen.line(session.screen.dim("  more with --after " + next));
}

}  // namespace

void show_entries(Session &session, const Page &page, size_t most, const std::string &after) {
    show_pages(session, page, most, after, "entries", {"at", "received", "source", "type", "order", "said", "changed"}, cells_of);
}

void show_events(Session &session, const Page &page, size_t most, const std::string &after) {
    show_pages(session, page, most, after, "events", {"at", "source", "name", "session", "known by", "context"}, cells_of_event);
}

void show_holders(Session &session, const Page &page, size_t most, const std::string &after) {
    show_pages(session, page, most, after, "holders", {"customer", "container", "quantity", "since"}, cells_of_holder);
}

}  // namespace cartbell::cli
