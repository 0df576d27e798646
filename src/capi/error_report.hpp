// Errors that go out: cartbell_error out of an Error or of whatever exception is on its way.
#pragma once

#include "base/status.hpp"
#include "cartbell/error.h"

namespace cartbell::capi {

// All three set *error, unless error is null, and give the status to return.
int32_t report(cartbell_error **error, const Error &what);          // may throw bad_alloc
int32_t report_out_of_memory(cartbell_error **error) noexcept;      // allocates nothing
int32_t report_current_exception(cartbell_error **error) noexcept;  // only inside a catch

}  // namespace cartbell::capi
