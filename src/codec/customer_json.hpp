// A customer's state as JSON: identities and profile, in the shape of a `customer` operation (formats.md §1,
// §5 "Customer").
#pragma once

#include <span>
#include <string>

#include "codec/value_json.hpp"
#include "model/customer.hpp"
#include "model/identity.hpp"
#include "model/settings.hpp"

namespace cartbell::codec {

// Appends {"customer":{identities},"profile":{...}}; with Detail::all the profile has the computed members
// too, and "identities" (every one that ever named it), "lists", "consents" (of each channel and category the newest fact) and "version" follow.
void append_customer(std::string &out, const Customer &customer, const Settings &settings, Detail detail);
// Appends {"channel","category","at","is":true|false|"unknown","fact","forgotten"}: the newest fact at or before `at`, if one is kept, and whether
// there may have been one that is not.
void append_standing(std::string &out, const Customer &customer, std::string_view channel, std::string_view category, Instant at);
// Appends {"external_id":"C-17","email":"a@b.eu"}: of several of one kind the first.
void append_identities(std::string &out, std::span<const Identity> identities);

}  // namespace cartbell::codec
