// settings get, settings put, settings history, settings diff.
#include <CLI/CLI.hpp>

#include <memory>

#include "cli/session.hpp"

namespace cartbell::cli {
namespace {

// A row a change, as a person reads it: what stood there and what stands there now.
void show_changes(const Screen &screen, const Json &answer) {
    if (answer["changes"].items.empty()) return screen.line("  no difference");
    std::vector<std::vector<std::string>> rows;
    for (const Json &change : answer["changes"].items) {
        const auto shown = [](const Json &value) { return value.scalar() ? value.shown() : json_text(value); };
        rows.push_back({change["path"].shown(), shown(change["from"]), shown(change["to"])});
    }
    screen.table({"path", "from", "to"}, rows);
}

// "2: /shop/zone /lists/vip": how much a version changed, and what first of all.
std::string summary(const Json &answer) {
    const std::vector<Json> &changes = answer["changes"].items;
    std::string text = std::to_string(changes.size());
    for (size_t i = 0; i < changes.size() && i < 3; ++i)
        text += (i == 0 ? ": " : " ") + changes[i]["path"].text;
    return changes.size() > 3 ? text + " …" : text;
}

struct HistoryOptions {
    size_t most = 20;
    std::string after;
    std::vector<int64_t> versions;
};

void history(Session &session, const HistoryOptions &options) {
    const engine shop = session.open_to_read();
    const std::string text = shop.settings_versions(options.after, options.most);
    session.answer(text, [&](const Json &answer) {
        if (answer["versions"].items.empty()) return session.screen.line("  none were put");
        std::vector<std::vector<std::string>> rows;
        for (const Json &each : answer["versions"].items) {
            const Json difference = read_json(shop.settings_difference(-1, each["version"].integer()));
            rows.push_back({each["version"].shown(), each["created_at"].shown(), summary(difference)});
        }
        session.screen.table({"version", "put at", "changes"}, rows);
        if (answer["next"].is(Json::Kind::text))
            session.screen.line(session.screen.dim("  more with --after " + answer["next"].text));
    });
}

void diff(Session &session, const HistoryOptions &options) {
    const std::vector<int64_t> &named = options.versions;
    const int64_t from = named.size() == 2 ? named[0] : -1, to = named.empty() ? -1 : named.back();
    session.answer(session.open_to_read().settings_difference(from, to), [&](const Json &answer) {
        session.screen.line(session.screen.bold("settings " + answer["from"].shown() + " → " + answer["to"].shown()));
        show_changes(session.screen, answer);
    });
}

}  // namespace

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

    const auto options = std::make_shared<HistoryOptions>();
    CLI::App *versions = settings->add_subcommand("history", "The versions that were put, newest first, with what each changed");
    versions->add_option("--limit", options->most, "At most so many")->capture_default_str();
    versions->add_option("--after", options->after, "Begin after this version");
    versions->callback([&session, options] { history(session, *options); });

    CLI::App *difference = settings->add_subcommand("diff", "What differs between two versions");
    difference
        ->add_option("versions", options->versions,
                     "FROM and TO; one alone is compared with the one before it, none is the newest; 0 is before all")
        ->expected(0, 2)
        ->check(CLI::NonNegativeNumber);
    difference->callback([&session, options] { diff(session, *options); });
}

}  // namespace cartbell::cli
