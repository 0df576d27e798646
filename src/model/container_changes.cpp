// What an operation changed of a container.
#include "model/container.hpp"
#include "model/field.hpp"

namespace cartbell {
namespace {

using namespace item_field;

Value price_of(const Record &item) {
    const Value *said = item.find(price);
    return said != nullptr ? *said : Value{};
}

DomainEvent change(std::string_view name, const Container &container, const Record &item, int64_t pieces) {
    return {std::string(name),
            {{"container", Value::of_text(container.code)},
             {"product_id", Value::of_text(item.text(product_id))},
             {"quantity", Value::of_decimal(pieces)},
             {"price", price_of(item)}}};
}

}  // namespace

std::vector<DomainEvent> changes_between(const Container &before, const Container &after, const Operation &cause) {
    const bool is_container = cause.type == OperationType::container;
    const auto caused_by = [&](ContainerAct act) { return is_container && cause.container.act == act; };
    const bool takes_out = caused_by(ContainerAct::remove) || caused_by(ContainerAct::set);
    std::vector<DomainEvent> events;
    if (after.items.empty() && !before.items.empty() && !takes_out) {
        events.push_back({"container.cleared", {{"container", Value::of_text(before.code)}}});
        return events;
    }
    for (const Record &item : before.items)
        if (after.find(item.text(product_id)) == nullptr) events.push_back(change("container.item_removed", before, item, pieces_of(item)));
    for (const Record &item : after.items) {
        const Record *was = before.find(item.text(product_id));
        const int64_t more = pieces_of(item) - (was != nullptr ? pieces_of(*was) : 0);
        if (was == nullptr || (more > 0 && caused_by(ContainerAct::add)))
            events.push_back(change("container.item_added", after, item, more));
        else if (more < 0 && caused_by(ContainerAct::remove))
            events.push_back(change("container.item_removed", after, item, -more));
        else if (more != 0 || price_of(item) != price_of(*was))
            events.push_back(change("container.changed", after, item, pieces_of(item)));
    }
    return events;
}

}  // namespace cartbell
