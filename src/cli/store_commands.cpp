// init, stats, digest: the store as a whole.
#include <CLI/CLI.hpp>

#include <memory>

#include "cli/failure.hpp"
#include "cli/session.hpp"

namespace cartbell::cli {
namespace {

struct InitOptions {
    std::string settings, zone, currency, locale;
};

void add_member(std::string &json, std::string_view name, const std::string &value) {
    if (value.empty()) return;
    if (json.back() != '{') json += ',';
    append_quoted(json, name);
    json += ':';
    append_quoted(json, value);
}

// 541909 is read more easily as 541,909.
void group_numbers(Json &json) {
    for (auto &[name, value] : json.members) {
        if (value.is(Json::Kind::number) && name.find("version") == std::string::npos)
            value.text = grouped(value.integer());
        group_numbers(value);
    }
}

void init(Session &session, const InitOptions &options) {
    const std::string settings = options.settings.empty() ? std::string() : session.read(options.settings);
    const bool existed = session.store_exists();
    engine shop = session.open_or_make();
    if (!settings.empty()) shop.put_settings(settings, session.now_us());
    std::string json = "{";
    add_member(json, "zone", options.zone);
    add_member(json, "currency", options.currency);
    add_member(json, "locale", options.locale);
    if (json.size() > 1) {
        session.input = "command line";
        shop.put_settings("{\"shop\":" + json + "}}", session.now_us());
    }
    if (session.json) return session.screen.line(shop.settings());
    const Json shown = read_json(shop.settings("shop"));
    session.screen.line((existed ? "The store " : "Made the store ") + session.screen.bold(session.store) +
                        (existed ? " is there." : "."));
    session.screen.line("  zone " + shown["zone"].shown() + ", currency " + shown["currency"].shown() +
                        ", locale " + shown["locale"].shown());
}

}  // namespace

void add_store_commands(CLI::App &app, Session &session) {
    const auto options = std::make_shared<InitOptions>();
    CLI::App *make = app.add_subcommand("init", "Make a store, or put the first settings of one");
    make->add_option("--settings", options->settings, "A file of settings, or - for the standard input");
    make->add_option("--zone", options->zone, "The shop's IANA time zone");
    make->add_option("--currency", options->currency, "The shop's currency, ISO 4217");
    make->add_option("--locale", options->locale, "The shop's locale, BCP 47");
    make->callback([&session, options] { init(session, *options); });

    app.add_subcommand("stats", "What the store holds")->callback([&session] {
        session.answer(session.open_to_read().stats(), [&](Json stats) {
            group_numbers(stats);
            session.screen.line(session.screen.bold(session.store));
            session.screen.object(stats);
        });
    });

    const auto check = std::make_shared<bool>(false);
    CLI::App *digest = app.add_subcommand(
        "digest", "The digest of all facts: equal for the same operations, however they arrived");
    digest->add_flag("--check", *check, "Fold everything anew from the journal and compare");
    digest->callback([&session, check] {
        const engine shop = session.open_to_read();
        const std::string stored = shop.digest();
        session.answer(stored, [&](const Json &json) {
            session.screen.line(
                json["digest"].shown() + "  " +
                session.screen.dim(plural(json["orders"].integer(), "order", "orders") + ", " +
                                   plural(json["customers"].integer(), "customer", "customers") + ", " +
                                   plural(json["products"].integer(), "product", "products") + ", " +
                                   plural(json["events"].integer(), "event", "events") + ", " +
                                   plural(json["containers"].integer(), "container", "containers")));
        });
        if (!*check) return;
        if (read_json(stored)["digest"].text != read_json(shop.digest(true))["digest"].text)
            throw Failure(exit_store, "the journal folds to another state: the store is damaged");
        if (!session.json)
            session.screen.line(session.screen.good("✓") + " the journal folds to the same state");
    });
}

}  // namespace cartbell::cli
