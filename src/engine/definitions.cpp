// Engine: segments, templates and mailings as definitions: put, got, listed. Every put compiles everything that could depend on it.
#include <set>

#include "codec/json_tree.hpp"
#include "codec/predicate_json.hpp"
#include "engine/answers.hpp"
#include "engine/engine_impl.hpp"
#include "engine/mailing_run.hpp"
#include "engine/rows.hpp"
#include "segment/tree.hpp"

namespace cartbell::engine {
namespace {

struct Kind {
    std::string_view word;     // in the store
    std::string_view plural;   // in pointers
    Definitions Sources::*of;
};
constexpr Kind segment_kind{"segment", "segments", &Sources::segments};
constexpr Kind template_kind{"template", "templates", &Sources::templates};
constexpr Kind mailing_kind{"mailing", "mailings", &Sources::mailings};

// An error of building a catalog, told to the one who put `code`: its own definition's with the pointer in it, another's as a conflict.
Error as_seen_from(Error error, const Kind &kind, std::string_view code) {
    const std::string own = "/" + std::string(kind.plural) + "/" + std::string(code);
    if (error.pointer == own || error.pointer.rfind(own + "/", 0) == 0) {
        error.pointer.erase(0, own.size());
        return error;
    }
    if (error.reason == "cycle") {  // whichever of its segments was met first
        error.pointer.clear();
        return error;
    }
    error.code = Code::conflict;
    error.message = "another definition would no longer compile: " + error.message;
    return error;
}

// The definition with its code in it: the codec asks for one, callers may have said it beside.
Result<std::string> with_code(std::string_view code, std::string_view json, std::string &out_code, const Limits &limits) {
    CARTBELL_ASSIGN(const codec::Document document, codec::read_document(json, limits.template_bytes, limits.json_depth));
    const codec::Node &root = document.root();
    if (root.kind != codec::Kind::object) return failure(Code::invalid, "bad_type", "a definition is an object");
    const codec::Node *own = document.tree.find(root, "code");
    if (own != nullptr && own->kind == codec::Kind::string) {
        if (!code.empty() && own->text() != code) return failure(Code::invalid, "code_differs", "the definition has another code", "/code");
        out_code = own->text();
    } else {
        out_code = code;
    }
    if (!is_code(out_code)) return failure(Code::invalid, "bad_code", "a code is [a-z0-9][a-z0-9_-]{0,63}", "/code");
    if (own != nullptr) return std::string(json);
    std::string body = "{";
    add_text(body, "code", out_code);
    const std::string_view rest = json.substr(json.find('{') + 1);
    if (trim_ascii(rest) != "}") body += ',';
    body += rest;
    return body;
}

// The segments a mailing decides with: those of its audience and of its template, and those inside them.
class SegmentsOf {
  public:
    explicit SegmentsOf(const Catalog &catalog) : catalog_(catalog) {}

    Status add_mailing(const StoredMailing &mailing, const campaign::MessageTemplate &compiled) {
        if (!mailing.mailing.audience_segment.empty())
            add(mailing.mailing.audience_segment);
        else
            CARTBELL_TRY(add_named_in(mailing.mailing.audience));
        if (!compiled.definition.condition.empty()) CARTBELL_TRY(add_named_in(compiled.definition.condition));
        for (const auto &[code, program] : compiled.segments) add(code);
        while (!open_.empty()) {
            const auto known = catalog_.segments.find(open_.back());
            open_.pop_back();
            if (known != catalog_.segments.end()) CARTBELL_TRY(add_named_in(known->second.definition.body));
        }
        return {};
    }
    bool has(std::string_view code) const { return found_.count(code) != 0; }

  private:
    void add(const std::string &code) {
        if (found_.insert(code).second) open_.push_back(code);
    }
    Status add_named_in(std::string_view predicate) {
        CARTBELL_ASSIGN(const segment::Tree tree, codec::parse_predicate(predicate, library_limits));  // it is stored
        for (const std::string &code : segment::segments_used(tree)) add(code);
        return {};
    }

    const Catalog &catalog_;
    std::set<std::string, std::less<>> found_;
    std::vector<std::string> open_;  // found, not yet looked into
};

// `conflict` if a planned or running mailing decides with this segment or writes with this template.
Status refuse_used(Reading &unit, const Kind &kind, std::string_view code) {
    CARTBELL_ASSIGN(const std::vector<std::string> started, started_mailings(unit.transaction));
    for (const std::string &mailing_code : started) {
        const auto mailing = unit.catalog->mailings.find(mailing_code);
        if (mailing == unit.catalog->mailings.end()) return failure(Code::corrupt, "lost_mailing", "a mailing that was started is not defined");
        const std::string &template_code = mailing->second.mailing.template_code;
        bool used = kind.word == "template" && template_code == code;
        if (kind.word == "segment") {
            SegmentsOf segments(*unit.catalog);
            CARTBELL_TRY(segments.add_mailing(mailing->second, *unit.catalog->templates.find(template_code)->second.compiled));
            used = segments.has(code);
        }
        if (used)
            return failure(Code::conflict, "in_use",
                           "the mailing " + mailing_code + " is under way with this " + std::string(kind.word) + "; use another code or wait for its end");
    }
    return {};
}

// The host's limits are for what is put, not for what it had stored before it lowered them.
Status check_limits(const Kind &kind, const Catalog &catalog, std::string_view body, const Compiling &with) {
    if (kind.word == "segment") CARTBELL_TRY(catalog.compile_predicate(body, with));
    if (kind.word == "template") CARTBELL_TRY(catalog.compile_template(body, with));
    if (kind.word == "mailing") CARTBELL_TRY(catalog.compile_mailing(body, with));
    return {};
}

Result<std::string> put_definition(Engine::Impl &impl, const Kind &kind, const std::string &code, std::string_view body, Instant now) {
    const std::lock_guard turn(impl.turn);
    CARTBELL_ASSIGN(Reading unit, impl.begin_write());
    CARTBELL_ASSIGN(Sources sources, load_sources(unit.transaction));
    Definition &definition = (sources.*kind.of)[code];
    const bool changed = definition.version == 0 || definition.body != body;
    if (changed) definition = {definition.version + 1, now, std::string(body)};
    const int64_t version = definition.version;
    std::shared_ptr<const Catalog> catalog = unit.catalog;
    if (changed) {
        if (kind.word == "mailing") CARTBELL_TRY(refuse_started_mailing(unit.transaction, code));
        if (kind.word != "mailing" && version > 1) CARTBELL_TRY(refuse_used(unit, kind, code));
        auto built = build_catalog(sources, unit.catalog->settings, ++unit.counters[Counter::definitions], impl.compiling_stored());
        if (!built.ok()) return as_seen_from(built.take_error(), kind, code);
        catalog = *built;
        CARTBELL_TRY(check_limits(kind, *catalog, body, impl.compiling()));
        Rows row;
        row.lend_text(kind.word).lend_text(code).integer(version).integer(now).lend_text(body);
        CARTBELL_TRY(unit.transaction.put(store::definition, row));
        CARTBELL_TRY(append_journal(unit, kind.word, code, body, now));
        CARTBELL_TRY(impl.commit(unit));
        impl.publish(catalog);
    }
    std::string out = "{";
    add_text(out, "code", code);
    add_number(out, "version", version);
    if (kind.word == "segment") add_notes(out, "warnings", catalog->segments.find(code)->second.warnings);
    if (kind.word == "template") add_notes(out, "warnings", catalog->templates.find(code)->second.warnings);
    return out += '}';
}

std::string definition_json(std::string_view code, const Definition &definition) {
    std::string out = "{";
    add_text(out, "code", code);
    add_number(out, "version", definition.version);
    add_instant(out, "created_at", definition.created_at);
    add_json(out, "definition", definition.body);
    return out += '}';
}

template <typename Stored>
Result<std::string> get_one(const std::map<std::string, Stored, std::less<>> &all, std::string_view code, std::string_view reason) {
    const auto known = all.find(code);
    if (known == all.end()) return failure(Code::not_found, reason, "nothing is defined under this code");
    return definition_json(known->first, known->second.definition);
}

template <typename Stored>
std::string list_all(const std::map<std::string, Stored, std::less<>> &all, std::string_view name) {
    std::string out = "{";
    add_name(out, name);
    out += '[';
    for (const auto &[code, stored] : all) {
        if (out.back() != '[') out += ',';
        out += definition_json(code, stored.definition);
    }
    return out += "]}";
}

}  // namespace

Result<std::string> Engine::put_segment(std::string_view code, std::string_view json, Instant now) {
    if (!is_code(code)) return failure(Code::invalid, "bad_code", "a code is [a-z0-9][a-z0-9_-]{0,63}");
    if (is_predicate(code)) return failure(Code::invalid, "bad_code", "true and false are predicates and cannot be codes of segments");
    return put_definition(*impl_, segment_kind, std::string(code), trim_ascii(json), now);
}

Result<std::string> Engine::put_template(std::string_view code, std::string_view json, Instant now) {
    std::string own;
    CARTBELL_ASSIGN(const std::string body, with_code(code, json, own, impl_->options.limits));
    return put_definition(*impl_, template_kind, own, body, now);
}

Result<std::string> Engine::put_mailing(std::string_view code, std::string_view json, Instant now) {
    std::string own;
    CARTBELL_ASSIGN(const std::string body, with_code(code, json, own, impl_->options.limits));
    return put_definition(*impl_, mailing_kind, own, body, now);
}

Result<std::string> Engine::check_template(std::string_view json) const {
    std::string own;
    CARTBELL_ASSIGN(const std::string body, with_code({}, json, own, impl_->options.limits));
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    CARTBELL_ASSIGN(const StoredTemplate stored, reading.catalog->compile_template(body, impl_->compiling()));
    std::string out = "{";
    add_name(out, "variables");
    out += '[';
    for (const std::string &path : campaign::variables_used(*stored.compiled)) {
        if (out.back() != '[') out += ',';
        append_json_string(out, path);
    }
    out += ']';
    add_notes(out, "warnings", stored.warnings);
    return out += '}';
}

Result<std::string> Engine::get_segment(std::string_view code) const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    return get_one(reading.catalog->segments, code, "no_segment");
}
Result<std::string> Engine::get_template(std::string_view code) const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    return get_one(reading.catalog->templates, code, "no_template");
}
Result<std::string> Engine::get_mailing(std::string_view code) const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    return get_one(reading.catalog->mailings, code, "no_mailing");
}
Result<std::string> Engine::list_segments() const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    return list_all(reading.catalog->segments, "segments");
}
Result<std::string> Engine::list_templates() const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    return list_all(reading.catalog->templates, "templates");
}
Result<std::string> Engine::list_mailings() const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    return list_all(reading.catalog->mailings, "mailings");
}

}  // namespace cartbell::engine
