#include "conformance.hpp"
#include "store/store.hpp"

conformance::StoreUnderTest conformance::store_under_test() {
    return {cartbell::store::memory_store_functions(), [] { return cartbell::store::new_memory_store(); }, nullptr};
}
