// mailing put, list, dry-run, start, status.
#include <CLI/CLI.hpp>

#include <memory>

#include "cli/clock.hpp"
#include "cli/progress_bar.hpp"
#include "cli/session.hpp"

namespace cartbell::cli {
namespace {

constexpr int64_t steps_at_once = 50;

struct MailingOptions {
    std::string file, code;
};

int64_t sum(const Json &counts) {
    int64_t all = 0;
    for (const auto &[name, count] : counts.members)
        all += count.integer();
    return all;
}

void show_count(const Screen &screen, std::string_view name, int64_t count, int64_t audience) {
    const std::string number = grouped(count);
    screen.line("  " + padded(name, 10) + std::string(number.size() < 10 ? 10 - number.size() : 0, ' ') +
                number + (audience > 0 ? "  " + bar(count, audience, 30) : ""));
}

void show_reasons(const Screen &screen, const Json &counts) {
    for (const auto &[reason, count] : counts.members)
        screen.line("    " + screen.dim(grouped(count.integer()) + "  " + plain_text(reason)));
}

void show_outcome(const Screen &screen, const Json &answer) {
    const int64_t audience = answer["audience"].integer();
    show_count(screen, "audience", audience, 0);
    show_count(screen, "rendered", answer["rendered"].integer(), audience);
    show_count(screen, "blocked", sum(answer["blocked"]), audience);
    show_reasons(screen, answer["blocked"]);
    show_count(screen, "failed", sum(answer["failed"]), audience);
    show_reasons(screen, answer["failed"]);
    if (answer["states"].members.empty()) return;
    std::string states;
    for (const auto &[state, count] : answer["states"].members)
        states += (states.empty() ? "" : ", ") + grouped(count.integer()) + " " + state;
    screen.line("  " + screen.dim("messages: " + states));
}

void put(Session &session, const MailingOptions &options) {
    const std::string json = session.read(options.file);
    session.answer(session.open_to_write().put_mailing(json, session.now_us(), options.code),
                   [&](const Json &answer) {
                       session.screen.line("Mailing " + session.screen.bold(answer["code"].shown()) +
                                           " is at version " + answer["version"].shown() + ".");
                   });
}

void list(Session &session) {
    session.answer(session.open_to_read().mailings(), [&](const Json &answer) {
        if (answer["mailings"].items.empty()) return session.screen.line("There are no mailings yet.");
        std::vector<std::vector<std::string>> rows;
        for (const Json &one : answer["mailings"].items)
            rows.push_back({one["code"].shown(), one["definition"]["template"].shown(),
                            one["definition"]["channel"].shown(), one["version"].shown()});
        session.screen.table({"code", "template", "channel", "version"}, rows);
    });
}

void show_status(Session &session, const std::string &code, const std::string &text) {
    session.answer(text, [&](const Json &answer) {
        session.screen.line(session.screen.bold("mailing " + code) + ": " + answer["state"].shown());
        show_outcome(session.screen, answer);
    });
}

void dry_run(Session &session, const std::string &code) {
    session.answer(session.open_to_read().dry_run_mailing(code, session.now_us()), [&](const Json &answer) {
        session.screen.line(session.screen.bold("mailing " + code) + ": a dry run, nothing was queued");
        show_outcome(session.screen, answer);
    });
}

// Starts it and ticks until nothing is due at this instant; interrupted, it goes on where it was when started
// again.
void start(Session &session, const std::string &code) {
    engine shop = session.open_to_write();
    const int64_t began_us = session.now_us();
    shop.start_mailing(code, began_us);
    Progress progress("sending " + code, 0, session.json);
    for (int64_t steps = 0;;) {
        const int64_t now = session.at.empty() ? session.now_us() : began_us;
        const ticked done = shop.tick(now, steps_at_once);
        steps += done.done;
        progress.show(0, steps, "steps");
        if (done.next_due_us > now) break;
    }
    progress.end();
    show_status(session, code, shop.mailing_status(code));
}

}  // namespace

void add_mailing_commands(CLI::App &app, Session &session) {
    const auto options = std::make_shared<MailingOptions>();
    CLI::App *group = app.add_subcommand("mailing", "One message to every customer of a segment")
                          ->require_subcommand(1)
                          ->fallthrough();

    CLI::App *store =
        group->add_subcommand("put", "Store a mailing, or a new version of one that has not started");
    store->add_option("file", options->file, "The definition as JSON, or - for the standard input")
        ->required();
    store->add_option("--code", options->code, "Its code, if the definition names none");
    store->callback([&session, options] { put(session, *options); });

    group->add_subcommand("list", "All that are stored")->callback([&session] { list(session); });

    CLI::App *trial = group->add_subcommand("dry-run", "What it would do now; queues nothing");
    trial->add_option("code", options->code, "Its code")->required();
    trial->callback([&session, options] { dry_run(session, options->code); });

    CLI::App *begin =
        group->add_subcommand("start", "Start it and do its work until all messages are in the outbox");
    begin->add_option("code", options->code, "Its code")->required();
    begin->callback([&session, options] { start(session, options->code); });

    CLI::App *state = group->add_subcommand("status", "How far it is, and how its messages ended");
    state->add_option("code", options->code, "Its code")->required();
    state->callback([&session, options] {
        show_status(session, options->code, session.open_to_read().mailing_status(options->code));
    });
}

}  // namespace cartbell::cli
