#include "engine/journal_fold.hpp"

#include <algorithm>

#include "engine/rows.hpp"

namespace cartbell::engine {
namespace {

// An erase, and an operation that was erased, has no id any more and says nothing.
Result<std::vector<int64_t>> operation_positions(store::Transaction &transaction) {
    using namespace store::journal_column;
    store::ScanRange range;
    range.table = store::journal;
    range.columns = store::mask({position, type, op_id});
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    std::vector<int64_t> positions;
    for (;;) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) return positions;
        for (size_t row = 0; row < rows.size(); row += cursor.width()) {
            const std::string_view name = store::text_of(rows[row + type]);
            if (is_operation(name) && !store::text_of(rows[row + op_id]).empty()) positions.push_back(rows[row + position].integer);
        }
    }
}

}  // namespace

Status JournalFold::read(store::Transaction &transaction, EntryReader &reader) {
    constexpr size_t at_once = 4096;
    CARTBELL_ASSIGN(const std::vector<int64_t> positions, operation_positions(transaction));
    struct Known {
        int64_t position;
        Instant at;
        Identity by;
        bool is_event;
    };
    std::vector<Known> known;
    for (size_t first = 0; first < positions.size(); first += at_once) {
        std::deque<LoadedEntry> loaded;
        const std::span<const int64_t> all(positions);
        CARTBELL_TRY(reader.load(all.subspan(first, std::min(at_once, all.size() - first)), loaded));
        for (const LoadedEntry &one : loaded) {
            const Entry entry{one.stamp, &one.operation};
            const std::vector<Identity> &carried = one.operation.customer;
            if (one.operation.type == OperationType::order) orders[one.operation.order.order_id].push_back(one.stamp.position);
            if (one.operation.type == OperationType::product) products[one.operation.product.product_id].push_back(one.stamp.position);
            if (one.operation.type == OperationType::message) messages[one.operation.message.message_id].push_back(one.stamp.position);
            if (is_merge(one.operation.type)) {
                Merge merge = merge_of(entry);
                const auto [newest, is_first] = merges.try_emplace(one.operation.merge.from, merge);
                if (!is_first && newest->second.key < merge.key) newest->second = std::move(merge);
            }
            const bool is_event = one.operation.type == OperationType::event;
            if (is_event) events[one.stamp.position];
            if (const Identity *by = known_by(one.operation)) known.push_back({one.stamp.position, one.stamp.occurred_at, *by, is_event});
            if (carried.empty()) continue;
            CARTBELL_ASSIGN(const auto settings, reader.settings_of(one.stamp.settings_version));
            std::vector<Identity> weaker(carried.begin() + 1, carried.end());
            if (!one.operation.event.session.value.empty()) weaker.push_back(one.operation.event.session);
            for (const Identity &identity : weaker) {
                Claim claim = claim_of(entry, identity, settings->shop.anonymous_days);
                FactKey key = claim.key;
                claims[identity].emplace(std::move(key), std::move(claim));
            }
        }
    }
    for (const Known &one : known) {
        const Identity root = resolve(one.by, one.at);
        if (root.kind == IdentityKind::session) continue;  // of whom nobody knows who it was
        customers[root].push_back(one.position);
        if (one.is_event) events[one.position] = identity_text(root);
    }
    return {};
}

const Claim *JournalFold::claim_at(const Identity &identity, Instant at) const {
    const auto known = claims.find(identity);
    if (known == claims.end()) return nullptr;
    const Claim *newest = nullptr;
    for (const auto &[key, claim] : known->second) {
        if (key.at <= at)
            newest = &claim;
        else
            return newest != nullptr ? newest : claim.back_to <= at ? &claim : nullptr;
    }
    return newest;
}

Identity JournalFold::resolve(const Identity &known_by, Instant at, std::vector<Step> *way) const {
    std::vector<Identity> nodes;
    std::vector<Step> steps;
    const auto found = [&](const Identity &root) {
        if (way != nullptr) *way = std::move(steps);
        return root;
    };
    for (Identity here = known_by;;) {
        const auto cycle = std::find(nodes.begin(), nodes.end(), here);
        if (cycle != nodes.end()) {
            const auto survivor = std::min_element(cycle, nodes.end());
            steps.resize(static_cast<size_t>(survivor - nodes.begin()));
            return found(*survivor);
        }
        nodes.push_back(here);
        const auto merge = merges.find(here);
        if (const Claim *claim = claim_at(here, at)) {
            steps.push_back({here, claim->key});
            here = claim->by;
        } else if (merge != merges.end() && merge->second.into) {
            steps.push_back({here, merge->second.key});
            here = *merge->second.into;
        } else {
            return found(here);
        }
    }
}

std::vector<Claim> JournalFold::runs(const std::map<FactKey, Claim> &claims) {
    std::vector<Claim> runs;
    for (const auto &[key, claim] : claims)
        if (runs.empty() || runs.back().by != claim.by) runs.push_back(claim);
    return runs;
}

}  // namespace cartbell::engine
