#include "model/container.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "base/limits.hpp"
#include "model/field.hpp"

namespace cartbell {
namespace {

using namespace item_field;

int64_t sum(int64_t a, int64_t b) {
    int64_t result = 0;
    return __builtin_add_overflow(a, b, &result) ? std::numeric_limits<int64_t>::max() : result;
}

Instant instant_of(const Record &item, FieldId field) {
    const Value *at = item.find(field);
    return at != nullptr ? at->number : no_instant;
}

void set_quantity(Record &item, int64_t pieces, Instant at) {
    if (pieces_of(item) == pieces) return;
    item.set(quantity, Value::of_decimal(pieces));
    item.set(changed_at, Value::of_time(at));
}

// The instant and the price with which `begun` came in.
void keep_beginning(Record &item, const Record &begun) {
    item.set(added_at, Value::of_time(instant_of(begun, added_at)));
    if (const Value *then = begun.find(price_then))
        item.set(price_then, Value(*then));
    else
        item.erase(price_then);
}

// What one fact does to the items.
class Application {
  public:
    Application(Container &container, const ContainerChange &change, Instant at) : items_(container.items), change_(change), at_(at) {}

    void run() {
        switch (change_.act) {
            case ContainerAct::add: return add(change_.items.front());
            case ContainerAct::remove: return remove(change_.items.front());
            case ContainerAct::set: return set(change_.items.front());
            case ContainerAct::replace: return replace();
            case ContainerAct::clear: return items_.clear();
        }
    }

  private:
    static std::vector<Record>::iterator place_of(const Record &said, std::vector<Record> &items) {
        return std::find_if(items.begin(), items.end(), [&](const Record &item) { return item.text(product_id) == said.text(product_id); });
    }
    std::vector<Record>::iterator place_of(const Record &said) { return place_of(said, items_); }
    Record begun(const Record &said) const {
        Record item = said;
        item.set(quantity, Value::of_decimal(pieces_of(said)));
        if (const Value *price_said = said.find(price)) item.set(price_then, Value(*price_said));
        item.set(added_at, Value::of_time(at_));
        item.set(changed_at, Value::of_time(at_));
        return item;
    }
    void begin(const Record &said) {
        if (items_.size() < most_container_items) items_.push_back(begun(said));
    }
    static void describe(Record &item, const Record &said) {
        for (const Record::Cell &cell : said.cells)
            if (cell.field != quantity) item.set(cell.field, cell.value);
        for (const Record::Custom &custom : said.customs) item.set_custom(custom.code, custom.value);
    }
    void add(const Record &said) {
        const auto known = place_of(said);
        if (known == items_.end()) return begin(said);
        describe(*known, said);
        set_quantity(*known, sum(pieces_of(*known), pieces_of(said)), at_);
    }
    void remove(const Record &said) {
        const auto known = place_of(said);
        if (known == items_.end()) return;
        const int64_t left = said.find(quantity) != nullptr ? pieces_of(*known) - pieces_of(said) : 0;
        if (left > 0)
            set_quantity(*known, left, at_);
        else
            items_.erase(known);
    }
    void set(const Record &said) {
        const auto known = place_of(said);
        const bool is_said = said.find(quantity) != nullptr;
        if (is_said && pieces_of(said) == 0) {
            if (known != items_.end()) items_.erase(known);
        } else if (known == items_.end()) {
            begin(said);
        } else {
            describe(*known, said);
            if (is_said) set_quantity(*known, pieces_of(said), at_);
        }
    }
    void replace() {
        std::vector<Record> before, content;  // each product once
        before.swap(items_);
        for (const Record &said : change_.items) {
            const auto twice = place_of(said, content);
            if (twice == content.end()) {
                content.push_back(said);
                continue;
            }
            const int64_t pieces = sum(pieces_of(*twice), pieces_of(said));
            describe(*twice, said);
            twice->set(quantity, Value::of_decimal(pieces));
        }
        for (const Record &said : content)
            if (pieces_of(said) != 0 && items_.size() < most_container_items) items_.push_back(begun(said));
        // "`replace` for products that stay, keep `added_at` and the price then"
        for (const Record &item : before) {
            const auto stays = place_of(item);
            if (stays == items_.end()) continue;
            keep_beginning(*stays, item);
            if (pieces_of(*stays) == pieces_of(item)) stays->set(changed_at, Value::of_time(instant_of(item, changed_at)));
        }
    }

    std::vector<Record> &items_;
    const ContainerChange &change_;
    const Instant at_;
};

// Of the same products as many, in whatever order.
bool same_content(const std::vector<Record> &a, const std::vector<Record> &b) {
    if (a.size() != b.size()) return false;
    const auto content = [](const std::vector<Record> &items) {
        std::vector<std::pair<std::string_view, int64_t>> all;
        for (const Record &item : items) all.emplace_back(item.text(product_id), pieces_of(item));
        std::sort(all.begin(), all.end());
        return all;
    };
    return content(a) == content(b);
}

// "An order … acts as a `clear` of the cart at its earliest fact": of each order only the least is left.
void leave_first_of_orders(std::vector<ContainerFact> &facts) {
    const auto order_of = [](const ContainerFact &fact) -> const std::string * {
        return fact.operation->type == OperationType::order ? &fact.operation->order.order_id : nullptr;
    };
    std::map<std::string_view, const FactKey *> first;
    for (const ContainerFact &fact : facts) {
        if (order_of(fact) == nullptr) continue;
        const auto [known, is_new] = first.try_emplace(*order_of(fact), &fact.key);
        if (!is_new && fact.key < *known->second) known->second = &fact.key;
    }
    if (first.empty()) return;
    std::vector<bool> goes(facts.size());
    for (size_t i = 0; i < facts.size(); ++i) goes[i] = order_of(facts[i]) != nullptr && first.at(*order_of(facts[i])) != &facts[i].key;
    size_t left = 0;
    for (size_t i = 0; i < facts.size(); ++i) {
        if (goes[i]) continue;
        if (left != i) facts[left] = std::move(facts[i]);
        ++left;
    }
    facts.resize(left);
}

using Joins = std::vector<Step>;
struct DeepestFirst {
    bool operator()(const Joins &a, const Joins &b) const { return a.size() != b.size() ? a.size() > b.size() : a < b; }
};

// A container as it stood before it became one with another.
struct Side {
    struct Joined {
        Step step;
        Container container;
        const ContainerFact *newest;  // of the side's facts: its rule is how they become one
    };
    std::vector<const ContainerFact *> facts;
    std::vector<Joined> joined;

    Container fold(std::string_view code) {
        std::sort(facts.begin(), facts.end(), [](const auto *a, const auto *b) { return a->key < b->key; });
        std::sort(joined.begin(), joined.end(), [](const Joined &a, const Joined &b) {
            return std::tie(a.step.key, a.step.from) < std::tie(b.step.key, b.step.from);
        });
        Container container;
        container.code = code;
        auto fact = facts.begin();
        for (const Joined &other : joined) {
            for (; fact != facts.end() && (*fact)->key.at < other.step.key.at; ++fact) apply_on_top(container, **fact);
            join(container, other);
        }
        for (; fact != facts.end(); ++fact) apply_on_top(container, **fact);
        return container;
    }
    static void join(Container &container, const Joined &other) {
        const ContainerRule &rule = other.newest->rule;
        Container from = other.container;
        expire(from, rule, other.step.key.at);
        expire(container, rule, other.step.key.at);
        combine(container, from, rule.joining);
        container.newest = std::max(container.newest, other.step.key);  // what is older than that has another place than on top
    }
    const ContainerFact *newest() const {
        const ContainerFact *newest = nullptr;
        const auto see = [&](const ContainerFact *fact) {
            if (newest == nullptr || newest->key < fact->key) newest = fact;
        };
        for (const ContainerFact *fact : facts) see(fact);
        for (const Joined &other : joined) see(other.newest);
        return newest;
    }
};

}  // namespace

const Record *Container::find(std::string_view id) const {
    for (const Record &item : items)
        if (item.text(product_id) == id) return &item;
    return nullptr;
}

void expire(Container &container, const ContainerRule &rule, Instant now) {
    if (!rule.lifetime || container.items.empty()) return;
    const Instant end = add(container.changed_at, *rule.lifetime, rule.zone != nullptr ? *rule.zone : utc());
    if (end > now) return;
    container.items.clear();
    container.created_at = no_instant;
    container.changed_at = end;
}

void apply_on_top(Container &container, const ContainerFact &fact) {
    const Instant at = fact.key.at;
    expire(container, fact.rule, at);
    static const ContainerChange emptied{.container = {}, .act = ContainerAct::clear, .items = {}};
    const bool is_order = fact.operation->type == OperationType::order;
    const std::vector<Record> before = container.items;
    Application(container, is_order ? emptied : fact.operation->container, at).run();
    if (!same_content(before, container.items)) {
        container.changed_at = at;
        if (before.empty()) container.created_at = at;
        if (container.items.empty()) container.created_at = no_instant;
    }
    container.newest = fact.key;
    container.facts += is_order ? 0 : 1;
}

void combine(Container &into, const Container &from, Joining joining) {
    into.facts += from.facts;
    into.newest = std::max(into.newest, from.newest);
    if (from.items.empty()) {
        if (into.items.empty()) into.changed_at = std::max(into.changed_at, from.changed_at);
        return;
    }
    if (into.items.empty()) {
        into.items = from.items;
        into.created_at = from.created_at;
        into.changed_at = from.changed_at;
        return;
    }
    for (const Record &item : from.items) {
        const auto known = std::find_if(into.items.begin(), into.items.end(),
                                        [&](const Record &one) { return one.text(product_id) == item.text(product_id); });
        if (known == into.items.end()) {
            if (into.items.size() < most_container_items) into.items.push_back(item);
            continue;
        }
        if (joining == Joining::added_later) {
            if (instant_of(*known, added_at) < instant_of(item, added_at)) *known = item;
            continue;
        }
        const int64_t ours = pieces_of(*known), theirs = pieces_of(item);
        const int64_t pieces = joining == Joining::quantities_add ? sum(ours, theirs) : std::max(ours, theirs);
        Record joined = instant_of(*known, changed_at) < instant_of(item, changed_at) ? item : *known;  // as it was told of last
        keep_beginning(joined, instant_of(item, added_at) < instant_of(*known, added_at) ? item : *known);
        *known = std::move(joined);
        known->set(quantity, Value::of_decimal(pieces));
    }
    into.created_at = std::min(into.created_at, from.created_at);
    into.changed_at = std::max(into.changed_at, from.changed_at);
}

Container fold_container(std::string_view code, std::vector<ContainerFact> facts) {
    leave_first_of_orders(facts);
    std::map<Joins, Side, DeepestFirst> sides;
    sides[{}];
    for (const ContainerFact &fact : facts) {
        sides[fact.joins].facts.push_back(&fact);
        for (Joins rest = fact.joins; !rest.empty();) {
            rest.erase(rest.begin());
            static_cast<void>(sides[rest]);
        }
    }
    for (auto &[joins, side] : sides) {
        if (joins.empty()) break;
        Container container = side.fold(code);
        sides.at({joins.begin() + 1, joins.end()}).joined.push_back({joins.front(), std::move(container), side.newest()});
    }
    return sides.at({}).fold(code);
}

}  // namespace cartbell
