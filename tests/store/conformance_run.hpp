// Runs the conformance suite over a store and says what became of each check.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "cartbell/sys/store_conformance.h"

namespace conformance_test {

struct Told {
    int32_t outcome = 0;
    std::string rule, message;
};

struct Run {
    int32_t status = CARTBELL_INTERNAL;
    std::map<std::string, Told> told;
};

using Make = std::function<void *(int32_t place)>;

inline Run run(const cartbell_store_functions &functions, const Make &make, const char *only = nullptr, uint64_t seed = 1) {
    struct Both {
        const Make &make;
        Run run;
    } both{make, {}};
    cartbell_conformance_options options = CARTBELL_CONFORMANCE_OPTIONS_INIT;
    options.make = [](void *data, int32_t place) { return static_cast<Both *>(data)->make(place); };
    options.report = [](void *data, const cartbell_conformance_report *report) {
        static_cast<Both *>(data)->run.told[report->check] = {report->outcome, report->rule, report->message};
    };
    options.user_data = &both;
    options.only = only;
    options.seed = seed;
    both.run.status = cartbell_store_conformance(&functions, &options);
    return both.run;
}

// The built-in stores, and the one of examples/.
struct Subject {
    const cartbell_store_functions *functions;
    Make make;
};
Subject memory_subject();
Subject sqlite_subject();
Subject custom_subject();

}  // namespace conformance_test
