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
    by_id_.emplace(product.id(), &product);
    return {};
}

const Product *ProductShelf::find(std::string_view product_id) const {
    const auto known = by_id_.find(product_id);
    return known != by_id_.end() ? known->second : nullptr;
}

Result<std::shared_ptr<const ProductShelf>> ProductShelf::load(store::Transaction &transaction, int64_t as_of) {
    auto shelf = std::make_shared<ProductShelf>();
    shelf->as_of_ = as_of;
    store::ScanRange range;
    range.table = store::product;
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    for (;;) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) return std::shared_ptr<const ProductShelf>(std::move(shelf));
        for (size_t at = 0; at < rows.size(); at += cursor.width()) {
            const auto row = rows.subspan(at, cursor.width());
            CARTBELL_TRY(shelf->add(store::text_of(row[store::product_column::product_id]), store::text_of(row[store::product_column::state])));
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

std::shared_ptr<const ProductShelf> Engine::Impl::cached_products(int64_t as_of) const {
    const std::lock_guard held(catalog_guard);
    return products != nullptr && products->as_of() == as_of ? products : nullptr;
}

Result<std::shared_ptr<const Products>> Engine::Impl::all_products(Reading &reading) {
    const int64_t as_of = reading.counters[Counter::catalogue];
    if (auto cached_now = cached_products(as_of)) return std::shared_ptr<const Products>(std::move(cached_now));
    CARTBELL_ASSIGN(std::shared_ptr<const ProductShelf> loaded, ProductShelf::load(reading.transaction, as_of));
    const std::lock_guard held(catalog_guard);
    if (products == nullptr || products->as_of() < as_of) products = loaded;
    return std::shared_ptr<const Products>(std::move(loaded));
}

Result<std::shared_ptr<const Products>> Engine::Impl::products_for(Reading &reading, std::span<const Order> orders) const {
    if (auto cached_now = cached_products(reading.counters[Counter::catalogue])) return std::shared_ptr<const Products>(std::move(cached_now));
    CARTBELL_ASSIGN(std::shared_ptr<const ProductShelf> loaded, ProductShelf::load_for(reading.transaction, orders));
    return std::shared_ptr<const Products>(std::move(loaded));
}

}  // namespace cartbell::engine
