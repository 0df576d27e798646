// Identities of a customer, strongest first (formats.md §1.1).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"

namespace cartbell {

enum class IdentityKind : uint8_t { external_id, email, phone, device_id, anonymous_id };

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

}  // namespace cartbell
