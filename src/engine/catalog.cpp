#include "engine/catalog.hpp"

#include "codec/definition_json.hpp"
#include "codec/predicate_json.hpp"
#include "codec/settings_json.hpp"
#include "engine/rows.hpp"

namespace cartbell::engine {
namespace {

constexpr size_t segment_nesting = 500;  // segments inside segments; bounds the depth of compiling

Error inside(Error error, std::string_view kind, std::string_view code) {
    error.pointer = "/" + std::string(kind) + "/" + std::string(code) + error.pointer;
    return error;
}

Error first_of(const std::vector<Note> &errors) {
    const Note &first = errors.front();
    std::string message = first.message;
    if (errors.size() > 1) message += " (and " + std::to_string(errors.size() - 1) + " more)";
    return failure(Code::invalid, first.code, std::move(message), first.pointer);
}

// Compiles segments after those they name.
class SegmentBuilder {
  public:
    SegmentBuilder(const Definitions &sources, Catalog &catalog, const Compiling &with) : sources_(sources), catalog_(catalog), with_(with) {}

    Status build(const std::string &code, const Definition &definition) {
        if (catalog_.segments.count(code) != 0) return {};
        auto tree = codec::parse_predicate(definition.body, with_.limits);
        if (!tree.ok()) return inside(tree.take_error(), "segments", code);
        path_.push_back(code);
        for (const std::string &used : segment::segments_used(*tree)) {
            for (size_t at = 0; at < path_.size(); ++at)
                if (path_[at] == used) return cycle(at);
            if (path_.size() > segment_nesting)
                return inside(failure(Code::limit, "too_deep", "segments are nested too deep"), "segments", code);
            if (const auto next = sources_.find(used); next != sources_.end()) CARTBELL_TRY(build(next->first, next->second));
        }
        path_.pop_back();
        const auto find = [this](std::string_view wanted) -> std::shared_ptr<const segment::Program> {
            const auto known = catalog_.segments.find(wanted);
            return known != catalog_.segments.end() ? known->second.program : nullptr;
        };
        auto compiled = segment::compile(*tree, *catalog_.settings, with_.zones, with_.limits, find);
        if (!compiled.ok()) return inside(compiled.take_error(), "segments", code);
        catalog_.segments[code] = {definition, compiled->program, compiled->warnings};
        return {};
    }

  private:
    // formats.md §2: "a cycle is refused with its path".
    Status cycle(size_t from) const {
        std::string path;
        for (size_t at = from; at < path_.size(); ++at) path += path_[at] + " → ";
        path += path_[from];
        return inside(failure(Code::invalid, "cycle", "a segment contains itself: " + path), "segments", path_.back());
    }

    const Definitions &sources_;
    Catalog &catalog_;
    const Compiling &with_;
    std::vector<std::string> path_;
};

Status take_row(Sources &sources, std::span<const store::Cell> row) {
    using namespace store::definition_column;
    const std::string_view of_kind = store::text_of(row[kind]), of_code = store::text_of(row[code]);
    Definition found{row[version].integer, row[created_at].integer, std::string(store::text_of(row[body]))};
    if (of_kind == "settings")
        sources.settings = std::move(found);  // versions come in ascending order: the last one stays
    else if (of_kind == "segment")
        sources.segments[std::string(of_code)] = std::move(found);
    else if (of_kind == "template")
        sources.templates[std::string(of_code)] = std::move(found);
    else if (of_kind == "mailing")
        sources.mailings[std::string(of_code)] = std::move(found);
    else
        return failure(Code::corrupt, "bad_definition", "a definition of an unknown kind is stored");
    return {};
}

}  // namespace

Result<Sources> load_sources(store::Transaction &transaction) {
    Sources sources;
    store::ScanRange range;
    range.table = store::definition;
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    for (;;) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) return sources;
        for (size_t at = 0; at < rows.size(); at += cursor.width()) CARTBELL_TRY(take_row(sources, rows.subspan(at, cursor.width())));
    }
}

Result<std::shared_ptr<const Settings>> read_stored_settings(const Definition &stored) {
    if (stored.version == 0) return std::make_shared<const Settings>(default_settings());
    auto read = codec::read_settings(stored.body, nullptr, library_limits);
    if (!read.ok()) return failure(Code::corrupt, "bad_settings", "stored settings cannot be read");
    read.settings.version = stored.version;
    return std::make_shared<const Settings>(std::move(read.settings));
}

bool is_predicate(std::string_view text) { return text.starts_with('{') || text == "true" || text == "false"; }

Result<segment::Compiled> Catalog::compile_predicate(std::string_view json, const Compiling &with) const {
    CARTBELL_ASSIGN(const segment::Tree tree, codec::parse_predicate(json, with.limits));
    return segment::compile(tree, *settings, with.zones, with.limits, [this](std::string_view code) {
        const auto known = segments.find(code);
        return known != segments.end() ? known->second.program : nullptr;
    });
}

Result<StoredTemplate> Catalog::compile_template(std::string_view json, const Compiling &with) const {
    auto read = codec::read_template(json, with.limits);
    if (!read.ok()) return first_of(read.errors);
    StoredTemplate stored;
    std::shared_ptr<const segment::Program> condition;
    if (!read.definition.condition.empty()) {
        auto compiled = compile_predicate(read.definition.condition, with);
        if (!compiled.ok()) {
            Error error = compiled.take_error();
            error.pointer = "/condition" + error.pointer;
            return error;
        }
        condition = compiled->program;
        for (Note &warning : compiled->warnings) warning.pointer = "/condition" + warning.pointer;
        stored.warnings = std::move(compiled->warnings);
    }
    const auto find = [this](std::string_view code) -> std::shared_ptr<const segment::Program> {
        const auto known = segments.find(code);
        return known != segments.end() ? known->second.program : nullptr;
    };
    CARTBELL_ASSIGN(stored.compiled, campaign::compile_message(std::move(read.definition), std::move(condition), *settings, find, with.limits));
    return stored;
}

Result<StoredMailing> Catalog::compile_mailing(std::string_view json, const Compiling &with) const {
    auto read = codec::read_mailing(json, with.limits);
    if (!read.ok()) return first_of(read.errors);
    StoredMailing stored;
    stored.mailing = std::move(read.definition);
    const auto used = templates.find(stored.mailing.template_code);
    if (used == templates.end())
        return failure(Code::invalid, "unknown_template", "the template of the mailing is not defined", "/template");
    if (used->second.compiled->definition.channel != stored.mailing.channel)
        return failure(Code::invalid, "channel_differs", "the mailing's channel is not that of its template", "/channel");
    if (!stored.mailing.audience_segment.empty()) {
        const auto audience = segments.find(stored.mailing.audience_segment);
        if (audience == segments.end()) return failure(Code::invalid, "unknown_segment", "the audience's segment is not defined", "/audience");
        stored.audience = audience->second.program;
        return stored;
    }
    auto compiled = compile_predicate(stored.mailing.audience, with);
    if (!compiled.ok()) {
        Error error = compiled.take_error();
        error.pointer = "/audience" + error.pointer;
        return error;
    }
    stored.audience = compiled->program;
    return stored;
}

Result<std::shared_ptr<const Catalog>> build_catalog(const Sources &sources, std::shared_ptr<const Settings> settings,
                                                     int64_t generation, const Compiling &with) {
    auto catalog = std::make_shared<Catalog>();
    catalog->generation = generation;
    catalog->settings = std::move(settings);
    catalog->settings_definition = sources.settings;
    SegmentBuilder segments(sources.segments, *catalog, with);
    for (const auto &[code, definition] : sources.segments) CARTBELL_TRY(segments.build(code, definition));
    for (const auto &[code, definition] : sources.templates) {
        auto compiled = catalog->compile_template(definition.body, with);
        if (!compiled.ok()) return inside(compiled.take_error(), "templates", code);
        compiled->definition = definition;
        catalog->templates[code] = std::move(*compiled);
    }
    for (const auto &[code, definition] : sources.mailings) {
        auto compiled = catalog->compile_mailing(definition.body, with);
        if (!compiled.ok()) return inside(compiled.take_error(), "mailings", code);
        compiled->definition = definition;
        catalog->mailings[code] = std::move(*compiled);
    }
    return std::shared_ptr<const Catalog>(std::move(catalog));
}

}  // namespace cartbell::engine
