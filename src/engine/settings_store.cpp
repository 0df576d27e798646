// Engine: settings by version, refused where stored data contradict them (formats.md §0).
#include "codec/json_tree.hpp"
#include "codec/settings_json.hpp"
#include "engine/answers.hpp"
#include "engine/contradictions.hpp"
#include "engine/engine_impl.hpp"
#include "engine/rows.hpp"

namespace cartbell::engine {
namespace {

constexpr size_t errors_listed = 20;

// Members that are named replace those in force, the others stay.
Result<Settings> settings_with(std::string_view json, const Settings &current, const Zones &zones, const Limits &limits) {
    CARTBELL_ASSIGN(const codec::Document document, codec::read_document(json, limits.settings_bytes, limits.json_depth));
    const codec::Node &root = document.root();
    if (root.kind != codec::Kind::object) return failure(Code::invalid, "bad_type", "settings are an object");
    Settings settings = current;
    std::vector<Note> errors;
    std::string text;
    for (const codec::Node &member : codec::children(document.tree, root)) {
        if (member.key() == "version") continue;
        text.clear();
        codec::append_compact(text, document.tree, member, codec::KeyOrder::as_is);
        auto read = codec::read_settings_member(member.key(), text, settings, &zones, limits);
        for (Note &error : read.errors) {
            if (error.code != "unknown_member" || !error.pointer.empty()) {
                std::string pointer;
                codec::append_pointer_token(pointer, member.key());
                error.pointer.insert(0, pointer);
            }
            errors.push_back(std::move(error));
        }
        if (read.ok()) settings = std::move(read.settings);
    }
    if (errors.empty()) return settings;
    std::string message;
    for (size_t i = 0; i < errors.size() && i < errors_listed; ++i) {
        if (i != 0) message += "; ";
        message += errors[i].pointer + ": " + errors[i].message;
    }
    return failure(Code::invalid, errors.front().code, std::move(message), errors.front().pointer);
}

}  // namespace

Result<std::string> Engine::put_settings(std::string_view json, Instant now) {
    const std::lock_guard turn(impl_->turn);
    CARTBELL_ASSIGN(Reading unit, impl_->begin_write());
    const Settings &before = *unit.catalog->settings;
    CARTBELL_ASSIGN(Settings after, settings_with(json, before, *impl_->zones, impl_->options.limits));
    after.version = before.version;
    std::string old_body, body;
    codec::append_settings(old_body, before);
    codec::append_settings(body, after);
    if (body != old_body) {
        CARTBELL_TRY(refuse_for_mailings(unit.transaction, before, after, now));
        CARTBELL_TRY(refuse_contradictions(unit.transaction, before, after));
        ++after.version;
        body.clear();
        codec::append_settings(body, after);
        if (body.size() > library_limits.settings_bytes)  // the whole, not only what was sent: it must be readable again
            return failure(Code::limit, "too_large", "the settings are too large in all");
        CARTBELL_ASSIGN(Sources sources, load_sources(unit.transaction));
        sources.settings = {after.version, now, body};
        auto built = build_catalog(sources, std::make_shared<const Settings>(after), ++unit.counters[Counter::definitions], impl_->compiling_stored());
        if (!built.ok()) {
            Error error = built.take_error();
            error.code = Code::conflict;
            error.message = "a definition would no longer compile: " + error.message;
            return error;
        }
        Rows row;
        row.lend_text("settings").lend_text("").integer(after.version).integer(now).lend_text(body);
        CARTBELL_TRY(unit.transaction.put(store::definition, row));
        CARTBELL_TRY(append_journal(unit, "settings", "", body, now));
        CARTBELL_TRY(impl_->commit(unit));
        impl_->publish(*built);
    }
    return "{\"version\":" + std::to_string(after.version) + "}";
}

Result<std::string> Engine::get_settings() const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    std::string out;
    codec::append_settings(out, *reading.catalog->settings);
    return out;
}

Result<std::string> Engine::get_settings(std::string_view member) const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    std::string out;
    Status appended = codec::append_settings_member(out, member, *reading.catalog->settings);
    if (appended.ok()) return out;
    Error error = appended.take_error();
    error.code = Code::not_found;
    return error;
}

}  // namespace cartbell::engine
