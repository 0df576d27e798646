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
// too, and "identities" (every one that ever named it) and "version" follow.
void append_customer(std::string &out, const Customer &customer, const Settings &settings, Detail detail);
// Appends {"external_id":"C-17","email":"a@b.eu"}: of several of one kind the first.
void append_identities(std::string &out, std::span<const Identity> identities);

}  // namespace cartbell::codec
