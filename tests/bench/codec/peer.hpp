// What a program that takes the same order apart with a JSON library would fill: plain strings and numbers,
// nothing checked.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cartbell::bench {

struct PlainStatus {
    std::string code, at;
};
struct PlainLine {
    std::string line_id, product_id, name;
    std::vector<std::string> category;
    double quantity = 0, price = 0, discount = 0, total = 0, weight = 0, bonuses_accrued = 0,
           bonuses_paid = 0;
    std::string fields;
};
struct PlainPayment {
    std::string payment_id, type, provider;
    double amount = 0;
    int installments = 0;
};
struct PlainOrder {
    std::string type, id, occurred_at, source, external_id, email;
    std::string order_id, placed_at, currency;
    PlainStatus general, delivery, payment;
    std::string delivery_type, delivery_provider, country, city, street, delivery_at, note;
    double delivery_cost = 0;
    std::string payment_type, payment_provider;
    double paid = 0, bonuses_paid = 0, total = 0, discount = 0;
    std::vector<PlainPayment> payments;
    std::vector<PlainLine> lines;
    std::string fields;
};

PlainOrder order_by_nlohmann(std::string_view json);

// The same by nlohmann/json with the work that makes an operation of it, as far as the library helps: amounts
// exact, times as instants, the canonical body (its objects are sorted) hashed. Duplicate and unknown members
// still go unseen.
struct ExactOrder {
    PlainOrder plain;
    std::vector<int64_t> numbers;
    std::vector<int64_t> instants;
    std::array<uint8_t, 16> body_hash{};
};
ExactOrder exact_order_by_nlohmann(std::string_view json);

// simdjson's two ways; both keep their parser between calls. Without number text (DOM), without checks of
// what is not asked for (on demand).
class SimdjsonDom {
  public:
    SimdjsonDom();
    ~SimdjsonDom();
    PlainOrder order(const std::string &padded_json);

  private:
    struct State;
    State *state_;
};
class SimdjsonOnDemand {
  public:
    SimdjsonOnDemand();
    ~SimdjsonOnDemand();
    PlainOrder order(const std::string &padded_json);

  private:
    struct State;
    State *state_;
};

}  // namespace cartbell::bench
