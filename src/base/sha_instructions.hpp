// Whether the processor has the SHA extensions of x86.
#pragma once

namespace cartbell {

bool has_sha_instructions();

}  // namespace cartbell
