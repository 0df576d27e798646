#include "door.hpp"

using namespace cartbell;
using namespace cartbell::test;

namespace {

std::string customer_json(std::string_view profile) {
    return R"({"type":"customer","id":"1","source":"shop","customer":{"external_id":"C-17"},"profile":)" +
           std::string(profile) + "}";
}

}  // namespace

TEST_CASE("the example of a customer is read whole") {
    const codec::Parsed parsed = parse_one(customer_json(
        R"({"full_name":"Anna Liepa","city":"Riga","time_zone":"Europe/Riga","locale":"lv","birth_date":"--05-14","registered_at":"2020-01-01T00:00:00Z","fields":{"vip":true}})"));
    REQUIRE(errors_of(parsed).empty());
    CHECK(parsed.operation.type == OperationType::customer);
    const Record &profile = parsed.operation.profile.profile;
    CHECK(profile.text(customer_field::full_name) == "Anna Liepa");
    CHECK(profile.text(customer_field::time_zone) == "Europe/Riga");
    CHECK(unpack_date(profile.find(customer_field::birth_date)->number) == Date{0, 5, 14});
    CHECK(profile.find_custom("vip")->number == 1);
}

TEST_CASE("a customer operation names its customer; the profile may be absent") {
    CHECK(errors_of(R"({"type":"customer","id":"1","customer":{"email":"a@b.eu"}})").empty());
    CHECK(errors_of(R"({"type":"customer","id":"1","profile":{}})") == Errors{"missing_customer /customer"});
    CHECK(errors_of(R"({"type":"customer","id":"1","customer":{"email":null}})") ==
          Errors{"missing_customer /customer"});
    CHECK(errors_of(R"({"type":"customer","id":"1","customer":{"email":"x"}})") ==
          Errors{"bad_email /customer/email"});
    CHECK(errors_of(R"({"type":"customer","id":"1","customer":{"email":"a@b.eu"},"order":{}})") ==
          Errors{"unknown_member /order"});
}

TEST_CASE("a profile is a patch: null clears") {
    const codec::Parsed parsed = parse_one(customer_json(R"({"city":null,"fields":{"vip":null}})"));
    CHECK(parsed.operation.profile.profile.find(customer_field::city)->missing());
    CHECK(parsed.operation.profile.profile.find_custom("vip")->missing());
}

TEST_CASE("identities belong to customer, computed members to the engine") {
    CHECK(errors_of(customer_json(
              R"({"email":"a@b.eu","known":true,"created_at":null,"vip":true,"birth_date":"14.05.1990"})")) ==
          Errors{"identity_in_profile /profile/email", "computed /profile/known",
                 "computed /profile/created_at", "unknown_member /profile/vip",
                 "not_a_date /profile/birth_date"});
    CHECK(errors_of(customer_json("[]")) == Errors{"bad_type /profile"});
}
