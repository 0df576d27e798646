// A customer's state as JSON: identities and profile, in the shape of a `customer` operation (formats.md §1, §5 "Customer").
#pragma once

#include <span>
#include <string>

#include "codec/order_json.hpp"
#include "model/customer.hpp"
#include "model/identity.hpp"
#include "model/settings.hpp"

namespace cartbell::codec {

// Appends {"customer":{identities},"profile":{...}}; with Detail::all also "identities" (every one it ever had), computed
// members and "version".
void append_customer(std::string &out, const Customer &customer, const Settings &settings, Detail detail);
// Appends {"external_id":"C-17","email":"a@b.eu"}: of several of one kind the first.
void append_identities(std::string &out, std::span<const Identity> identities);

}  // namespace cartbell::codec
