#include "engine/container_prices.hpp"

#include <map>

#include "engine/entries.hpp"
#include "engine/older_entries.hpp"
#include "model/field.hpp"
#include "model/state_bytes.hpp"

namespace cartbell::engine {
namespace {

using namespace item_field;

class Prices {
  public:
    Prices(Reading &reading, const Zones &zones)
        : reading_(reading), settings_(*reading.catalog->settings), reader_(reading.transaction, reading.catalog->settings, zones) {}

    Status load(std::span<const Container> containers) {
        for (const Container &container : containers)
            for (const Record &item : container.items) products_.try_emplace(std::string(item.text(product_id)));
        if (products_.empty()) return {};
        Rows keys;
        for (const auto &[id, product] : products_) keys.lend_text(id);
        Found found;
        CARTBELL_TRY(get(reading_.transaction, store::product, store::product_column::count_, keys, found));
        size_t row = 0;
        for (auto &[id, known] : products_) {
            known.is_there = found.has(row);
            if (known.is_there) CARTBELL_TRY(decode(store::text_of(found.cell(row, store::product_column::state)), known.product));
            ++row;
        }
        return {};
    }

    Status fill_in(Record &item) {
        const auto known = products_.find(std::string(item.text(product_id)));
        const bool is_there = known != products_.end() && known->second.is_there;
        // "An item added without a price takes the catalogue's of that instant."
        if (item.find(price_then) == nullptr && is_there) {
            CARTBELL_ASSIGN(Value then, price_at(known->second, item.find(added_at)->number));
            if (!then.missing()) item.set(price_then, std::move(then));
        }
        if (is_there)
            if (Value now = price_of(known->second.product); !now.missing()) item.set(price_now, std::move(now));
        if (const Value *then = item.find(price_then)) {
            Value plain = *then;
            if (plain.currency == settings_.shop.currency) plain.currency = {};
            Value total_then = amount_of(item, plain);
            item.set(price_then, std::move(plain));
            item.set(total, std::move(total_then));
        }
        return {};
    }

  private:
    struct Known {
        bool is_there = false;
        Product product;
    };
    Value price_of(const Product &product) const {
        Value price_said = offer_of(product, settings_).price;
        if (price_said.currency == settings_.shop.currency) price_said.currency = {};
        return price_said;
    }
    Result<Value> price_at(const Known &known, Instant at) {
        const Value *changed = known.product.record.find(product_field::price_changed_at);
        if (changed == nullptr || changed->number <= at) return price_of(known.product);
        std::vector<int64_t> positions;
        CARTBELL_TRY(read_entries(reading_.transaction, entries_of_product(known.product.id()), known.product.entries, positions));
        std::deque<LoadedEntry> loaded;
        CARTBELL_TRY(reader_.load(positions, loaded));
        std::vector<Entry> by_then;
        for (const LoadedEntry &one : loaded)
            if (one.stamp.occurred_at <= at) by_then.push_back({one.stamp, &one.operation});
        return price_of(fold_product(by_then));
    }

    Reading &reading_;
    const Settings &settings_;
    EntryReader reader_;
    std::map<std::string, Known> products_;
};

}  // namespace

Status fill_in_prices(Reading &reading, const Zones &zones, std::span<Container> containers) {
    Prices prices(reading, zones);
    CARTBELL_TRY(prices.load(containers));
    for (Container &container : containers)
        for (Record &item : container.items) CARTBELL_TRY(prices.fill_in(item));
    return {};
}

}  // namespace cartbell::engine
