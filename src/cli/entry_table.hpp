// Who said what and when, as a table.
#pragma once

#include <functional>
#include <string>

#include "cli/session.hpp"

namespace cartbell::cli {

// Asks `page(after, most)` for page after page, at most `most` entries in all (0: all of them), and shows them.
void show_entries(Session &session, const std::function<std::string(const std::string &after, size_t most)> &page, size_t most,
                  const std::string &after);

}  // namespace cartbell::cli
