// What one version of the settings says that another does not.
#pragma once

#include <string>

#include "model/settings.hpp"

namespace cartbell::codec {

// Appends an array of {"path","from","to"}, by path; no "from": added, no "to": removed. Elements of a list are matched by what they are keyed
// by and not by their place, so a path names them by it: /sources/shop/rank, /statuses/payment/paid/name, /rates/USD/EUR/2026-01-02.
void append_settings_difference(std::string &out, const Settings &from, const Settings &to);

}  // namespace cartbell::codec
