#include "engine/identities.hpp"

#include <algorithm>

#include "engine/rows.hpp"
#include "model/state_bytes.hpp"

namespace cartbell::engine {
namespace {

void add_run_key(Rows &rows, const Identity &identity, const FactKey &key) {
    rows.lend_text(name_of(identity.kind)).lend_text(identity.value).integer(key.at).integer(key.has_sequence).integer(key.sequence);
    rows.integer(key.rank).lend_text(key.source).lend_text(key.id);
}

}  // namespace

Result<Identity> identity_of_row(const store::Cell &kind, const store::Cell &value) {
    auto identity = parse_identity_text(std::string(store::text_of(kind)) + ":" + std::string(store::text_of(value)));
    if (!identity.ok()) return failure(Code::corrupt, "bad_identity", "a stored identity is none");
    return identity;
}

Result<Claim> claim_of_row(std::span<const store::Cell> row) {
    using namespace store::claim_column;
    Claim claim;
    claim.key.at = row[at].integer;
    claim.key.has_sequence = row[has_sequence].integer != 0;
    claim.key.sequence = row[sequence].integer;
    claim.key.rank = row[rank].integer;
    claim.key.source = store::text_of(row[source]);
    claim.key.id = store::text_of(row[op_id]);
    claim.back_to = row[back_to].integer;
    CARTBELL_ASSIGN(claim.by, identity_of_row(row[by_kind], row[by_value]));
    return claim;
}

Status Identities::load(std::vector<const Identity *> identities) {
    while (!identities.empty()) {
        std::vector<Node *> asked;
        Rows keys;
        for (const Identity *identity : identities) {
            const auto added = nodes_.try_emplace(*identity);
            if (!added.second) continue;
            Node &node = added.first->second;
            node.identity = &added.first->first;
            asked.push_back(&node);
            keys.lend_text(name_of(node.identity->kind)).lend_text(node.identity->value);
        }
        if (asked.empty()) return {};
        Found found;
        CARTBELL_TRY(get(transaction_, store::identity, store::identity_column::count_, keys, found));
        std::vector<const Identity *> next;
        for (size_t row = 0; row < asked.size(); ++row) {
            Node &node = *asked[row];
            if (!found.has(row)) continue;
            node.customer_id = found.cell(row, store::identity_column::customer_id).integer;
            const store::Cell &state = found.cell(row, store::identity_column::state);
            if (store::is_null(state)) continue;
            CARTBELL_TRY(decode(store::text_of(state), node.state));
            if (node.state.claim) next.push_back(&node.state.claim->by);
            if (node.state.merge && node.state.merge->into) next.push_back(&*node.state.merge->into);
        }
        identities = std::move(next);
    }
    return {};
}

Result<Identities::Node *> Identities::find(const Identity &identity) {
    if (const auto known = nodes_.find(identity); known != nodes_.end()) return &known->second;
    CARTBELL_TRY(load({&identity}));
    return &nodes_.find(identity)->second;
}

Result<const Claim *> Identities::claim_at(Node &node, Instant at) {
    const auto reaches = [&](const Claim &claim) { return claim.back_to <= at; };
    if (node.state.claim) return reaches(*node.state.claim) ? &*node.state.claim : nullptr;
    if (!node.state.contested) return nullptr;
    Rows bound;
    bound.lend_text(name_of(node.identity->kind)).lend_text(node.identity->value).integer(at);
    CARTBELL_ASSIGN(run_, nearest_run(node, bound, false));
    if (run_) return &*run_;
    CARTBELL_ASSIGN(run_, nearest_run(node, bound, true));
    return run_ && reaches(*run_) ? &*run_ : nullptr;
}

Result<Identities::Node *> Identities::resolve(Node &known_by, Instant at, std::vector<Step> *way) {
    if (way != nullptr) way->clear();
    if (!known_by.leads_on()) return &known_by;
    std::vector<Node *> nodes;
    const uint64_t walk = ++walks_;
    for (Node *here = &known_by;;) {
        if (here->seen == walk) {
            const auto survivor = std::min_element(std::find(nodes.begin(), nodes.end(), here), nodes.end(),
                                                   [](const Node *a, const Node *b) { return *a->identity < *b->identity; });
            if (way != nullptr) way->resize(static_cast<size_t>(survivor - nodes.begin()));
            return *survivor;
        }
        here->seen = walk;
        nodes.push_back(here);
        CARTBELL_ASSIGN(const Claim *const claim, claim_at(*here, at));
        if (claim != nullptr) {
            if (way != nullptr) way->push_back({*here->identity, claim->key});
            CARTBELL_ASSIGN(here, find(claim->by));
        } else if (here->state.merge && here->state.merge->into) {
            if (way != nullptr) way->push_back({*here->identity, here->state.merge->key});
            CARTBELL_ASSIGN(here, find(*here->state.merge->into));
        } else {
            return here;
        }
    }
}

Status Identities::reach(Node &known_by, Instant from, Instant to, std::vector<Node *> &reached) {
    std::vector<Node *> open{&known_by};
    std::unordered_set<Node *> known(reached.begin(), reached.end());
    while (!open.empty()) {
        Node &node = *open.back();
        open.pop_back();
        if (!known.insert(&node).second) continue;
        reached.push_back(&node);
        std::vector<Identity> next;
        if (node.state.merge && node.state.merge->into) next.push_back(*node.state.merge->into);
        if (node.state.claim) next.push_back(node.state.claim->by);
        if (node.state.contested) {
            CARTBELL_ASSIGN(const Claim *const first, claim_at(node, from));
            if (first != nullptr) next.push_back(first->by);
            Rows lower, upper;
            lower.lend_text(name_of(node.identity->kind)).lend_text(node.identity->value).integer(from);
            upper.lend_text(name_of(node.identity->kind)).lend_text(node.identity->value).integer(to);
            store::ScanRange range;
            range.table = store::claim;
            range.lower = lower;
            range.upper = upper;
            CARTBELL_ASSIGN(store::Cursor cursor, transaction_.scan(range));
            for (;;) {
                CARTBELL_ASSIGN(const auto rows, cursor.next());
                if (rows.empty()) break;
                for (size_t row = 0; row < rows.size(); row += cursor.width()) {
                    CARTBELL_ASSIGN(Claim claim, claim_of_row(rows.subspan(row, cursor.width())));
                    next.push_back(std::move(claim.by));
                }
            }
            CARTBELL_ASSIGN(const auto last, nearest_run(node, upper, true));  // it may reach back into the time
            if (last) next.push_back(last->by);
        }
        for (const Identity &identity : next) {
            CARTBELL_ASSIGN(Node *const found, find(identity));
            open.push_back(found);
        }
    }
    return {};
}

Result<std::optional<Claim>> Identities::nearest_run(const Node &node, std::span<const store::Cell> bound, bool above) {
    store::ScanRange range;
    range.table = store::claim;
    range.lower = above ? bound : bound.first(2);
    range.lower_open = above;
    range.upper = above ? bound.first(2) : bound;
    range.descending = !above;
    range.limit = 1;
    CARTBELL_ASSIGN(store::Cursor cursor, transaction_.scan(range));
    CARTBELL_ASSIGN(const auto rows, cursor.next());
    if (rows.empty()) return std::optional<Claim>();
    if (store::text_of(rows[store::claim_column::value]) != node.identity->value)
        return failure(Code::corrupt, "corrupt", "a scan gave the claims of another identity");
    CARTBELL_ASSIGN(Claim claim, claim_of_row(rows));
    return std::optional<Claim>(std::move(claim));
}

Result<Identities::Neighbours> Identities::around(Node &node, const FactKey &key) {
    Neighbours found;
    if (node.state.claim) (node.state.claim->key < key ? found.before : found.after) = node.state.claim;
    if (!node.state.contested) return found;
    Rows bound;
    add_run_key(bound, *node.identity, key);
    CARTBELL_ASSIGN(found.before, nearest_run(node, bound, false));
    CARTBELL_ASSIGN(found.after, nearest_run(node, bound, true));
    return found;
}

Status Identities::add_run(Node &node, const Claim &claim) {
    node.changed = true;
    if (!node.state.claim && !node.state.contested) {
        node.state.claim = claim;
        return {};
    }
    if (node.state.claim) {
        CARTBELL_TRY(put_run(node, *node.state.claim));
        node.state.claim.reset();
        node.state.contested = true;
    }
    return put_run(node, claim);
}

Status Identities::replace_run(Node &node, const Claim &old, const Claim &claim) {
    if (node.state.claim) {
        node.changed = true;
        node.state.claim = claim;
        return {};
    }
    Rows gone;
    add_run_key(gone, *node.identity, old.key);
    CARTBELL_TRY(transaction_.remove(store::claim, gone));
    return put_run(node, claim);
}

Status Identities::put_run(const Node &node, const Claim &claim) {
    Rows row;
    add_run_key(row, *node.identity, claim.key);
    row.lend_text(name_of(claim.by.kind)).lend_text(claim.by.value).integer(claim.back_to);
    return transaction_.put(store::claim, row);
}

Result<std::vector<Claim>> Identities::runs(const Node &node) {
    std::vector<Claim> runs;
    if (node.state.claim) runs.push_back(*node.state.claim);
    if (!node.state.contested) return runs;
    const store::Cell bound[] = {store::text_cell(name_of(node.identity->kind)), store::text_cell(node.identity->value)};
    store::ScanRange range;
    range.table = store::claim;
    range.lower = range.upper = bound;
    CARTBELL_ASSIGN(store::Cursor cursor, transaction_.scan(range));
    for (;;) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) return runs;
        for (size_t row = 0; row < rows.size(); row += cursor.width()) {
            CARTBELL_ASSIGN(Claim run, claim_of_row(rows.subspan(row, cursor.width())));
            runs.push_back(std::move(run));
        }
    }
}

Status Identities::set_runs(Node &node, std::span<const Claim> runs) {
    if (node.state.contested) {
        CARTBELL_ASSIGN(const std::vector<Claim> old, this->runs(node));
        Rows gone;
        for (const Claim &run : old) add_run_key(gone, *node.identity, run.key);
        if (!gone.empty()) CARTBELL_TRY(transaction_.remove(store::claim, gone));
    }
    node.changed = true;
    node.state.claim.reset();
    node.state.contested = false;
    for (const Claim &run : runs) CARTBELL_TRY(add_run(node, run));
    return {};
}

Status Identities::save() {
    Rows rows, gone;
    std::string bytes;
    for (auto &[identity, node] : nodes_) {
        if (!node.changed) continue;
        if (node.customer_id == 0 && node.state.empty() && !node.state.vacant) {
            gone.lend_text(name_of(identity.kind)).lend_text(identity.value);
            node.changed = false;
            continue;
        }
        rows.lend_text(name_of(identity.kind)).lend_text(identity.value);
        rows.add(node.customer_id != 0 ? store::integer_cell(node.customer_id) : store::null_cell());
        bytes.clear();
        if (!node.state.empty() || node.state.vacant) encode(node.state, bytes);
        if (bytes.empty())
            rows.null();
        else
            rows.bytes(bytes);
        node.changed = false;
    }
    if (!gone.empty()) CARTBELL_TRY(transaction_.remove(store::identity, gone));
    return rows.empty() ? Status{} : transaction_.put(store::identity, rows);
}

Result<int64_t> find_customer(store::Transaction &transaction, const Identity &identity) {
    Identities identities(transaction);
    CARTBELL_ASSIGN(Identities::Node *const node, identities.find(identity));
    CARTBELL_ASSIGN(const Identities::Node *const root, identities.resolve(*node, greatest_instant));
    return root->has_customer() ? root->customer_id : int64_t{0};
}

Result<int64_t> find_page(store::Transaction &transaction, const Identity &identity) {
    Identities identities(transaction);
    CARTBELL_ASSIGN(const Identities::Node *const node, identities.find(identity));
    if (node->customer_id != 0) return node->customer_id;
    return find_customer(transaction, identity);
}

}  // namespace cartbell::engine
