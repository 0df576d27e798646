// Engine: containers as JSON.
#include "codec/container_json.hpp"
#include "engine/answers.hpp"
#include "engine/container_prices.hpp"
#include "engine/container_rows.hpp"
#include "engine/engine_impl.hpp"
#include "model/state_bytes.hpp"

namespace cartbell::engine {
namespace {

Result<int64_t> known_customer(Reading &reading, std::string_view identity) {
    CARTBELL_ASSIGN(const Identity wanted, read_identity(identity));
    CARTBELL_ASSIGN(const int64_t id, find_customer(reading.transaction, wanted));
    if (id == 0) return failure(Code::not_found, "no_customer", "there is no such customer");
    return id;
}

// Where a page of holders ended: "code identity". A code holds no space.
struct Place {
    std::string_view code, identity;
};
Result<Place> place_of(std::string_view token) {
    const size_t space = token.find(' ');
    if (space == std::string_view::npos) return failure(Code::invalid, "bad_token", "this is no page's next");
    return Place{token.substr(0, space), token.substr(space + 1)};
}

}  // namespace

Result<std::vector<Container>> containers_at(Reading &reading, const Zones &zones, int64_t customer_id, Instant at) {
    CARTBELL_ASSIGN(std::vector<Container> containers, containers_of(reading.transaction, customer_id));
    for (Container &container : containers) expire(container, container_rule(*reading.catalog->settings, container.code, zones), at);
    CARTBELL_TRY(fill_in_prices(reading, zones, containers));
    return containers;
}

Result<std::string> Engine::container(std::string_view identity, std::string_view code, Instant at) const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    const Settings &settings = *reading.catalog->settings;
    if (settings.find_container(code) == nullptr) return failure(Code::invalid, "unknown_code", "the shop has no such container");
    CARTBELL_ASSIGN(const int64_t id, known_customer(reading, identity));
    Container container;
    Rows key;
    key.integer(id).lend_text(code);
    Found found;
    using namespace store::container_column;
    CARTBELL_TRY(get(reading.transaction, store::container, count_, key, found));
    if (found.has(0)) {
        CARTBELL_ASSIGN(container, container_of_row({&found.cell(0, 0), static_cast<size_t>(count_)}));
    }
    container.code = code;
    expire(container, container_rule(settings, code, *impl_->zones), at);
    CARTBELL_TRY(fill_in_prices(reading, *impl_->zones, {&container, 1}));
    std::string out;
    codec::append_container(out, container, settings);
    return out;
}

Result<std::string> Engine::containers(std::string_view identity, Instant at) const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    CARTBELL_ASSIGN(const int64_t id, known_customer(reading, identity));
    CARTBELL_ASSIGN(const std::vector<Container> containers, containers_at(reading, *impl_->zones, id, at));
    std::string out = "{\"containers\":[";
    for (const Container &container : containers) {
        if (out.back() != '[') out += ',';
        codec::append_container(out, container, *reading.catalog->settings);
    }
    return out += "]}";
}

Result<std::string> Engine::container_holders(std::string_view product_id, std::string_view code, Instant at, std::string_view after,
                                              size_t limit) const {
    if (limit > impl_->options.limits.page_rows) return failure(Code::limit, "page_rows", "the page is too large");
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    const Settings &settings = *reading.catalog->settings;
    if (!code.empty() && settings.find_container(code) == nullptr) return failure(Code::invalid, "unknown_code", "the shop has no such container");
    using namespace store::container_item_column;
    Rows lower, upper;
    lower.lend_text(product_id);
    upper.lend_text(product_id);
    if (!after.empty()) {
        CARTBELL_ASSIGN(const Place place, place_of(after));
        CARTBELL_ASSIGN(const Identity root, read_identity(place.identity));
        CARTBELL_ASSIGN(const int64_t id, find_page(reading.transaction, root));
        if (id == 0) return failure(Code::not_found, "no_customer", "there is no such customer");
        lower.integer(id).lend_text(place.code);
    }
    struct Held {
        int64_t customer_id;
        std::string code;
    };
    std::vector<Held> listed;
    store::ScanRange range;
    range.table = store::container_item;
    range.index = static_cast<int32_t>(store::container_item_index::product);
    range.lower = lower;
    range.lower_open = !after.empty();
    range.upper = upper;
    range.columns = store::mask({customer_id, store::container_item_column::code, store::container_item_column::product_id});
    bool is_more = false;
    {
        CARTBELL_ASSIGN(store::Cursor cursor, reading.transaction.scan(range));
        while (!is_more) {
            CARTBELL_ASSIGN(const auto rows, cursor.next());
            if (rows.empty()) break;
            for (size_t row = 0; row < rows.size() && !is_more; row += cursor.width()) {
                const std::string_view held_in = store::text_of(rows[row + store::container_item_column::code]);
                if (!code.empty() && held_in != code) continue;
                is_more = listed.size() == limit;
                if (!is_more) listed.push_back({rows[row + customer_id].integer, std::string(held_in)});
            }
        }
    }
    Rows owners, keys;
    for (const Held &one : listed) {
        owners.integer(one.customer_id);
        keys.integer(one.customer_id).lend_text(one.code);
    }
    std::vector<std::string> roots;
    Found found;
    if (!listed.empty()) CARTBELL_TRY(get(reading.transaction, store::customer, store::customer_column::count_, owners, found));
    Customer customer;
    for (size_t i = 0; i < listed.size(); ++i) {
        if (!found.has(i)) return failure(Code::corrupt, "lost_customer", "a container lies with a customer that is not stored");
        CARTBELL_TRY(decode(store::text_of(found.cell(i, store::customer_column::state)), customer));
        roots.push_back(identity_text(customer.root));
    }
    if (!listed.empty()) CARTBELL_TRY(get(reading.transaction, store::container, store::container_column::count_, keys, found));
    std::string out = "{\"holders\":[";
    for (size_t i = 0; i < listed.size(); ++i) {
        if (!found.has(i)) return failure(Code::corrupt, "lost_container", "an item lies in a container that is not stored");
        CARTBELL_ASSIGN(Container container, container_of_row({&found.cell(i, 0), static_cast<size_t>(store::container_column::count_)}));
        expire(container, container_rule(settings, container.code, *impl_->zones), at);
        const Record *item = container.find(product_id);
        if (item == nullptr) continue;  // its lifetime is over
        if (out.back() != '[') out += ',';
        codec::append_holder(out, roots[i], container.code, *item);
    }
    out += "],\"next\":";
    if (is_more && !listed.empty())
        append_json_string(out, listed.back().code + ' ' + roots.back());
    else
        out += "null";
    return out += '}';
}

}  // namespace cartbell::engine
