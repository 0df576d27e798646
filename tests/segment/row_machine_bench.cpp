// The row machine against hand-written loops over the same facts (performance.md: "any predicate of the
// grammar, interpreted": ≤ 2 x). Prints nanoseconds per customer and the ratio; P1, P2, P3, P6, P7 of
// performance.md.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

#include "codec/predicate_json.hpp"
#include "segment/program.hpp"
#include "segment/segment.hpp"

namespace {

using namespace cartbell;
using segment::Facts;

class UtcOnly final : public Zones {
  public:
    const Zone *find(std::string_view) const override { return &utc(); }
};

const Instant now = 1'800'000'000'000'000;

Order order_of(std::mt19937 &random, int id) {
    constexpr const char *general[] = {"completed", "received", "cancelled"};
    constexpr const char *payment[] = {"awaiting", "paid"};
    constexpr const char *delivery[] = {"assembling", "delivered"};
    constexpr const char *categories[] = {"Kitchen", "Garden", "Books", "Toys"};
    Order order;
    order.record.set(order_field::order_id, Value::of_text("order-" + std::to_string(id)));
    order.record.set(order_field::placed_at,
                     Value::of_time(now - static_cast<int64_t>(random() % 400) * day_us -
                                    static_cast<int64_t>(random() % 1000)));
    order.record.set(order_field::source, Value::of_text("system"));
    order.record.set(order_field::currency, Value::of_text("EUR"));
    order.record.set(order_field::total, Value::of_money(static_cast<int64_t>(random() % 2'000'000)));
    order.record.set(order_field::delivery_city, Value::of_text("Riga"));
    order.status[0].code = general[random() % 3];
    order.status[1].code = delivery[random() % 2];
    order.status[2].code = payment[random() % 2];
    for (uint32_t i = 0; i < 3; ++i) {
        Record line;
        line.set(line_field::line_id, Value::of_text(std::to_string(i)));
        line.set(line_field::product_id, Value::of_text("SKU-" + std::to_string(random() % 1000)));
        line.set(line_field::category, Value::of_list({categories[random() % 4], "Things"}));
        line.set(line_field::quantity, Value::of_decimal(1'000'000));
        order.lines.edit().push_back(std::move(line));
    }
    return order;
}

Instant placed(const Order &order) {
    return order.record.find(order_field::placed_at)->number;
}

bool p1(const Facts &facts, const Settings &) {
    Instant last = no_instant;
    for (const Order &order : facts.orders)
        last = std::max(last, placed(order));
    return !facts.orders.empty() && facts.orders.size() <= 4 && now > last + 30 * day_us;
}
bool p2(const Facts &facts, const Settings &) {
    int64_t sum = 0;
    for (const Order &order : facts.orders)
        if (placed(order) <= now && now < placed(order) + 90 * day_us && order.status[0].code == "completed")
            if (const Value *total = order.record.find(order_field::total)) sum += total->number;
    return sum >= 2'000'000;
}
bool p3(const Facts &facts, const Settings &) {
    for (const Order &order : facts.orders) {
        if (placed(order) > now || now >= placed(order) + 180 * day_us) continue;
        for (const Record &line : order.lines)
            if (const Value *category = line.find(line_field::category))
                if (category->text.starts_with(std::string_view("Garden\0", 7))) return true;
    }
    return false;
}
bool p6(const Facts &facts, const Settings &settings) {
    for (const Order &order : facts.orders)
        if (in_analytics(order, settings)) return false;
    return true;
}
bool p7(const Facts &facts, const Settings &) {
    for (const Order &order : facts.orders)
        if (order.status[2].code == "awaiting" && order.status[1].code != "delivered") return true;
    return false;
}

struct Case {
    const char *name, *predicate;
    bool (*by_hand)(const Facts &, const Settings &);
};
const Case cases[] = {
    {"P1",
     R"({"all":[{"orders":{"count":{"between":[1,4]}}},{"orders":{"last":{"placed_at":{"ago":{"gt":"30d"}}}}}]})",
     p1},
    {"P2",
     R"({"orders":{"where":{"status.general":"completed"},"period":{"past":"90d"},"sum":{"of":"total","is":{"ge":"200"}}}})",
     p2},
    {"P3", R"({"lines":{"where":{"category":{"under":["Garden"]}},"period":{"past":"180d"}}})", p3},
    {"P6", R"({"purchases":{"count":0}})", p6},
    {"P7", R"({"orders":{"where":{"status.payment":"awaiting","status.delivery":{"ne":"delivered"}}}})", p7},
};

template <typename Run>
double nanoseconds(size_t customers, Run run) {
    double best = 1e300;
    for (int repeat = 0; repeat < 7; ++repeat) {
        const auto begin = std::chrono::steady_clock::now();
        run();
        const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
        best = std::min(best, took.count() / static_cast<double>(customers));
    }
    return best;
}

}  // namespace

int main() {
    const Settings settings = default_settings();
    const UtcOnly zones;
    std::mt19937 random(7);
    std::vector<Customer> customers(20'000);
    std::vector<std::vector<Order>> orders(customers.size());
    int id = 0;
    for (auto &mine : orders)
        for (uint32_t i = random() % 7; i > 0; --i)
            mine.push_back(order_of(random, ++id));
    const segment::World world{now, &settings, &zones};
    std::printf("%-4s %12s %12s %8s  over %zu customers, %d orders\n", "", "machine ns", "by hand ns",
                "ratio", customers.size(), id);
    for (const Case &one : cases) {
        const auto tree = codec::parse_predicate(one.predicate, Limits{});
        if (!tree.ok()) return EXIT_FAILURE;
        const auto compiled = segment::compile(*tree, settings, zones, Limits{}, {});
        if (!compiled.ok()) return EXIT_FAILURE;
        size_t held = 0, expected = 0;
        const double machine = nanoseconds(customers.size(), [&] {
            held = 0;
            for (size_t i = 0; i < customers.size(); ++i)
                held += evaluate(*compiled->program, Facts{&customers[i], orders[i]}, world).holds;
        });
        const double by_hand = nanoseconds(customers.size(), [&] {
            expected = 0;
            for (size_t i = 0; i < customers.size(); ++i)
                expected += one.by_hand(Facts{&customers[i], orders[i]}, settings);
        });
        if (held != expected) {
            std::printf("%s: %zu held, %zu expected\n", one.name, held, expected);
            return EXIT_FAILURE;
        }
        std::printf("%-4s %12.1f %12.1f %8.2f  %zu hold\n", one.name, machine, by_hand, machine / by_hand,
                    held);
    }
    return EXIT_SUCCESS;
}
