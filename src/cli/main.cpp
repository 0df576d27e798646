// The `cartbell` command: the engine from a shell, through nothing but the C ABI.
#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>

#include "cli/clock.hpp"
#include "cli/failure.hpp"
#include "cli/session.hpp"

namespace cartbell::cli {
namespace {

int exit_code_of(int32_t status) {
    switch (status) {
        case CARTBELL_INVALID:
        case CARTBELL_CONFLICT:
        case CARTBELL_LIMIT:
            return exit_refused;
        case CARTBELL_NOT_FOUND:
            return exit_not_found;
        case CARTBELL_BUSY:
        case CARTBELL_CORRUPT:
        case CARTBELL_IO:
        case CARTBELL_FULL:
        case CARTBELL_NEWER:
        case CARTBELL_READ_ONLY:
            return exit_store;
        default:
            return exit_defect;
    }
}

// "offer.json:3:12: a section is not closed" and below where and what for programs.
int tell(const error &failed, const Session &session) {
    std::string text = "cartbell: ";
    const bool in_input = failed.line() > 0 || *failed.pointer();
    if (in_input && !session.input.empty()) text += session.input + ":";
    if (failed.line() > 0) text += std::to_string(failed.line()) + ":";
    if (failed.column() > 0) text += std::to_string(failed.column()) + ":";
    if (text.back() == ':') text += ' ';
    text += failed.what();
    if (*failed.pointer()) text += std::string("\n  at ") + failed.pointer();
    text += std::string("\n  (") + failed.status_name() + ": " + failed.reason() + ")";
    std::fprintf(stderr, "%s\n", text.c_str());
    if (failed.status() == CARTBELL_BUSY)
        std::fprintf(stderr, "  another program writes %s; try again when it is done\n",
                     session.store.c_str());
    return exit_code_of(failed.status());
}

int run(int argc, char **argv) {
    Session session;
    CLI::App app("Cartbell: a shop's orders in, the right messages out.", "cartbell");
    app.set_version_flag("--version", std::string("cartbell ") + cartbell_version());
    app.add_option("-s,--store", session.store, "The store: an SQLite file")
        ->envname("CARTBELL_STORE")
        ->capture_default_str();
    app.add_option("--at", session.at,
                   "The clock: an instant (2011-12-10T00:00:00Z) or a day in UTC; the system's if not given");
    app.add_flag("--json", session.json, "Print the engine's own answer, one JSON text");
    app.require_subcommand(1);
    app.fallthrough();

    add_store_commands(app, session);
    add_import_command(app, session);
    add_fact_commands(app, session);
    add_settings_commands(app, session);
    add_segment_commands(app, session);
    add_template_commands(app, session);
    add_mailing_commands(app, session);
    add_outbox_commands(app, session);
    // After the subcommands, which take what the top level has when they are added.
    app.footer(
        "A first round, with a store in ./cartbell.db:\n"
        "  cartbell init --currency EUR --zone Europe/Riga\n"
        "  cartbell import orders.ndjson\n"
        "  cartbell segment put regulars regulars.json\n"
        "  cartbell segment count regulars\n"
        "  cartbell segment explain regulars external_id:C-17\n"
        "  cartbell template put thanks.json && cartbell mailing put spring.json\n"
        "  cartbell mailing start spring && cartbell outbox export spring-messages\n\n"
        "Exit codes: 0 done, 1 the input was refused, 2 wrong usage, 3 not found, 4 the store is busy, "
        "broken or missing, 5 a defect.");
    try {
        app.parse(argc, argv);
        return std::fflush(stdout) == 0 ? 0 : exit_refused;
    } catch (const CLI::ParseError &said) {
        return app.exit(said) == 0 ? 0 : exit_usage;
    } catch (const Failure &said) {
        std::fprintf(stderr, "cartbell: %s\n", said.what());
        return said.code();
    } catch (const error &failed) {
        return tell(failed, session);
    } catch (const std::exception &defect) {
        std::fprintf(stderr, "cartbell: %s\n", defect.what());
        return exit_defect;
    }
}

}  // namespace
}  // namespace cartbell::cli

int main(int argc, char **argv) {
    return cartbell::cli::run(argc, argv);
}
