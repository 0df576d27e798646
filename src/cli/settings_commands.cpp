// settings get, settings put.
#include <CLI/CLI.hpp>

#include <memory>

#include "cli/session.hpp"

namespace cartbell::cli {

void add_settings_commands(CLI::App &app, Session &session) {
    CLI::App *settings =
        app.add_subcommand("settings", "The shop's settings: shop, sources, statuses, fields, rates")
            ->require_subcommand(1)
            ->fallthrough();

    const auto member = std::make_shared<std::string>();
    CLI::App *get = settings->add_subcommand("get", "The settings in force");
    get->add_option("member", *member, "One member: shop, sources, statuses, fields, rates");
    get->callback([&session, member] {
        session.answer(session.open_to_read().settings(*member), [&](const Json &json) {
            if (!json.is(Json::Kind::array)) return session.screen.object(json);
            if (json.items.empty())
                session.screen.line("  none");
            else
                session.screen.table(json.items);
        });
    });

    const auto file = std::make_shared<std::string>();
    CLI::App *put =
        settings->add_subcommand("put", "Put settings: the members in the file replace those in force");
    put->add_option("file", *file, "A JSON object of settings members, or - for the standard input")
        ->required();
    put->callback([&session, file] {
        const std::string json = session.read(*file);
        session.answer(session.open_to_write().put_settings(json, session.now_us()), [&](const Json &answer) {
            session.screen.line("Settings are at version " + answer["version"].shown() + ".");
        });
    });
}

}  // namespace cartbell::cli
