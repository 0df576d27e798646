// A product of the catalogue: the fold of its facts (architecture.md idea 1).
#pragma once

#include <string_view>
#include <vector>

#include "model/entry_list.hpp"
#include "model/fact.hpp"
#include "model/settings.hpp"
#include "model/value.hpp"

namespace cartbell {

struct Product {
    Record record;                 // product_id, sent attributes, and the computed created_at, updated_at, price_changed_at, stock_changed_at
    FactKey newest;                // greatest key folded so far: a fact above it is applied on top, any other makes it refold
    EntryList entries;             // version = entries.size()

    std::string_view id() const { return record.text(product_field::product_id); }
    Currency currency(const Settings &settings) const;  // its own, else the shop's
    int64_t version() const { return static_cast<int64_t>(entries.size()); }
};

// formats.md §5 `available`: as sent, "default: stock > 0"; missing where neither was said.
Value availability(const Product &product);

// The catalogue as it is now. What it finds stays for as long as the catalogue does.
class Products {
  public:
    virtual ~Products() = default;
    virtual const Product *find(std::string_view product_id) const = 0;  // null: not in the catalogue
};

}  // namespace cartbell
