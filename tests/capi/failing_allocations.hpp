// operator new of this executable, made to fail at will. A file of its own, so that no compiler sees through
// new and delete.
#pragma once

namespace cartbell::test {

extern long allocations_left;  // to go before one fails; negative: none fails. For tests with one thread
extern long allocations_seen;

}  // namespace cartbell::test
