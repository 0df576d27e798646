#include <memory>

#include "conformance.hpp"
#include "store/store.hpp"
#include "store/temporary_folder.hpp"

conformance::StoreUnderTest conformance::store_under_test() {
    auto folder = std::make_shared<TemporaryFolder>();
    auto count = std::make_shared<int>(0);
    auto path = [=] { return folder->file(std::to_string(*count) + ".db"); };
    return {cartbell::store::sqlite_store_functions(),
            [=] { return ++*count, cartbell::store::new_sqlite_store(path()); },
            [=] { return cartbell::store::new_sqlite_store(path()); }};
}
