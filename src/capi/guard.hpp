// The one way into the library: every extern "C" body that can fail is one guard(...).
#pragma once

#include <utility>

#include "capi/error_report.hpp"

namespace cartbell::capi {

// Runs `body`, which gives a Status. Whatever it throws stops here; *error is set or null.
template <typename Body>
int32_t guard(cartbell_error **error, Body &&body) noexcept {
    if (error) *error = nullptr;
    try {
        const Status status = std::forward<Body>(body)();
        return status.ok() ? CARTBELL_OK : report(error, status.error());
    } catch (...) {
        return report_current_exception(error);
    }
}

}  // namespace cartbell::capi
