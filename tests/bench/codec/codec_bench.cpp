// JSON → operation, beside nlohmann/json making as much of the same order (exact amounts, instants, the
// canonical body hashed), and beside what it and simdjson's two interfaces cost when nothing is checked.
// Prints the best of interleaved rounds in processor time, so that busy neighbours do not count, and the
// ratio to the peer at the head of each group. `--quick`: one short round, to see that it runs.
// `--ours <count>`: only our own, for a profiler.
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "codec/operation_json.hpp"
#include "peer.hpp"

namespace {

using namespace cartbell;

// The example of formats.md §1, its dots filled in.
constexpr std::string_view example =
    R"({"type":"order","id":"7b0e4c1a-3f0a-4c36-9a53-1f6a2d5b8a01","occurred_at":"2026-11-20T10:15:00+01:00","source":"shop","customer":{"external_id":"C-17","email":"a@b.eu"},)"
    R"("order":{"order_id":"100045","placed_at":"2026-11-20T10:15:00+01:00","currency":"EUR",)"
    R"("status":{"general":"received","delivery":"assembling","payment":{"code":"awaiting","at":"2026-11-20T10:15:02+01:00"}},)"
    R"("delivery":{"type":"courier","provider":"DHL","address":{"country":"LV","city":"Riga","street":"Brivibas iela 1"},"at":"2026-11-22T09:00:00+02:00","note":"ring twice","cost":"4.90"},)"
    R"("payment":{"type":"card","provider":"stripe","paid":"0.00","bonuses_paid":"0.00"},)"
    R"("payments":[{"payment_id":"1","type":"voucher","provider":"gift","amount":"20.00","installments":1}],)"
    R"("total":"99.80","discount":"5.00",)"
    R"("lines":[{"line_id":"1","product_id":"SKU-9","name":"Mug","category":["Kitchen","Mugs"],"quantity":"2","price":"49.95","discount":"0.00",)"
    R"("total":"99.90","weight":"0.4","bonuses_accrued":"9.9","bonuses_paid":"0","fields":{"engraving":"Anna"}}],)"
    R"("fields":{"gift":true}}})";

Settings shop_settings() {
    Settings settings = default_settings();
    settings.sources.insert(settings.sources.begin(), Source{"shop", "Shop", "", Trust::trusted, 1, true});
    settings.statuses = {{StatusSet::general, "received", "", true},
                         {StatusSet::delivery, "assembling", "", true},
                         {StatusSet::payment, "awaiting", "", true}};
    settings.fields = {{Object::order, "gift", "", Type::boolean, false},
                       {Object::line, "engraving", "", Type::text, false}};
    return settings;
}

struct Contender {
    const char *name;
    size_t against;
    std::function<size_t()> run;   // returns how many orders it made
    std::vector<double> times_us;  // per order
};

double best(const std::vector<double> &times) {
    return *std::min_element(times.begin(), times.end());
}

double processor_us() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

void require(bool good) {
    if (good) return;
    std::fputs("codec_bench: the example was refused\n", stderr);
    std::exit(1);
}

}  // namespace

int main(int argc, char **argv) {
    // The heap keeps what is freed, for every contender: a page that goes back to the system after each batch
    // costs more than parsing.
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    mallopt(M_TOP_PAD, 16 << 20);
    mallopt(M_MMAP_THRESHOLD, 256 << 20);
    const bool quick = argc > 1 && std::strcmp(argv[1], "--quick") == 0;
    const Settings settings = shop_settings();
    const Limits limits;
    const size_t count = 1000;

    std::string lines;
    for (size_t i = 0; i < count; ++i) {
        std::string line(example);
        const std::string number = std::to_string(10'000'000 + i);
        line.replace(line.find("7b0e4c1a"), 8, number);
        lines += line + "\n";
    }
    std::string padded(example);
    padded.reserve(padded.size() + 128);

    const auto singles = [&] {
        for (size_t i = 0; i < count; ++i) {
            const Result<codec::Batch> batch =
                codec::parse(example, codec::Form::operation, {}, settings, limits);
            require(batch.ok() && batch->operations.front().ok());
        }
        return count;
    };
    const auto batches = [&] {
        const Result<codec::Batch> batch = codec::parse(lines, codec::Form::ndjson, {}, settings, limits);
        require(batch.ok() && batch->operations.size() == count && batch->operations.back().ok());
        return count;
    };
    if (argc > 2 && std::strcmp(argv[1], "--ours") == 0) {
        const bool whole = argc == 3;
        for (long i = std::atol(argv[2]); i > 0; --i)
            whole ? batches() : singles();
        return 0;
    }

    bench::SimdjsonDom dom;
    bench::SimdjsonOnDemand on_demand;
    const auto repeat = [&](auto &&make) {
        return [&, make] {
            for (size_t i = 0; i < count; ++i)
                require(make().lines.size() == 1);
            return count;
        };
    };
    const auto exact_batch = [&] {  // keeps what it made, as a batch does
        std::vector<bench::ExactOrder> orders;
        orders.reserve(count);
        for (size_t begin = 0, end; (end = lines.find('\n', begin)) != std::string::npos; begin = end + 1)
            orders.push_back(
                bench::exact_order_by_nlohmann(std::string_view(lines).substr(begin, end - begin)));
        require(orders.size() == count && orders.back().numbers.size() == 13);
        return count;
    };
    // Each is compared with the contender at `against`.
    std::vector<Contender> contenders;
    contenders.push_back({"one at a time: nlohmann, exact amounts and times, hashed",
                          0,
                          [&] {
                              for (size_t i = 0; i < count; ++i)
                                  require(bench::exact_order_by_nlohmann(example).numbers.size() == 13);
                              return count;
                          },
                          {}});
    contenders.push_back({"  cartbell", 0, singles, {}});
    contenders.push_back({"  nlohmann into plain texts and doubles, nothing checked",
                          0,
                          repeat([&] { return bench::order_by_nlohmann(example); }),
                          {}});
    contenders.push_back({"  simdjson DOM, the same", 0, repeat([&] { return dom.order(padded); }), {}});
    contenders.push_back(
        {"  simdjson on demand, the same", 0, repeat([&] { return on_demand.order(padded); }), {}});
    contenders.push_back({"NDJSON of 1000, all kept: nlohmann, exact, hashed", 5, exact_batch, {}});
    contenders.push_back({"  cartbell", 5, batches, {}});

    for (int round = 0; round < (quick ? 1 : 41); ++round) {
        for (Contender &contender : contenders) {
            const double begin = processor_us();
            const size_t made = contender.run();
            contender.times_us.push_back((processor_us() - begin) / static_cast<double>(made));
        }
    }
    std::printf("JSON -> operation, an order of %zu bytes; processor time, best of the rounds\n",
                example.size());
    for (const Contender &contender : contenders) {
        const double mine = best(contender.times_us);
        std::printf("  %-60s %7.2f us %6.1f x\n", contender.name, mine,
                    best(contenders[contender.against].times_us) / mine);
    }
    return 0;
}
