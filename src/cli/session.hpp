// What every command shares: the options before and after its name, the engine, and how an answer is printed.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cartbell/cartbell.hpp"
#include "cli/json_reader.hpp"
#include "cli/screen.hpp"

namespace CLI {
class App;
}

namespace cartbell::cli {

class Session {
  public:
    std::string store = "cartbell.db";
    std::string at;
    bool json = false;
    Screen screen;
    std::string input;  // the file that was read last, named when it is at fault

    std::string read(const std::string &path);  // "-" is the standard input. Throws Failure
    int64_t now_us() const;                     // --at, else the system's clock
    bool store_exists() const;
    engine open_to_read() const;   // beside a writer; the store must exist
    engine open_to_write() const;  // the store must exist
    engine open_or_make() const;

    // The engine's own words with --json, else what `show` prints of them.
    void answer(const std::string &text, const std::function<void(const Json &)> &show) const;
};

void tell_warnings(const Json &answer);  // its "warnings", on the standard error
void write_whole(const std::string &path, std::string_view text);

// One function a group of commands: adds them to the app, with what they do.
void add_store_commands(CLI::App &app, Session &session);
void add_import_command(CLI::App &app, Session &session);
void add_fact_commands(CLI::App &app, Session &session);
void add_settings_commands(CLI::App &app, Session &session);
void add_segment_commands(CLI::App &app, Session &session);
void add_template_commands(CLI::App &app, Session &session);
void add_mailing_commands(CLI::App &app, Session &session);
void add_outbox_commands(CLI::App &app, Session &session);

}  // namespace cartbell::cli
