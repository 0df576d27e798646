// The bench shop: a seeded generator of customers and orders in time order, in the proportions that the measured limits were taken with
// (35 % of the customers never order, the others Pareto-like, two years, three lines an order, about 110 bytes of custom fields).
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

namespace cartbell::bench {

struct Line {
    int product = 0;   // 0..4999; its category is product % 40
    int quantity = 1;
    int64_t price_e2 = 0;
};

struct Order {
    int64_t number = 0;
    int customer = 0;
    int64_t placed_at_us = 0;
    const char *general = "received";
    const char *delivery = "assembling";
    const char *payment = "awaiting";
    int64_t total_e2 = 0;
    std::vector<Line> lines;
};

class Shop {
  public:
    static constexpr int64_t start_us = 1'700'000'000'000'000;   // 2023-11-14
    static constexpr int64_t span_us = 730ll * 86'400'000'000;
    static constexpr int64_t end_us = start_us + span_us;

    Shop(int customers, int64_t orders, uint64_t seed = 7) : customers_(customers), orders_(orders), random_(seed) {}

    int customers() const { return customers_; }
    int64_t orders() const { return orders_; }

    // The next order in time order; false after the last. Reuses `order`'s memory.
    bool next(Order &order) {
        if (made_ == orders_) return false;
        order.number = made_;
        const double skew = std::pow(unit(), 2.2);
        // A fixed permutation spreads the busy customers over all numbers.
        const auto rank = static_cast<uint64_t>(skew * customers_ * 0.65);
        order.customer = static_cast<int>((rank * 7919u) % static_cast<uint64_t>(customers_));
        order.placed_at_us = start_us + static_cast<int64_t>(static_cast<double>(span_us) / static_cast<double>(orders_) *
                                                             static_cast<double>(made_)) + static_cast<int64_t>(random_() % 1000);
        const bool recent = order.placed_at_us > end_us - 14ll * 86'400'000'000;
        const uint64_t roll = random_() % 100;
        order.general = roll < 4 ? "cancelled" : recent ? "received" : "completed";
        order.payment = roll < 4 ? "refunded" : (recent && roll < 30) || roll == 99 ? "awaiting" : "paid";
        order.delivery = recent || roll == 99 ? "assembling" : "delivered";
        order.lines.resize(1 + random_() % 5);
        order.total_e2 = 0;
        for (Line &line : order.lines) {
            line.product = static_cast<int>(std::pow(unit(), 2) * 5000);
            line.quantity = 1 + static_cast<int>(random_() % 3);
            line.price_e2 = 199 + static_cast<int64_t>(random_() % 9000);
            order.total_e2 += line.quantity * line.price_e2;
        }
        ++made_;
        return true;
    }

    // The order as an operation of the codec's format, one line of NDJSON with its newline.
    static void append_json(const Order &order, std::string &out) {
        char text[512];
        const std::string at = rfc3339(order.placed_at_us);
        out.append(text, static_cast<size_t>(std::snprintf(
            text, sizeof text,
            R"({"type":"order","id":"op-%lld","occurred_at":"%s","customer":{"external_id":"C-%d","email":"c%d@example.org"},)"
            R"("order":{"order_id":"%lld","placed_at":"%s","currency":"EUR",)",
            static_cast<long long>(order.number), at.c_str(), order.customer, order.customer,
            static_cast<long long>(100'000 + order.number), at.c_str())));
        out.append(text, static_cast<size_t>(std::snprintf(
            text, sizeof text, R"("status":{"general":"%s","delivery":"%s","payment":"%s"},"total":"%lld.%02lld","lines":[)", order.general,
            order.delivery, order.payment, static_cast<long long>(order.total_e2 / 100), static_cast<long long>(order.total_e2 % 100))));
        for (size_t index = 0; index < order.lines.size(); ++index) {
            const Line &line = order.lines[index];
            out.append(text, static_cast<size_t>(std::snprintf(
                text, sizeof text, R"(%s{"line_id":"%zu","product_id":"SKU-%d","name":"Product %d","category":["Shop","cat-%d"],"quantity":"%d","price":"%lld.%02lld"})",
                index ? "," : "", index + 1, line.product, line.product, line.product % 40, line.quantity,
                static_cast<long long>(line.price_e2 / 100), static_cast<long long>(line.price_e2 % 100))));
        }
        out.append(text, static_cast<size_t>(std::snprintf(
            text, sizeof text, R"(],"fields":{"gift":%s,"channel":"%s","basket_note":"leave it with the neighbour","utm":"spring-%lld"}}})" "\n",
            order.number % 9 == 0 ? "true" : "false", order.number % 3 == 0 ? "app" : "web", static_cast<long long>(order.number % 50))));
    }

    // The settings that accept it.
    static const char *settings_json() {
        return R"({"shop":{"zone":"UTC","currency":"EUR"},)"
               R"("statuses":[{"set":"general","code":"received","name":"Received"},{"set":"general","code":"completed","name":"Completed"},)"
               R"({"set":"general","code":"cancelled","name":"Cancelled","in_analytics":false},)"
               R"({"set":"delivery","code":"assembling","name":"Assembling"},{"set":"delivery","code":"delivered","name":"Delivered"},)"
               R"({"set":"payment","code":"awaiting","name":"Awaiting"},{"set":"payment","code":"paid","name":"Paid"},)"
               R"({"set":"payment","code":"refunded","name":"Refunded"}],)"
               R"("fields":[{"of":"order","code":"gift","name":"Gift","type":"boolean"},{"of":"order","code":"channel","name":"Channel","type":"string"},)"
               R"({"of":"order","code":"basket_note","name":"Note","type":"string"},{"of":"order","code":"utm","name":"UTM","type":"string"}]})";
    }

    static std::string rfc3339(int64_t instant_us) {
        int64_t seconds = instant_us / 1'000'000;
        const int64_t micros = instant_us % 1'000'000;
        const int64_t day_seconds = seconds % 86'400;
        int64_t z = seconds / 86'400 + 719'468;   // days to civil, proleptic Gregorian
        const int64_t era = z / 146'097;
        const int64_t day_of_era = z - era * 146'097;
        const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
        const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        const int64_t shifted = (5 * day_of_year + 2) / 153;
        const int64_t day = day_of_year - (153 * shifted + 2) / 5 + 1;
        const int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
        const int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
        char text[64];
        std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", static_cast<int>(year), static_cast<int>(month),
                      static_cast<int>(day), static_cast<int>(day_seconds / 3600), static_cast<int>(day_seconds / 60 % 60),
                      static_cast<int>(day_seconds % 60), static_cast<int>(micros));
        return text;
    }

  private:
    double unit() { return static_cast<double>(random_() >> 11) * 0x1.0p-53; }

    int customers_;
    int64_t orders_;
    int64_t made_ = 0;
    std::mt19937_64 random_;
};

}  // namespace cartbell::bench
