// What the parts of Engine share: the store, the write turn, the cached catalog.
#pragma once

#include <mutex>

#include "engine/catalog.hpp"
#include "engine/counters.hpp"
#include "engine/engine.hpp"
#include "engine/identities.hpp"
#include "engine/kept_facts.hpp"
#include "model/order.hpp"
#include "engine/product_shelf.hpp"

namespace cartbell::engine {

class OnlyUtc final : public Zones {
  public:
    const Zone *find(std::string_view name) const override { return name == "UTC" ? &utc() : nullptr; }
};

// A read transaction and the definitions as of it.
struct Reading {
    store::Transaction transaction;
    Counters counters;
    std::shared_ptr<const Catalog> catalog;
};

struct Engine::Impl {
    Impl(store::Store opened, const Options &chosen);

    // The rule of architecture.md §4: after fork the child's calls fail, before anything of the store is touched.
    Status door() const;
    Result<Reading> begin_read();
    // Only with `turn` held.
    Result<Reading> begin_write();
    // Saves the counters and commits; only then the catalog is everybody's.
    Status commit(Reading &unit);
    Result<std::shared_ptr<const Catalog>> catalog_at(store::Transaction &transaction, int64_t generation);
    std::shared_ptr<const Catalog> latest_catalog() const;
    void publish(std::shared_ptr<const Catalog> catalog);  // what was just committed

    // The catalogue as the reading's transaction has it: what is kept from an earlier call, with the products that were written since.
    Result<std::shared_ptr<const Products>> all_products(Reading &reading);
    // The same for questions about these orders alone: what was not kept is read, their products only.
    Result<std::shared_ptr<const Products>> products_for(Reading &reading, std::span<const Order> orders) const;
    std::shared_ptr<const ProductShelf> latest_products() const;  // null: never loaded whole

    Compiling compiling() const { return {*zones, options.limits}; }  // what comes in
    // What is stored passed the door's limits when it was put; a host may have lowered them since.
    Compiling compiling_stored() const { return {*zones, library_limits}; }
    segment::World world_at(Instant now, const Catalog &catalog) const { return {now, catalog.settings.get(), zones}; }

    store::Store store;
    Options options;
    OnlyUtc only_utc;
    const Zones *zones;
    const Formatter *formatter;
    int64_t pid;
    std::mutex turn;                        // one write unit at a time
    KeptFacts kept_facts;                   // with `turn` held
    mutable std::mutex catalog_guard;       // held for the copy of a pointer only
    std::shared_ptr<const Catalog> cached;
    std::shared_ptr<const ProductShelf> products;  // the last that were loaded whole
};

Result<Identity> read_identity(std::string_view text);  // "kind:text"; errors: `bad_identity`

// {"customer","profile","identities",…}: what is asked of one customer, but for the orders.
Result<std::string> customer_view(Reading &reading, int64_t customer_id, const Customer &customer);

// The customer it lies with; 0: nobody. Error: `not_found`.
Result<int64_t> load_order(store::Transaction &transaction, std::string_view order_id, Order &order);

// `conflict` if a run of the mailing is stored: its messages were promised from what it was then.
Status refuse_started_mailing(store::Transaction &transaction, std::string_view code);

// One line of the journal for what is no operation of a shop: settings, definitions, ticks, reports.
Status append_journal(Reading &unit, std::string_view type, std::string_view object, std::string_view body, Instant now);

}  // namespace cartbell::engine
