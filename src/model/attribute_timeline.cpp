#include "model/attribute_timeline.hpp"

namespace cartbell {

const Record &attributes_of(const Operation &operation) {
    if (operation.type == OperationType::order) return operation.order.attributes;
    return operation.type == OperationType::product ? operation.product.attributes : operation.profile.profile;
}

void AttributeTimeline::note(const FactView &fact) {
    const Operation &operation = *fact.entry->operation;
    const auto note = [&](FactView &newest) {
        if (is_newer(fact, newest)) newest = fact;
    };
    if (operation.whole) note(whole_);
    const Record &patch = attributes_of(operation);
    for (const Record::Cell &cell : patch.cells)
        if (!refused_(cell.field)) note(cells_[cell.field]);
    for (const Record::Custom &custom : patch.customs) note(customs_[custom.code]);
}

FactView AttributeTimeline::newest_naming(FieldId field) const {
    const auto known = cells_.find(field);
    return known == cells_.end() ? FactView{} : known->second;
}

bool AttributeTimeline::uncovered(const FactView &fact, Record &rest) const {
    const Operation &operation = *fact.entry->operation;
    const bool cleared = is_newer(whole_, fact);
    if (operation.whole && !cleared) return false;
    const Record &patch = attributes_of(operation);
    for (const Record::Cell &cell : patch.cells) {
        if (refused_(cell.field) || (cleared && !kept_by_whole_(cell.field))) continue;
        if (!is_newer(newest_naming(cell.field), fact)) rest.cells.push_back(cell);
    }
    if (cleared) return true;
    const auto newest = [&](std::string_view code) {
        const auto known = customs_.find(code);
        return known == customs_.end() ? FactView{} : known->second;
    };
    if (is_newer(newest({}), fact)) return true;
    for (const Record::Custom &custom : patch.customs) {
        if (custom.code.empty()) return false;
        const FactView newer = newest(custom.code);
        if (!is_newer(newer, fact))
            rest.customs.push_back(custom);
        else if (attributes_of(*newer.entry->operation).find_custom(custom.code)->type == Type::json)
            return false;  // it was merged into what this one says
    }
    return true;
}

}  // namespace cartbell
