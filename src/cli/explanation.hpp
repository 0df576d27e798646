// A segment's explanation as a tree for people.
#pragma once

#include "cli/screen.hpp"

namespace cartbell::cli {

void show_explanation(const Screen &screen, const Json &explanation);

}  // namespace cartbell::cli
