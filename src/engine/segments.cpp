// Engine: who is in a segment, and why.
#include "codec/explanation_json.hpp"
#include "engine/answers.hpp"
#include "engine/engine_impl.hpp"
#include "engine/facts_scan.hpp"

namespace cartbell::engine {
namespace {

constexpr uint64_t customers_at_once = 4096;  // of one read transaction in a long scan

using Program = std::shared_ptr<const segment::Program>;

Result<Program> program_of(const Catalog &catalog, std::string_view segment, const Compiling &with) {
    const std::string_view text = trim_ascii(segment);
    if (is_predicate(text)) {
        CARTBELL_ASSIGN(const segment::Compiled compiled, catalog.compile_predicate(text, with));
        return compiled.program;
    }
    const auto known = catalog.segments.find(text);
    if (known == catalog.segments.end()) return failure(Code::not_found, "no_segment", "there is no such segment");
    return known->second.program;
}

Result<int64_t> existing_customer(store::Transaction &transaction, std::string_view identity) {
    CARTBELL_ASSIGN(const Identity wanted, read_identity(identity));
    CARTBELL_ASSIGN(const int64_t id, find_customer(transaction, wanted));
    if (id == 0) return failure(Code::not_found, "no_customer", "there is no such customer");
    return id;
}

// One customer's facts with as much of the catalogue as the program asks for.
Status load_for(Engine::Impl &impl, Reading &reading, const segment::Program &program, int64_t id, OwnedFacts &facts) {
    CARTBELL_TRY(load_facts(reading.transaction, id, facts));
    if (segment::uses_products(program)) {
        CARTBELL_ASSIGN(facts.products, impl.products_for(reading, facts.orders));
    }
    return {};
}

Result<FactsScan> scan_for(Engine::Impl &impl, Reading &reading, const segment::Program &program, int64_t after) {
    std::shared_ptr<const Products> products;
    if (segment::uses_products(program)) {
        CARTBELL_ASSIGN(products, impl.all_products(reading));
    }
    return FactsScan::begin(reading.transaction, after, customers_at_once, segment::outlines_used(program), std::move(products));
}

void add_verdict(std::string &out, const segment::Verdict &verdict) {
    out += '{';
    add_json(out, "match", verdict.holds ? "true" : "false");
    add_instant(out, "next_change", verdict.next_change);
    out += '}';
}

}  // namespace

Result<std::string> Engine::segment_count(std::string_view segment, Instant now) const {
    int64_t count = 0, customers = 0, after = 0;
    Instant next_change = never;
    Program program;
    int64_t generation = -1;
    std::shared_ptr<const Catalog> compiled_with;  // keeps what the program is bound to
    for (bool ended = false; !ended;) {  // short transactions, resumed by key
        CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
        if (reading.catalog->generation != generation) {
            CARTBELL_ASSIGN(program, program_of(*reading.catalog, segment, impl_->compiling()));
            generation = reading.catalog->generation;
            compiled_with = reading.catalog;
        }
        const segment::World world = impl_->world_at(now, *reading.catalog);
        CARTBELL_ASSIGN(FactsScan scan, scan_for(*impl_, reading, *program, after));
        ended = true;
        for (;;) {
            CARTBELL_ASSIGN(const bool more, scan.next());
            if (!more) break;
            ended = false;
            after = scan.customer_id();
            const segment::Verdict verdict = segment::evaluate(*program, scan.facts(), world);
            ++customers;
            count += verdict.holds;
            next_change = std::min(next_change, verdict.next_change);
        }
    }
    std::string out = "{";
    add_number(out, "count", count);
    add_number(out, "customers", customers);
    add_instant(out, "next_change", next_change);
    return out += '}';
}

Result<std::string> Engine::segment_list(std::string_view segment, Instant now, std::string_view after, size_t limit) const {
    if (limit > impl_->options.limits.page_rows) return failure(Code::limit, "page_rows", "the page is too large");
    std::string out = "{\"customers\":[";
    size_t listed = 0;
    int64_t after_id = 0, last_id = 0;
    Identity last_root;
    bool more_to_come = false;
    for (bool ended = limit == 0; !ended && !more_to_come;) {
        CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
        CARTBELL_ASSIGN(const Program program, program_of(*reading.catalog, segment, impl_->compiling()));
        const segment::World world = impl_->world_at(now, *reading.catalog);
        if (after_id == 0 && !after.empty()) {
            CARTBELL_ASSIGN(const Identity root, read_identity(after));
            CARTBELL_ASSIGN(after_id, find_page(reading.transaction, root));
            if (after_id == 0) return failure(Code::not_found, "no_customer", "there is no such customer");
        }
        CARTBELL_ASSIGN(FactsScan scan, scan_for(*impl_, reading, *program, after_id));
        ended = true;
        for (;;) {
            CARTBELL_ASSIGN(const bool more, scan.next());
            if (!more) break;
            ended = false;
            after_id = scan.customer_id();
            if (!segment::evaluate(*program, scan.facts(), world).holds) continue;
            if (listed == limit) {
                more_to_come = true;
                CARTBELL_ASSIGN(const int64_t found, find_page(reading.transaction, last_root));
                if (found != last_id) return failure(Code::corrupt, "corrupt", "an identity names another customer than the one that has it");
                break;
            }
            last_root = scan.customer().root;
            last_id = scan.customer_id();
            if (listed++ != 0) out += ',';
            append_json_string(out, identity_text(scan.customer().root));
        }
    }
    out += "],\"next\":";
    if (more_to_come)
        append_json_string(out, identity_text(last_root));
    else
        out += "null";
    return out += '}';
}

Result<std::string> Engine::segment_match(std::string_view segment, std::string_view identity, Instant now) const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    CARTBELL_ASSIGN(const Program program, program_of(*reading.catalog, segment, impl_->compiling()));
    CARTBELL_ASSIGN(const int64_t id, existing_customer(reading.transaction, identity));
    OwnedFacts facts;
    CARTBELL_TRY(load_for(*impl_, reading, *program, id, facts));
    std::string out;
    add_verdict(out, segment::evaluate(*program, facts.facts(), impl_->world_at(now, *reading.catalog)));
    return out;
}

Result<std::string> Engine::segment_match_many(std::string_view segment, std::span<const std::string_view> identities, Instant now) const {
    if (identities.size() > impl_->options.limits.page_rows) return failure(Code::limit, "page_rows", "too many customers in one call");
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    CARTBELL_ASSIGN(const Program program, program_of(*reading.catalog, segment, impl_->compiling()));
    std::string out = "[";
    for (const std::string_view identity : identities) {
        if (out.size() > 1) out += ',';
        CARTBELL_ASSIGN(const Identity wanted, read_identity(identity));
        CARTBELL_ASSIGN(const int64_t id, find_customer(reading.transaction, wanted));
        if (id == 0) {
            out += "null";
            continue;
        }
        OwnedFacts facts;
        CARTBELL_TRY(load_for(*impl_, reading, *program, id, facts));
        add_verdict(out, segment::evaluate(*program, facts.facts(), impl_->world_at(now, *reading.catalog)));
    }
    return out += ']';
}

Result<std::string> Engine::segment_explain(std::string_view segment, std::string_view identity, Instant now, size_t most_witnesses) const {
    const size_t limit = impl_->options.limits.explain_witnesses;
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    CARTBELL_ASSIGN(const Program program, program_of(*reading.catalog, segment, impl_->compiling()));
    CARTBELL_ASSIGN(const int64_t id, existing_customer(reading.transaction, identity));
    OwnedFacts facts;
    CARTBELL_TRY(load_for(*impl_, reading, *program, id, facts));
    const segment::Explanation explanation =
        segment::explain(*program, facts.facts(), impl_->world_at(now, *reading.catalog), most_witnesses == 0 ? limit : std::min(most_witnesses, limit));
    std::string out = "{";
    add_text(out, "customer", identity_text(facts.customer.root));
    add_json(out, "match", explanation.holds ? "true" : "false");
    add_instant(out, "next_change", explanation.next_change);
    add_name(out, "explanation");
    codec::append_explanation(out, explanation);
    return out += '}';
}

}  // namespace cartbell::engine
