// template put, list, check, preview.
#include <CLI/CLI.hpp>

#include <memory>

#include "cli/identity_option.hpp"
#include "cli/message_text.hpp"
#include "cli/session.hpp"

namespace cartbell::cli {
namespace {

struct TemplateOptions {
    std::string file, code, identity;
};

void put(Session &session, const TemplateOptions &options) {
    const std::string json = session.read(options.file);
    session.answer(session.open_to_write().put_template(json, session.now_us(), options.code),
                   [&](const Json &answer) {
                       tell_warnings(answer);
                       session.screen.line("Template " + session.screen.bold(answer["code"].shown()) +
                                           " is at version " + answer["version"].shown() + ".");
                   });
}

void list(Session &session) {
    session.answer(session.open_to_read().templates(), [&](const Json &answer) {
        if (answer["templates"].items.empty()) return session.screen.line("There are no templates yet.");
        std::vector<std::vector<std::string>> rows;
        for (const Json &one : answer["templates"].items)
            rows.push_back({one["code"].shown(), one["definition"]["channel"].shown(), one["version"].shown(),
                            one["created_at"].shown()});
        session.screen.table({"code", "channel", "version", "since"}, rows);
    });
}

void check(Session &session, const TemplateOptions &options) {
    const std::string json = session.read(options.file);
    session.answer(session.open_to_read().check_template(json), [&](const Json &answer) {
        tell_warnings(answer);
        session.screen.line(session.screen.good("✓ ") + plain_text(session.input) + " is a sound template.");
        if (!answer["variables"].items.empty())
            session.screen.line("  it prints " + plain_text(answer["variables"].shown()));
    });
}

void preview(Session &session, const TemplateOptions &options) {
    session.answer(session.open_to_read().preview_template(options.code, options.identity, session.now_us()),
                   [&](const Json &answer) {
                       const std::string outcome = answer["outcome"].shown();
                       if (outcome == "rendered") return show_parts(session.screen, answer["parts"]);
                       std::string text = (outcome == "blocked" ? "Blocked: " : "Failed: ") +
                                          plain_text(answer["reason"].shown());
                       if (answer["line"].integer() > 0)
                           text +=
                               " at line " + answer["line"].shown() + ", column " + answer["column"].shown();
                       session.screen.line(session.screen.bad(text));
                   });
}

}  // namespace

void add_template_commands(CLI::App &app, Session &session) {
    const auto options = std::make_shared<TemplateOptions>();
    CLI::App *group =
        app.add_subcommand("template", "What a message says")->require_subcommand(1)->fallthrough();

    CLI::App *store = group->add_subcommand("put", "Store a template, or a new version of it");
    store->add_option("file", options->file, "The definition as JSON, or - for the standard input")
        ->required();
    store->add_option("--code", options->code, "Its code, if the definition names none");
    store->callback([&session, options] { put(session, *options); });

    group->add_subcommand("list", "All that are stored")->callback([&session] { list(session); });

    CLI::App *checking = group->add_subcommand("check", "Look for errors; stores nothing");
    checking->add_option("file", options->file, "The definition as JSON, or - for the standard input")
        ->required();
    checking->callback([&session, options] { check(session, *options); });

    CLI::App *show = group->add_subcommand("preview", "What a customer would get; queues nothing");
    show->add_option("code", options->code, "The template's code")->required();
    add_identity(*show, options->identity);
    show->callback([&session, options] { preview(session, *options); });
}

}  // namespace cartbell::cli
