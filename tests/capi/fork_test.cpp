// After a fork the child's calls answer CARTBELL_FORKED, closing there leaves the parent's store alone, and
// the child may open its own.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "cartbell/cartbell.h"

namespace {

constexpr int64_t now_us = 1'322'000'000'000'000;
constexpr char order[] =
    R"({"type":"order","id":"1","customer":{"external_id":"C-1"},"order":{"order_id":"100","currency":"EUR","total":"9.90"}})";

// Runs `check` in a child: 0, or the number of the first check that failed.
template <typename Check>
int in_child(Check &&check) {
    const pid_t child = fork();
    if (child == 0) _exit(check());
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

struct Folder {
    std::string path;
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "cartbell-fork-XXXXXX").string();
        path = mkdtemp(pattern.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace

TEST_CASE("every object of the parent is forked in the child, and the parent goes on") {
    const Folder folder;
    const std::string path = folder.path + "/shop.db";
    cartbell_engine_options options = CARTBELL_ENGINE_OPTIONS_INIT;
    options.path = path.c_str();
    cartbell_engine *engine = nullptr;
    cartbell_batch *batch = nullptr;
    cartbell_export *cursor = nullptr;
    cartbell_template *compiled = nullptr;
    cartbell_buffer answer = CARTBELL_BUFFER_INIT;
    REQUIRE(cartbell_engine_open(&options, &engine, nullptr) == CARTBELL_OK);
    REQUIRE(cartbell_engine_ingest(engine, CARTBELL_FORM_ONE, order, sizeof order - 1, nullptr, now_us,
                                   nullptr, nullptr, nullptr) == CARTBELL_OK);
    REQUIRE(cartbell_engine_parse(engine, CARTBELL_FORM_ARRAY, "[]", 2, nullptr, &batch, nullptr) ==
            CARTBELL_OK);
    REQUIRE(cartbell_export_open(engine, nullptr, &cursor, nullptr) == CARTBELL_OK);
    REQUIRE(cartbell_template_compile("x", 1, nullptr, &compiled, nullptr) == CARTBELL_OK);

    const int failed = in_child([&]() -> int {
        cartbell_error *error = nullptr;
        int64_t due = 0;
        size_t count = 0;
        int32_t outcome = 0;
        if (cartbell_engine_stats(engine, &answer, &error) != CARTBELL_FORKED) return 1;
        if (cartbell_error_status(error) != CARTBELL_FORKED) return 2;
        cartbell_error_free(error);
        if (cartbell_engine_ingest(engine, CARTBELL_FORM_ONE, order, sizeof order - 1, nullptr, now_us,
                                   nullptr, nullptr, nullptr) != CARTBELL_FORKED)
            return 3;
        if (cartbell_engine_parse(engine, CARTBELL_FORM_ARRAY, "[]", 2, nullptr, &batch, nullptr) !=
            CARTBELL_FORKED)
            return 4;
        if (cartbell_engine_tick(engine, now_us, 1, nullptr, &due, nullptr) != CARTBELL_FORKED) return 5;
        if (cartbell_batch_count(batch, &count, nullptr) != CARTBELL_FORKED) return 6;
        if (cartbell_export_next(cursor, 1, &count, &answer, nullptr) != CARTBELL_FORKED) return 7;
        if (cartbell_template_render(compiled, "{}", 2, &outcome, &answer, nullptr) != CARTBELL_FORKED)
            return 8;
        cartbell_export_close(cursor);
        cartbell_batch_free(batch);
        cartbell_template_free(compiled);
        cartbell_engine_close(engine);
        if (cartbell_live_objects() != 0) return 9;
        // The parent still writes the store, also after the child closed what it inherited.
        cartbell_engine *own = nullptr;
        if (cartbell_engine_open(&options, &own, nullptr) != CARTBELL_BUSY) return 10;
        cartbell_engine_options memory = CARTBELL_ENGINE_OPTIONS_INIT;
        memory.path = ":memory:";
        if (cartbell_engine_open(&memory, &own, nullptr) != CARTBELL_OK) return 11;
        if (cartbell_engine_stats(own, &answer, nullptr) != CARTBELL_OK) return 12;
        cartbell_engine_close(own);
        return 0;
    });
    CHECK(failed == 0);

    CHECK(cartbell_order_get(engine, "100", &answer, nullptr) == CARTBELL_OK);
    CHECK(cartbell_engine_apply(engine, &batch, 1, now_us, nullptr, nullptr, nullptr) == CARTBELL_OK);
    cartbell_export_close(cursor);
    cartbell_batch_free(batch);
    cartbell_template_free(compiled);
    cartbell_engine_close(engine);
    cartbell_buffer_free(&answer);
    CHECK(cartbell_live_objects() == 0);
}
