// The door of consents (formats.md §1): {"type":"consent","id":"…","customer":{…},"channel":"email","category":"promo","granted":true,"expires_at":null,"proof":"form 3"}.
#include "door.hpp"

using namespace cartbell;
using namespace cartbell::test;

namespace {

Settings consent_settings() {
    Settings settings = shop_settings();
    settings.categories = {{"promo", "Promotions", CategoryKind::promo}, {"orders", "Orders", CategoryKind::service}, {"watch", "Watching", CategoryKind::tracking}};
    put_in_order(settings);
    return settings;
}

std::string consent_json(std::string_view members) {
    return R"({"type":"consent","id":"op-1","customer":{"external_id":"C-17"})" + std::string(members.empty() ? "" : ",") + std::string(members) + "}";
}

codec::Parsed parsed(std::string_view members, const Limits &limits = {}) { return parse_one(consent_json(members), consent_settings(), limits); }

Errors errors(std::string_view members, const Limits &limits = {}) { return errors_of(parsed(members, limits)); }

}  // namespace

TEST_CASE("the example of a consent is read whole") {
    const codec::Parsed read = parsed(R"("channel":"email","category":"promo","granted":true,"expires_at":null,"proof":"form 3")");
    REQUIRE(errors_of(read).empty());
    CHECK(read.operation.type == OperationType::consent);
    CHECK(read.operation.customer.at(0).value == "C-17");
    const ConsentChange &consent = read.operation.consent;
    CHECK(consent.channel == "email");
    CHECK(consent.category == "promo");
    CHECK(consent.granted);
    CHECK(consent.expires_at == no_instant);
    CHECK(consent.proof == "form 3");
    const codec::Parsed until = parsed(R"("channel":"sms","category":"orders","granted":true,"expires_at":"2027-01-01T00:00:00+01:00")");
    REQUIRE(errors_of(until).empty());
    CHECK(until.operation.consent.expires_at == *parse_instant("2026-12-31T23:00:00Z"));
    CHECK(until.operation.consent.proof.empty());
    const codec::Parsed denied = parsed(R"("channel":"push","category":"promo","granted":false)");
    REQUIRE(errors_of(denied).empty());
    CHECK_FALSE(denied.operation.consent.granted);
}

TEST_CASE("a consent says its category and whether it is granted, of a customer that it names") {
    CHECK(errors("") == Errors{"missing_category /category", "missing_granted /granted"});
    CHECK(errors(R"("channel":"email","category":null,"granted":null)") == Errors{"missing_category /category", "missing_granted /granted"});
    CHECK(errors(R"("channel":5,"category":[],"granted":"yes","proof":1,"expires_at":true)") ==
          Errors{"bad_type /channel", "bad_type /category", "bad_type /granted", "bad_type /proof", "bad_type /expires_at"});
    CHECK(errors_of(parse_one(R"({"type":"consent","id":"1","channel":"email","category":"promo","granted":true})", consent_settings())) ==
          Errors{"missing_customer /customer"});
    CHECK(errors(R"("channel":"email","category":"promo","granted":true,"list":"vip","order":{"order_id":"1"})") ==
          Errors{"unknown_member /list", "unknown_member /order"});
    CHECK(errors_of(parse_one(R"({"type":"list","id":"1","customer":{"external_id":"A"},"list":"x","member":true,"granted":true})")) ==
          Errors{"unknown_code /list", "unknown_member /granted"});
}

TEST_CASE("unknown channel and category codes: unknown_code with the nearest name") {
    const codec::Parsed read = parsed(R"("channel":"emai","category":"promos","granted":true)");
    CHECK(errors_of(read) == Errors{"unknown_code /channel", "unknown_code /category"});
    CHECK(read.errors.at(0).message.find("did you mean email?") != std::string::npos);
    CHECK(read.errors.at(1).message.find("did you mean promo?") != std::string::npos);
    CHECK(errors(R"("channel":"","category":"promo","granted":true)") == Errors{"unknown_code /channel"});
    // By default a shop has the channels email, sms and push, and no categories.
    CHECK(errors_of(parse_one(consent_json(R"("channel":"push","category":"promo","granted":true)"), default_settings())) ==
          Errors{"unknown_code /category"});
}

TEST_CASE("tracking is the consent to be observed and has no channel; every other category needs one") {
    CHECK(errors(R"("category":"watch","granted":true)").empty());
    CHECK(errors(R"("channel":null,"category":"watch","granted":true)").empty());
    CHECK(parsed(R"("category":"watch","granted":true)").operation.consent.channel.empty());
    CHECK(errors(R"("channel":"email","category":"watch","granted":true)") == Errors{"no_channel /channel"});
    CHECK(errors(R"("category":"promo","granted":true)") == Errors{"missing_channel /channel"});
    CHECK(errors(R"("channel":null,"category":"orders","granted":false)") == Errors{"missing_channel /channel"});
}

TEST_CASE("expires_at only with granted:true; outside 1970-2199 it is out_of_range") {
    CHECK(errors(R"("channel":"email","category":"promo","granted":false,"expires_at":"2027-01-01T00:00:00Z")") == Errors{"no_expiry /expires_at"});
    CHECK(errors(R"("channel":"email","category":"promo","granted":false,"expires_at":null)").empty());
    CHECK(errors(R"("channel":"email","category":"promo","granted":true,"expires_at":"2300-01-01T00:00:00Z")") == Errors{"out_of_range /expires_at"});
    CHECK(errors(R"("channel":"email","category":"promo","granted":true,"expires_at":"tomorrow")") == Errors{"not_a_time /expires_at"});
}

TEST_CASE("proof is text of at most 1,024 bytes; a host may lower that") {
    const auto with_proof = [](size_t size) { return R"("channel":"email","category":"promo","granted":true,"proof":")" + std::string(size, 'p') + '"'; };
    CHECK(errors(with_proof(1024)).empty());
    CHECK(errors(with_proof(1025)) == Errors{"too_large /proof"});
    Limits limits;
    limits.consent_proof_bytes = 10;
    CHECK(errors(with_proof(10), limits).empty());
    CHECK(errors(with_proof(11), limits) == Errors{"too_large /proof"});
}

TEST_CASE("an entry of the journal is a consent whatever the settings know by then") {
    const std::string body = consent_json(R"("category":"watch","granted":true)"), other = consent_json(R"("channel":"fax","category":"old","granted":true)");
    CHECK(codec::parse_entry(body, "shop", Settings{})->consent.category == "watch");
    CHECK(codec::parse_entry(other, "shop", Settings{})->consent.channel == "fax");
}
