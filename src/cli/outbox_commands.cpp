// outbox lease, report, export.
#include <CLI/CLI.hpp>

#include <memory>

#include "cli/clock.hpp"
#include "cli/failure.hpp"
#include "cli/message_folder.hpp"
#include "cli/message_text.hpp"
#include "cli/session.hpp"

namespace cartbell::cli {
namespace {

struct OutboxOptions {
    std::string worker = "cli";
    size_t most = 10;
    std::string lease = "5m";
    std::string file, message, outcome, provider, reason, folder, source;
};

std::vector<std::string> message_row(const Json &message) {
    return {message["message_id"].shown(), message["channel"].shown(), message["customer"].shown(),
            message["parts"]["subject"].shown()};
}

void lease(Session &session, const OutboxOptions &options) {
    const std::string text = session.open_to_write().lease(
        options.worker, options.most, parse_duration_us(options.lease), session.now_us());
    session.answer(text, [&](const Json &answer) {
        const auto &messages = answer["messages"].items;
        if (messages.empty()) return session.screen.line("Nothing is due.");
        std::vector<std::vector<std::string>> rows;
        for (const Json &message : messages)
            rows.push_back(message_row(message));
        session.screen.table({"message", "channel", "customer", "subject"}, rows);
        session.screen.line(session.screen.dim("  leased to " + options.worker + " for " + options.lease +
                                               "; report with `cartbell outbox report`"));
    });
}

std::string one_report(const OutboxOptions &options) {
    std::string json = "{";
    const auto add = [&](std::string_view name, const std::string &value) {
        if (value.empty()) return;
        if (json.back() != '{') json += ',';
        append_quoted(json, name);
        json += ':';
        append_quoted(json, value);
    };
    add("message_id", options.message);
    add("outcome", options.outcome);
    add("provider_id", options.provider);
    add("reason", options.reason);
    return json + "}";
}

void report(Session &session, const OutboxOptions &options) {
    const bool single = !options.message.empty() || !options.outcome.empty();
    if (single == !options.file.empty())
        throw Failure(exit_usage, "name a file of reports, or --message and --outcome");
    if (single && (options.message.empty() || options.outcome.empty()))
        throw Failure(exit_usage, "--message and --outcome go together");
    const std::string json = single ? one_report(options) : session.read(options.file);
    session.answer(session.open_to_write().report(json, session.now_us()), [&](const Json &answer) {
        session.screen.line("Reported.");
        session.screen.object(answer);
    });
}

void export_folder(Session &session, const OutboxOptions &options) {
    MessageFolder folder(options.folder);
    const engine shop = session.open_to_read();
    message_export cursor = shop.export_messages(options.source);
    for (std::string page; cursor.next(page);)
        for (const Json &message : read_json(page).items)
            folder.add(message);
    folder.finish(options.source);
    if (session.json) {
        std::string path;
        append_quoted(path, folder.index_path());
        return session.screen.line("{\"messages\":" + std::to_string(folder.messages()) + ",\"files\":" +
                                   std::to_string(folder.files()) + ",\"index\":" + path + "}");
    }
    session.screen.line(plural(folder.messages(), "message", "messages") + ", " +
                        plural(folder.files(), "file", "files") + ": open " +
                        session.screen.bold(folder.index_path()));
}

}  // namespace

void add_outbox_commands(CLI::App &app, Session &session) {
    const auto options = std::make_shared<OutboxOptions>();
    CLI::App *group =
        app.add_subcommand("outbox", "Messages on their way out")->require_subcommand(1)->fallthrough();

    CLI::App *take = group->add_subcommand(
        "lease", "Take messages to hand over; nobody else gets them until the lease ends");
    take->add_option("--worker", options->worker, "A name of this worker")->capture_default_str();
    take->add_option("--limit", options->most, "At most so many")->capture_default_str();
    take->add_option("--for", options->lease, "How long: 90s, 5m, 2h")->capture_default_str();
    take->callback([&session, options] { lease(session, *options); });

    CLI::App *tell = group->add_subcommand("report", "Say what became of messages");
    tell->add_option("file", options->file,
                     "One report or an array of them as JSON, or - for the standard input");
    tell->add_option("--message", options->message, "A message's id");
    tell->add_option("--outcome", options->outcome, "handed_over, delivered, bounced or failed");
    tell->add_option("--provider-id", options->provider, "The provider's id of it");
    tell->add_option("--reason", options->reason, "Why it bounced or failed");
    tell->callback([&session, options] { report(session, *options); });

    CLI::App *folder = group->add_subcommand(
        "export", "Write messages as .html and .txt files with an index page; changes nothing");
    folder->add_option("folder", options->folder, "Where to; made if it is not there")->required();
    folder->add_option("--source", options->source, "Only of one source, as mailing:spring");
    folder->callback([&session, options] { export_folder(session, *options); });
}

}  // namespace cartbell::cli
