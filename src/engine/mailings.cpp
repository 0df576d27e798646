// Engine: previews, mailings, and the tick that moves them.
#include "campaign/message_state.hpp"
#include "engine/answers.hpp"
#include "engine/mailing_run.hpp"
#include "engine/message_counts.hpp"
#include "engine/outbox.hpp"
#include "engine/progress.hpp"
#include "engine/rows.hpp"

namespace cartbell::engine {
namespace {

constexpr int64_t steps_per_unit = 16;         // of one transaction: the writers behind it wait so long
constexpr uint64_t customers_at_once = 4096;   // of one read transaction in a dry run

struct MailingTimer {
    Instant due_at = never;
    std::string code;
};

Result<MailingTimer> first_timer(store::Transaction &transaction) {
    store::ScanRange range;
    range.table = store::timer;
    range.limit = 1;
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    CARTBELL_ASSIGN(const auto rows, cursor.next());
    MailingTimer timer;
    if (rows.empty()) return timer;
    if (store::text_of(rows[store::timer_column::kind]) != "mailing")
        return failure(Code::corrupt, "bad_timer", "a timer of an unknown kind is stored");
    timer.due_at = rows[store::timer_column::due_at].integer;
    timer.code = store::text_of(rows[store::timer_column::subject]);
    return timer;
}

Result<const StoredMailing *> mailing_of(const Catalog &catalog, std::string_view code) {
    const auto known = catalog.mailings.find(code);
    if (known == catalog.mailings.end()) return failure(Code::not_found, "no_mailing", "there is no such mailing");
    return &known->second;
}

// formats.md §4: the audience is taken at start_at; one that is past is as good as now.
Instant clock_of(const StoredMailing &mailing, Instant now) { return std::max(now, mailing.mailing.start_at); }

Result<std::string> status_json(store::Transaction &transaction, std::string_view code) {
    CARTBELL_ASSIGN(const Progress progress, load_progress(transaction, mailing_source(code)));
    Tally tally;
    std::map<std::string, int64_t> states;
    CARTBELL_TRY(each_count(transaction, mailing_source(code), [&](std::string_view state, std::string_view reason, int64_t count) {
        tally.audience += count;
        states[std::string(state)] += count;
        if (state == campaign::name_of(campaign::MessageState::blocked))
            tally.blocked[std::string(reason)] += count;
        else if (state == campaign::name_of(campaign::MessageState::render_failed))
            tally.failed[std::string(reason)] += count;
        else
            tally.rendered += count;
    }));
    std::string out = "{";
    add_text(out, "code", code);
    add_text(out, "state", progress.state.empty() ? "draft" : std::string_view(progress.state));
    add_instant(out, "start_at", progress.state.empty() ? never : progress.clock);
    tally.append(out);
    add_name(out, "states");
    out += '{';
    for (const auto &[state, count] : states) add_number(out, state, count);
    return out += "}}";
}

Result<int64_t> run_due(Engine::Impl &impl, Reading &unit, const MailingTimer &timer, Instant now, int64_t most_steps) {
    MailingSteps made;
    CARTBELL_TRY(run_mailing(impl, unit, timer.code, now, std::min(most_steps, steps_per_unit), made));
    if (made.done) {
        Rows key;
        key.integer(timer.due_at).lend_text("mailing").lend_text(timer.code);
        CARTBELL_TRY(unit.transaction.remove(store::timer, key));
    }
    std::string body = "{";
    add_number(body, "steps", made.steps);
    add_json(body, "done", made.done ? "true" : "false");
    CARTBELL_TRY(append_journal(unit, "tick", mailing_source(timer.code), body += '}', now));
    return std::max<int64_t>(made.steps, 1);
}

}  // namespace

Status refuse_started_mailing(store::Transaction &transaction, std::string_view code) {
    CARTBELL_ASSIGN(const Progress progress, load_progress(transaction, mailing_source(code)));
    if (progress.state.empty()) return {};
    return failure(Code::conflict, "started", "the mailing has started; use another code");
}

Status Engine::tick(Instant now, int64_t work, Ticked &ticked) {
    if (work < 1) return failure(Code::invalid, "no_work", "a tick does at least one step");
    Ticked made;
    for (;;) {
        const std::lock_guard turn(impl_->turn);
        CARTBELL_ASSIGN(Reading unit, impl_->begin_write());
        CARTBELL_ASSIGN(const bool requeued, requeue_expired(unit, now));
        if (requeued) ++made.steps;
        CARTBELL_ASSIGN(const MailingTimer timer, first_timer(unit.transaction));
        const bool due = timer.due_at <= now;
        if (due && made.steps < work) {
            CARTBELL_ASSIGN(const int64_t steps, run_due(*impl_, unit, timer, now, work - made.steps));
            made.steps += steps;
        }
        CARTBELL_ASSIGN(const MailingTimer next, first_timer(unit.transaction));
        CARTBELL_ASSIGN(const Instant lease_end, next_lease_end(unit.transaction));
        made.next_due = std::min(next.due_at, lease_end);
        if (requeued || due) CARTBELL_TRY(impl_->commit(unit));
        if (made.steps >= work || made.next_due > now) {
            ticked = made;
            return {};
        }
    }
}

Result<std::string> Engine::preview_template(std::string_view code, std::string_view identity, Instant now) const {
    CARTBELL_ASSIGN(const Identity wanted, read_identity(identity));
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    const auto stored = reading.catalog->templates.find(code);
    if (stored == reading.catalog->templates.end()) return failure(Code::not_found, "no_template", "there is no such template");
    CARTBELL_ASSIGN(const int64_t id, find_customer(reading.transaction, wanted));
    if (id == 0) return failure(Code::not_found, "no_customer", "there is no such customer");
    OwnedFacts facts;
    CARTBELL_TRY(load_facts(reading.transaction, id, facts));
    if (stored->second.compiled->uses_products) {
        CARTBELL_ASSIGN(facts.products, impl_->products_for(reading, facts.orders));
    }
    campaign::MessageWriter writer(*stored->second.compiled, impl_->world_at(now, *reading.catalog), *impl_->formatter, impl_->options.limits);
    campaign::Written written;
    writer.write(facts.facts(), campaign::message_id("preview:" + std::string(code), identity_text(facts.customer.root), {}), written);
    constexpr std::string_view outcomes[] = {"rendered", "blocked", "failed"};
    std::string out = "{";
    add_text(out, "outcome", outcomes[static_cast<size_t>(written.kind)]);
    if (written.kind == render::Outcome::Kind::rendered) {
        add_json(out, "parts", written.parts);
    } else {
        add_text(out, "reason", written.reason);
        if (!written.part.empty()) add_text(out, "part", written.part);
        if (written.line != 0) add_number(out, "line", written.line);
        if (written.column != 0) add_number(out, "column", written.column);
    }
    return out += '}';
}

Result<std::string> Engine::start_mailing(std::string_view code, Instant now) {
    const std::lock_guard turn(impl_->turn);
    CARTBELL_ASSIGN(Reading unit, impl_->begin_write());
    CARTBELL_ASSIGN(const StoredMailing *mailing, mailing_of(*unit.catalog, code));
    CARTBELL_ASSIGN(Progress progress, load_progress(unit.transaction, mailing_source(code)));
    if (!progress.state.empty()) return status_json(unit.transaction, code);
    progress.clock = clock_of(*mailing, now);
    if (progress.clock == now) progress.newest_serial = unit.counters[Counter::customer_serial];
    progress.state = "planned";
    CARTBELL_TRY(save_progress(unit.transaction, mailing_source(code), progress));
    Rows timer;
    timer.integer(progress.clock).lend_text("mailing").lend_text(code);
    CARTBELL_TRY(unit.transaction.put(store::timer, timer));
    CARTBELL_TRY(append_journal(unit, "mailing.start", mailing_source(code), "{}", now));
    CARTBELL_ASSIGN(std::string answer, status_json(unit.transaction, code));
    CARTBELL_TRY(impl_->commit(unit));
    return answer;
}

Result<std::string> Engine::dry_run(std::string_view code, Instant now) const {
    Tally tally;
    int64_t after = 0;
    for (bool ended = false; !ended;) {
        CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
        CARTBELL_ASSIGN(const StoredMailing *mailing, mailing_of(*reading.catalog, code));
        const StoredTemplate &compiled = reading.catalog->templates.find(mailing->mailing.template_code)->second;
        MailingRun run(*mailing, *compiled.compiled, impl_->world_at(clock_of(*mailing, now), *reading.catalog), *impl_->formatter,
                       impl_->options.limits);
        std::shared_ptr<const Products> products;
        if (run.uses_products()) {
            CARTBELL_ASSIGN(products, impl_->all_products(reading));
        }
        CARTBELL_ASSIGN(FactsScan scan, FactsScan::begin(reading.transaction, after, customers_at_once, run.outlines(), std::move(products)));
        ended = true;
        for (;;) {
            CARTBELL_ASSIGN(const bool more, scan.next());
            if (!more) break;
            ended = false;
            after = scan.customer_id();
            CARTBELL_ASSIGN(const bool planned, run.plan(scan));
            if (planned) tally.add(run.written());
        }
    }
    std::string out = "{";
    tally.append(out);
    return out += '}';
}

Result<std::string> Engine::mailing_status(std::string_view code) const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    if (reading.catalog->mailings.count(code) == 0) return failure(Code::not_found, "no_mailing", "there is no such mailing");
    return status_json(reading.transaction, code);
}

}  // namespace cartbell::engine
