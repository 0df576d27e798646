#include "engine/container_rows.hpp"

#include "model/field.hpp"
#include "model/state_bytes.hpp"

namespace cartbell::engine {

namespace {

bool may_empty_cart(const Entry &entry) {
    return entry.operation->type == OperationType::order && entry.stamp.trust == static_cast<uint8_t>(Trust::public_source) && !entry.operation->backfill;
}

}  // namespace

void add_container_row(Rows &rows, int64_t customer_id, const Container &container) {
    rows.integer(customer_id).text(container.code).integer(static_cast<int64_t>(container.items.size()));
    rows.add(container.changed_at != no_instant ? store::integer_cell(container.changed_at) : store::null_cell());
    std::string bytes;
    encode(container, bytes);
    rows.bytes(bytes);
}

Result<Container> container_of_row(std::span<const store::Cell> row) {
    Container container;
    CARTBELL_TRY(decode(store::text_of(row[store::container_column::state]), container));
    container.code = store::text_of(row[store::container_column::code]);
    return container;
}

Result<std::vector<Container>> containers_of(store::Transaction &transaction, int64_t customer_id) {
    const store::Cell key = store::integer_cell(customer_id);
    store::ScanRange range;
    range.table = store::container;
    range.lower = range.upper = {&key, 1};
    CARTBELL_ASSIGN(store::Cursor cursor, transaction.scan(range));
    std::vector<Container> containers;
    for (;;) {
        CARTBELL_ASSIGN(const auto rows, cursor.next());
        if (rows.empty()) return containers;
        for (size_t at = 0; at < rows.size(); at += cursor.width()) {
            CARTBELL_ASSIGN(Container container, container_of_row(rows.subspan(at, cursor.width())));
            containers.push_back(std::move(container));
        }
    }
}

ContainerRule container_rule(const Settings &settings, std::string_view code, const Zones &zones) {
    ContainerRule rule;
    if (const ContainerDefinition *definition = settings.find_container(code)) {
        rule.joining = definition->joining;
        rule.lifetime = definition->lifetime;
    }
    rule.zone = zones.find(settings.shop.zone);
    return rule;
}

bool empties_cart(const Entry &entry, const Settings &settings) { return may_empty_cart(entry) && settings.shop.order_empties_cart; }

Result<const std::string *> ContainerFacts::code_of(const Entry &entry) {
    static const std::string cart(cart_code);
    if (entry.operation->type == OperationType::container) return &entry.operation->container.container;
    if (!may_empty_cart(entry)) return static_cast<const std::string *>(nullptr);
    CARTBELL_ASSIGN(const auto settings, reader_.settings_of(entry.stamp.settings_version));
    return empties_cart(entry, *settings) ? &cart : nullptr;
}

Result<ContainerFact> ContainerFacts::fact_of(const Entry &entry, const std::string &code, std::vector<Step> joins) {
    CARTBELL_ASSIGN(const auto settings, reader_.settings_of(entry.stamp.settings_version));
    return ContainerFact{key_among_equals(entry), entry.operation, container_rule(*settings, code, zones_), std::move(joins)};
}

Status ContainerFacts::add(const Entry &entry, const std::string &code, std::vector<Step> joins) {
    CARTBELL_ASSIGN(ContainerFact fact, fact_of(entry, code, std::move(joins)));
    by_code_[code].push_back(std::move(fact));
    return {};
}

std::vector<Container> ContainerFacts::fold() {
    std::vector<Container> containers;
    for (auto &[code, facts] : by_code_) {
        Container container = fold_container(code, std::move(facts));
        if (container.facts > 0) containers.push_back(std::move(container));
    }
    by_code_.clear();
    return containers;
}

}  // namespace cartbell::engine
