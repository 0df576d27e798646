// The conformance suite over our own stores, and over the one of examples/: every check passes, and what is skipped is what a store in memory
// cannot have.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <set>
#include <string>

#include "store/conformance_run.hpp"

using namespace conformance_test;

namespace {

const std::set<std::string> about_a_place_left = {
    "what_was_committed_is_there_after_close_and_open", "a_later_schema_adds_to_what_is_stored",
    "an_earlier_schema_is_refused_as_newer",            "an_open_for_reading_does_not_upgrade",
    "a_store_opened_for_reading_sees_commits_beside_it", "a_second_engine_is_busy_or_shares_the_store",
    "what_is_no_store_is_corrupt",
};

void check_all(const Subject &subject, const std::set<std::string> &skipped) {
    const char *given = std::getenv("CARTBELL_SEED");
    const uint64_t seed = given ? std::strtoull(given, nullptr, 10) : static_cast<uint64_t>(std::time(nullptr));
    MESSAGE("CARTBELL_SEED=" << seed);
    const Run all = run(*subject.functions, subject.make, nullptr, seed);
    CHECK(all.status == CARTBELL_OK);
    size_t position = 0;
    for (; const char *name = cartbell_store_conformance_check(position); ++position) {
        CAPTURE(name);
        REQUIRE(all.told.count(name) == 1);
        const Told &told = all.told.at(name);
        const int32_t wanted = skipped.count(name) ? CARTBELL_CONFORMANCE_SKIPPED : CARTBELL_CONFORMANCE_PASSED;
        CHECK_MESSAGE(told.outcome == wanted, told.message, " -- the rule: ", told.rule);
    }
    CHECK(position == all.told.size());
    CHECK(position >= 57);  // the suite only grows
}

}  // namespace

TEST_CASE("the memory store passes the conformance suite") { check_all(memory_subject(), about_a_place_left); }

TEST_CASE("the SQLite store passes the conformance suite, every check of it") { check_all(sqlite_subject(), {}); }

TEST_CASE("the store of examples/custom_store.c passes the conformance suite") { check_all(custom_subject(), about_a_place_left); }

TEST_CASE("one check runs by its name, and is told before and after") {
    std::string outcomes;
    cartbell_conformance_options options = CARTBELL_CONFORMANCE_OPTIONS_INIT;
    options.make = [](void *, int32_t place) { return memory_subject().make(place); };
    options.report = [](void *data, const cartbell_conformance_report *told) {
        CHECK(told->struct_size == sizeof *told);
        CHECK(std::string(told->check) == "a_limit_ends_the_scan");
        CHECK(std::string(told->rule) == "at most so many rows; 0: no limit");
        CHECK(std::string(told->message).empty());
        *static_cast<std::string *>(data) += static_cast<char>('0' + told->outcome);
    };
    options.user_data = &outcomes;
    options.only = "a_limit_ends_the_scan";
    CHECK(cartbell_store_conformance(memory_subject().functions, &options) == CARTBELL_OK);
    CHECK(outcomes == "12");
    options.report = nullptr;
    CHECK(cartbell_store_conformance(memory_subject().functions, &options) == CARTBELL_OK);
    options.only = "no_such_check";
    CHECK(cartbell_store_conformance(memory_subject().functions, &options) == CARTBELL_NOT_FOUND);
}

TEST_CASE("the suite refuses what it cannot run") {
    cartbell_conformance_options options = CARTBELL_CONFORMANCE_OPTIONS_INIT;
    cartbell_store_functions functions = *memory_subject().functions;
    CHECK(cartbell_store_conformance(&functions, &options) == CARTBELL_MISUSE);  // no make
    options.make = [](void *, int32_t place) { return memory_subject().make(place); };
    options.only = "keys_come_in_order";
    CHECK(cartbell_store_conformance(&functions, &options) == CARTBELL_OK);
    CHECK(cartbell_store_conformance(nullptr, &options) == CARTBELL_MISUSE);
    CHECK(cartbell_store_conformance(&functions, nullptr) == CARTBELL_MISUSE);
    options.reserved = 1;
    CHECK(cartbell_store_conformance(&functions, &options) == CARTBELL_MISUSE);
    options.reserved = 0;
    options.struct_size = 8;
    CHECK(cartbell_store_conformance(&functions, &options) == CARTBELL_MISUSE);
    options.struct_size = sizeof options;
    functions.version = 2;
    CHECK(cartbell_store_conformance(&functions, &options) == CARTBELL_MISUSE);
    functions = *memory_subject().functions;
    functions.next = nullptr;
    CHECK(cartbell_store_conformance(&functions, &options) == CARTBELL_MISUSE);
    functions = *memory_subject().functions;
    functions.struct_size = offsetof(cartbell_store_functions, last_message);  // an older table, without the optional functions
    functions.last_message = reinterpret_cast<const char *(*)(void *)>(uintptr_t{1});
    options.only = nullptr;
    CHECK(cartbell_store_conformance(&functions, &options) == CARTBELL_OK);
}

TEST_CASE("a store that cannot be made fails a check, and does not crash it") {
    const Run failed = run(*memory_subject().functions, [](int32_t) { return nullptr; }, "keys_come_in_order");
    CHECK(failed.status == CARTBELL_CONFLICT);
    CHECK(failed.told.at("keys_come_in_order").outcome == CARTBELL_CONFORMANCE_FAILED);
}
