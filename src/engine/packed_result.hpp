// Results as the journal keeps them: phrases that every result repeats become single bytes. Half a kilobyte an entry becomes a fifth of it,
// which is a third less to write for an import.
#pragma once

#include <string>
#include <string_view>

namespace cartbell::engine {

void pack_result(std::string_view result, std::string &out);   // replaces `out`
std::string unpack_result(std::string_view packed);            // a text that is not packed comes back as it is

}  // namespace cartbell::engine
