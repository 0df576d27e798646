// A host that imports orders and may be killed at any moment: batch after batch, each noted in a log once the engine said that it is stored.
//
//   import_worker STORE STORED_LOG FIRST_BATCH
//
// Batch b has 12 new orders, "b-0" to "b-11", of some 40 customers, a newer fact of the order "all" and a late one of an order before. It never ends.
#include <cartbell/cartbell.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

constexpr int64_t start_us = 1'764'000'000'000'000;
constexpr int64_t orders_of_batch = 12;

void check(int32_t status, cartbell_error *error, const char *what) {
    if (status == CARTBELL_OK) return;
    std::fprintf(stderr, "%s: %s %s\n", what, cartbell_status_name(status), cartbell_error_message(error));
    std::_Exit(3);
}

std::string order(const std::string &id, const std::string &order_id, int64_t customer, int64_t minute, const std::string &members) {
    char when[32];
    std::snprintf(when, sizeof when, "2025-%02d-%02dT%02d:%02d:00Z", static_cast<int>(minute / 60 / 24 / 28 % 10 + 1),
                  static_cast<int>(minute / 60 / 24 % 28 + 1), static_cast<int>(minute / 60 % 24), static_cast<int>(minute % 60));
    return R"({"type":"order","id":")" + id + R"(","occurred_at":")" + when + R"(","customer":{"external_id":"C-)" + std::to_string(customer) +
           R"("},"order":{"order_id":")" + order_id + "\"," + members + "}}\n";
}

std::string batch_text(int64_t batch) {
    const std::string name = std::to_string(batch);
    std::string text;
    for (int64_t i = 0; i < orders_of_batch; ++i)
        text += order(name + "-" + std::to_string(i), name + "-" + std::to_string(i), (batch * 7 + i * 5) % 40, batch + i,
                      R"("total":")" + std::to_string(i) + R"(","status":{"general":"received"},"lines":[{"line_id":"1","name":"Mug"}])");
    text += order(name + "-all", "all", 1, batch, R"("total":")" + name + "\"");
    if (batch > 0) text += order(name + "-late", std::to_string(batch / 2) + "-0", 2, 0, R"("url":")" + name + "\"");
    return text;
}

}  // namespace

int main(int argc, char **argv) {
    if (argc != 4) return 2;
    const int log_file = open(argv[2], O_WRONLY | O_CREAT | O_APPEND, 0644);
    cartbell_engine_options options = CARTBELL_ENGINE_OPTIONS_INIT;
    options.path = argv[1];
    cartbell_engine *engine = nullptr;
    cartbell_error *error = nullptr;
    check(cartbell_engine_open(&options, &engine, &error), error, "open");
    for (int64_t batch = std::atoll(argv[3]);; ++batch) {
        const std::string text = batch_text(batch), line = std::to_string(batch) + "\n";
        cartbell_applied applied = CARTBELL_APPLIED_INIT;
        check(cartbell_engine_ingest(engine, CARTBELL_FORM_NDJSON, text.data(), text.size(), nullptr, start_us, &applied, nullptr, &error), error,
              "ingest");
        if (applied.rejected != 0) return 4;
        if (write(log_file, line.data(), line.size()) != static_cast<ssize_t>(line.size())) return 5;
        int32_t more = 0;
        if (batch % 16 == 0) check(cartbell_engine_maintain(engine, &more, &error), error, "maintain");
    }
}
