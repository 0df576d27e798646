// A customer on the command line: C-17, email:a@b.eu.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace cartbell::cli {

// A required argument `identity`. What has no kind in front is the shop's own id: C-17 is external_id:C-17.
void add_identity(CLI::App &command, std::string &identity);

}  // namespace cartbell::cli
