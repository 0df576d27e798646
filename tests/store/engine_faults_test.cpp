// The n-th call of a store fails, for every n of a script that uses all of the engine: its status comes back, nothing is half done, and the
// engine goes on as if nothing had been.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "store/failing_table.hpp"
#include "store/failing_vfs.hpp"
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

// The disk has so much room when the script begins, and is cleared up when it was full. True if it was.
bool on_a_small_disk(const Course &course, int64_t room) {
    Place place(false);
    failing_table::fail_at(0, CARTBELL_OK);
    failing_vfs::heal();
    cartbell_engine *engine = nullptr;
    REQUIRE(open(place, &engine, nullptr) == CARTBELL_OK);
    failing_vfs::leave_room(room);
    bool full = false;
    for (size_t i = 0; i < shop_script::steps().size(); ++i) {
        const Step &step = shop_script::steps()[i];
        CAPTURE(step.name);
        cartbell_error *error = nullptr;
        int32_t got = step.run(engine, &error);
        if (got != CARTBELL_OK) {
            check_failure(got, error, CARTBELL_FULL);
            CHECK(!full);
            full = true;
            CHECK(failing_table::dump() == course.stored[i]);  // still readable, and as it was
            CHECK(shop_script::answers(engine) == course.told[i]);
            CHECK(step.run(engine, nullptr) == CARTBELL_FULL);
            failing_vfs::heal();
            got = step.run(engine, nullptr);
        }
        CHECK(got == CARTBELL_OK);
    }
    failing_vfs::heal();
    CHECK(failing_table::dump() == course.stored.back());
    cartbell_engine_close(engine);
    check_clean();
    REQUIRE(open(place, &engine, nullptr) == CARTBELL_OK);
    CHECK(failing_table::dump() == course.stored.back());
    CHECK(shop_script::digest(engine) == shop_script::digest(engine, CARTBELL_DIGEST_REFOLDED));
    cartbell_engine_close(engine);
    check_clean();
    return full;
}

}  // namespace

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr long sparse = 11;  // ten times as slow: some of the calls, with each of the failures
#else
constexpr long sparse = 1;
#endif

TEST_CASE("every call of a store in memory fails once") { fail_every(true, Commit::undone, sparse); }

TEST_CASE("every commit of a store in memory is done but says that it failed") { fail_every(true, Commit::done, sparse); }

TEST_CASE("calls over the SQLite store fail") { fail_every(false, Commit::undone, 7 * sparse); }

TEST_CASE("a disk that is full fails what does not fit, wherever that is, and the engine goes on when there is room again") {
    failing_vfs::install();
    failing_vfs::heal();
    const Course course = undisturbed(false);
    int times_full = 0;
    bool fitted = false;
    for (int64_t room = 0; !fitted && room < (int64_t{4} << 20); room += 23'003) {  // no multiple of a page: writes are cut anywhere
        CAPTURE(room);
        const bool full = on_a_small_disk(course, room);
        times_full += full;
        fitted = !full;
    }
    CHECK(fitted);
    CHECK(times_full > 15);
    MESSAGE(times_full << " disks were too small");
}

TEST_CASE("a tick that fails has done whole steps or none") {
    auto start_both = [](cartbell_engine *engine) {
        for (const Step &step : shop_script::steps()) {
            const std::string name = step.name;
            if (name == "tick") break;
            REQUIRE(step.run(engine, nullptr) == CARTBELL_OK);
        }
        REQUIRE(cartbell_mailing_start(engine, "summer", shop_script::now_us, nullptr, nullptr) == CARTBELL_OK);
    };
    std::vector<std::string> after_steps;
    int64_t done = 0, due = 0;
    {
        Place place(true);
        failing_table::fail_at(0, CARTBELL_OK);
        cartbell_engine *engine = nullptr;
        REQUIRE(open(place, &engine, nullptr) == CARTBELL_OK);
        start_both(engine);
        for (due = shop_script::now_us; due <= shop_script::now_us;) {
            after_steps.push_back(failing_table::dump());
            REQUIRE(cartbell_engine_tick(engine, shop_script::now_us, 1, &done, &due, nullptr) == CARTBELL_OK);
        }
        after_steps.push_back(failing_table::dump());
        cartbell_engine_close(engine);
    }
    REQUIRE(after_steps.size() == 3);  // before, after the first mailing's step, after the second's
    bool seen[3] = {};
    for (long call = 1;; ++call) {
        CAPTURE(call);
        Place place(true);
        failing_table::fail_at(0, CARTBELL_OK);
        cartbell_engine *engine = nullptr;
        REQUIRE(open(place, &engine, nullptr) == CARTBELL_OK);
        start_both(engine);
        failing_table::fail_at(call, CARTBELL_IO);
        const int32_t status = cartbell_engine_tick(engine, shop_script::now_us, 100, &done, &due, nullptr);
        const bool fired = failing_table::fired();
        CHECK(status == (fired ? CARTBELL_IO : CARTBELL_OK));
        const auto at = std::find(after_steps.begin(), after_steps.end(), failing_table::dump());
        REQUIRE(at != after_steps.end());
        seen[at - after_steps.begin()] = true;
        if (fired) CHECK(cartbell_engine_tick(engine, shop_script::now_us, 100, &done, &due, nullptr) == CARTBELL_OK);
        CHECK(failing_table::dump() == after_steps.back());
        cartbell_engine_close(engine);
        check_clean();
        if (!fired) break;
    }
    CHECK(seen[0]);
    CHECK(seen[1]);
}
