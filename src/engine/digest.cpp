// Engine: the digest of the facts state, as stored and as folded anew from the journal (architecture.md idea 1 "The claim").
#include <array>
#include <unordered_map>

#include "base/hash.hpp"
#include "engine/container_rows.hpp"
#include "engine/engine_impl.hpp"
#include "engine/event_rows.hpp"
#include "engine/identities.hpp"
#include "engine/journal_fold.hpp"
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

// The same of objects in any order: the hashes are added up.
class DigestSum {
  public:
    void add(std::string_view object) {
        const Sha256 hash = sha256(object);
        for (size_t lane = 0; lane < lanes_.size(); ++lane) {
            uint64_t word = 0;
            for (size_t i = 0; i < 8; ++i) word |= uint64_t{hash[8 * lane + i]} << (8 * i);
            lanes_[lane] += word;
        }
        ++objects_;
    }
    int64_t objects() const { return objects_; }
    std::string finish() const {
        std::string text;
        for (const uint64_t lane : lanes_) text += std::to_string(lane) + ' ';
        return text;
    }

  private:
    std::array<uint64_t, 4> lanes_{};
    int64_t objects_ = 0;
};

// What is hashed, in the same order from either source: of each identity what was claimed and merged and the customer it is the root of; then
// of each order its state and who owns it; then each product; then each event and whose it is; then, if there are any, each container and each
// old message and whose it is.
class FactsDigest {
  public:
    void add_identity(const Identity &identity, const IdentityState &state, std::span<const Claim> runs) {
        begin(identity);
        append_facts_digest(state, bytes_);
        for (const Claim &run : runs) append_facts_digest(run, bytes_);
        identities_.add(bytes_);
    }
    void add_customer(const Identity &root, const Customer &customer) {
        begin(root);
        append_facts_digest(customer, bytes_);
        customers_.add(bytes_);
    }
    void add_order(const Order &order, std::string_view owner) { add(orders_, order, owner); }
    void add_product(const Product &product) {
        bytes_.clear();
        append_facts_digest(product, bytes_);
        products_.add(bytes_);
    }
    void add_event(const Event &event, std::string_view owner) { add(events_, event, owner); }
    void add_container(const Container &container, std::string_view owner) { add(containers_, container, owner); }
    void add_old_message(const OldMessage &message, std::string_view owner) { add(old_messages_, message, owner); }
    std::string json() {
        const int64_t customers = customers_.objects(), orders = orders_.objects(), products = products_.objects();
        std::string whole = identities_.finish() + customers_.finish() + orders_.finish() + products_.finish() + events_.finish();
        // Stores without any keep the digest they had before there were such.
        if (containers_.objects() != 0) whole += containers_.finish();
        if (old_messages_.objects() != 0) whole += "messages " + old_messages_.finish();
        const Sha256 hash = sha256(whole);
        return "{\"digest\":\"" + hex({reinterpret_cast<const char *>(hash.data()), hash.size()}) + "\",\"customers\":" +
               std::to_string(customers) + ",\"orders\":" + std::to_string(orders) + ",\"products\":" + std::to_string(products) +
               ",\"events\":" + std::to_string(events_.objects()) + ",\"containers\":" + std::to_string(containers_.objects()) +
               ",\"old_messages\":" + std::to_string(old_messages_.objects()) + "}";
    }

  private:
    template <typename Sum, typename Object>
    void add(Sum &sum, const Object &object, std::string_view owner) {
        bytes_ = owner;
        bytes_ += '\0';
        append_facts_digest(object, bytes_);
        sum.add(bytes_);
    }
    void begin(const Identity &identity) {
        bytes_ = identity_text(identity);
        bytes_ += '\0';
    }
    DigestChain identities_, customers_, orders_, products_;
    DigestSum events_, containers_, old_messages_;
    std::string bytes_;
};

// ---- as stored

Result<std::vector<Claim>> runs_of(store::Transaction &transaction, const Identity &identity) {
    const store::Cell bound[] = {store::text_cell(name_of(identity.kind)), store::text_cell(identity.value)};
    store::ScanRange range;
    range.table = store::claim;
    range.lower = range.upper = bound;
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    std::vector<Claim> runs;
    for (;;) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) return runs;
        for (size_t at = 0; at < rows.size(); at += cursor.width()) {
            CARTBELL_ASSIGN(Claim run, claim_of_row(rows.subspan(at, cursor.width())));
            runs.push_back(std::move(run));
        }
    }
}

// Fills `roots`: by customer id, the text of its root.
Status add_stored_customers(store::Transaction &transaction, FactsDigest &digest, std::unordered_map<int64_t, std::string> &roots) {
    namespace column = store::identity_column;
    store::ScanRange range;
    range.table = store::identity;
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    Customer customer;
    for (;;) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) return {};
        std::vector<Identity> customers;
        Rows keys;
        for (size_t at = 0; at < rows.size(); at += cursor.width()) {
            const auto row = rows.subspan(at, cursor.width());
            CARTBELL_ASSIGN(Identity identity, identity_of_row(row[column::kind], row[column::value]));
            IdentityState state;
            if (!store::is_null(row[column::state])) CARTBELL_TRY(decode(store::text_of(row[column::state]), state));
            if (!state.empty()) {
                std::vector<Claim> runs;
                if (state.contested) {
                    CARTBELL_ASSIGN(runs, runs_of(transaction, identity));
                }
                digest.add_identity(identity, state, runs);
            }
            if (store::is_null(row[column::customer_id]) || state.vacant) continue;
            keys.integer(row[column::customer_id].integer);
            roots.emplace(row[column::customer_id].integer, identity_text(identity));
            customers.push_back(std::move(identity));
        }
        Found found;
        if (keys.empty()) continue;
        CARTBELL_TRY(get(transaction, store::customer, store::customer_column::count_, keys, found));
        for (size_t i = 0; i < customers.size(); ++i) {
            if (!found.has(i)) return failure(Code::corrupt, "lost_object", "a directory names an object that is not stored");
            CARTBELL_TRY(decode(store::text_of(found.cell(i, store::customer_column::state)), customer));
            digest.add_customer(customers[i], customer);
        }
    }
}

Status add_stored_orders(store::Transaction &transaction, FactsDigest &digest, const std::unordered_map<int64_t, std::string> &roots) {
    store::ScanRange range;
    range.table = store::order_owner;
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    Order order;
    for (;;) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) return {};
        Rows keys;
        for (size_t at = 0; at < rows.size(); at += cursor.width()) keys.integer(rows[at + 1].integer).text(store::text_of(rows[at]));
        Found found;
        CARTBELL_TRY(get(transaction, store::orders, store::orders_column::count_, keys, found));
        for (size_t row = 0; row < found.there.size(); ++row) {
            if (!found.has(row)) return failure(Code::corrupt, "lost_object", "a directory names an object that is not stored");
            CARTBELL_TRY(decode(store::text_of(found.cell(row, store::orders_column::state)), order));
            const auto owner = roots.find(found.cell(row, store::orders_column::customer_id).integer);
            digest.add_order(order, owner == roots.end() ? std::string_view() : owner->second);
        }
    }
}

// Every object of a table with the text of its owner's root. `read` makes it of a row, `add` puts it into the digest.
template <typename Read, typename Add>
Status add_stored(store::Transaction &transaction, store::Table table, const std::unordered_map<int64_t, std::string> &roots, Read &&read, Add &&add) {
    store::ScanRange range;
    range.table = table;
    return each_row(transaction, range, [&](std::span<const store::Cell> row) -> Result<bool> {
        CARTBELL_ASSIGN(const auto object, read(row));
        const auto owner = roots.find(row.front().integer);  // a customer's rows begin with whose they are
        add(object, owner == roots.end() ? std::string_view() : owner->second);
        return true;
    });
}

template <typename State>
Result<State> decoded(const store::Cell &cell) {
    State state;
    CARTBELL_TRY(decode(store::text_of(cell), state));
    return state;
}

Status add_stored_products(store::Transaction &transaction, FactsDigest &digest) {
    store::ScanRange range;
    range.table = store::product;
    range.columns = store::mask({store::product_column::state});
    return each_row(transaction, range, [&](std::span<const store::Cell> row) -> Result<bool> {
        CARTBELL_ASSIGN(const Product product, decoded<Product>(row[store::product_column::state]));
        digest.add_product(product);
        return true;
    });
}

Result<std::string> stored_digest(Reading &reading) {
    FactsDigest digest;
    std::unordered_map<int64_t, std::string> roots;
    CARTBELL_TRY(add_stored_customers(reading.transaction, digest, roots));
    CARTBELL_TRY(add_stored_orders(reading.transaction, digest, roots));
    CARTBELL_TRY(add_stored_products(reading.transaction, digest));
    CARTBELL_TRY(add_stored(reading.transaction, store::event, roots, event_of_row,
                            [&](const Event &event, std::string_view owner) { digest.add_event(event, owner); }));
    CARTBELL_TRY(add_stored(reading.transaction, store::container, roots, container_of_row,
                            [&](const Container &container, std::string_view owner) { digest.add_container(container, owner); }));
    CARTBELL_TRY(add_stored(
        reading.transaction, store::old_message, roots,
        [](std::span<const store::Cell> row) { return decoded<OldMessage>(row[store::old_message_column::state]); },
        [&](const OldMessage &message, std::string_view owner) { digest.add_old_message(message, owner); }));
    return digest.json();
}

// ---- out of the journal

Result<std::string> refolded_digest(Reading &reading, const Zones &zones) {
    EntryReader reader(reading.transaction, reading.catalog->settings, zones);
    JournalFold journal;
    CARTBELL_TRY(journal.read(reading.transaction, reader));
    FactsDigest digest;
    JournalFold::ByIdentity<IdentityState> states;
    for (const auto &[identity, merge] : journal.merges) states[identity].merge = merge;
    for (const auto &[identity, claims] : journal.claims) static_cast<void>(states[identity]);
    for (auto &[identity, state] : states) {
        std::vector<Claim> runs;
        if (const auto claims = journal.claims.find(identity); claims != journal.claims.end()) runs = JournalFold::runs(claims->second);
        state.contested = runs.size() > 1;
        if (runs.size() == 1) {
            state.claim = runs.front();
            runs.clear();
        }
        digest.add_identity(identity, state, runs);
    }
    for (const auto &[root, positions] : journal.customers) {
        std::deque<LoadedEntry> loaded;
        CARTBELL_TRY(reader.load(positions, loaded));
        const std::vector<Entry> entries = entries_of(loaded);
        digest.add_customer(root, fold_customer(root, entries));
        ContainerFacts facts(reader, zones);
        std::vector<Step> way;
        for (const Entry &entry : entries) {
            CARTBELL_ASSIGN(const std::string *const code, facts.code_of(entry));
            if (code == nullptr) continue;
            static_cast<void>(journal.resolve(entry.operation->customer.front(), entry.stamp.occurred_at, &way));
            CARTBELL_TRY(facts.add(entry, *code, joins_after(way, entry.stamp.occurred_at)));
        }
        for (const Container &container : facts.fold()) digest.add_container(container, identity_text(root));
    }
    for (const auto &[id, positions] : journal.orders) {
        std::deque<LoadedEntry> loaded;
        CARTBELL_TRY(reader.load(positions, loaded));
        const Order order = fold_order(entries_of(loaded));
        digest.add_order(order, order.owner ? identity_text(journal.resolve(*order.owner, order.owner_at)) : std::string());
    }
    for (const auto &[id, positions] : journal.products) {
        std::deque<LoadedEntry> loaded;
        CARTBELL_TRY(reader.load(positions, loaded));
        digest.add_product(fold_product(entries_of(loaded)));
    }
    for (const auto &[id, positions] : journal.messages) {
        std::deque<LoadedEntry> loaded;
        CARTBELL_TRY(reader.load(positions, loaded));
        const OldMessage message = fold_old_message(entries_of(loaded));
        const OldMessage::Fact *naming = message.naming();
        digest.add_old_message(message, naming != nullptr ? identity_text(journal.resolve(*naming->customer, naming->key.at)) : std::string());
    }
    constexpr size_t at_once = 4096;
    std::vector<int64_t> positions;
    const auto add_events = [&]() -> Status {
        std::deque<LoadedEntry> loaded;
        CARTBELL_TRY(reader.load(positions, loaded));
        const std::vector<Entry> entries = entries_of(loaded);
        for (const Entry &entry : entries) digest.add_event(event_of(entry), journal.events.at(entry.stamp.position));
        positions.clear();
        return {};
    };
    for (const auto &one : journal.events) {
        positions.push_back(one.first);
        if (positions.size() == at_once) CARTBELL_TRY(add_events());
    }
    CARTBELL_TRY(add_events());
    return digest.json();
}

}  // namespace

Result<std::string> Engine::digest() const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    return stored_digest(reading);
}

Result<std::string> Engine::digest_refolded() const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    return refolded_digest(reading, *impl_->zones);
}

}  // namespace cartbell::engine
