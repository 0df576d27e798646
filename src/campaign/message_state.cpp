#include "campaign/message_state.hpp"

#include <array>

#include "base/hash.hpp"

namespace cartbell::campaign {
namespace {

constexpr std::array<std::string_view, 9> names{"blocked", "render_failed", "retracted", "queued", "leased",
                                                "handed_over", "delivered", "bounced", "failed"};

// Cartbell's own namespace for messages; another one would give every message another id.
constexpr std::array<uint8_t, 16> message_namespace{0x6d, 0x1c, 0x0b, 0x5e, 0x93, 0x44, 0x4f, 0x0a,
                                                    0xa7, 0x52, 0x3e, 0xc8, 0x15, 0x9d, 0x70, 0xb4};

}  // namespace

std::string_view name_of(MessageState state) { return names[static_cast<size_t>(state)]; }

std::optional<MessageState> message_state(std::string_view name) {
    for (size_t i = 0; i < names.size(); ++i)
        if (names[i] == name) return static_cast<MessageState>(i);
    return std::nullopt;
}

std::string message_id(std::string_view source, std::string_view identity, std::string_view key) {
    std::string name;
    name.reserve(source.size() + identity.size() + key.size() + 2);
    name += source;
    name += '\0';  // no string holds U+0000: three texts cannot run into one another
    name += identity;
    name += '\0';
    name += key;
    return uuid_v5(message_namespace, name);
}

Move move_on_report(MessageState now, MessageState reported) {
    if (now == reported) return Move::stays;
    switch (now) {
        case MessageState::queued:   // its lease ran out while the worker was at it: another try is due, whatever failed
            return reported == MessageState::queued || reported == MessageState::leased || reported == MessageState::failed ? Move::refused
                                                                                                                            : Move::moves;
        case MessageState::leased:
            return reported == MessageState::queued || reported == MessageState::leased ? Move::refused : Move::moves;
        case MessageState::handed_over:
            if (reported == MessageState::delivered || reported == MessageState::bounced || reported == MessageState::failed) return Move::moves;
            return Move::refused;
        case MessageState::delivered:
            if (reported == MessageState::handed_over) return Move::stays;  // an older report, repeated
            return reported == MessageState::bounced ? Move::moves : Move::refused;
        case MessageState::failed:   // what a provider took is not lost, whoever gave it up
            return reported == MessageState::handed_over ? Move::moves : Move::refused;
        case MessageState::bounced:
            return reported == MessageState::handed_over ? Move::stays : Move::refused;
        case MessageState::retracted:  // it was leased before, and what a provider took is not lost
            return reported == MessageState::handed_over || reported == MessageState::delivered || reported == MessageState::bounced ? Move::moves
                                                                                                                                     : Move::refused;
        case MessageState::blocked:
        case MessageState::render_failed: break;
    }
    return Move::refused;
}

}  // namespace cartbell::campaign
