#include "model/identity.hpp"

#include <array>

#include "base/limits.hpp"
#include "base/text.hpp"

namespace cartbell {
namespace {

constexpr std::array<std::string_view, 6> kind_names{"external_id", "email", "phone", "device_id",
                                                     "anonymous_id", "session"};

Error refused(std::string_view reason, std::string message) {
    return failure(Code::invalid, reason, std::move(message));
}

bool plausible_email(std::string_view text) {
    const size_t at = text.rfind('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == text.size()) return false;
    if (text.find('@') != at && text.front() != '"')
        return false;  // a quoted local part may hold one (RFC 5321 §4.1.2)
    for (const char c : text)
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return false;
    return true;
}

// "`+` and digits; spaces, dots, hyphens and brackets are dropped, without `+` it is refused" (formats.md
// §1.1)
Result<Identity> make_phone(std::string_view text) {
    std::string kept;
    for (const char c : text)
        if (std::string_view(" .-()[]").find(c) == std::string_view::npos) kept += c;
    if (kept.empty() || kept[0] != '+')
        return refused("bad_phone", "a phone number begins with + and its country code");
    if (kept.size() == 1 || kept.find_first_not_of("0123456789", 1) != std::string::npos)
        return refused("bad_phone", "a phone number is + and digits");
    return Identity{IdentityKind::phone, std::move(kept)};
}

}  // namespace

std::string_view name_of(IdentityKind kind) {
    return kind_names[static_cast<size_t>(kind)];
}

Result<Identity> make_identity(IdentityKind kind, std::string_view text) {
    const std::string name(name_of(kind));
    if (trim_ascii(text).empty()) return refused("empty", name + " is empty");
    if (text.size() > Limits{}.identity_bytes)
        return failure(Code::limit, "too_long",
                       name + " is longer than " + std::to_string(Limits{}.identity_bytes) + " bytes");
    switch (kind) {
        case IdentityKind::email: {
            const std::string_view trimmed = trim_ascii(text);
            if (!plausible_email(trimmed)) return refused("bad_email", "an email address is name@host");
            return Identity{kind, lower_ascii(trimmed)};  // "ASCII letters lower-cased"
        }
        case IdentityKind::phone: return make_phone(trim_ascii(text));
        default: return Identity{kind, std::string(text)};
    }
}

std::string identity_text(const Identity &identity) {
    std::string text(name_of(identity.kind));
    text += ':';
    text += identity.value;
    return text;
}

Result<Identity> parse_identity_text(std::string_view text) {
    const size_t colon = text.find(':');
    const std::string_view name = text.substr(0, colon);
    if (colon != std::string_view::npos)
        for (size_t kind = 0; kind < kind_names.size(); ++kind)
            if (kind_names[kind] == name)
                return make_identity(static_cast<IdentityKind>(kind), text.substr(colon + 1));
    return refused("bad_identity", "an identity is written kind:text, for example external_id:C-17");
}

Identity session_identity(std::string_view source, std::string_view session_id) {
    Identity session{IdentityKind::session, std::string(source)};
    session.value += '/';
    session.value += session_id;
    return session;
}

}  // namespace cartbell
