// An engine over each built-in store, and words to talk to it in tests.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/engine.hpp"
#include "model/operation.hpp"
#include "platform/zones_tzif.hpp"

namespace engine_test {

using nlohmann::json;
using namespace cartbell;
using cartbell::engine::Applied;
using cartbell::engine::Batch;
using cartbell::engine::Engine;
using cartbell::engine::Form;
using cartbell::engine::Ticked;

enum class Kind { memory, sqlite };

class Shop {
  public:
    explicit Shop(Kind kind) : kind_(kind) {
        if (kind == Kind::sqlite) {
            std::string pattern = (std::filesystem::temp_directory_path() / "cartbell-engine-XXXXXX").string();
            folder_ = mkdtemp(pattern.data());
        }
        open();
    }
    ~Shop() {
        engine_.reset();
        if (!folder_.empty()) std::filesystem::remove_all(folder_);
    }
    Shop(const Shop &) = delete;
    Shop &operator=(const Shop &) = delete;

    void reopen() {
        if (kind_ != Kind::sqlite) return;  // a store in memory ends with its engine
        engine_.reset();
        open();
    }
    // All bytes that the closed store left in its folder; the shop is of no use after it.
    std::string close() {
        engine_.reset();
        std::string bytes;
        for (const auto &file : std::filesystem::directory_iterator(folder_)) {
            std::ifstream in(file.path(), std::ios::binary);
            bytes.append(std::istreambuf_iterator<char>(in), {});
        }
        return bytes;
    }
    // Lines of the journal, oldest first: {"type","source","id","object","body","result"}, as stored. Of a shop in SQLite.
    std::vector<json> journal() {
        auto opened = store::Store::open(store::sqlite_store_functions(), store::new_sqlite_store(folder_ + "/shop.db"), true);
        REQUIRE(opened.ok());
        auto reading = opened->begin_read();
        REQUIRE(reading.ok());
        store::ScanRange range;
        range.table = store::journal;
        auto cursor = reading->scan(range);
        REQUIRE(cursor.ok());
        std::vector<json> lines;
        for (;;) {
            const auto rows = cursor->next();
            REQUIRE(rows.ok());
            if (rows->empty()) return lines;
            for (size_t row = 0; row < rows->size(); row += cursor->width()) {
                const auto text = [&](int column) {
                    const store::Cell &cell = (*rows)[row + static_cast<size_t>(column)];
                    return store::is_null(cell) ? json(nullptr) : json(store::text_of(cell));
                };
                using namespace store::journal_column;
                lines.push_back({{"type", text(type)}, {"source", text(source)}, {"id", text(op_id)}, {"object", text(object)}, {"body", text(body)},
                                 {"has_result", !text(result).is_null()}, {"received_at", (*rows)[row + received_at].integer}});
            }
        }
    }
    // The operations that the journal still has, sent to a shop of its own under the same settings.
    std::string digest_replayed() {
        Shop other(Kind::memory);
        json settings = read(engine_->get_settings());
        settings.erase("version");
        REQUIRE(other->put_settings(settings.dump(), 0).ok());
        for (const json &line : journal()) {
            if (!is_operation(line["type"].get<std::string>()) || line["id"] == "") continue;
            const json result = other.apply(Form::one, line["body"].get<std::string>(), line["received_at"].get<int64_t>(), line["source"].get<std::string>()).at(0);
            REQUIRE_MESSAGE(result["errors"].empty(), line.dump());
        }
        return other.digest();
    }
    Engine &engine() { return *engine_; }
    Engine *operator->() { return engine_.get(); }

    // Results of one batch.
    json apply(Form form, const std::string &bytes, Instant at, const std::string &source = "") {
        auto batch = engine_->parse(form, bytes, source);
        REQUIRE_MESSAGE(batch.ok(), (batch.ok() ? "" : batch.error().message));
        Batch *one = batch->get();
        Applied applied;
        const Status status = engine_->apply({&one, 1}, at, applied);
        REQUIRE_MESSAGE(status.ok(), (status.ok() ? "" : status.error().message));
        last = applied;
        return json::parse(applied.results.at(0));
    }
    json apply(const json &operations, Instant at) { return apply(Form::array, operations.dump(), at); }
    json one(const json &operation, Instant at) { return apply(Form::one, operation.dump(), at).at(0); }
    std::string digest() { return read(engine_->digest())["digest"]; }
    std::string digest_refolded() { return read(engine_->digest_refolded())["digest"]; }
    // Ticks until nothing is due; the number of steps.
    int64_t run(Instant now, int64_t work = 1000) {
        int64_t steps = 0;
        for (;;) {
            Ticked ticked;
            const Status status = engine_->tick(now, work, ticked);
            REQUIRE_MESSAGE(status.ok(), (status.ok() ? "" : status.error().message));
            steps += ticked.steps;
            next_due = ticked.next_due;
            if (ticked.next_due > now) return steps;
        }
    }
    static json read(const Result<std::string> &answer) {
        REQUIRE_MESSAGE(answer.ok(), (answer.ok() ? "" : answer.error().reason + ": " + answer.error().message + " " + answer.error().pointer));
        return json::parse(*answer);
    }

    Applied last;
    Instant next_due = never;
    Limits limits;  // of the next reopen

  private:
    void open() {
        auto opened = kind_ == Kind::memory
                          ? store::Store::open(store::memory_store_functions(), store::new_memory_store(), false)
                          : store::Store::open(store::sqlite_store_functions(), store::new_sqlite_store(folder_ + "/shop.db"), false);
        REQUIRE(opened.ok());
        engine::Options options;
        options.zones = &zones_;
        options.limits = limits;
        auto made = Engine::open(std::move(*opened), options);
        REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().message));
        engine_ = std::move(*made);
    }

    Kind kind_;
    std::string folder_;
    TzifZones zones_;
    std::unique_ptr<Engine> engine_;
};

inline Instant at(const char *text) { return *parse_instant(text); }

// The test case's body runs once for each store.
#define FOR_EACH_STORE(kind)                                     \
    engine_test::Kind kind = engine_test::Kind::memory;          \
    SUBCASE("in memory") { kind = engine_test::Kind::memory; }   \
    SUBCASE("in SQLite") { kind = engine_test::Kind::sqlite; }

inline json order(const std::string &id, const std::string &order_id, const std::string &customer, const std::string &when, json members = json::object()) {
    members["order_id"] = order_id;
    json operation{{"type", "order"}, {"id", id}, {"occurred_at", when}, {"order", members}};
    if (!customer.empty()) operation["customer"] = {{"external_id", customer}};
    return operation;
}

}  // namespace engine_test
