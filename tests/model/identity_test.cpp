#include <doctest/doctest.h>

#include "model/identity.hpp"

using namespace cartbell;

namespace {
std::string made(IdentityKind kind, std::string_view text) {
    const auto identity = make_identity(kind, text);
    return identity.ok() ? identity->value : "!" + identity.error().reason;
}
}  // namespace

TEST_CASE("email: ASCII letters lower-cased") {
    CHECK(made(IdentityKind::email, "Anna.B@Example.EU") == "anna.b@example.eu");
    CHECK(made(IdentityKind::email, " a@b.eu ") == "a@b.eu");
    CHECK(made(IdentityKind::email, "\xc3\x84nna@b.eu") == "\xc3\x84nna@b.eu");
    for (const std::string_view bad : {"a", "@b", "a@", "a b@c", "a@b@c", "a@b\nc"}) {
        CAPTURE(bad);
        CHECK(made(IdentityKind::email, bad) == "!bad_email");
    }
}

TEST_CASE("phone: + and digits; spaces, dots, hyphens and brackets are dropped, without + it is refused") {
    CHECK(made(IdentityKind::phone, "+371 (20) 12-34.56") == "+37120123456");
    CHECK(made(IdentityKind::phone, "(+44) 1234") == "+441234");
    for (const std::string_view bad : {"20123456", "+", "+12a", "++12", "1+2", "+12/3", "00371 2012"}) {
        CAPTURE(bad);
        CHECK(made(IdentityKind::phone, bad) == "!bad_phone");
    }
}

TEST_CASE("an empty or overlong identity names nobody") {
    for (int kind = 0; kind < 5; ++kind) {
        CHECK(made(static_cast<IdentityKind>(kind), "") == "!empty");
        CHECK(made(static_cast<IdentityKind>(kind), "  ") == "!empty");
        CHECK(made(static_cast<IdentityKind>(kind), std::string(257, '1')) == "!too_long");
    }
    CHECK(made(IdentityKind::external_id, " C 17 ") == " C 17 ");
}

TEST_CASE("strongest first: external_id, email, phone, device_id, anonymous_id") {
    CHECK(Identity{IdentityKind::external_id, "z"} < Identity{IdentityKind::email, "a@b"});
    CHECK(Identity{IdentityKind::email, "z@z"} < Identity{IdentityKind::phone, "+1"});
    CHECK(Identity{IdentityKind::phone, "+9"} < Identity{IdentityKind::device_id, "a"});
    CHECK(Identity{IdentityKind::device_id, "z"} < Identity{IdentityKind::anonymous_id, "a"});
    CHECK(Identity{IdentityKind::external_id, "a"} < Identity{IdentityKind::external_id, "b"});
}

TEST_CASE("kind:text goes there and back, colons in the text included") {
    const Identity identity{IdentityKind::anonymous_id, "a:b"};
    CHECK(identity_text(identity) == "anonymous_id:a:b");
    CHECK(*parse_identity_text("anonymous_id:a:b") == identity);
    CHECK(parse_identity_text("email:A@B.eu")->value == "a@b.eu");
    for (const std::string_view bad : {"", "C-17", "name:x", "external_id:", ":x"}) {
        CAPTURE(bad);
        CHECK_FALSE(parse_identity_text(bad).ok());
    }
}
