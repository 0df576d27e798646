extern "C" {
#include "custom_store.h"
}

#include <fstream>
#include <memory>

#include "store/conformance_run.hpp"
#include "store/store.hpp"
#include "store/temporary_folder.hpp"

namespace conformance_test {

Subject memory_subject() {
    return {cartbell::store::memory_store_functions(),
            [](int32_t place) { return place == CARTBELL_CONFORMANCE_NEW ? cartbell::store::new_memory_store() : nullptr; }};
}

Subject sqlite_subject() {
    auto folder = std::make_shared<TemporaryFolder>();
    auto count = std::make_shared<int>(0);
    return {cartbell::store::sqlite_store_functions(), [=](int32_t place) {
                if (place == CARTBELL_CONFORMANCE_NEW) ++*count;
                std::string path = folder->file(std::to_string(*count) + ".db");
                if (place == CARTBELL_CONFORMANCE_FOREIGN) std::ofstream(path = folder->file("foreign")) << "a text file, and no database";
                return cartbell::store::new_sqlite_store(path);
            }};
}

Subject custom_subject() {
    return {custom_store_functions(), [](int32_t place) { return place == CARTBELL_CONFORMANCE_NEW ? custom_store_new() : nullptr; }};
}

}  // namespace conformance_test
