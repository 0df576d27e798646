// Bodies of entries that stay in the journal when somebody whom they name is erased (docs/privacy.md): each is an operation that parses, and
// says less. All texts go in and out as JSON; error: `corrupt` when a body of the journal cannot be read.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/status.hpp"
#include "model/settings.hpp"

namespace cartbell::codec {

// An order of somebody else that the erased person's operation spoke of: without `customer`, under another operation id.
Result<std::string> body_without_customer(std::string_view body, std::string_view operation_id);

// Somebody else's operation about an order of the erased person: an `identify` of the identities it named, at its instant.
Result<std::string> body_as_identify(std::string_view body);

// A merge or unmerge of somebody else with the erased person: an `unmerge` from `into`, an external id.
Result<std::string> body_as_unmerge(std::string_view body, std::string_view into);

// An order for the shop's statistics: amounts, statuses, times, what was bought, and custom fields that the settings declare and do not call
// personal. `hidden`: what stands for a line's or payment's id.
struct AnonymousOrder {
    std::string_view operation_id, order_id;  // instead of its own
    const Settings &settings;
    std::function<std::string(std::string_view id)> hidden;
};
Result<std::string> body_of_anonymous_order(std::string_view body, const AnonymousOrder &order);

}  // namespace cartbell::codec
