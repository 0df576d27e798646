#include "engine/mailing_run.hpp"

#include <algorithm>

#include "campaign/message_state.hpp"
#include "engine/answers.hpp"
#include "engine/message_counts.hpp"
#include "engine/progress.hpp"
#include "engine/rows.hpp"

namespace cartbell::engine {
namespace {

constexpr uint64_t customers_per_step = 256;  // the texts of so many are held in memory
constexpr int64_t serial_mask = (int64_t{1} << 53) - 1;  // a customer's id: its partition, then its serial

void append_counts(std::string &out, std::string_view name, const std::map<std::string, int64_t> &counts) {
    add_name(out, name);
    out += '{';
    for (const auto &[reason, count] : counts) add_number(out, reason, count);
    out += '}';
}

campaign::MessageState first_state(const campaign::Written &written) {
    switch (written.kind) {
        case render::Outcome::Kind::rendered: return campaign::MessageState::queued;
        case render::Outcome::Kind::blocked: return campaign::MessageState::blocked;
        default: return campaign::MessageState::render_failed;
    }
}

void add_message(Rows &rows, int64_t customer_id, const MailingRun &run, const MailingDefinition &mailing, Instant now) {
    const campaign::Written &written = run.written();
    rows.integer(customer_id).lend_text(run.source()).lend_text("").text(run.message_id()).text(run.identity());
    rows.lend_text(campaign::name_of(first_state(written))).text_or_null(written.reason);
    rows.lend_text(mailing.channel).text_or_null(mailing.category).lend_text(mailing.template_code).integer(now);
    if (written.kind == render::Outcome::Kind::rendered)
        rows.integer(now).integer(0).null().text(written.parts);
    else
        rows.null().integer(0).null().null();
}

// Messages are unique by (source, customer, key): what is there stays as it is.
Status insert_messages(Reading &unit, const Rows &rows) {
    using namespace store::message_column;
    if (rows.empty()) return {};
    std::vector<uint8_t> existed;
    CARTBELL_TRY(unit.transaction.insert(store::message, rows, existed));
    MessageCounts counts;
    for (size_t i = 0; i < existed.size(); ++i) {
        if (existed[i]) continue;
        const std::span<const store::Cell> row = rows.cells().subspan(i * count_, count_);
        counts.add(store::text_of(row[source]), *campaign::message_state(store::text_of(row[state])), store::text_of(row[reason]));
        ++unit.counters[Counter::messages];
    }
    return counts.save(unit.transaction);
}

}  // namespace

std::string mailing_source(std::string_view code) { return "mailing:" + std::string(code); }

void Tally::add(const campaign::Written &written) {
    ++audience;
    switch (written.kind) {
        case render::Outcome::Kind::rendered: ++rendered; break;
        case render::Outcome::Kind::blocked: ++blocked[written.reason]; break;
        case render::Outcome::Kind::failed: ++failed[written.reason]; break;
    }
}

void Tally::append(std::string &out) const {
    add_number(out, "audience", audience);
    add_number(out, "rendered", rendered);
    append_counts(out, "blocked", blocked);
    append_counts(out, "failed", failed);
}

MailingRun::MailingRun(const StoredMailing &mailing, const campaign::MessageTemplate &compiled, const segment::World &world,
                       const Formatter &formatter, const Limits &limits)
    : mailing_(mailing),
      compiled_(compiled),
      world_(world),
      outlines_(compiled.outlines),
      writer_(compiled, world, formatter, limits),
      source_(mailing_source(mailing.mailing.code)) {
    const std::optional<OutlineUse> &audience = segment::outlines_used(*mailing.audience);
    if (!audience) outlines_.reset();
    if (outlines_) outlines_->add(*audience);
}

Result<bool> MailingRun::plan(FactsScan &scan) {
    const segment::Facts facts = scan.facts();
    if (!segment::evaluate(*mailing_.audience, facts, world_).holds) return false;
    if (outlines_) {
        campaign::find_orders_used(compiled_.orders, facts.orders, *world_.settings, orders_used_);
        for (const size_t order : orders_used_) CARTBELL_TRY(scan.complete(order));
    }
    identity_ = identity_text(scan.customer().root);
    message_id_ = campaign::message_id(source_, identity_, {});
    writer_.write(facts, message_id_, written_);
    return true;
}

Result<std::vector<std::string>> started_mailings(store::Transaction &transaction) {
    store::ScanRange range;
    range.table = store::timer;  // one for each of them until it is done
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    std::vector<std::string> codes;
    for (;;) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) return codes;
        for (size_t at = 0; at < rows.size(); at += cursor.width())
            if (store::text_of(rows[at + store::timer_column::kind]) == "mailing")
                codes.emplace_back(store::text_of(rows[at + store::timer_column::subject]));
    }
}

namespace {

// Hashes put a new customer anywhere.
bool came_later(const Progress &progress, int64_t customer_id) { return (customer_id & serial_mask) > progress.newest_serial; }

// Some of those who are asked at the end.
Status plan_also(MailingRun &run, const StoredMailing &mailing, store::Transaction &transaction, const std::shared_ptr<const Products> &products,
                 Instant now, Progress &progress, Rows &rows) {
    for (uint64_t seen = 0; seen < customers_per_step && !progress.also.empty(); ++seen) {
        const int64_t customer = progress.also.back();
        progress.also.pop_back();
        CARTBELL_ASSIGN(FactsScan scan, FactsScan::begin(transaction, customer - 1, 1, run.outlines(), products));
        CARTBELL_ASSIGN(const bool more, scan.next());
        if (!more || scan.customer_id() != customer) continue;
        CARTBELL_ASSIGN(const bool planned, run.plan(scan));
        if (planned) add_message(rows, customer, run, mailing.mailing, now);
    }
    return {};
}

// The messages of the next customers of the scan, at most `most` of them; returns how many were seen.
Result<uint64_t> plan_customers(MailingRun &run, const StoredMailing &mailing, FactsScan &scan, uint64_t most, Instant now, Progress &progress,
                                Rows &rows) {
    for (uint64_t seen = 0; seen < most; ++seen) {
        CARTBELL_ASSIGN(const bool more, scan.next());
        if (!more) return seen;
        progress.last_customer = scan.customer_id();
        if (came_later(progress, scan.customer_id())) continue;
        CARTBELL_ASSIGN(const bool planned, run.plan(scan));
        if (planned) add_message(rows, scan.customer_id(), run, mailing.mailing, now);
    }
    return most;
}

}  // namespace

Status run_mailing(Engine::Impl &impl, Reading &unit, std::string_view code, Instant now, int64_t most_steps, MailingSteps &made) {
    const auto stored = unit.catalog->mailings.find(code);
    if (stored == unit.catalog->mailings.end()) return failure(Code::corrupt, "lost_mailing", "a mailing that was started is not defined");
    const StoredMailing &mailing = stored->second;
    const StoredTemplate &compiled = unit.catalog->templates.find(mailing.mailing.template_code)->second;
    CARTBELL_ASSIGN(Progress progress, load_progress(unit.transaction, mailing_source(code)));
    if (progress.newest_serial < 0) progress.newest_serial = unit.counters[Counter::customer_serial];  // start_at is here
    MailingRun run(mailing, *compiled.compiled, impl.world_at(progress.clock, *unit.catalog), *impl.formatter, impl.options.limits);
    std::shared_ptr<const Products> products;
    if (run.uses_products()) {
        CARTBELL_ASSIGN(products, impl.all_products(unit));
    }
    const uint64_t most = static_cast<uint64_t>(most_steps) * customers_per_step;
    CARTBELL_ASSIGN(FactsScan scan, FactsScan::begin(unit.transaction, progress.last_customer, most, run.outlines(), products));
    Rows rows;
    bool ended = false;
    while (made.steps < most_steps && !made.done) {
        rows.clear();
        if (!ended) {
            CARTBELL_ASSIGN(const uint64_t seen, plan_customers(run, mailing, scan, customers_per_step, now, progress, rows));
            ended = seen < customers_per_step;
            if (seen > 0) ++made.steps;
        }
        if (ended && !progress.also.empty()) {
            CARTBELL_TRY(plan_also(run, mailing, unit.transaction, products, now, progress, rows));
            ++made.steps;
        }
        CARTBELL_TRY(insert_messages(unit, rows));
        made.done = ended && progress.also.empty();
    }
    progress.state = made.done ? "done" : "running";
    return save_progress(unit.transaction, mailing_source(code), progress);
}

Status follow_in_mailings(store::Transaction &transaction, std::span<const Heir> heirs) {
    CARTBELL_ASSIGN(const std::vector<std::string> codes, started_mailings(transaction));
    for (const std::string &code : codes) {
        CARTBELL_ASSIGN(Progress progress, load_progress(transaction, mailing_source(code)));
        if (progress.newest_serial < 0) continue;  // its audience is still to be taken
        bool changed = false;
        for (const Heir &heir : heirs) {
            const bool was_to_be_asked = std::erase(progress.also, heir.customer) != 0;
            changed |= was_to_be_asked;
            const bool still_ahead = heir.customer > progress.last_customer && !came_later(progress, heir.customer);
            const bool is_passed = heir.became <= progress.last_customer || came_later(progress, heir.became);
            if (!(was_to_be_asked || still_ahead) || !is_passed) continue;
            if (std::find(progress.also.begin(), progress.also.end(), heir.became) != progress.also.end()) continue;
            progress.also.push_back(heir.became);
            changed = true;
        }
        if (changed) CARTBELL_TRY(save_progress(transaction, mailing_source(code), progress));
    }
    return {};
}

}  // namespace cartbell::engine
