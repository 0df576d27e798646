// The views of one customer over the model: what formats.md §3 "Views" lets a template see.
#pragma once

#include <array>
#include <forward_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/customer.hpp"
#include "model/order.hpp"
#include "model/path.hpp"
#include "model/product.hpp"
#include "model/settings.hpp"
#include "render/view.hpp"

namespace cartbell::render {

// A name of `let`, computed before rendering: a predicate's truth or a value (`value`), or a list of rows.
struct Let {
    std::string name;
    bool is_list = false;
    Value value;
    Object rows_of = Object::order;  // of a list: order, line, payment or history
    std::vector<Row> rows;
    size_t left_out = 0;             // by the list's limit: `.more`
};

struct MessageFacts {
    std::string_view message_id, unsubscribe_url, view_url;  // "" = missing
};

// Borrowed; all but customer and settings may be absent.
struct ViewFacts {
    const Customer *customer = nullptr;
    std::span<const Order> orders;         // all of the customer's, any sequence
    const Order *order = nullptr;          // the instance's own
    const Settings *settings = nullptr;
    std::span<const Let> lets;
    const MessageFacts *message = nullptr;
    const Products *products = nullptr;    // the catalogue; null: no line's product is in it
};

// Answers for one customer's facts. Cheap to make and to reset for the next customer; one thread at a time.
class ModelView final : public View {
  public:
    ModelView() = default;
    explicit ModelView(const ViewFacts &facts) { reset(facts); }
    void reset(const ViewFacts &facts);

    Node root() const;
    Node member(const Node &object, const Name &name) const override;
    bool find(const Node &object, std::span<const Name> names, Node &found) const override;
    size_t size(const Node &list) const override;
    Node element(const Node &list, size_t index, uint64_t &cursor) const override;
    bool blank(const Node &object) const override;
    size_t left_out(const Node &list) const override;

  private:
    struct Reader;
    // Where each field of one record is among its cells, from 1: a template asks a record for many of them.
    struct Positions {
        const Record *of = nullptr;
        std::array<uint8_t, 40> at{};
    };
    // Lines that are still sealed in stored bytes are read there: most texts print some cells of each and keep none.
    struct StoredLines {
        const Order *of = nullptr;
        RowViews lines;
    };
    using Sorted = std::vector<const Order *>;
    const Sorted &orders() const;
    const Sorted &purchases() const;
    Currency currency_of(const Order *order) const;  // null: the shop's
    Node let(std::string_view name) const;
    Node customer_node(const Customer &customer) const;
    Node order_node(const Order &order) const;
    Node product_node(std::string_view product_id) const;  // null if it is not in the catalogue
    const RowViews *stored_lines(const Order &order) const;
    void cell(const Node &object, FieldId field, Node &found) const;
    const Value *cell_of(Object object, const Record &record, FieldId field) const;
    void read_value(const ValueView &value, const Node &object, Node &found) const;  // money without a currency is in the object's
    Currency currency_at(const Node &object) const;
    const Value &keep(Value value) const;            // until the next reset

    ViewFacts facts_;
    mutable Sorted orders_, purchases_;    // in own-time order, made when first asked for
    mutable bool has_orders_ = false, has_purchases_ = false;
    mutable const Order *currency_order_ = nullptr;
    mutable Currency currency_;
    mutable std::forward_list<Value> kept_;
    mutable std::array<Positions, 6> positions_;
    mutable std::vector<StoredLines> stored_;  // the first `stored_count_` are of these facts; the others keep their memory
    mutable size_t stored_count_ = 0, stored_last_ = 0;
    std::string shop_currency_;
};

}  // namespace cartbell::render
