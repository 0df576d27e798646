// The unit of work over one store: operations in, questions answered, messages out. The C ABI wraps this class and nothing below it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/formatter.hpp"
#include "base/limits.hpp"
#include "base/status.hpp"
#include "base/zone.hpp"
#include "store/store.hpp"

namespace cartbell::engine {

struct Options {
    Limits limits;
    const Zones *zones = nullptr;          // borrowed, must outlive the engine; null: UTC only
    const Formatter *formatter = nullptr;  // borrowed; null: neutral_formatter()
    bool read_only = false;                // must be what the store was opened with
};

// What the caller says its bytes are (formats.md §1).
enum class Form : uint8_t { one, array, object, ndjson };

// Parsed operations, with those that could not be parsed in their places. Made by Engine::parse, used up by Engine::apply.
class Batch {
  public:
    struct Impl;
    explicit Batch(std::unique_ptr<Impl> made);
    ~Batch();
    size_t size() const;  // operations, well-formed or not
    Impl &impl() { return *impl_; }

  private:
    std::unique_ptr<Impl> impl_;
};

struct Applied {
    int64_t accepted = 0, duplicate = 0, late = 0, rejected = 0;
    std::vector<std::string> results;  // one JSON array for each batch, an object for each of its operations in order
};

struct Ticked {
    int64_t steps = 0;          // done in this call
    Instant next_due = never;   // when there is work again; <= now: there is more now
};

// Any number of threads. Writing calls queue behind one another; reading calls run beside them on snapshots of their own.
// Every call in the child of a fork fails with Code::forked. All answers are one JSON text. `now` is the host's clock, in microseconds.
class Engine {
  public:
    // Takes over the store. Errors: those of the store; `corrupt`.
    static Result<std::unique_ptr<Engine>> open(store::Store store, const Options &options);
    ~Engine();
    Engine(const Engine &) = delete;
    Engine &operator=(const Engine &) = delete;

    // ---- operations
    // `source`: code for operations that name none; "" is the system source. Fails only when the input as a whole is unusable (a malformed array or
    // object, a limit of the batch); a bad operation or a bad line becomes a rejected result of its own.
    Result<std::unique_ptr<Batch>> parse(Form form, std::string_view bytes, std::string_view source) const;
    // One transaction. After a failure nothing is stored and the batches may be applied again; after success they are used up.
    Status apply(std::span<Batch *const> batches, Instant now, Applied &applied);
    // At most `work` bounded steps of due work (mailings, leases that ran out).
    Status tick(Instant now, int64_t work, Ticked &ticked);

    // ---- settings
    Result<std::string> put_settings(std::string_view json, Instant now);  // {"version"}; whole, or some members. `conflict` with the list in the message
    Result<std::string> get_settings() const;
    Result<std::string> get_settings(std::string_view member) const;  // `not_found` for an unknown member
    // {"versions":[{"version","created_at"},…],"next":token or null}, newest first; `after`: "" or the "next" of the page before
    Result<std::string> settings_versions(std::string_view after, size_t limit) const;
    // {"from","to","changes":[{"path","from","to"},…]}; 0 is what holds before anything is put. to < 0: the newest; from < 0: the one before `to`
    Result<std::string> settings_difference(int64_t from, int64_t to) const;

    // ---- facts
    Result<std::string> order(std::string_view order_id) const;
    Result<std::string> orders(std::span<const std::string_view> order_ids) const;  // an array in the same order, null for one that is not there
    Result<std::string> order_history(std::string_view order_id) const;
    Result<std::string> customer(std::string_view identity) const;  // "external_id:C-17"; its orders' ids are in the answer
    Result<std::string> customers(std::span<const std::string_view> identities) const;  // as orders
    // {"channel","category","at","is":true|false|"unknown","fact","forgotten"} (codec/customer_json.hpp). `channel`: "" of a category of kind tracking.
    Result<std::string> customer_consent(std::string_view identity, std::string_view channel, std::string_view category, Instant at) const;
    // Who said what and when, oldest fact first: {"order_id" or "customer","entries":[{"at","received_at","source","trust","id","type","order_id",
    // "late","operation","changed","warnings"},…],"next":token or null}. A customer's entries are those of the orders too. `after`: "" or the
    // "next" of the page before; a page may end early.
    Result<std::string> order_timeline(std::string_view order_id, std::string_view after, size_t limit) const;
    Result<std::string> customer_timeline(std::string_view identity, std::string_view after, size_t limit) const;

    // Everything kept of the customer: customer()'s answer with whole orders, then "messages", "events", "tables" and "entries" (docs/formats.md).
    // Error: `export_bytes` (limit).
    Result<std::string> export_customer(std::string_view identity) const;

    // Newest first: {"events":[{"event_id","name","kind","occurred_at","received_at","source","session_id","customer","context"},…],"next":token
    // or null}. `identity`: whose; "": of nobody, the system's.
    Result<std::string> events(std::string_view identity, std::string_view after, size_t limit) const;

    // One container as of `at`, empty if nothing was ever put in; all that the customer has: {"containers":[…]}.
    Result<std::string> container(std::string_view identity, std::string_view code, Instant at) const;
    Result<std::string> containers(std::string_view identity, Instant at) const;
    // {"holders":[{"customer","container","quantity","added_at"},…],"next"}: who has the product in this container, or in any one ("").
    Result<std::string> container_holders(std::string_view product_id, std::string_view code, Instant at, std::string_view after, size_t limit) const;

    Result<std::string> product(std::string_view product_id) const;
    Result<std::string> products(std::span<const std::string_view> product_ids) const;  // as orders

    // ---- segments. `segment`: a stored code, or a predicate as JSON (an object, true or false)
    Result<std::string> put_segment(std::string_view code, std::string_view json, Instant now);  // {"code","version","warnings"}
    Result<std::string> get_segment(std::string_view code) const;
    Result<std::string> list_segments() const;
    Result<std::string> segment_count(std::string_view segment, Instant now) const;  // {"count","customers","next_change"}
    // {"customers":[identity,…],"next":identity or null}; `after`: "" or the "next" of the page before
    Result<std::string> segment_list(std::string_view segment, Instant now, std::string_view after, size_t limit) const;
    Result<std::string> segment_match(std::string_view segment, std::string_view identity, Instant now) const;  // {"match","next_change"}
    // An array of the same in the same order, null for a customer that is not there.
    Result<std::string> segment_match_many(std::string_view segment, std::span<const std::string_view> identities, Instant now) const;
    Result<std::string> segment_explain(std::string_view segment, std::string_view identity, Instant now, size_t most_witnesses) const;

    // ---- templates. `code` may be "" in put: then the definition's own
    Result<std::string> put_template(std::string_view code, std::string_view json, Instant now);  // {"code","version","warnings"}
    Result<std::string> check_template(std::string_view json) const;                                // {"variables","warnings"}; stores nothing
    Result<std::string> get_template(std::string_view code) const;
    Result<std::string> list_templates() const;
    // {"outcome":"rendered|blocked|failed","reason","line","column","parts"}
    Result<std::string> preview_template(std::string_view code, std::string_view identity, Instant now) const;

    // ---- mailings
    Result<std::string> put_mailing(std::string_view code, std::string_view json, Instant now);
    Result<std::string> get_mailing(std::string_view code) const;
    Result<std::string> list_mailings() const;
    Result<std::string> start_mailing(std::string_view code, Instant now);      // planned from here on; tick does the work. Twice: the same answer
    Result<std::string> dry_run(std::string_view code, Instant now) const;      // {"audience","rendered","blocked":{reason:n},"failed":{code:n}}
    Result<std::string> mailing_status(std::string_view code) const;            // the same and {"state","states":{state:n}}

    // ---- outbox
    // {"messages":[message,…]}: at most `most`, oldest due first; nobody else gets them until now + lease_us.
    Result<std::string> lease(std::string_view worker, size_t most, int64_t lease_us, Instant now);
    // One report or an array: {"message_id","outcome":"handed_over|delivered|bounced|failed","provider_id","reason","worker"}; idempotent.
    Result<std::string> report(std::string_view json, Instant now);
    Result<std::string> message(std::string_view message_id) const;
    // A page of all messages, of one source ("mailing:<code>") or of every ("" ): {"messages":[…],"next":token or null}
    Result<std::string> export_messages(std::string_view source, std::string_view after, size_t limit) const;

    // ---- the whole
    Result<std::string> stats() const;
    Result<std::string> digest() const;        // {"digest":64 hex digits,"customers","orders","products","events","containers"} of the facts state (architecture.md idea 1)
    Result<std::string> digest_refolded() const;  // the same from the journal alone: must be equal
    Result<bool> maintain();                   // a bounded bit of the store's upkeep; true: there is more

    struct Impl;

  private:
    explicit Engine(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace cartbell::engine
