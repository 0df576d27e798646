// What every bench that drives the engine needs of the C ABI: an engine on a fresh file, a filled shop, a failure that ends the bench.
#pragma once

#include <cartbell/cartbell.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "bench/support/shop.hpp"

namespace cartbell::bench {

inline void must(int32_t status, cartbell_error *error, const char *what) {
    if (status == CARTBELL_OK) return;
    std::fprintf(stderr, "%s: %s: %s %s\n", what, cartbell_status_name(status), cartbell_error_message(error), cartbell_error_pointer(error));
    std::exit(1);
}

// A folder of its own that is removed at the end.
class Folder {
  public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "cartbell-bench-XXXXXX").string();
        path_ = mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder &) = delete;
    Folder &operator=(const Folder &) = delete;
    std::string file(const char *name) const { return (path_ / name).string(); }

  private:
    std::filesystem::path path_;
};

class Host {
  public:
    explicit Host(const std::string &path) {
        cartbell_engine_options options = CARTBELL_ENGINE_OPTIONS_INIT;
        options.path = path.c_str();
        cartbell_error *error = nullptr;
        must(cartbell_engine_open(&options, &engine_, &error), error, "open");
        const std::string settings = Shop::settings_json();
        must(cartbell_settings_put(engine_, settings.data(), settings.size(), Shop::start_us, nullptr, &error), error, "settings");
    }
    ~Host() { cartbell_engine_close(engine_); }
    Host(const Host &) = delete;
    Host &operator=(const Host &) = delete;
    cartbell_engine *engine() const { return engine_; }

    void ingest(const std::string &ndjson) {
        cartbell_applied applied = CARTBELL_APPLIED_INIT;
        cartbell_error *error = nullptr;
        must(cartbell_engine_ingest(engine_, CARTBELL_FORM_NDJSON, ndjson.data(), ndjson.size(), nullptr, Shop::end_us, &applied, nullptr, &error),
             error, "ingest");
        if (applied.rejected != 0) {
            std::fprintf(stderr, "%lld operations rejected\n", static_cast<long long>(applied.rejected));
            std::exit(1);
        }
    }

    // Customers who never order are known by a customer operation.
    void fill(Shop shop) {
        std::string block;
        for (int customer = 0; customer < shop.customers(); ++customer) {
            char text[160];
            std::snprintf(text, sizeof text, R"({"type":"customer","id":"c-%d","occurred_at":"2023-11-14T00:00:00Z","customer":{"external_id":"C-%d"},"profile":{"city":"Riga"}})" "\n",
                          customer, customer);
            block += text;
            if (block.size() > 200'000) flush(block);
        }
        flush(block);
        Order order;
        for (int count = 0; shop.next(order);) {
            Shop::append_json(order, block);
            if (++count % 1000 == 0) flush(block);
        }
        flush(block);
    }

  private:
    void flush(std::string &block) {
        if (!block.empty()) ingest(block);
        block.clear();
    }
    cartbell_engine *engine_ = nullptr;
};

}  // namespace cartbell::bench
