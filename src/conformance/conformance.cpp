#include <array>
#include <cstddef>
#include <cstring>
#include <new>

#include "conformance/checks.hpp"
#include "conformance/rules.hpp"

namespace cartbell::conformance {
namespace {

const auto &groups() {
    static constexpr std::array<std::span<const Check> (*)(), 8> known = {cell_checks,        row_checks,    order_checks, scan_checks,
                                                                          transaction_checks, thread_checks, place_checks, random_checks};
    return known;
}

// The check at a position over all groups, or null.
const Check *check_at(size_t position) {
    for (auto group : groups()) {
        const std::span<const Check> checks = group();
        if (position < checks.size()) return &checks[position];
        position -= checks.size();
    }
    return nullptr;
}

bool complete(const cartbell_store_functions &f) {
    return f.version == CARTBELL_STORE_VERSION && f.struct_size >= offsetof(cartbell_store_functions, last_message) && f.open && f.close && f.begin &&
           f.commit && f.rollback && f.get && f.insert && f.put && f.remove && f.scan && f.next && f.end_scan;
}

void tell(const cartbell_conformance_options &options, const Check &check, int32_t outcome, const char *rule, const char *message) {
    if (!options.report) return;
    const cartbell_conformance_report told{sizeof told, outcome, check.name, rule ? rule : check.rule, message};
    options.report(options.user_data, &told);
}

bool passes(const Subject &subject, const Check &check) {
    tell(subject.options, check, CARTBELL_CONFORMANCE_BEGUN, nullptr, "");
    try {
        check.run(subject);
        tell(subject.options, check, CARTBELL_CONFORMANCE_PASSED, nullptr, "");
        return true;
    } catch (const Skipped &skipped) {
        tell(subject.options, check, CARTBELL_CONFORMANCE_SKIPPED, nullptr, skipped.why);
        return true;
    } catch (const Failed &failed) {
        tell(subject.options, check, CARTBELL_CONFORMANCE_FAILED, failed.rule, failed.message.c_str());
    } catch (const std::bad_alloc &) {
        throw;
    } catch (...) {
        tell(subject.options, check, CARTBELL_CONFORMANCE_FAILED, rules::statuses, "a function threw an exception");
    }
    return false;
}

int32_t run(const cartbell_store_functions &functions, const cartbell_conformance_options &options) {
    const Subject subject{functions, options};
    bool known = false, passed = true;
    for (size_t position = 0; const Check *check = check_at(position); ++position) {
        if (options.only && std::strcmp(options.only, check->name) != 0) continue;
        known = true;
        passed &= passes(subject, *check);
    }
    if (!known) return CARTBELL_NOT_FOUND;
    return passed ? CARTBELL_OK : CARTBELL_CONFLICT;
}

}  // namespace
}  // namespace cartbell::conformance

using namespace cartbell::conformance;

int32_t cartbell_store_conformance(const cartbell_store_functions *functions, const cartbell_conformance_options *options) noexcept {
    if (!functions || !options || options->struct_size != sizeof *options || options->reserved != 0 || !options->make) return CARTBELL_MISUSE;
    if (!complete(*functions)) return CARTBELL_MISUSE;
    try {
        return run(*functions, *options);
    } catch (...) {
        return CARTBELL_OUT_OF_MEMORY;
    }
}

const char *cartbell_store_conformance_check(size_t position) noexcept {
    const Check *check = check_at(position);
    return check ? check->name : nullptr;
}
