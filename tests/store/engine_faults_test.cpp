// The n-th call of a store fails, for every n of a script that uses all of the engine: its status comes back, nothing is half done, and the
// engine goes on as if nothing had been.
#include <doctest/doctest.h>

#include <string>

#include "store/failing_table.hpp"
#include "store/shop_script.hpp"
#include "store/store.hpp"
#include "store/temporary_folder.hpp"

using failing_table::Commit;
using shop_script::Step;

namespace {

constexpr int32_t failures[] = {CARTBELL_IO, CARTBELL_FULL, CARTBELL_BUSY, CARTBELL_CORRUPT, CARTBELL_OUT_OF_MEMORY};

// The undisturbed run: what is stored and told before each step, and in the end.
struct Course {
    std::vector<std::string> stored, told;
    long calls = 0;
};

struct Place {
    explicit Place(bool memory) : in_memory(memory) {}
    void *make() {
        void *object = in_memory ? cartbell::store::new_memory_store() : cartbell::store::new_sqlite_store(folder.file("shop.db"));
        return failing_table::make(in_memory ? cartbell::store::memory_store_functions() : cartbell::store::sqlite_store_functions(), object);
    }
    bool in_memory;
    TemporaryFolder folder;
};

int32_t open(Place &place, cartbell_engine **engine, cartbell_error **error) {
    cartbell_engine_options options = CARTBELL_ENGINE_OPTIONS_INIT;
    options.store_functions = failing_table::functions();
    options.store = place.make();
    return cartbell_engine_open(&options, engine, error);
}

// A call that failed by the n-th store call says so, with its code.
void check_failure(int32_t status, cartbell_error *error, int32_t wanted) {
    CHECK(status == wanted);
    REQUIRE(error != nullptr);
    CHECK(cartbell_error_status(error) == wanted);
    CHECK(std::string(cartbell_error_message(error)) != "");
    cartbell_error_free(error);
}

void check_clean() {
    CHECK(failing_table::broken_promises().empty());
    for (const std::string &promise : failing_table::broken_promises()) MESSAGE(promise);
    CHECK(failing_table::open_objects() == 0);
    CHECK(cartbell_live_objects() == 0);
}

Course undisturbed(bool in_memory) {
    Course course;
    Place place(in_memory);
    failing_table::fail_at(0, CARTBELL_OK);
    cartbell_engine *engine = nullptr;
    REQUIRE(open(place, &engine, nullptr) == CARTBELL_OK);
    long asked = 0;  // calls of the questions in between
    auto look = [&] {
        const long before = failing_table::calls();
        course.stored.push_back(failing_table::dump());
        course.told.push_back(shop_script::answers(engine));
        asked += failing_table::calls() - before;
    };
    for (const Step &step : shop_script::steps()) {
        look();
        CAPTURE(step.name);
        REQUIRE(step.run(engine, nullptr) == CARTBELL_OK);
        if (step.reads) CHECK(failing_table::dump() == course.stored.back());
    }
    look();
    course.calls = failing_table::calls() - asked;
    CHECK(shop_script::digest(engine) == shop_script::digest(engine, CARTBELL_DIGEST_REFOLDED));
    cartbell_engine_close(engine);
    check_clean();
    return course;
}

// One run with one failing call. False when the script got through without meeting it.
bool disturbed(const Course &course, bool in_memory, long call, int32_t status, Commit commit) {
    Place place(in_memory);
    failing_table::fail_at(call, status, commit);
    cartbell_engine *engine = nullptr;
    cartbell_error *error = nullptr;
    int32_t got = open(place, &engine, &error);
    if (failing_table::fired()) {
        check_failure(got, error, status);
        CHECK(engine == nullptr);
        CHECK(failing_table::open_objects() == 0);
        got = open(place, &engine, nullptr);
    }
    REQUIRE(got == CARTBELL_OK);
    bool as_undisturbed = true;
    for (size_t i = 0; i < shop_script::steps().size(); ++i) {
        const Step &step = shop_script::steps()[i];
        CAPTURE(step.name);
        CAPTURE(failing_table::failed_call());
        const bool before = failing_table::fired();
        error = nullptr;
        got = step.run(engine, &error);
        if (failing_table::fired() && !before) {
            check_failure(got, error, status);
            const bool done = commit == Commit::done && failing_table::failed_call() == "commit" && !step.reads;
            CHECK(failing_table::dump() == course.stored[i + (done ? 1 : 0)]);
            CHECK(shop_script::answers(engine) == course.told[i + (done ? 1 : 0)]);
            if (done && !step.repeatable) as_undisturbed = false;
            got = step.run(engine, nullptr);
        }
        CHECK(got == CARTBELL_OK);
    }
    CHECK(shop_script::digest(engine) == course.told.back().substr(course.told.back().size() - shop_script::digest(engine).size()));
    CHECK(shop_script::digest(engine) == shop_script::digest(engine, CARTBELL_DIGEST_REFOLDED));
    if (as_undisturbed) CHECK(failing_table::dump() == course.stored.back());
    cartbell_engine_close(engine);
    check_clean();
    return failing_table::fired();
}

void fail_every(bool in_memory, Commit commit, long stride) {
    const Course course = undisturbed(in_memory);
    CHECK(course.calls > 200);
    long call = 1;
    for (; call <= course.calls; call += stride) {
        CAPTURE(call);
        CHECK(disturbed(course, in_memory, call, failures[static_cast<size_t>(call) % 5], commit));
    }
    CHECK(call > course.calls);
    CHECK(!disturbed(course, in_memory, course.calls * 3, CARTBELL_IO, commit));  // nothing fails when nothing is told to
    MESSAGE(course.calls << " calls of the store, every " << stride << ". failed once");
}

}  // namespace

TEST_CASE("every call of a store in memory fails once") { fail_every(true, Commit::undone, 1); }

TEST_CASE("every commit of a store in memory is done but says that it failed") { fail_every(true, Commit::done, 1); }

TEST_CASE("calls over the SQLite store fail") { fail_every(false, Commit::undone, 7); }
