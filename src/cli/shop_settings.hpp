// What a file's operations need of a store's settings: its statuses and custom fields.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cartbell/cartbell.hpp"

namespace cartbell::cli {

struct ShopSettings {
    struct Status {
        std::string set, code, name;
        bool in_analytics = true;
        bool used = true;  // by the file; the others of its format are put beside them
    };
    struct Field {
        std::string of, code, name, type;
    };
    std::string zone, currency, locale;  // of the shop, for a store without settings
    std::vector<Status> statuses;
    std::vector<Field> fields;
};

// Puts `needed` if the store has no settings yet; of one that has, only what is missing, and only if `add`
// says so. Throws Failure, with the list, if the store lacks what the file uses.
void provide_settings(engine &shop, const ShopSettings &needed, bool add, int64_t now_us);

}  // namespace cartbell::cli
