// What an erase does to the store: all that one person owns goes, and what stays of entries in which others have a part says nothing of the person
// (docs/privacy.md, docs/decisions/0008-erase.md). What is left to be folded anew is Ingest's.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "engine/engine_impl.hpp"
#include "engine/entries.hpp"
#include "engine/older_entries.hpp"
#include "engine/tombstones.hpp"

namespace cartbell::engine {

class Erasure {
  public:
    using Node = Identities::Node;
    // `at`: corrected; `position`: of the erase's own entry. The store must hold everything that came before.
    Erasure(Reading &unit, Identities &identities, EntryReader &reader, EraseMode mode, Instant at, int64_t position);

    // Who it is: the customer that the strongest leads to. Warning `identity_conflict`: one beside it leads to somebody else, who is left alone.
    Status find(std::span<const Identity> strongest_first, std::vector<Note> &warnings);
    // All of whom these are the roots.
    Status find_rest(std::span<const Identity> roots);
    // Rewrites their entries, removes their rows, writes tombstones. Identities are changed, but not saved.
    Status carry_out();

    // What carry_out() leaves to be done.
    struct OrderOf {
        int64_t owner = 0;
        std::string id;
        std::vector<int64_t> positions;  // of all its entries
    };
    const std::set<Node *> &others() const { return others_; }                    // customers of whom an entry says less
    const std::vector<OrderOf> &others_orders() const { return others_orders_; }  // orders of whom an entry says less
    const std::set<std::string, std::less<>> &others_old_messages() const { return others_old_messages_; }  // the same
    const std::vector<OrderOf> &anonymous_orders() const { return anonymous_; }   // that are nobody's now
    const std::vector<Node *> &changed() const { return changed_; }               // identities that lead elsewhere now
    const std::vector<Node *> &owners() const { return owners_; }                 // with whom entries may lie that were known by those
    // Those that led to the person. One of them has a customer again if entries are left that lead nowhere else without the person's merges.
    std::vector<Identity> own() const;
    // Of everything that tombstones were written of but operations, as hex digits.
    void add_hashes(std::set<std::string> &hashes) const;

  private:
    struct Person {
        Node *root = nullptr;
        int64_t id = 0;
        bool stored = false;
        Customer state;
    };
    enum class Fate : uint8_t { gone, anonymous, without_customer, identify };

    // erasure.cpp
    Status read_own();
    Status add_own(Node &node);
    Status add_if_own(const Identity &identity);
    Status read_person(Node &node);
    Status read_merges(const Node &node);
    Result<bool> leads_here(const Identity &identity);
    Result<std::vector<Claim>> surviving_claims(const Node &node);
    Status add_claims_of(Node &owner, const Identity &by, const Node &node, std::map<FactKey, Claim> &claims);
    Status change_identities();
    Status reach_owners(Node &node);
    Status remove_rows();
    Status take_messages(const Person &person);
    // erased_entries.cpp
    Status gather();
    Status gather_orders(const Person &person);
    Status gather_old_messages(const Person &person);
    void note_unnamed(const std::vector<int64_t> &positions);
    Status rewrite_entries();
    Status rewrite_block(std::span<const int64_t> positions);
    Status note_named(const Operation &operation);
    Result<Fate> fate_of(const LoadedEntry &entry);
    Status rewrite_merges();
    Status find_old_reports();
    Status rewrite_reports();
    Status write_tombstones();
    std::string order_pseudonym(std::string_view order_id) const;

    Reading &unit_;
    store::Transaction &transaction_;
    Identities &identities_;
    EntryReader &reader_;
    const EraseMode mode_;
    const Instant at_;
    const int64_t position_;
    const TombstoneKey key_;
    NewTombstones tombstones_;

    std::set<Node *> own_;                     // identities that lead to the person
    std::vector<Node *> unread_;               // of them
    std::set<Identity> names_;                 // all that their entries carry, sessions among them
    std::vector<Person> people_;               // the customers that those are, or were, the roots of
    std::map<int64_t, LoadedEntry> merges_;    // by position, those that name one of own_
    std::vector<int64_t> named_, unnamed_;     // entries that name the person; others of their orders. Ascending
    std::map<std::string, std::vector<int64_t>, std::less<>> orders_;  // theirs, with the entries that stay if they stay
    std::set<std::string, std::less<>> old_messages_, others_old_messages_;  // theirs; others' that their entries spoke of
    std::set<Node *> claimed_;                 // identities that their entries claim
    std::map<Identity, std::vector<Node *>> others_known_by_;  // surviving_claims: with whom else entries known by it may lie
    std::set<std::string, std::less<>> messages_;  // theirs
    std::set<int64_t> reports_;                // journal lines that report on those
    bool has_old_reports_ = false;             // there are more, and no lease says where
    std::set<Node *> others_;
    std::set<std::string, std::less<>> others_order_ids_;
    std::vector<OrderOf> others_orders_, anonymous_;
    std::vector<Node *> changed_, owners_;
};

}  // namespace cartbell::engine
