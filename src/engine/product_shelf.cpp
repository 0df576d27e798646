#include "engine/product_shelf.hpp"

#include <algorithm>

#include "engine/engine_impl.hpp"
#include "engine/rows.hpp"
#include "model/state_bytes.hpp"

namespace cartbell::engine {

Status ProductShelf::add(std::string_view product_id, std::string_view state) {
    Product &product = products_.emplace_back();
    CARTBELL_TRY(decode(state, product));
    if (product.id() != product_id) return failure(Code::corrupt, "corrupt", "a stored product has another id than its row");
    const auto known = by_id_.find(product.id());
    if (known != by_id_.end()) by_id_.erase(known);  // its key is the older product's
    by_id_.emplace(product.id(), &product);
    return {};
}

const Product *ProductShelf::find(std::string_view product_id) const {
    const auto known = by_id_.find(product_id);
    if (known != by_id_.end()) return known->second;
    return below_ != nullptr ? below_->find(product_id) : nullptr;
}

Result<std::shared_ptr<const ProductShelf>> ProductShelf::load(store::Transaction &transaction, int64_t as_of) {
    auto shelf = std::make_shared<ProductShelf>();
    shelf->as_of_ = as_of;
    store::ScanRange range;
    range.table = store::product;
    CARTBELL_TRY(shelf->add_all(transaction, range));
    return std::shared_ptr<const ProductShelf>(std::move(shelf));
}

Result<std::shared_ptr<const ProductShelf>> ProductShelf::renew(store::Transaction &transaction, std::shared_ptr<const ProductShelf> older,
                                                                int64_t as_of) {
    const bool is_whole = older->below_ == nullptr;
    if (!is_whole && older->products_.size() > older->below_->products_.size() / 16 + 100) return load(transaction, as_of);
    auto shelf = std::make_shared<ProductShelf>();
    shelf->as_of_ = as_of;
    shelf->below_ = is_whole ? older : older->below_;
    const store::Cell since = store::integer_cell(shelf->below_->as_of_);
    store::ScanRange range;
    range.table = store::product;
    range.index = store::product_index::changed;
    range.lower = {&since, 1};
    range.lower_open = true;
    CARTBELL_TRY(shelf->add_all(transaction, range));
    return std::shared_ptr<const ProductShelf>(std::move(shelf));
}

Status ProductShelf::add_all(store::Transaction &transaction, const store::ScanRange &range) {
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    for (;;) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) return {};
        for (size_t at = 0; at < rows.size(); at += cursor.width()) {
            const auto row = rows.subspan(at, cursor.width());
            CARTBELL_TRY(add(store::text_of(row[store::product_column::product_id]), store::text_of(row[store::product_column::state])));
        }
    }
}

Result<std::shared_ptr<const ProductShelf>> ProductShelf::load_for(store::Transaction &transaction, std::span<const Order> orders) {
    auto shelf = std::make_shared<ProductShelf>();
    std::vector<std::string_view> ids;
    for (const Order &order : orders)
        for (const Record &line : order.lines)
            if (const std::string_view id = line.text(line_field::product_id); !id.empty()) ids.push_back(id);
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    if (!ids.empty()) {
        Rows keys;
        for (const std::string_view id : ids) keys.lend_text(id);
        Found found;
        CARTBELL_TRY(get(transaction, store::product, store::product_column::count_, keys, found));
        for (size_t row = 0; row < ids.size(); ++row)
            if (found.has(row)) CARTBELL_TRY(shelf->add(ids[row], store::text_of(found.cell(row, store::product_column::state))));
    }
    return std::shared_ptr<const ProductShelf>(std::move(shelf));
}

std::shared_ptr<const ProductShelf> Engine::Impl::latest_products() const {
    const std::lock_guard held(catalog_guard);
    return products;
}

Result<std::shared_ptr<const Products>> Engine::Impl::all_products(Reading &reading) {
    const int64_t as_of = reading.counters[Counter::catalogue];
    std::shared_ptr<const ProductShelf> kept = latest_products();
    if (kept != nullptr && kept->as_of() == as_of) return std::shared_ptr<const Products>(std::move(kept));
    const bool can_renew = kept != nullptr && kept->as_of() < as_of;
    CARTBELL_ASSIGN(std::shared_ptr<const ProductShelf> loaded, can_renew ? ProductShelf::renew(reading.transaction, std::move(kept), as_of)
                                                                          : ProductShelf::load(reading.transaction, as_of));
    const std::lock_guard held(catalog_guard);
    if (products == nullptr || products->as_of() < as_of) products = loaded;
    return std::shared_ptr<const Products>(std::move(loaded));
}

Result<std::shared_ptr<const Products>> Engine::Impl::products_for(Reading &reading, std::span<const Order> orders) const {
    std::shared_ptr<const ProductShelf> kept = latest_products();
    if (kept != nullptr && kept->as_of() == reading.counters[Counter::catalogue]) return std::shared_ptr<const Products>(std::move(kept));
    CARTBELL_ASSIGN(std::shared_ptr<const ProductShelf> loaded, ProductShelf::load_for(reading.transaction, orders));
    return std::shared_ptr<const Products>(std::move(loaded));
}

}  // namespace cartbell::engine
