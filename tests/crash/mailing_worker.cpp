// A host that sends one mailing and may be killed at any moment: one thread ticks, two lease, hand over and report.
//
//   mailing_worker STORE MAILING HANDED_OVER_LOG EPOCH_US START_US
//
// Its clock is START_US + (real time - EPOCH_US), so that leases of a killed run end for the next one. "Handing over" appends one line
// "<message_id> <identity>" to the log in one write: the provider's own record of what it was given. Exits 0 when nothing is left to do.
#include <cartbell/cartbell.h>
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

namespace {

using nlohmann::json;

int64_t epoch_us = 0;
int64_t start_us = 0;
int log_file = -1;
const char *mailing = nullptr;
std::atomic<bool> planned{false};

int64_t now_us() {
    const auto real = std::chrono::system_clock::now().time_since_epoch();
    return start_us + std::chrono::duration_cast<std::chrono::microseconds>(real).count() - epoch_us;
}

void check(int32_t status, cartbell_error *error, const char *what) {
    if (status == CARTBELL_OK) return;
    std::fprintf(stderr, "%s: %s %s\n", what, cartbell_status_name(status), cartbell_error_message(error));
    std::_Exit(3);
}

void plan(cartbell_engine *engine) {
    cartbell_error *error = nullptr;
    check(cartbell_mailing_start(engine, mailing, now_us(), nullptr, &error), error, "start");
    for (;;) {
        int64_t done = 0, due = 0;
        check(cartbell_engine_tick(engine, now_us(), 1, &done, &due, &error), error, "tick");
        cartbell_buffer status = CARTBELL_BUFFER_INIT;
        check(cartbell_mailing_status(engine, mailing, &status, &error), error, "status");
        const bool finished = json::parse(std::string(status.data, status.size))["state"] == "done";
        cartbell_buffer_free(&status);
        planned = finished;
        std::this_thread::sleep_for(std::chrono::milliseconds(25));
        if (finished && done == 0 && due == CARTBELL_NEVER) return;
    }
}

// Until the mailing is planned and nothing is queued or leased any more.
bool outbox_empty(cartbell_engine *engine) {
    cartbell_buffer status = CARTBELL_BUFFER_INIT;
    cartbell_error *error = nullptr;
    check(cartbell_mailing_status(engine, mailing, &status, &error), error, "status");
    const json states = json::parse(std::string(status.data, status.size))["states"];
    cartbell_buffer_free(&status);
    return states.value("queued", 0) == 0 && states.value("leased", 0) == 0;
}

void send(cartbell_engine *engine, std::string worker) {
    for (;;) {
        cartbell_buffer answer = CARTBELL_BUFFER_INIT;
        cartbell_error *error = nullptr;
        check(cartbell_message_lease(engine, worker.c_str(), 3, 150'000, now_us(), &answer, &error), error, "lease");
        const json messages = json::parse(std::string(answer.data, answer.size))["messages"];
        cartbell_buffer_free(&answer);
        json reports = json::array();
        for (const json &message : messages) {
            const std::string id = message.at("message_id");
            const std::string line = id + " " + message.at("customer").get<std::string>() + "\n";
            if (write(log_file, line.data(), line.size()) != static_cast<ssize_t>(line.size())) std::_Exit(4);
            reports.push_back({{"message_id", id}, {"outcome", "handed_over"}, {"provider_id", "p-" + id}, {"worker", worker}});
        }
        if (!reports.empty()) {
            const std::string text = reports.dump();
            check(cartbell_message_report(engine, text.data(), text.size(), now_us(), nullptr, &error), error, "report");
        } else if (planned && outbox_empty(engine)) {
            return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(3));
    }
}

}  // namespace

int main(int argc, char **argv) {
    if (argc != 6) return 2;
    mailing = argv[2];
    log_file = open(argv[3], O_WRONLY | O_CREAT | O_APPEND, 0644);
    epoch_us = std::atoll(argv[4]);
    start_us = std::atoll(argv[5]);
    cartbell_engine_options options = CARTBELL_ENGINE_OPTIONS_INIT;
    options.path = argv[1];
    cartbell_engine *engine = nullptr;
    cartbell_error *error = nullptr;
    check(cartbell_engine_open(&options, &engine, &error), error, "open");
    std::thread first(send, engine, "one"), second(send, engine, "two");
    plan(engine);
    first.join();
    second.join();
    cartbell_engine_close(engine);
    return 0;
}
