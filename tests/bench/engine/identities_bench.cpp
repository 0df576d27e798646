// What claims cost: orders that carry more identities than one, against the same orders that carry one.
//
//   identities_bench [customers] [operations a batch]
//
// Each way brings one order for each customer; printed is its time over that of the orders known by an external id alone, and what ten times
// the customers cost (10 x would be linear). "one device" is a till that every customer is seen at: a claim by each of them.
#include <algorithm>
#include <cstring>
#include <functional>
#include <random>
#include <vector>

#include "bench/support/host.hpp"
#include "bench/support/timing.hpp"

using namespace cartbell::bench;

namespace {

using Write = std::function<std::string(int n)>;

std::string operation(const char *type, const std::string &id, int minute, const std::string &identities, const std::string &rest = {}) {
    return std::string(R"({"type":")") + type + R"(","id":")" + id + R"(","occurred_at":")" + Shop::rfc3339(Shop::start_us + int64_t{minute} * 60'000'000) +
           R"(","customer":{)" + identities + "}" + rest + "}\n";
}

std::string order(int n, const std::string &identities, const char *prefix = "o") {
    const std::string id = prefix + std::to_string(n);
    return operation("order", id, n, identities, R"(,"order":{"order_id":")" + id + R"(","total":"10.00"})");
}

std::string external_id(int n) { return R"("external_id":"C-)" + std::to_string(n) + "\""; }
std::string email(int n) { return R"("email":"c)" + std::to_string(n) + "@example.eu\""; }

double seconds_for(const std::vector<int> &arrivals, size_t batch, const Write &write) {
    Folder folder;
    Host host(folder.file("shop.db"));
    double seconds = 0;
    for (size_t at = 0; at < arrivals.size(); at += batch) {
        std::string block;
        for (size_t i = at; i < std::min(at + batch, arrivals.size()); ++i) block += write(arrivals[i]);
        seconds += seconds_of([&] { host.ingest(block); });
    }
    return seconds;
}

struct Way {
    const char *name;
    Write write;
    bool shuffled;
};

}  // namespace

int main(int argc, char **argv) {
    const int customers = argc > 1 ? std::atoi(argv[1]) : 20'000;
    const size_t batch = argc > 2 ? static_cast<size_t>(std::atoi(argv[2])) : 1000;
    const Way ways[] = {
        {"external id alone", [](int n) { return order(n, external_id(n)); }, false},
        {"the same, shuffled", [](int n) { return order(n, external_id(n)); }, true},
        {"with an address", [](int n) { return order(n, external_id(n) + "," + email(n)); }, false},
        {"the same, shuffled", [](int n) { return order(n, external_id(n) + "," + email(n)); }, true},
        {"by address, then identified", [](int n) { return order(n, email(n)) + operation("identify", "i" + std::to_string(n), n + 1, external_id(n) + "," + email(n)); }, false},
        {"one device", [](int n) { return order(n, external_id(n) + R"(,"device_id":"till")"); }, false},
        {"one device, shuffled", [](int n) { return order(n, external_id(n) + R"(,"device_id":"till")"); }, true},
        {"one device, orders by it too", [](int n) { return order(n, external_id(n) + R"(,"device_id":"till")") + order(n, R"("device_id":"till")", "d"); }, false},
        {"the same, shuffled", [](int n) { return order(n, external_id(n) + R"(,"device_id":"till")") + order(n, R"("device_id":"till")", "d"); }, true},
    };
    double alone = 0;
    for (const Way &way : ways) {
        double seconds[2] = {};
        for (const int scale : {0, 1}) {
            std::vector<int> arrivals(static_cast<size_t>(scale == 0 ? customers / 10 : customers));
            for (size_t i = 0; i < arrivals.size(); ++i) arrivals[i] = static_cast<int>(i);
            if (way.shuffled) std::shuffle(arrivals.begin(), arrivals.end(), std::mt19937_64(1));
            seconds[scale] = seconds_for(arrivals, batch, way.write);
        }
        if (alone == 0) alone = seconds[1];
        std::printf("%-30s %5.1f µs a customer, %.2f x; ten times the customers: %.1f x\n", way.name, seconds[1] * 1e6 / customers, seconds[1] / alone,
                    seconds[1] / seconds[0]);
    }
    return 0;
}
