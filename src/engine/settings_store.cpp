// Engine: settings by version, refused where stored data contradict them (formats.md §0).
#include <set>

#include "codec/json_tree.hpp"
#include "codec/settings_json.hpp"
#include "engine/answers.hpp"
#include "engine/engine_impl.hpp"
#include "engine/rows.hpp"
#include "model/state_bytes.hpp"

namespace cartbell::engine {
namespace {

constexpr size_t contradictions_listed = 20;

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
    for (size_t i = 0; i < errors.size() && i < contradictions_listed; ++i) {
        if (i != 0) message += "; ";
        message += errors[i].pointer + ": " + errors[i].message;
    }
    return failure(Code::invalid, errors.front().code, std::move(message), errors.front().pointer);
}

// What the new settings no longer know, or know otherwise: only these have to be looked for in the data.
class Withdrawn {
  public:
    Withdrawn(const Settings &before, const Settings &after) {
        for (const StatusDefinition &status : before.statuses)
            if (after.find_status(status.set, status.code) == nullptr) statuses_.emplace(status.set, status.code);
        for (const FieldDefinition &field : before.fields) {
            const FieldDefinition *now = after.find_field(field.of, field.code);
            if (now == nullptr || now->type != field.type) fields_.emplace(field.of, field.code);
        }
    }
    bool empty() const { return statuses_.empty() && fields_.empty(); }

    void look(const Order &order) {
        if (!statuses_.empty())
            for (size_t set = 0; set < order.status.size(); ++set) look(static_cast<StatusSet>(set), order.status[set].code);
        if (!statuses_.empty())
            for (const HistoryRow &row : order.history) look(row.set, row.to);
        look(Object::order, order.record);
        for (const Record &line : order.lines) look(Object::line, line);
    }
    void look(const Customer &customer) { look(Object::customer, customer.record); }

    std::set<std::string> in_use;  // in words for people

  private:
    void look(StatusSet set, const std::string &code) {
        if (!code.empty() && statuses_.count({set, code}) != 0)
            in_use.insert("status " + std::string(status_set_names[static_cast<size_t>(set)]) + "." + code);
    }
    void look(Object of, const Record &record) {
        if (fields_.empty()) return;
        for (const Record::Custom &custom : record.customs)
            if (fields_.count({of, custom.code}) != 0) in_use.insert(std::string(name_of(of)) + " field " + custom.code);
    }
    static std::string_view name_of(Object of) { return of == Object::order ? "order" : of == Object::line ? "line" : "customer"; }

    std::set<std::pair<StatusSet, std::string>> statuses_;
    std::set<std::pair<Object, std::string>> fields_;
};

template <typename State>
Status look_through(store::Transaction &transaction, store::Table table, int key_column, int state_column, Withdrawn &withdrawn) {
    store::ScanRange range;
    range.table = table;
    range.columns = store::mask({key_column, state_column});
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    State state;
    for (;;) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) return {};
        for (size_t at = 0; at < rows.size(); at += cursor.width()) {
            CARTBELL_TRY(decode(store::text_of(rows[at + static_cast<size_t>(state_column)]), state));
            withdrawn.look(state);
        }
    }
}

Status refuse_contradictions(store::Transaction &transaction, const Settings &before, const Settings &after) {
    Withdrawn withdrawn(before, after);
    if (withdrawn.empty()) return {};
    CARTBELL_TRY(look_through<Order>(transaction, store::orders, store::orders_column::customer_id, store::orders_column::state, withdrawn));
    CARTBELL_TRY(look_through<Customer>(transaction, store::customer, store::customer_column::customer_id, store::customer_column::state, withdrawn));
    if (withdrawn.in_use.empty()) return {};
    std::string message = "stored data use what would change:";
    size_t listed = 0;
    for (const std::string &one : withdrawn.in_use) {
        if (listed++ == contradictions_listed) {
            message += " and " + std::to_string(withdrawn.in_use.size() - contradictions_listed) + " more";
            break;
        }
        message += (listed == 1 ? " " : ", ") + one;
    }
    return failure(Code::conflict, "in_use", std::move(message));
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
