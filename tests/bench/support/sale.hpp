// One order of bench data in words, as both the engine and the peer take it.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace cartbell::bench {

struct Sale {
    struct Line {
        std::string product, name, quantity, price;
    };
    std::string customer, order_id, placed_at /* RFC 3339 */, total;
    std::vector<Line> lines;
};

// As an operation of formats.md §1, one line of NDJSON with its newline. The texts hold nothing that JSON escapes.
inline void append_json(const Sale &sale, std::string &out) {
    out += R"({"type":"order","id":"op-)" + sale.order_id + R"(","occurred_at":")" + sale.placed_at + R"(","customer":{"external_id":")" +
           sale.customer + R"("},"order":{"order_id":")" + sale.order_id + R"(","placed_at":")" + sale.placed_at + R"(","total":")" + sale.total +
           R"(","status":{"general":"completed"},"lines":[)";
    for (size_t i = 0; i < sale.lines.size(); ++i) {
        const Sale::Line &line = sale.lines[i];
        out += (i ? R"(,{"line_id":")" : R"({"line_id":")") + std::to_string(i + 1) + R"(","product_id":")" + line.product + R"(","name":")" +
               line.name + R"(","quantity":")" + line.quantity + R"(","price":")" + line.price + R"("})";
    }
    out += "]}}\n";
}

// As the engine prints money: two decimals, more where there are more.
inline std::string money_text(int64_t amount_e4) {
    const int64_t size = std::llabs(amount_e4);
    std::string decimals = std::to_string(10'000 + size % 10'000).substr(1);
    while (decimals.size() > 2 && decimals.back() == '0') decimals.pop_back();
    return (amount_e4 < 0 ? "-" : "") + std::to_string(size / 10'000) + "." + decimals;
}

}  // namespace cartbell::bench
