// segment put, count, list, explain.
#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>

#include "cli/clock.hpp"
#include "cli/explanation.hpp"
#include "cli/identity_option.hpp"
#include "cli/session.hpp"

namespace cartbell::cli {
namespace {

struct SegmentOptions {
    std::string segment, file, identity, after;
    size_t most = 0;
    size_t witnesses = 5;
};

bool is_predicate(const std::string &given) {
    return given.rfind('{', 0) == 0 || given == "true" || given == "false";
}

// A stored code, a predicate as JSON, or @file for one in a file.
std::string segment_text(Session &session, const std::string &given) {
    if (given.rfind('@', 0) == 0) return session.read(given.substr(1));
    if (is_predicate(given)) session.input = "predicate";
    return given;
}

std::string name_of(const std::string &given) {
    return is_predicate(given) ? "this predicate" : given;
}

void put(Session &session, const SegmentOptions &options) {
    const std::string json = session.read(options.file);
    session.answer(session.open_to_write().put_segment(options.segment, json, session.now_us()),
                   [&](const Json &answer) {
                       tell_warnings(answer);
                       session.screen.line("Segment " + session.screen.bold(answer["code"].shown()) +
                                           " is at version " + answer["version"].shown() + ".");
                   });
}

void definitions(Session &session) {
    session.answer(session.open_to_read().segments(), [&](const Json &answer) {
        if (answer["segments"].items.empty()) return session.screen.line("There are no segments yet.");
        std::vector<std::vector<std::string>> rows;
        for (const Json &segment : answer["segments"].items)
            rows.push_back(
                {segment["code"].shown(), segment["version"].shown(), segment["created_at"].shown()});
        session.screen.table({"code", "version", "since"}, rows);
    });
}

void count(Session &session, const SegmentOptions &options) {
    const std::string segment = segment_text(session, options.segment);
    const int64_t now = session.now_us();
    session.answer(session.open_to_read().segment_count(segment, now), [&](const Json &answer) {
        const int64_t in = answer["count"].integer(), all = answer["customers"].integer();
        char share[32];
        std::snprintf(share, sizeof share, "%.1f %%",
                      all > 0 ? 100.0 * static_cast<double>(in) / static_cast<double>(all) : 0.0);
        session.screen.line(session.screen.bold(grouped(in)) + " of " + plural(all, "customer", "customers") +
                            " (" + share + ") are in " + name_of(options.segment));
        session.screen.line("  " + bar(in, all, 40));
        session.screen.line(session.screen.dim("  at " + format_instant_us(now) +
                                               (answer["next_change"].is(Json::Kind::text)
                                                    ? ", the same until " + answer["next_change"].text
                                                    : ", for good unless something comes in")));
    });
}

// Pages follow one another, so that the output is one list that other programs can read.
void list(Session &session, const SegmentOptions &options) {
    if (options.segment.empty()) return definitions(session);
    const std::string segment = segment_text(session, options.segment);
    const engine shop = session.open_to_read();
    const int64_t now = session.now_us();
    std::string after = options.after;
    for (size_t listed = 0; options.most == 0 || listed < options.most;) {
        const size_t page = options.most == 0 ? 1000 : std::min<size_t>(1000, options.most - listed);
        const std::string text = shop.segment_customers(segment, now, after, page);
        const Json answer = read_json(text);
        if (session.json)
            session.screen.line(text);
        else
            for (const Json &customer : answer["customers"].items)
                session.screen.line(plain_text(customer.shown()));
        listed += answer["customers"].items.size();
        after = answer["next"].text;
        if (after.empty()) break;
    }
}

void explain(Session &session, const SegmentOptions &options) {
    const std::string segment = segment_text(session, options.segment);
    const int64_t now = session.now_us();
    session.answer(
        session.open_to_read().segment_explain(segment, options.identity, now, options.witnesses),
        [&](const Json &answer) {
            const bool in = answer["match"].truth;
            session.screen.line(session.screen.bold(plain_text(options.identity)) +
                                (in ? session.screen.good(" is in ") : session.screen.bad(" is not in ")) +
                                name_of(options.segment) +
                                session.screen.dim(" at " + format_instant_us(now)));
            show_explanation(session.screen, answer["explanation"]);
            if (answer["next_change"].is(Json::Kind::text))
                session.screen.line(session.screen.dim("  the same until " + answer["next_change"].text +
                                                       " unless something comes in"));
        });
}

}  // namespace

void add_segment_commands(CLI::App &app, Session &session) {
    const auto options = std::make_shared<SegmentOptions>();
    CLI::App *segment =
        app.add_subcommand("segment", "Who is meant, and why")->require_subcommand(1)->fallthrough();
    const char *what =
        "A stored code, a predicate as JSON ({...}, true or false), or @file for one in a file";

    CLI::App *store = segment->add_subcommand("put", "Store a segment, or a new version of it");
    store->add_option("code", options->segment, "Its code")->required();
    store->add_option("file", options->file, "The predicate as JSON, or - for the standard input")
        ->required();
    store->callback([&session, options] { put(session, *options); });

    CLI::App *counting = segment->add_subcommand("count", "How many customers are in it");
    counting->add_option("segment", options->segment, what)->required();
    counting->callback([&session, options] { count(session, *options); });

    CLI::App *listing = segment->add_subcommand(
        "list", "The customers in it, one a line; without a segment, all that are stored");
    listing->add_option("segment", options->segment, what);
    listing->add_option("--limit", options->most, "At most so many; 0: all");
    listing->add_option("--after", options->after, "Begin after this identity");
    listing->callback([&session, options] { list(session, *options); });

    CLI::App *why = segment->add_subcommand("explain", "Why a customer is in it, or is not");
    why->add_option("segment", options->segment, what)->required();
    add_identity(*why, options->identity);
    why->add_option("--witnesses", options->witnesses, "At most so many rows per condition")
        ->capture_default_str();
    why->callback([&session, options] { explain(session, *options); });
}

}  // namespace cartbell::cli
