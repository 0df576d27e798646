// Containers as rows of the store: each with its customer, and beside it a row for each of its products, by which those are found who have one.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/entries.hpp"
#include "engine/rows.hpp"
#include "model/container.hpp"

namespace cartbell::engine {

inline constexpr std::string_view cart_code = "cart";

void add_container_row(Rows &rows, int64_t customer_id, const Container &container);
Result<Container> container_of_row(std::span<const store::Cell> row);
// All containers of the customer, by their codes.
Result<std::vector<Container>> containers_of(store::Transaction &transaction, int64_t customer_id);

ContainerRule container_rule(const Settings &settings, std::string_view code, const Zones &zones);
// "An order of a public source, not backfill, acts as a `clear` of the cart at its earliest fact (setting)": whether the entry is such a fact.
bool empties_cart(const Entry &entry, const Settings &settings);

// The facts about containers among a customer's entries, by the container's code. `joins`: of the entry's way to the customer.
class ContainerFacts {
  public:
    ContainerFacts(EntryReader &reader, const Zones &zones) : reader_(reader), zones_(zones) {}
    // Whether the entry is a fact about a container at all; its code.
    Result<const std::string *> code_of(const Entry &entry);
    Result<ContainerFact> fact_of(const Entry &entry, const std::string &code, std::vector<Step> joins);
    Status add(const Entry &entry, const std::string &code, std::vector<Step> joins);
    // Each folded; those without a fact of their own are none. They are taken out.
    std::vector<Container> fold();

  private:
    EntryReader &reader_;
    const Zones &zones_;
    std::map<std::string, std::vector<ContainerFact>> by_code_;
};

}  // namespace cartbell::engine
