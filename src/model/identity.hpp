// Identities of a customer, strongest first (formats.md §1.1).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"

namespace cartbell {

// `session` is the engine's own: what an event without an identity is known by, source and session_id (formats.md §1.1). Nobody sends or is
// called by it.
enum class IdentityKind : uint8_t { external_id, email, phone, device_id, anonymous_id, session };
inline constexpr size_t sent_identity_kinds = 5;  // all but `session`

struct Identity {
    IdentityKind kind = IdentityKind::external_id;
    std::string value;  // normalised
    friend bool operator==(const Identity &, const Identity &) = default;
    friend auto operator<=>(const Identity &, const Identity &) = default;
};

std::string_view name_of(IdentityKind kind);                                      // "external_id"
Result<Identity> make_identity(IdentityKind kind, std::string_view text);         // normalises; errors `bad_email`, `bad_phone`, `empty`
std::string identity_text(const Identity &identity);                              // "external_id:C-17" (kind:text)
Result<Identity> parse_identity_text(std::string_view text);
Identity session_identity(std::string_view source, std::string_view session_id);  // no code of a source holds a slash

}  // namespace cartbell
