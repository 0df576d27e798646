// The conformance suite bites: every deliberate mistake is found by the check that is named for it, and every check finds some mistake.
#include <doctest/doctest.h>

#include <set>
#include <string>

#include "store/mutants.hpp"

using namespace conformance_test;

TEST_CASE("a store behind the mutants' functions that makes no mistake passes") {
    for (bool keeps : {false, true}) {
        const Subject subject = mutants::subject(mutants::Mutant::none, keeps);
        const Run all = run(*subject.functions, subject.make);
        CHECK(all.status == CARTBELL_OK);
        for (const auto &check : all.told) CHECK_MESSAGE(check.second.outcome != CARTBELL_CONFORMANCE_FAILED, check.first, ": ", check.second.message);
    }
}

TEST_CASE("every mistake is found by the check that is named for it, which says what was wrong") {
    size_t found = 0;
    for (const mutants::Described &one : mutants::described())
        for (const std::string &check : one.checks) {
            const Subject subject = mutants::subject(one.mutant, one.keeps);
            const Run bitten = run(*subject.functions, subject.make, check.c_str());
            REQUIRE_MESSAGE(bitten.told.count(check) == 1, "no check is called ", check);
            const Told &told = bitten.told.at(check);
            CHECK_MESSAGE(bitten.status == CARTBELL_CONFLICT, one.name, " was not found by ", check);
            CHECK_MESSAGE(told.outcome == CARTBELL_CONFORMANCE_FAILED, one.name, " was not found by ", check);
            INFO(one.name, ": ", told.message);
            CHECK(told.message.size() > 10);
            CHECK(told.rule.size() > 10);
            ++found;
        }
    CHECK(found >= mutants::described().size());
    CHECK(found >= 95);
}

TEST_CASE("every check finds some mistake") {
    std::set<std::string> finding;
    for (const mutants::Described &one : mutants::described()) finding.insert(one.checks.begin(), one.checks.end());
    for (size_t position = 0; const char *name = cartbell_store_conformance_check(position); ++position)
        CHECK_MESSAGE(finding.count(name) == 1, name, " has no mutant");
}
