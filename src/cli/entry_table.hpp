// Who said what and when, what customers did and what they were sent, as tables.
#pragma once

#include <functional>
#include <string>

#include "cli/session.hpp"

namespace cartbell::cli {

// The engine's answer for the page after `after`, of at most `most`.
using Page = std::function<std::string(const std::string &after, size_t most)>;

// Ask for page after page, at most `most` in all (0: all of them), and show them.
void show_entries(Session &session, const Page &page, size_t most, const std::string &after);
// A customer's entries with the messages of the outbox among them; with --json the entries alone.
void show_life(Session &session, const Page &entries, const Page &messages, size_t most, const std::string &after);
void show_events(Session &session, const Page &page, size_t most, const std::string &after);
void show_holders(Session &session, const Page &page, size_t most, const std::string &after);
void show_messages(Session &session, const Page &page, size_t most, const std::string &after);

}  // namespace cartbell::cli
