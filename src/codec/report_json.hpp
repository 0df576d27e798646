// What a host reports about messages: {"message_id","outcome","provider_id","reason","worker"}, one or an array (formats.md §4 "A message").
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "base/status.hpp"

namespace cartbell::codec {

struct MessageReport {
    std::string message_id;
    std::string outcome;       // handed_over delivered bounced failed
    std::string provider_id;   // "" = not said; of all optional members
    std::string reason;
    std::string worker;
};

// Errors: those of a malformed text, and with a pointer `bad_type unknown_member missing_member unknown_code`; `too_many` over page_rows.
Result<std::vector<MessageReport>> read_reports(std::string_view json, const Limits &limits);

// Of a text that read_reports() took, an array of the reports on messages that are kept.
Result<std::string> reports_on(std::string_view json, const std::function<bool(std::string_view message_id)> &kept);

}  // namespace cartbell::codec
