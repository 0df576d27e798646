#include "cli/entry_table.hpp"

#include <algorithm>
#include <initializer_list>

#include "cli/clock.hpp"

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

using Row = std::vector<std::string>;

// Rows of page after page, at most `most` (0: all of them). With --json the pages are printed instead. `next`: in and out, where they begin and go on.
std::vector<Row> rows_of(Session &session, const Page &page, size_t most, std::string &next, const char *member, Row (*cells)(const Json &)) {
    std::vector<Row> rows;
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
    return rows;
}

void show_rows(Session &session, const Row &titles, const std::vector<Row> &rows, const std::string &next) {
    if (session.json) return;
    session.screen.table(titles, rows);
    if (!next.empty()) session.screen.line(session.screen.dim("  more with --after " + next));
}

void show_pages(Session &session, const Page &page, size_t most, const std::string &after, const char *member, const Row &titles, Row (*cells)(const Json &)) {
    std::string next = after;
    const std::vector<Row> rows = rows_of(session, page, most, next, member, cells);
    show_rows(session, titles, rows, next);
}

const Row entry_titles{"at", "received", "source", "type", "order", "said", "changed"};

// One of the outbox, as a row among entries; none for what an earlier system sent: that is an entry itself.
Row cells_of_sent(const Json &message) {
    if (message["planned_at"].shown().empty()) return {};
    std::string said;
    for (const char *name : {"channel", "category", "template", "state", "reason"})
        if (const std::string value = message[name].shown(); !value.empty()) said += (said.empty() ? "" : ", ") + std::string(name) + " " + value;
    return {message["planned_at"].shown(), "", message["source"].shown(), "message", "", said, ""};
}

// The outbox knows when a message was planned; of an old one more is known.
std::vector<std::string> cells_of_message(const Json &message) {
    std::vector<std::string> cells;
    for (const char *name : {"planned_at", "handed_over_at", "source", "message_id", "channel", "category", "template", "state", "reason", "opened_at", "clicked_at"})
        cells.push_back(message[name].shown());
    return cells;
}

}  // namespace

void show_entries(Session &session, const Page &page, size_t most, const std::string &after) {
    show_pages(session, page, most, after, "entries", entry_titles, cells_of);
}

void show_life(Session &session, const Page &entries, const Page &messages, size_t most, const std::string &after) {
    std::string next = after, all;
    std::vector<Row> rows = rows_of(session, entries, most, next, "entries", cells_of);
    if (session.json) return;
    const auto at = [](const Row &row) { return parse_instant_us(row.front()); };
    // What was sent before the next page's first entry belongs to this one.
    int64_t end = INT64_MAX;
    if (!next.empty())
        if (const Json following = read_json(entries(next, 1)); !following["entries"].items.empty())
            end = parse_instant_us(following["entries"].items.front()["at"].shown());
    std::vector<Row> sent = rows_of(session, messages, 0, all, "messages", cells_of_sent);
    std::erase_if(sent, [&](const Row &row) {
        if (row.empty()) return true;
        if (!after.empty() && (rows.empty() || at(row) < at(rows.front()))) return true;
        return at(row) >= end;
    });
    std::reverse(sent.begin(), sent.end());  // they come newest first
    rows.insert(rows.end(), sent.begin(), sent.end());
    std::stable_sort(rows.begin(), rows.end(), [&](const Row &a, const Row &b) { return at(a) < at(b); });
    show_rows(session, entry_titles, rows, next);
}

void show_events(Session &session, const Page &page, size_t most, const std::string &after) {
    show_pages(session, page, most, after, "events", {"at", "source", "name", "session", "known by", "context"}, cells_of_event);
}

void show_holders(Session &session, const Page &page, size_t most, const std::string &after) {
    show_pages(session, page, most, after, "holders", {"customer", "container", "quantity", "since"}, cells_of_holder);
}

void show_messages(Session &session, const Page &page, size_t most, const std::string &after) {
    show_pages(session, page, most, after, "messages",
               {"planned", "handed over", "source", "message", "channel", "category", "template", "state", "reason", "opened", "clicked"}, cells_of_message);
}

}  // namespace cartbell::cli
