#include <algorithm>
#include <cstddef>
#include <new>
#include <string_view>
#include <vector>

#include "capi/guard.hpp"
#include "capi/objects.hpp"
#include "capi/output.hpp"
#include "capi/reply.hpp"
#include "store/store.hpp"

using namespace cartbell;
using namespace cartbell::capi;

cartbell_engine::~cartbell_engine() {
    if (of_this_process()) return;
    // In the child of a fork the connection is the parent's: closing it here would drop the parent's locks,
    // so it is left as it is.
    if (void *room = ::operator new(sizeof opened, std::nothrow))
        new (room) std::shared_ptr<Opened>(std::move(opened));
}

namespace {

// A host's own store: ours from the moment its table is found usable, so it is closed on every way out that
// does not hand it on.
class AdoptedStore {
  public:
    AdoptedStore(const cartbell_store_functions *functions, void *store)
        : functions_(functions), store_(store) {}
    ~AdoptedStore() {
        if (store_) functions_->close(store_);
    }
    AdoptedStore(const AdoptedStore &) = delete;
    AdoptedStore &operator=(const AdoptedStore &) = delete;
    void *hand_on() { return std::exchange(store_, nullptr); }

  private:
    const cartbell_store_functions *functions_;
    void *store_;
};

// Copied, because the table that a host compiled earlier may be shorter than ours. Error: `bad_store`
// (misuse).
Status copy_functions(const cartbell_store_functions *given, cartbell_store_functions &copy) {
    CARTBELL_TRY(
        copy_struct(given, offsetof(cartbell_store_functions, last_message), copy, "store_functions"));
    if (copy.version != CARTBELL_STORE_VERSION)
        return failure(Code::misuse, "bad_store", "store_functions: this library knows version 1");
    const bool whole = copy.open && copy.close && copy.begin && copy.commit && copy.rollback && copy.get &&
                       copy.insert && copy.put && copy.remove && copy.scan && copy.next && copy.end_scan;
    if (!whole) return failure(Code::misuse, "bad_store", "store_functions: a required function is NULL");
    return {};
}

Result<store::Store> open_store(const cartbell_engine_options &options, Opened &opened,
                                AdoptedStore &adopted) {
    const bool read_only = options.read_only == 1;
    if (options.store_functions) return store::Store::open(&opened.functions, adopted.hand_on(), read_only);
    CARTBELL_ASSIGN(const std::string_view path, required_text(options.path, "path"));
    if (path.empty()) return failure(Code::invalid, "no_path", "path is empty: name a file, or \":memory:\"");
    if (path == ":memory:")
        return store::Store::open(store::memory_store_functions(), store::new_memory_store(), read_only);
    return store::Store::open(store::sqlite_store_functions(), store::new_sqlite_store(path), read_only);
}

Result<std::shared_ptr<Opened>> open_engine(const cartbell_engine_options *given) {
    cartbell_engine_options options;
    const size_t least = offsetof(cartbell_engine_options, store) + sizeof(void *);
    CARTBELL_TRY(copy_struct(given, least, options, "options"));
    cartbell_store_functions functions{};
    if (options.store_functions) CARTBELL_TRY(copy_functions(options.store_functions, functions));
    AdoptedStore adopted(&functions, options.store_functions ? options.store : nullptr);

    if (options.read_only != 0 && options.read_only != 1)
        return failure(Code::misuse, "reserved_set", "options: read_only is 0 or 1");
    if ((options.path != nullptr) == (options.store_functions != nullptr))
        return failure(Code::misuse, "no_store",
                       "options: name a store by path or by store_functions, and not by both");
    if (options.store_functions) CARTBELL_TRY(not_null(options.store, "store"));
    CARTBELL_ASSIGN(const std::string_view zones, optional_text(options.zones_directory, "zones_directory"));
    CARTBELL_ASSIGN(const Limits limits, lowered_limits(options.limits));

    auto opened = std::make_shared<Opened>(std::string(zones.empty() ? "/usr/share/zoneinfo" : zones));
    opened->functions = functions;
    opened->limits = limits;
    engine::Options chosen;
    chosen.limits = limits;
    chosen.zones = &opened->zones;
    chosen.read_only = options.read_only == 1;
    CARTBELL_ASSIGN(store::Store store, open_store(options, *opened, adopted));
    CARTBELL_ASSIGN(opened->engine, engine::Engine::open(std::move(store), chosen));
    return opened;
}

Result<engine::Form> form_of(int32_t form) {
    switch (form) {
        case CARTBELL_FORM_ONE:
            return engine::Form::one;
        case CARTBELL_FORM_ARRAY:
            return engine::Form::array;
        case CARTBELL_FORM_OBJECT:
            return engine::Form::object;
        case CARTBELL_FORM_NDJSON:
            return engine::Form::ndjson;
        default:
            return failure(Code::invalid, "unknown_form", "form is none of CARTBELL_FORM_...");
    }
}

Result<std::unique_ptr<engine::Batch>> parse(const cartbell_engine *engine, int32_t form, const char *data,
                                             size_t size, const char *source) {
    CARTBELL_ASSIGN(const engine::Form is, form_of(form));
    CARTBELL_ASSIGN(const std::string_view input, bytes(data, size, "bytes"));
    CARTBELL_ASSIGN(const std::string_view code, optional_text(source, "source"));
    return core(engine).parse(is, input, code);
}

// One array out of one per batch.
std::string joined(const std::vector<std::string> &arrays) {
    if (arrays.size() == 1) return arrays.front();
    std::string all = "[";
    for (const std::string &array : arrays) {
        if (array.size() <= 2) continue;
        if (all.size() > 1) all += ',';
        all.append(array, 1, array.size() - 2);
    }
    return all += ']';
}

Status check_applied(const cartbell_applied *given) {
    if (!given) return {};
    cartbell_applied copy;
    CARTBELL_TRY(copy_struct(given, offsetof(cartbell_applied, rejected) + sizeof(int64_t), copy, "applied"));
    if (copy.reserved != 0) return failure(Code::misuse, "reserved_set", "applied: reserved is not 0");
    return {};
}

// Nothing after the transaction may fail but for memory.
void tell(const engine::Applied &applied, cartbell_applied *counts, cartbell_buffer *results) {
    if (counts) {
        counts->accepted = applied.accepted;
        counts->duplicate = applied.duplicate;
        counts->late = applied.late;
        counts->rejected = applied.rejected;
    }
    if (results) write(results, joined(applied.results));
}

Result<std::vector<engine::Batch *>> usable_batches(const cartbell_engine *engine,
                                                    cartbell_batch *const *batches, size_t count) {
    if (count > 0) CARTBELL_TRY(not_null(batches, "batches"));
    std::vector<engine::Batch *> parsed;
    for (size_t index = 0; index < count; ++index) {
        CARTBELL_TRY(check(batches[index]));
        if (!batches[index]->parsed) return failure(Code::misuse, "used_batch", "a batch was applied before");
        if (batches[index]->parsed_by.lock() != engine->opened)
            return failure(Code::misuse, "foreign_batch", "a batch was parsed by another engine");
        if (std::find(batches, batches + index, batches[index]) != batches + index)
            return failure(Code::misuse, "used_batch", "a batch is named twice");
        parsed.push_back(batches[index]->parsed.get());
    }
    return parsed;
}

}  // namespace

int32_t cartbell_engine_open(const cartbell_engine_options *options, cartbell_engine **engine,
                             cartbell_error **error) noexcept {
    return guard(error, [&]() -> Status {
        CARTBELL_TRY(not_null(engine, "engine"));
        CARTBELL_ASSIGN(auto opened, open_engine(options));
        *engine = std::make_unique<cartbell_engine>(std::move(opened)).release();
        return {};
    });
}

void cartbell_engine_close(cartbell_engine *engine) noexcept {
    if (engine && has_tag(engine, Tag::engine)) std::unique_ptr<cartbell_engine>(engine).reset();
}

int32_t cartbell_engine_parse(const cartbell_engine *engine, int32_t form, const char *bytes, size_t size,
                              const char *source, cartbell_batch **batch, cartbell_error **error) noexcept {
    return guard(error, [&]() -> Status {
        CARTBELL_TRY(check(engine));
        CARTBELL_TRY(not_null(batch, "batch"));
        CARTBELL_ASSIGN(auto parsed, parse(engine, form, bytes, size, source));
        *batch = std::make_unique<cartbell_batch>(std::move(parsed), engine->opened).release();
        return {};
    });
}

int32_t cartbell_batch_count(const cartbell_batch *batch, size_t *count, cartbell_error **error) noexcept {
    return guard(error, [&]() -> Status {
        CARTBELL_TRY(check(batch));
        CARTBELL_TRY(not_null(count, "count"));
        if (!batch->parsed) return failure(Code::misuse, "used_batch", "the batch was applied before");
        *count = batch->parsed->size();
        return {};
    });
}

void cartbell_batch_free(cartbell_batch *batch) noexcept {
    if (batch && has_tag(batch, Tag::batch)) std::unique_ptr<cartbell_batch>(batch).reset();
}

int32_t cartbell_engine_apply(cartbell_engine *engine, cartbell_batch *const *batches, size_t count,
                              int64_t now_us, cartbell_applied *applied, cartbell_buffer *results,
                              cartbell_error **error) noexcept {
    return guard(error, [&]() -> Status {
        CARTBELL_TRY(check(engine));
        CARTBELL_TRY(check_applied(applied));
        CARTBELL_TRY(check_optional_buffer(results, "results"));
        CARTBELL_ASSIGN(const auto parsed, usable_batches(engine, batches, count));
        engine::Applied outcome;
        CARTBELL_TRY(check_clock(now_us));
        CARTBELL_TRY(core(engine).apply(parsed, now_us, outcome));
        for (size_t index = 0; index < count; ++index)
            batches[index]->parsed.reset();
        tell(outcome, applied, results);
        return {};
    });
}

int32_t cartbell_engine_ingest(cartbell_engine *engine, int32_t form, const char *bytes, size_t size,
                               const char *source, int64_t now_us, cartbell_applied *applied,
                               cartbell_buffer *results, cartbell_error **error) noexcept {
    return guard(error, [&]() -> Status {
        CARTBELL_TRY(check(engine));
        CARTBELL_TRY(check_applied(applied));
        CARTBELL_TRY(check_optional_buffer(results, "results"));
        CARTBELL_ASSIGN(const auto parsed, parse(engine, form, bytes, size, source));
        engine::Batch *const only = parsed.get();
        engine::Applied outcome;
        CARTBELL_TRY(check_clock(now_us));
        CARTBELL_TRY(core(engine).apply({&only, 1}, now_us, outcome));
        tell(outcome, applied, results);
        return {};
    });
}

int32_t cartbell_engine_tick(cartbell_engine *engine, int64_t now_us, int64_t work, int64_t *done,
                             int64_t *next_due_us, cartbell_error **error) noexcept {
    return guard(error, [&]() -> Status {
        CARTBELL_TRY(check(engine));
        CARTBELL_TRY(not_null(next_due_us, "next_due_us"));
        if (work < 1) return failure(Code::invalid, "no_work", "work is at least 1");
        engine::Ticked ticked;
        CARTBELL_TRY(check_clock(now_us));
        CARTBELL_TRY(core(engine).tick(now_us, work, ticked));
        if (done) *done = ticked.steps;
        *next_due_us = ticked.next_due;
        return {};
    });
}

int32_t cartbell_engine_maintain(cartbell_engine *engine, int32_t *more, cartbell_error **error) noexcept {
    return guard(error, [&]() -> Status {
        CARTBELL_TRY(check(engine));
        CARTBELL_TRY(not_null(more, "more"));
        CARTBELL_ASSIGN(const bool left, core(engine).maintain());
        *more = left ? 1 : 0;
        return {};
    });
}

int32_t cartbell_engine_stats(const cartbell_engine *engine, cartbell_buffer *answer,
                              cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [](const engine::Engine &core) { return core.stats(); });
    });
}

int32_t cartbell_engine_digest(const cartbell_engine *engine, int32_t of, cartbell_buffer *answer,
                               cartbell_error **error) noexcept {
    return guard(error, [&] {
        return reply(engine, answer, [&](const engine::Engine &core) -> Result<std::string> {
            if (of == CARTBELL_DIGEST_STORED) return core.digest();
            if (of == CARTBELL_DIGEST_REFOLDED) return core.digest_refolded();
            return failure(Code::invalid, "unknown_digest", "of is none of CARTBELL_DIGEST_...");
        });
    });
}
