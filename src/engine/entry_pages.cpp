// Engine: who said what and when about an order or a customer, read from the journal.
#include "engine/entry_pages.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>

#include "codec/json_tree.hpp"
#include "engine/answers.hpp"
#include "engine/engine_impl.hpp"
#include "engine/entries.hpp"
#include "engine/event_rows.hpp"
#include "engine/facts_scan.hpp"
#include "engine/old_messages.hpp"
#include "engine/older_entries.hpp"
#include "engine/packed_result.hpp"
#include "engine/owned_rows.hpp"
#include "engine/rows.hpp"

namespace cartbell::engine {
namespace {

namespace column = store::journal_column;

constexpr size_t page_bytes = 16u << 20;  // a page that grew beyond ends early
constexpr size_t rows_at_once = 256;

// Whether an object's entries stay its own: those of a customer leave it when it is parted from another.
enum class Leaving : bool { never, possible };

// Where an entry stands among those of its object: by time, then by key (architecture.md idea 1).
struct Place {
    Instant at = 0;
    int64_t trust = 0;
    bool has_sequence = false;
    int64_t sequence = 0, rank = 0;
    std::string source, id;
    int64_t position = 0;
    bool settled = false;  // the sequence is known

    auto order() const { return std::tie(at, trust, has_sequence, sequence, rank, source, id); }
    bool same_time(const Place &other) const { return at == other.at && trust == other.trust; }
};

// Reads rows of the journal by position; each must be there. The cells are valid for `take` only.
template <typename Take>
Status each_row(store::Transaction &transaction, std::span<const int64_t> positions, uint64_t columns, Take &&take) {
    for (size_t first = 0; first < positions.size(); first += rows_at_once) {
        const auto part = positions.subspan(first, std::min(rows_at_once, positions.size() - first));
        Rows keys;
        for (const int64_t position : part)
            keys.integer(position);
        Found found;
        CARTBELL_TRY(get(transaction, store::journal, column::count_, keys, found, columns));
        for (size_t row = 0; row < part.size(); ++row) {
            if (!found.has(row)) return failure(Code::corrupt, "lost_entry", "an object names an entry that the journal does not have");
            CARTBELL_TRY(take(found, row, part[row]));
        }
    }
    return {};
}

// Of an operation: the members that say something of somebody else than the customer whom it is shown to.
class Withheld {
  public:
    // `own`: positions of the entries that are the customer's, ascending; others are of its orders, and may name another.
    Withheld(std::vector<int64_t> own, std::map<int64_t, std::vector<std::string_view>> of_merges)
        : own_(std::move(own)), of_merges_(std::move(of_merges)) {}

    std::vector<std::string_view> of(int64_t position) const {
        if (const auto merge = of_merges_.find(position); merge != of_merges_.end()) return merge->second;
        if (std::binary_search(own_.begin(), own_.end(), position)) return {};
        return {"customer"};
    }

  private:
    std::vector<int64_t> own_;
    std::map<int64_t, std::vector<std::string_view>> of_merges_;
};

// Appends the operation without these members, then "withheld" with those that it had.
void append_without(std::string &out, const codec::Tree &tree, const std::vector<std::string_view> &withheld) {
    out += '{';
    std::string left_out = "[";
    for (const codec::Node &member : codec::children(tree, tree.nodes.front())) {
        const bool shown = std::find(withheld.begin(), withheld.end(), member.key()) == withheld.end();
        std::string &name_in = shown ? out : left_out;
        if (name_in.back() != '{' && name_in.back() != '[') name_in += ',';
        append_json_string(name_in, member.key());
        if (!shown) continue;
        out += ':';
        codec::append_compact(out, tree, member, codec::KeyOrder::as_is);
    }
    out += '}';
    add_json(out, "withheld", left_out += ']');
}

class EntryPage {
  public:
    EntryPage(Reading &reading, const Zones &zones)
        : transaction_(reading.transaction), reader_(reading.transaction, reading.catalog->settings, zones) {}

    // Appends "entries":[…],"next":token or null. A token is the position of a page's last entry.
    Status append(std::string &out, std::span<const int64_t> positions, std::string_view after, size_t limit, Leaving leaving) {
        CARTBELL_TRY(find_places(positions));
        size_t at = 0;
        if (!after.empty()) {
            CARTBELL_ASSIGN(at, index_after(after, leaving));
        }
        add_name(out, "entries");
        out += '[';
        const size_t begin = out.size(), end = at + std::min(limit, places_.size() - at);
        for (size_t i = at; i < end;) {
            CARTBELL_ASSIGN(i, settle(i));
        }
        while (at < end && out.size() - begin < page_bytes) {
            std::vector<int64_t> block;
            for (size_t i = at; i < end && block.size() < rows_at_once; ++i)
                block.push_back(places_[i].position);
            CARTBELL_TRY(each_row(transaction_, block, store::all_columns, [&](const Found &found, size_t row, int64_t) -> Status {
                if (out.size() - begin >= page_bytes) return {};
                if (out.size() != begin) out += ',';
                ++at;
                return append_row(out, found, row, nullptr);
            }));
        }
        out += ']';
        add_name(out, "next");
        out += limit > 0 && at < places_.size() ? '"' + std::to_string(places_[at - 1].position) + '"' : "null";
        return {};
    }

    // Appends "entries":[…] with all of them. Error: `export_bytes` (limit).
    Status append_all(std::string &out, std::span<const int64_t> positions, const Withheld &withheld, size_t most_bytes) {
        CARTBELL_TRY(find_places(positions));
        for (size_t i = 0; i < places_.size();) {
            CARTBELL_ASSIGN(i, settle(i));
        }
        std::vector<int64_t> ordered;
        ordered.reserve(places_.size());
        for (const Place &place : places_) ordered.push_back(place.position);
        add_name(out, "entries");
        out += '[';
        const auto append_next = [&](const Found &found, size_t row, int64_t) -> Status {
            if (out.back() != '[') out += ',';
            CARTBELL_TRY(append_row(out, found, row, &withheld));
            return within_export(out, most_bytes);
        };
        CARTBELL_TRY(each_row(transaction_, ordered, store::all_columns, append_next));
        out += ']';
        return {};
    }

  private:
    Status find_places(std::span<const int64_t> positions) {
        places_.reserve(positions.size());
        CARTBELL_TRY(each_row(transaction_, positions, place_columns, [&](const Found &found, size_t row, int64_t position) -> Status {
            places_.push_back(place_of(found, row, position));
            return {};
        }));
        std::sort(places_.begin(), places_.end(), [](const Place &a, const Place &b) { return a.order() < b.order(); });
        return {};
    }

    static constexpr uint64_t place_columns =
        store::mask({column::position, column::occurred_at, column::source, column::trust, column::rank, column::op_id, column::type});

    static Place place_of(const Found &found, size_t row, int64_t position) {
        Place place;
        place.at = found.cell(row, column::occurred_at).integer;
        place.trust = found.cell(row, column::trust).integer;
        place.rank = found.cell(row, column::rank).integer;
        place.source = store::text_of(found.cell(row, column::source));
        place.id = store::text_of(found.cell(row, column::op_id));
        place.position = position;
        return place;
    }

    // The sequence is in the operation, which is only read where the time does not decide.
    Status read_sequences(std::span<Place> places) {
        std::vector<int64_t> positions;
        for (const Place &place : places)
            positions.push_back(place.position);
        std::deque<LoadedEntry> loaded;
        CARTBELL_TRY(reader_.load(positions, loaded));
        for (size_t i = 0; i < places.size(); ++i) {
            places[i].has_sequence = loaded[i].stamp.has_sequence;
            places[i].sequence = loaded[i].stamp.sequence;
        }
        return {};
    }

    // Puts those of the same time as the index-th place in their order. The index behind the last of them.
    Result<size_t> settle(size_t index) {
        size_t first = index, end = index + 1;
        while (first > 0 && places_[first - 1].same_time(places_[index])) --first;
        while (end < places_.size() && places_[end].same_time(places_[index])) ++end;
        if (places_[first].settled) return end;
        const auto group = std::span(places_).subspan(first, end - first);
        if (group.size() > 1) {
            CARTBELL_TRY(read_sequences(group));
            std::sort(group.begin(), group.end(), [](const Place &a, const Place &b) { return a.order() < b.order(); });
        }
        for (Place &place : group)
            place.settled = true;
        return end;
    }

    Result<size_t> index_after(std::string_view token, Leaving leaving) {
        const Error bad_token = failure(Code::invalid, "bad_token", "this is no page's next");
        int64_t position = 0;
        const auto [rest, fault] = std::from_chars(token.data(), token.data() + token.size(), position);
        if (fault != std::errc() || rest != token.data() + token.size()) return bad_token;
        const auto here = std::find_if(places_.begin(), places_.end(), [&](const Place &place) { return place.position == position; });
        Place last;
        if (here != places_.end()) {
            last = *here;
        } else {
            const store::Cell key = store::integer_cell(position);
            Found found;
            CARTBELL_TRY(get(transaction_, store::journal, column::count_, {&key, 1}, found, place_columns));
            if (leaving == Leaving::never || !found.has(0) || !is_operation(store::text_of(found.cell(0, column::type)))) return bad_token;
            if (store::text_of(found.cell(0, column::op_id)).empty()) return bad_token;  // it was erased
            last = place_of(found, 0, position);
        }
        CARTBELL_TRY(read_sequences({&last, 1}));
        const auto same = std::find_if(places_.begin(), places_.end(), [&](const Place &place) { return place.same_time(last); });
        if (same != places_.end()) CARTBELL_TRY(settle(static_cast<size_t>(same - places_.begin())));
        const auto next = std::upper_bound(places_.begin(), places_.end(), last, [](const Place &a, const Place &b) { return a.order() < b.order(); });
        return static_cast<size_t>(next - places_.begin());
    }

    static Status append_row(std::string &out, const Found &found, size_t row, const Withheld *withheld) {
        const auto text = [&](int of) { return store::text_of(found.cell(row, of)); };
        const auto operation = codec::read_document(text(column::body), SIZE_MAX, library_limits.json_depth);
        const std::string unpacked = unpack_result(text(column::result));
        const auto result = codec::read_document(unpacked, SIZE_MAX, library_limits.json_depth);
        for (const auto *read : {&operation, &result})
            if (read->code() == Code::out_of_memory) return Error(read->error());
        if (!operation.ok() || !result.ok() || result->root().kind != codec::Kind::object)
            return failure(Code::corrupt, "lost_entry", "an entry of the journal cannot be read");
        const codec::Node *outcome = result->tree.find(result->root(), "outcome");
        out += '{';
        add_instant(out, "at", found.cell(row, column::occurred_at).integer);
        add_instant(out, "received_at", found.cell(row, column::received_at).integer);
        add_text(out, "source", text(column::source));
        add_text(out, "trust", found.cell(row, column::trust).integer == static_cast<int64_t>(Trust::trusted) ? "trusted" : "public");
        add_text(out, "id", text(column::op_id));
        add_text(out, "type", text(column::type));
        if (text(column::type) == "order") add_cell(out, "order_id", found.cell(row, column::object));
        add_json(out, "late", outcome != nullptr && outcome->text() == "late" ? "true" : "false");
        add_name(out, "operation");
        if (withheld == nullptr)
            codec::append_compact(out, operation->tree, operation->root(), codec::KeyOrder::as_is);
        else
            append_without(out, operation->tree, withheld->of(found.cell(row, column::position).integer));
        for (const std::string_view name : {"changed", "warnings"}) {
            const codec::Node *member = result->tree.find(result->root(), name);
            add_name(out, name);
            if (member != nullptr)
                codec::append_compact(out, result->tree, *member, codec::KeyOrder::as_is);
            else
                out += "[]";
        }
        out += '}';
        return {};
    }

    store::Transaction &transaction_;
    EntryReader reader_;
    std::vector<Place> places_;  // of all entries, in their order
};

// The newest merge or unmerge of each of the customer's identities: they decide what the customer is, but are entries of nobody.
Status add_merges(store::Transaction &transaction, const Customer &customer, std::vector<int64_t> &positions) {
    Identities identities(transaction);
    std::vector<const Identity *> all;
    for (const Identity &identity : customer.identities)
        all.push_back(&identity);
    CARTBELL_TRY(identities.load(std::move(all)));
    Rows keys;
    for (const Identity &identity : customer.identities) {
        CARTBELL_ASSIGN(const Identities::Node *const node, identities.find(identity));
        if (node->state.merge) keys.text(node->state.merge->key.source).text(node->state.merge->key.id);
    }
    if (keys.empty()) return {};
    Found found;
    CARTBELL_TRY(get(transaction, store::operation, store::operation_column::count_, keys, found));
    for (size_t row = 0; row < found.there.size(); ++row) {
        if (!found.has(row)) return failure(Code::corrupt, "lost_entry", "a merge's entry is not in the journal");
        positions.push_back(found.cell(row, store::operation_column::position).integer);
    }
    return {};
}

void sort_once(std::vector<int64_t> &positions) {
    std::sort(positions.begin(), positions.end());
    positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
}

// Appends the positions of every merge and unmerge that names one of the customer's identities.
Status read_merges(store::Transaction &transaction, const Customer &customer, std::vector<int64_t> &positions) {
    namespace merge_column = store::merge_entry_column;
    for (const Identity &identity : customer.identities) {
        const store::Cell named[] = {store::text_cell(name_of(identity.kind)), store::text_cell(identity.value)};
        store::ScanRange range;
        range.table = store::merge_entry;
        range.lower = range.upper = named;
        CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
        for (;;) {
            CARTBELL_ASSIGN(const auto rows, cursor.next());
            if (rows.empty()) break;
            for (size_t at = 0; at < rows.size(); at += cursor.width()) positions.push_back(rows[at + merge_column::position].integer);
        }
    }
    sort_once(positions);
    return {};
}

// Which side of each merge is somebody else: neither one of the customer's identities nor one that leads to it.
Result<std::map<int64_t, std::vector<std::string_view>>> withheld_of_merges(Reading &reading, const Zones &zones, int64_t customer_id,
                                                                             const Customer &customer, std::span<const int64_t> merges) {
    EntryReader reader(reading.transaction, reading.catalog->settings, zones);
    std::deque<LoadedEntry> loaded;
    CARTBELL_TRY(reader.load(merges, loaded));
    std::map<int64_t, std::vector<std::string_view>> withheld;
    const auto check = [&](std::vector<std::string_view> &names, std::string_view name, const Identity &side) -> Status {
        if (std::find(customer.identities.begin(), customer.identities.end(), side) != customer.identities.end()) return {};
        CARTBELL_ASSIGN(const int64_t owner, find_customer(reading.transaction, side));
        if (owner != customer_id) names.push_back(name);
        return {};
    };
    for (size_t i = 0; i < merges.size(); ++i) {
        std::vector<std::string_view> &names = withheld[merges[i]];
        CARTBELL_TRY(check(names, "from", loaded[i].operation.merge.from));
        CARTBELL_TRY(check(names, "into", loaded[i].operation.merge.into));
    }
    return withheld;
}

}  // namespace

Status append_all_entries(std::string &out, Reading &reading, const Zones &zones, int64_t customer_id, const OwnedFacts &facts, size_t most_bytes) {
    store::Transaction &transaction = reading.transaction;
    std::vector<int64_t> own, merges;
    CARTBELL_TRY(read_entries(transaction, entries_of_customer(customer_id), facts.customer.entries, own));
    CARTBELL_TRY(read_event_positions(transaction, customer_id, own));
    sort_once(own);
    CARTBELL_TRY(read_merges(transaction, facts.customer, merges));
    std::vector<int64_t> all = own;
    all.insert(all.end(), merges.begin(), merges.end());
    for (const Order &order : facts.orders) CARTBELL_TRY(read_entries(transaction, entries_of_order(customer_id, order.id()), order.entries, all));
    CARTBELL_TRY(read_message_positions(transaction, customer_id, all));
    sort_once(all);
    // Each is longer than this: what cannot fit is not put in order first.
    constexpr size_t least_entry_bytes = 100;
    if (all.size() > most_bytes / least_entry_bytes) return within_export(out, 0);
    CARTBELL_ASSIGN(auto of_merges, withheld_of_merges(reading, zones, customer_id, facts.customer, merges));
    return EntryPage(reading, zones).append_all(out, all, Withheld(std::move(own), std::move(of_merges)), most_bytes);
}

Result<std::string> Engine::order_timeline(std::string_view order_id, std::string_view after, size_t limit) const {
    if (limit > impl_->options.limits.page_rows) return failure(Code::limit, "page_rows", "the page is too large");
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    Order order;
    CARTBELL_ASSIGN(const int64_t owner, load_order(reading.transaction, order_id, order));
    std::vector<int64_t> positions;
    CARTBELL_TRY(read_entries(reading.transaction, entries_of_order(owner, order_id), order.entries, positions));
    std::string out = "{";
    add_text(out, "order_id", order_id);
    CARTBELL_TRY(EntryPage(reading, *impl_->zones).append(out, positions, after, limit, Leaving::never));
    return out += '}';
}

Result<std::string> Engine::customer_timeline(std::string_view identity, std::string_view after, size_t limit) const {
    if (limit > impl_->options.limits.page_rows) return failure(Code::limit, "page_rows", "the page is too large");
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    CARTBELL_ASSIGN(const Identity wanted, read_identity(identity));
    CARTBELL_ASSIGN(const int64_t id, find_customer(reading.transaction, wanted));
    if (id == 0) return failure(Code::not_found, "no_customer", "there is no such customer");
    OwnedFacts facts;
    CARTBELL_TRY(load_facts(reading.transaction, id, facts));
    std::vector<int64_t> positions;  // of those that name it; the others of its orders and messages are added
    CARTBELL_TRY(read_entries(reading.transaction, entries_of_customer(id), facts.customer.entries, positions));
    for (const Order &order : facts.orders) CARTBELL_TRY(read_entries(reading.transaction, entries_of_order(id, order.id()), order.entries, positions));
    CARTBELL_TRY(read_message_positions(reading.transaction, id, positions));
    CARTBELL_TRY(read_event_positions(reading.transaction, id, positions));
    CARTBELL_TRY(add_merges(reading.transaction, facts.customer, positions));
    sort_once(positions);
    std::string out = "{";
    add_text(out, "customer", identity_text(facts.customer.root));
    CARTBELL_TRY(EntryPage(reading, *impl_->zones).append(out, positions, after, limit, Leaving::possible));
    return out += '}';
}

}  // namespace cartbell::engine
