// The conformance suite over our own stores, and over the one of examples/: every check passes, and what is skipped is what a store in memory
// cannot have.
#include <doctest/doctest.h>

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
