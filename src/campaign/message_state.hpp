// The states of one message and what a report makes of them (formats.md §4 "A message").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/identity.hpp"

namespace cartbell::campaign {

enum class MessageState : uint8_t { blocked, render_failed, retracted, queued, leased, handed_over, delivered, bounced, failed };

std::string_view name_of(MessageState state);
std::optional<MessageState> message_state(std::string_view name);

// formats.md §4: the UUIDv5, in one fixed namespace, of the source, the customer's identity when it was planned, and the key. `identity`: the
// text of the root, which no two customers share (docs/decisions/0003).
std::string message_id(std::string_view source, std::string_view identity, std::string_view key);

enum class Move : uint8_t { moves, stays, refused };
// What a host's report says about a message in `now`: moves it, repeats what is known (`stays`), or contradicts it (`refused`).
// A provider is called at least once: that it took the message is true even when the lease had run out meanwhile.
Move move_on_report(MessageState now, MessageState reported);

}  // namespace cartbell::campaign
