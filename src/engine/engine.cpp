#include "engine/engine_impl.hpp"

#include <unistd.h>

#include "engine/rows.hpp"

namespace cartbell::engine {

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;

Engine::Impl::Impl(store::Store opened, const Options &chosen)
    : store(std::move(opened)), options(chosen), zones(chosen.zones != nullptr ? chosen.zones : &only_utc),
      formatter(chosen.formatter != nullptr ? chosen.formatter : &neutral_formatter()), pid(getpid()) {}

Result<std::unique_ptr<Engine>> Engine::open(store::Store store, const Options &options) {
    auto impl = std::make_unique<Impl>(std::move(store), options);
    CARTBELL_ASSIGN(const Reading first, impl->begin_read());  // definitions that cannot be read are found here, not at the first order
    static_cast<void>(first);
    return std::unique_ptr<Engine>(new Engine(std::move(impl)));
}

Status Engine::Impl::door() const {
    if (getpid() != pid) return failure(Code::forked, "forked", "an engine cannot be used in the child of a fork");
    return {};
}

Result<Reading> Engine::Impl::begin_read() {
    CARTBELL_TRY(door());
    CARTBELL_ASSIGN(store::Transaction transaction, store.begin_read());
    Reading reading{std::move(transaction), {}, nullptr};
    CARTBELL_TRY(reading.counters.load(reading.transaction));
    CARTBELL_ASSIGN(reading.catalog, catalog_at(reading.transaction, reading.counters[Counter::definitions]));
    return reading;
}

Result<Reading> Engine::Impl::begin_write() {
    CARTBELL_TRY(door());
    if (options.read_only) return failure(Code::read_only, "read_only", "the engine was opened for reading only");
    CARTBELL_ASSIGN(store::Transaction transaction, store.begin_write());
    Reading unit{std::move(transaction), {}, nullptr};
    CARTBELL_TRY(unit.counters.load(unit.transaction));
    CARTBELL_ASSIGN(unit.catalog, catalog_at(unit.transaction, unit.counters[Counter::definitions]));
    return unit;
}

Status Engine::Impl::commit(Reading &unit) {
    CARTBELL_TRY(unit.counters.save(unit.transaction));
    return unit.transaction.commit();
}

std::shared_ptr<const Catalog> Engine::Impl::latest_catalog() const {
    const std::lock_guard held(catalog_guard);
    return cached;
}

Result<std::shared_ptr<const Catalog>> Engine::Impl::catalog_at(store::Transaction &transaction, int64_t generation) {
    if (auto latest = latest_catalog(); latest != nullptr && latest->generation == generation) return latest;
    CARTBELL_ASSIGN(const Sources sources, load_sources(transaction));
    CARTBELL_ASSIGN(std::shared_ptr<const Settings> settings, read_stored_settings(sources.settings));
    auto built = build_catalog(sources, std::move(settings), generation, compiling_stored());
    if (!built.ok()) {  // it was compiled when it was put: what cannot be compiled now was damaged, or written by another version
        Error error = built.take_error();
        if (error.code != Code::out_of_memory) error.code = Code::corrupt;
        return error;
    }
    publish(*built);
    return *built;
}

void Engine::Impl::publish(std::shared_ptr<const Catalog> catalog) {
    const std::lock_guard held(catalog_guard);
    if (cached == nullptr || cached->generation < catalog->generation) cached = std::move(catalog);
}

Result<Identity> read_identity(std::string_view text) {
    auto identity = parse_identity_text(text);
    if (!identity.ok()) return failure(Code::invalid, "bad_identity", identity.error().message);
    if (identity->kind == IdentityKind::session) return failure(Code::invalid, "bad_identity", "nobody is called by a session");
    return identity;
}

Status append_journal(Reading &unit, std::string_view type, std::string_view object, std::string_view body, Instant now) {
    Rows row;
    row.integer(++unit.counters[Counter::journal_position]).integer(now).null().lend_text("system");
    row.integer(static_cast<int64_t>(Trust::trusted)).integer(0).integer(unit.catalog->settings->version);
    row.lend_text(type).lend_text("").lend_text(object).lend_text(body).null();
    std::vector<uint8_t> existed;
    return unit.transaction.insert(store::journal, row, existed);
}

Result<bool> Engine::maintain() {
    CARTBELL_TRY(impl_->door());
    const std::lock_guard turn(impl_->turn);
    return impl_->store.maintain();
}

}  // namespace cartbell::engine
