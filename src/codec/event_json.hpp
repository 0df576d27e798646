// An event as JSON (formats.md §5 "Event").
#pragma once

#include <string>

#include "model/event.hpp"
#include "model/settings.hpp"

namespace cartbell::codec {

// Appends {"event_id","name","kind","occurred_at","received_at","source","session_id" or none,"customer":{identities as sent},"context":{…}}.
void append_event(std::string &out, const Event &event, const Settings &settings);

}  // namespace cartbell::codec
