// What the candidates are given: orders in time order, the same for all.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>

namespace layout_bench {

constexpr int64_t partitions = 1024;  // architecture.md "Ids": in the high bits of a customer's id

inline uint64_t mixed(uint64_t z) {
    z += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

// One operation: an order of a customer, new or seen before.
struct Operation {
    int64_t position;
    std::string op_id, order_id, external_id, body, state, customer_state, body_hash;
    int64_t customer_id;
    int64_t placed_at;
};

// Orders in time order; a few customers make most of them; one in twenty operations speaks of an earlier order.
class Generator {
  public:
    Generator(size_t orders, bool random_ids) : customers_(orders / 3 + 1), random_ids_(random_ids) {}

    Operation next() {
        auto position = static_cast<int64_t>(++count_);
        bool update = count_ > 100 && random() % 20 == 0;
        uint64_t order = update ? 1 + random() % orders_ : ++orders_;
        Operation operation;
        operation.position = position;
        operation.order_id = order_id(order);
        uint64_t customer = customer_of(order);
        operation.external_id = "C-" + std::to_string(customer);
        operation.customer_id =
            static_cast<int64_t>(mixed(customer) % partitions << 53) + static_cast<int64_t>(customer);
        operation.placed_at = 1'700'000'000'000'000 + static_cast<int64_t>(order) * 20'000'000;
        operation.op_id = uuid(mixed(count_ * 7 + 1), mixed(count_ * 7 + 2));
        operation.body = filler(700);
        operation.state = filler(350);
        operation.customer_state = filler(160);
        operation.body_hash = filler(16);
        return operation;
    }

    uint64_t orders() const { return orders_; }
    int64_t some_customer(uint64_t seed) const {
        uint64_t customer = customer_of(1 + mixed(seed) % orders_);
        return static_cast<int64_t>(mixed(customer) % partitions << 53) + static_cast<int64_t>(customer);
    }

  private:
    uint64_t random() { return state_ = mixed(state_); }

    uint64_t customer_of(uint64_t order) const {  // half of the orders by a quarter of the customers, some with thousands
        double u = static_cast<double>(mixed(order ^ 0x5eed) >> 11) / 9007199254740992.0;
        return 1 + static_cast<uint64_t>(static_cast<double>(customers_ - 1) * u * u);
    }

    std::string order_id(uint64_t order) const {
        if (random_ids_) return uuid(mixed(order * 11), mixed(order * 13));
        return std::to_string(10'000'000 + order);
    }

    static std::string uuid(uint64_t a, uint64_t b) {
        char text[40];
        std::snprintf(text, sizeof text, "%08x-%04x-%04x-%04x-%012llx", static_cast<unsigned>(a >> 32),
                      static_cast<unsigned>(a >> 16 & 0xffff), static_cast<unsigned>(a & 0xffff),
                      static_cast<unsigned>(b >> 48), static_cast<unsigned long long>(b & 0xffffffffffff));
        return text;
    }

    std::string filler(size_t size) {
        std::string text(size, 'x');
        for (size_t i = 0; i + 8 <= size; i += 8) {
            uint64_t word = random();
            for (size_t k = 0; k < 8; ++k) text[i + k] = static_cast<char>('a' + (word >> (8 * k) & 15));
        }
        return text;
    }

    uint64_t customers_;
    bool random_ids_;
    uint64_t state_ = 42, count_ = 0, orders_ = 0;
};

}  // namespace layout_bench
