// A message's parts, to read on a terminal.
#pragma once

#include "cli/screen.hpp"

namespace cartbell::cli {

void show_parts(const Screen &screen, const Json &parts);

}  // namespace cartbell::cli
