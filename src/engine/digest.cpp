// Engine: the digest of the facts state, as stored and as folded anew from the journal (architecture.md idea 1 "The claim").
#include <functional>

#include "base/hash.hpp"
#include "engine/engine_impl.hpp"
#include "engine/entries.hpp"
#include "engine/rows.hpp"
#include "model/state_bytes.hpp"

namespace cartbell::engine {
namespace {

// A hash over the hashes of all objects, in the order of their own keys: internal ids have no part in it.
class DigestChain {
  public:
    void add(std::string_view object) {
        const Sha256 hash = sha256(object);
        chain_.append(reinterpret_cast<const char *>(hash.data()), hash.size());
        ++objects_;
        if (chain_.size() > chain_bytes) squeeze();
    }
    int64_t objects() const { return objects_; }
    std::string finish() {
        squeeze();
        return hex(chain_);
    }

  private:
    static constexpr size_t chain_bytes = 1u << 20;
    void squeeze() {
        const Sha256 hash = sha256(chain_);
        chain_.assign(reinterpret_cast<const char *>(hash.data()), hash.size());
    }
    std::string chain_;
    int64_t objects_ = 0;
};

using TakeState = std::function<Status(std::string_view state)>;

// Walks a directory (key → customer id) in key order and hands out the states behind it, block by block.
Status walk(store::Transaction &transaction, store::Table directory, size_t key_width, store::Table objects, size_t object_width,
            int state_column, const TakeState &take) {
    store::ScanRange range;
    range.table = directory;
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    for (;;) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) return {};
        Rows keys;
        for (size_t at = 0; at < rows.size(); at += cursor.width()) {
            keys.integer(rows[at + key_width].integer);
            if (objects == store::orders) keys.text(store::text_of(rows[at]));
        }
        Found found;
        CARTBELL_TRY(get(transaction, objects, object_width, keys, found));
        for (size_t row = 0; row < found.there.size(); ++row) {
            if (!found.has(row)) return failure(Code::corrupt, "lost_object", "a directory names an object that is not stored");
            CARTBELL_TRY(take(store::text_of(found.cell(row, state_column))));
        }
    }
}

// Products are their own directory.
Status walk_products(store::Transaction &transaction, const TakeState &take) {
    store::ScanRange range;
    range.table = store::product;
    range.columns = store::mask({store::product_column::state});
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    for (;;) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) return {};
        for (size_t at = 0; at < rows.size(); at += cursor.width())
            CARTBELL_TRY(take(store::text_of(rows[at + store::product_column::state])));
    }
}

Result<std::string> digest_of(Reading &reading, const Zones *refold_zones, Reading *journal) {
    DigestChain customers, orders, products;
    Customer customer;
    Order order;
    Product product;
    std::string bytes;
    const auto load = [&](std::span<const int64_t> positions, std::deque<LoadedEntry> &loaded) {
        EntryReader reader(journal->transaction, journal->catalog->settings, *refold_zones);
        return reader.load(positions, loaded);
    };
    const auto take_customer = [&](std::string_view state) -> Status {
        CARTBELL_TRY(decode(state, customer));
        if (journal != nullptr) {
            std::deque<LoadedEntry> loaded;
            CARTBELL_TRY(load(customer.entries, loaded));
            customer = fold_customer(entries_of(loaded));
        }
        bytes.clear();
        append_facts_digest(customer, bytes);
        customers.add(bytes);
        return {};
    };
    const auto take_order = [&](std::string_view state) -> Status {
        CARTBELL_TRY(decode(state, order));
        if (journal != nullptr) {
            std::deque<LoadedEntry> loaded;
            CARTBELL_TRY(load(order.entries, loaded));
            order = fold_order(entries_of(loaded));
        }
        bytes.clear();
        append_facts_digest(order, bytes);
        orders.add(bytes);
        return {};
    };
    const auto take_product = [&](std::string_view state) -> Status {
        CARTBELL_TRY(decode(state, product));
        if (journal != nullptr) {
            std::deque<LoadedEntry> loaded;
            CARTBELL_TRY(load(product.entries, loaded));
            product = fold_product(entries_of(loaded));
        }
        bytes.clear();
        append_facts_digest(product, bytes);
        products.add(bytes);
        return {};
    };
    CARTBELL_TRY(walk(reading.transaction, store::identity, 2, store::customer, store::customer_column::count_,
                      store::customer_column::state, take_customer));
    CARTBELL_TRY(walk(reading.transaction, store::order_owner, 1, store::orders, store::orders_column::count_, store::orders_column::state,
                      take_order));
    CARTBELL_TRY(walk_products(reading.transaction, take_product));
    const int64_t customer_count = customers.objects(), order_count = orders.objects(), product_count = products.objects();
    const std::string whole = customers.finish() + orders.finish() + products.finish();
    const Sha256 hash = sha256(whole);
    return "{\"digest\":\"" + hex({reinterpret_cast<const char *>(hash.data()), hash.size()}) + "\",\"customers\":" +
           std::to_string(customer_count) + ",\"orders\":" + std::to_string(order_count) + ",\"products\":" + std::to_string(product_count) + "}";
}

}  // namespace

Result<std::string> Engine::digest() const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    return digest_of(reading, nullptr, nullptr);
}

Result<std::string> Engine::digest_refolded() const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    CARTBELL_ASSIGN(Reading journal, impl_->begin_read());  // rows of one are in hand while the other is read
    return digest_of(reading, impl_->zones, &journal);
}

}  // namespace cartbell::engine
