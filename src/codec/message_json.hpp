// A message that an earlier system sent, as JSON (formats.md §5 "Message").
#pragma once

#include <string>

#include "model/old_message.hpp"

namespace cartbell::codec {

// Appends {"message_id","source","key","customer","channel","category","template","state","reason",…}: every field, null where nothing is known;
// "customer": kind:text, as it was named. Members that only messages of the outbox have are null, "attempts" 0.
void append_old_message(std::string &out, const OldMessage &message);

}  // namespace cartbell::codec
