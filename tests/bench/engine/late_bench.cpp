// One object with many facts, arriving in their order, newest first, and shuffled: a late fact must not cost what all facts of its object cost.
// The objects are an order, a product, and a customer who has a new address with each of its orders.
//
//   late_bench [facts] [facts a batch]
//
// Printed of each: the time of the other arrivals over the ordered one, and what ten times the facts cost for each arrival (10 x would be
// linear). All arrivals must end in one digest.
#include <algorithm>
#include <cstring>
#include <random>
#include <vector>

#include "bench/support/host.hpp"
#include "bench/support/timing.hpp"

using namespace cartbell::bench;

namespace {

using Fact = std::string (*)(int n);

std::string fact(const char *type, int n, const std::string &rest) {
    return std::string(R"({"type":")") + type + R"(","id":"f-)" + std::to_string(n) + R"(","occurred_at":")" +
           Shop::rfc3339(Shop::start_us + int64_t{n} * 60'000'000) + "\"," + rest + "}\n";
}

// A status of one of the three sets with its own time, a total, and now and then the lines.
std::string of_order(int n) {
    static constexpr const char *statuses[] = {R"("general":"completed")", R"("delivery":"assembling")", R"("payment":"paid")",
                                               R"("general":"received")",  R"("delivery":"delivered")", R"("payment":"awaiting")"};
    std::string text = R"("customer":{"external_id":"C-1"},"order":{"order_id":"1","total":")" + std::to_string(n) + R"(.00","status":{)" + statuses[n % 6] + "}";
    if (n % 10 == 0)
        text += R"(,"lines":[{"line_id":"1","product_id":"SKU-)" + std::to_string(n % 7) + R"(","quantity":")" + std::to_string(n % 5 + 1) + "\"}]";
    return fact("order", n, text + "}");
}

std::string of_product(int n) {
    return fact("product", n, R"("product":{"product_id":"MUG","stock":")" + std::to_string(n % 50) + (n % 9 == 0 ? R"(","price":"9.50"})" : R"("})"));
}

std::string of_customer(int n) {
    return fact("order", n, R"("customer":{"external_id":"C-1","email":"c)" + std::to_string(n) + R"(@example.eu"},"order":{"order_id":")" + std::to_string(n) +
                                R"(","total":"5.00"})");
}

std::string digest_of(const Host &host) {
    cartbell_buffer answer = CARTBELL_BUFFER_INIT;
    cartbell_error *error = nullptr;
    must(cartbell_engine_digest(host.engine(), CARTBELL_DIGEST_STORED, &answer, &error), error, "digest");
    const std::string text(answer.data, answer.size);
    cartbell_buffer_free(&answer);
    return text;
}

double seconds_for(Fact fact, const std::vector<int> &arrivals, size_t batch, std::string &digest) {
    Folder folder;
    Host host(folder.file("shop.db"));
    double seconds = 0;
    for (size_t at = 0; at < arrivals.size(); at += batch) {
        std::string block;
        for (size_t i = at; i < std::min(at + batch, arrivals.size()); ++i) block += fact(arrivals[i]);
        seconds += seconds_of([&] { host.ingest(block); });
    }
    const std::string now = digest_of(host);
    if (!digest.empty() && digest != now) {
        std::printf("the digests differ\n");
        std::exit(1);
    }
    digest = now;
    return seconds;
}

void measure(const char *object, Fact fact, int facts, size_t batch) {
    double ordered[2] = {}, reversed[2] = {}, shuffled[2] = {};
    for (const int scale : {0, 1}) {
        std::vector<int> arrivals(static_cast<size_t>(scale == 0 ? facts / 10 : facts));
        for (size_t i = 0; i < arrivals.size(); ++i) arrivals[i] = static_cast<int>(i);
        std::string digest;
        ordered[scale] = seconds_for(fact, arrivals, batch, digest);
        std::reverse(arrivals.begin(), arrivals.end());
        reversed[scale] = seconds_for(fact, arrivals, batch, digest);
        std::shuffle(arrivals.begin(), arrivals.end(), std::mt19937_64(1));
        shuffled[scale] = seconds_for(fact, arrivals, batch, digest);
    }
    std::printf("one %s, %d facts in batches of %zu: in order %.0f µs a fact\n", object, facts, batch, ordered[1] * 1e6 / facts);
    std::printf("  newest first %.1f x, shuffled %.1f x of the ordered arrival's time\n", reversed[1] / ordered[1], shuffled[1] / ordered[1]);
    std::printf("  ten times the facts: in order %.1f x, newest first %.1f x, shuffled %.1f x the time\n", ordered[1] / ordered[0],
                reversed[1] / reversed[0], shuffled[1] / shuffled[0]);
}

}  // namespace

int main(int argc, char **argv) {
    const int facts = argc > 1 ? std::atoi(argv[1]) : 10'000;
    const size_t batch = argc > 2 ? static_cast<size_t>(std::atoi(argv[2])) : 1000;
    measure("order", of_order, facts, batch);
    measure("product", of_product, facts, batch);
    measure("customer", of_customer, facts, batch);
    return 0;
}
