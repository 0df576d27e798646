// The stored byte form of folded states (compact, versioned by its first byte), and the digest form without internal ids,
// journal positions, received_at and outcomes.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "model/claim.hpp"
#include "model/container.hpp"
#include "model/customer.hpp"
#include "model/event.hpp"
#include "model/order.hpp"
#include "model/product.hpp"
#include "model/row_views.hpp"

namespace cartbell {

void encode(const Order &order, std::string &out);
void encode(const Customer &customer, std::string &out);
void encode(const Product &product, std::string &out);
void encode(const Event &event, std::string &out);  // all but key, name and position; of the key the trust
void encode_event(const Entry &entry, std::string &out);  // as its Event
Status decode(std::string_view bytes, Event &event);
void encode(const Container &container, std::string &out);  // all but its code
Status decode(std::string_view bytes, Container &container);
Status decode(std::string_view bytes, Order &order);        // `corrupt` on any malformed byte; reuses the order's memory
Status decode(std::string_view bytes, Customer &customer);
Status decode(std::string_view bytes, Product &product);

void encode(std::span<const int64_t> positions, std::string &out);  // of the journal, ascending
Status decode(std::string_view bytes, std::vector<int64_t> &positions);

void encode(const IdentityState &identity, std::string &out);
Status decode(std::string_view bytes, IdentityState &identity);

// What questions ask of an order: its attributes and statuses, and its rows left sealed in `bytes`, which the caller keeps until they are
// opened. What only the fold needs (owner, entries, newest and what stands beside them) is not read and stays as it was.
Status decode_facts(std::string_view bytes, Order &order);
// Lines that are still sealed, as they lie there. False: they make no sense, and would open as none.
bool view_lines(std::string_view sealed, RowViews &lines);

void append_facts_digest(const Order &order, std::string &out);      // the bytes that the state digest hashes
void append_facts_digest(const Customer &customer, std::string &out);
void append_facts_digest(const Product &product, std::string &out);
void append_facts_digest(const Event &event, std::string &out);
void append_facts_digest(const Container &container, std::string &out);
void append_facts_digest(const IdentityState &identity, std::string &out);
void append_facts_digest(const Claim &claim, std::string &out);

}  // namespace cartbell
