#include "model/plain_fold.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "base/limits.hpp"
#include "model/field.hpp"

namespace cartbell::test {
namespace {

using Attributes = std::map<std::string, Value>;  // by path

std::string text_of(const Value &value) {
    std::string text = std::to_string(static_cast<int>(value.type)) + "|" + std::to_string(value.number) +
                       "|" + value.currency.text() + "|" + value.text;
    std::replace(text.begin(), text.end(), '\0', ';');
    return text;
}

std::string text_of(const std::string &title, const Attributes &attributes) {
    std::string text = title + "\n";
    for (const auto &[path, value] : attributes)
        text += "  " + path + " = " + text_of(value) + "\n";
    return text;
}

Attributes attributes_of(cartbell::Object object, const Record &record) {
    Attributes attributes;
    for (const Record::Cell &cell : record.cells)
        attributes[std::string(system_fields(object)[cell.field].path)] = cell.value;
    for (const Record::Custom &custom : record.customs)
        attributes["fields." + custom.code] = custom.value;
    return attributes;
}

void patch(Attributes &target, const Attributes &changes) {
    if (changes.count("fields."))  // `"fields":null`
        std::erase_if(target, [](const auto &one) { return one.first.starts_with("fields."); });
    for (const auto &[path, value] : changes) {
        if (value.type == Type::none) {
            target.erase(path);
        } else if (value.type == Type::json) {
            nlohmann::json merged;
            if (target.count(path) && target[path].type == Type::json)
                merged = nlohmann::json::parse(target[path].text);
            merged.merge_patch(nlohmann::json::parse(value.text));
            target[path] = value;
            target[path].text = merged.dump();
        } else {
            target[path] = value;
        }
    }
}

using Elements = std::vector<std::pair<std::string, Attributes>>;  // by line_id or payment_id, in sequence

void change_list(Elements &elements, cartbell::Object object, const ListPatch &list, bool whole,
                 const std::string &id_path) {
    if (whole || list.replaces) elements.clear();
    for (const Record &record : list.composition) {
        Attributes fresh;
        for (const auto &[path, value] : attributes_of(object, record))
            if (value.type != Type::none) fresh[path] = value;
        elements.emplace_back(fresh[id_path].text, fresh);
    }
    for (const ListPatch::Change &change : list.changes) {
        auto at = std::find_if(elements.begin(), elements.end(),
                               [&](const auto &element) { return element.first == change.id; });
        if (change.remove) {
            if (at != elements.end()) elements.erase(at);
            continue;
        }
        if (at == elements.end()) at = elements.insert(elements.end(), {change.id, {}});
        patch(at->second, attributes_of(object, change.patch));
        at->second[id_path] = Value::of_text(change.id);
    }
}

using Key = std::tuple<int, Instant, int, int64_t, int64_t, std::string, std::string, int>;

Key key_of(const Entry &entry, Instant at, int part) {
    const Stamp &stamp = entry.stamp;
    return {stamp.trust,         at,
            stamp.has_sequence,  stamp.has_sequence ? stamp.sequence : 0,
            stamp.rank,          entry.operation->source,
            entry.operation->id, part};
}

std::map<Key, const Entry *> facts_of(const std::vector<Entry> &entries) {
    std::map<Key, const Entry *> facts;
    for (const Entry &entry : entries) {
        facts[key_of(entry, entry.stamp.occurred_at, 0)] = &entry;
        for (int set = 0; set < 3 && entry.operation->type == OperationType::order; ++set) {
            const StatusChange &status = entry.operation->order.status[static_cast<size_t>(set)];
            if (!status.said) continue;
            const Instant at = status.at == no_instant ? entry.stamp.occurred_at : status.at;
            facts[key_of(entry, at, set + 1)] = &entry;
        }
    }
    return facts;
}

struct PlainOrder {
    Attributes attributes;
    Elements lines, payments;
    std::string code[3], previous[3];
    Instant since[3] = {no_instant, no_instant, no_instant};
    std::vector<std::string> history;
    std::string owner;
    std::set<std::string> currencies;
    std::set<int64_t> entries;

    std::string text() const {
        std::string out = text_of("order", attributes);
        for (const auto &[id, line] : lines)
            out += text_of("line " + id, line);
        for (const auto &[id, payment] : payments)
            out += text_of("payment " + id, payment);
        for (int set = 0; set < 3; ++set)
            out += "status " + code[set] + " was " + previous[set] + " since " + std::to_string(since[set]) +
                   "\n";
        for (const std::string &row : history)
            out += row + "\n";
        out += "owner " + owner + "\n";
        for (const std::string &currency : currencies)
            out += "other currency " + currency + "\n";
        for (const int64_t position : entries)
            out += "entry " + std::to_string(position) + "\n";
        return out;
    }
};

std::string history_text(size_t set, const std::string &from, const std::string &to,
                         const std::string &source, Instant at, Instant received_at,
                         const std::string *after) {
    return "history " + std::to_string(set) + " " + from + ">" + to + " " + source + " " +
           std::to_string(at) + " " + std::to_string(received_at) + " " + after[0] + "/" + after[1] + "/" +
           after[2];
}

void apply_object(PlainOrder &order, const Entry &entry) {
    const Operation &operation = *entry.operation;
    if (operation.whole) {
        const Attributes before = order.attributes;
        order.attributes.clear();
        if (before.count("placed_at")) order.attributes["placed_at"] = before.at("placed_at");
    }
    patch(order.attributes, attributes_of(cartbell::Object::order, operation.order.attributes));
    if (order.attributes.count("currency")) order.currencies.insert(order.attributes["currency"].text);
    change_list(order.lines, cartbell::Object::line, operation.order.lines, operation.whole, "line_id");
    change_list(order.payments, cartbell::Object::payment, operation.order.payments, operation.whole,
                "payment_id");
    if (!operation.customer.empty()) order.owner = identity_text(operation.customer[0]);
}

void apply_status(PlainOrder &order, const Entry &entry, Instant at, size_t set) {
    const std::string to = entry.operation->order.status[set].code;
    if (to == order.code[set]) return;
    order.previous[set] = order.code[set];
    order.code[set] = to;
    order.since[set] = at;
    order.history.push_back(history_text(set, order.previous[set], to, entry.operation->source, at,
                                         entry.stamp.received_at, order.code));
}

}  // namespace

std::string plain_order(const std::vector<Entry> &entries) {
    PlainOrder order;
    const std::map<Key, const Entry *> facts = facts_of(entries);
    Instant latest = no_instant;
    for (const auto &[key, entry] : facts) {
        const int part = std::get<7>(key);
        if (part == 0)
            apply_object(order, *entry);
        else
            apply_status(order, *entry, std::get<1>(key), static_cast<size_t>(part - 1));
        latest = std::max(latest, std::get<1>(key));
    }
    Instant first_occurred = never, first_received = never;
    for (const Entry &entry : entries) {
        first_occurred = std::min(first_occurred, entry.stamp.occurred_at);
        first_received = std::min(first_received, entry.stamp.received_at);
        order.entries.insert(entry.stamp.position);
    }
    order.attributes["order_id"] = Value::of_text(entries[0].operation->order.order_id);
    if (!order.attributes.count("placed_at")) order.attributes["placed_at"] = Value::of_time(first_occurred);
    if (!order.attributes.count("source"))
        order.attributes["source"] = Value::of_text(facts.begin()->second->operation->source);
    order.attributes["updated_at"] = Value::of_time(latest);
    order.attributes["received_at"] = Value::of_time(first_received);
    if (order.attributes.count("currency")) order.currencies.erase(order.attributes["currency"].text);
    return order.text();
}

std::string text_of(const Order &order) {
    PlainOrder plain;
    plain.attributes = attributes_of(cartbell::Object::order, order.record);
    for (const Record &line : order.lines)
        plain.lines.emplace_back(line.text(line_field::line_id), attributes_of(cartbell::Object::line, line));
    for (const Record &payment : order.payments)
        plain.payments.emplace_back(payment.text(payment_field::payment_id),
                                    attributes_of(cartbell::Object::payment, payment));
    for (size_t set = 0; set < 3; ++set) {
        plain.code[set] = order.status[set].code;
        plain.previous[set] = order.status[set].previous;
        plain.since[set] = order.status[set].at;
    }
    for (const HistoryRow &row : order.history)
        plain.history.push_back(history_text(static_cast<size_t>(row.set), row.from, row.to, row.source,
                                             row.at, row.received_at, row.after.data()));
    if (order.owner) plain.owner = identity_text(*order.owner);
    plain.currencies.insert(order.other_currencies.begin(), order.other_currencies.end());
    plain.entries.insert(order.entries.here.begin(), order.entries.here.end());
    return plain.text();
}

namespace {

std::string consent_text(const ConsentChange &said, const std::string &source, const std::string &id) {
    return "  " + id + " of " + source + " " + (said.granted ? "granted" : "denied") + " until " + std::to_string(said.expires_at) + " by " +
           said.proof + "\n";
}

using Consents = std::map<std::pair<std::string, std::string>, std::vector<std::string>>;  // by channel and category, oldest first

std::string text_of(const Consents &consents) {
    std::string text;
    for (const auto &[of, facts] : consents) {
        text += "consent " + of.first + " " + of.second + "\n";
        for (const std::string &fact : facts) text += fact;
    }
    return text;
}

}  // namespace

std::string plain_customer(const Identity &root, const std::vector<Entry> &entries) {
    Attributes attributes, identities;
    std::set<std::string> known{identity_text(root)}, named_by, lists;
    Instant first = never, latest = no_instant;
    std::map<Key, const Entry *> without_trust;
    Consents consents;
    identities[std::string(name_of(root.kind))] = Value::of_text(root.value);
    for (const auto &[key, entry] : facts_of(entries)) {
        if (std::get<7>(key) != 0) continue;  // a status is no fact of the customer
        const Operation &operation = *entry->operation;
        if (operation.type == OperationType::customer) {
            if (operation.whole) attributes.clear();
            patch(attributes, attributes_of(cartbell::Object::customer, operation.profile.profile));
        }
        if (operation.type == OperationType::list || operation.type == OperationType::consent) {
            Key equal = key;
            std::get<0>(equal) = 0;
            without_trust[equal] = entry;
        }
        named_by.insert(identity_text(operation.customer.at(0)));
        latest = std::max(latest, entry->stamp.occurred_at);
        for (const Identity &identity : operation.customer) {
            identities[std::string(name_of(identity.kind))] = Value::of_text(identity.value);
            known.insert(identity_text(identity));
        }
        first = std::min(first, entry->stamp.occurred_at);
    }
    for (const auto &[key, entry] : without_trust) {
        const Operation &operation = *entry->operation;
        const ListChange &change = operation.list;
        lists.erase(change.list);
        if (change.member) lists.insert(change.list);
        const ConsentChange &said = operation.consent;
        if (operation.type == OperationType::consent)
            consents[{said.channel, said.category}].push_back(consent_text(said, operation.source, operation.id));
    }
    for (auto &each : consents) {
        std::vector<std::string> &facts = each.second;
        const size_t older = facts.size() > most_consent_facts ? facts.size() - most_consent_facts : 0;
        facts.erase(facts.begin(), facts.begin() + static_cast<ptrdiff_t>(older));
        facts.push_back("  after " + std::to_string(older) + "\n");
    }
    attributes.insert(identities.begin(), identities.end());
    attributes["created_at"] = Value::of_time(first);
    std::set<int64_t> ordered;
    for (const Entry &entry : entries)
        ordered.insert(entry.stamp.position);
    std::string text = text_of("customer", attributes);
    for (const std::string &identity : known)
        text += identity + "\n";
    for (const std::string &identity : named_by)
        text += "named by " + identity + "\n";
    text += "latest " + std::to_string(latest) + "\n";
    for (const std::string &list : lists)
        text += "list " + list + "\n";
    text += text_of(consents);
    for (const int64_t position : ordered)
        text += "entry " + std::to_string(position) + "\n";
    return text;
}

std::string text_of(const Customer &customer) {
    std::string text = text_of("customer", attributes_of(cartbell::Object::customer, customer.record));
    std::set<std::string> known;
    for (const Identity &identity : customer.identities)
        known.insert(identity_text(identity));
    for (const std::string &identity : known)
        text += identity + "\n";
    std::set<std::string> named_by;
    for (const Identity &identity : customer.named_by)
        named_by.insert(identity_text(identity));
    for (const std::string &identity : named_by)
        text += "named by " + identity + "\n";
    text += "latest " + std::to_string(customer.latest) + "\n";
    for (const std::string &list : customer.lists)
        text += "list " + list + "\n";
    Consents consents;
    for (const Consent &consent : customer.consents) {
        std::vector<std::string> &facts = consents[{consent.channel, consent.category}];
        for (const ConsentFact &fact : consent.facts)
            facts.push_back(consent_text({consent.channel, consent.category, fact.granted, fact.expires_at, fact.proof}, fact.key.source, fact.key.id));
        facts.push_back("  after " + std::to_string(consent.older) + "\n");
    }
    text += text_of(consents);
    for (const int64_t position : customer.entries.here)
        text += "entry " + std::to_string(position) + "\n";
    return text;
}

namespace {

std::string product_text(const Attributes &attributes, const std::set<int64_t> &entries) {
    std::string text = text_of("product", attributes);
    for (const int64_t position : entries)
        text += "entry " + std::to_string(position) + "\n";
    return text;
}

bool same_price(const Attributes &a, const Attributes &b) {
    if (a.count("price") != b.count("price")) return false;
    if (!a.count("price")) return true;
    if (a.at("price") != b.at("price")) return false;
    return !a.count("currency") || !b.count("currency") || a.at("currency") == b.at("currency");
}

bool same_stock(const Attributes &a, const Attributes &b) {
    return a.count("stock") == b.count("stock") && (!a.count("stock") || a.at("stock") == b.at("stock"));
}

}  // namespace

// Every state the product ever had, in the order of the keys; then each question is asked of all of them.
std::string plain_product(const std::vector<Entry> &entries) {
    std::vector<Attributes> states(1);
    std::vector<Instant> instants(1, no_instant);
    for (const auto &[key, entry] : facts_of(entries)) {
        const Operation &operation = *entry->operation;
        Attributes next = operation.whole ? Attributes{} : states.back();
        patch(next, attributes_of(cartbell::Object::product, operation.product.attributes));
        states.push_back(next);
        instants.push_back(entry->stamp.occurred_at);
    }
    Attributes now = states.back();
    now["product_id"] = Value::of_text(entries[0].operation->product.product_id);
    now["created_at"] = Value::of_time(*std::min_element(instants.begin() + 1, instants.end()));
    now["updated_at"] = Value::of_time(*std::max_element(instants.begin() + 1, instants.end()));
    for (size_t i = 1; i < states.size(); ++i) {
        if (!same_price(states[i - 1], states[i])) now["price_changed_at"] = Value::of_time(instants[i]);
        if (!same_stock(states[i - 1], states[i])) now["stock_changed_at"] = Value::of_time(instants[i]);
    }
    std::set<int64_t> positions;
    for (const Entry &entry : entries)
        positions.insert(entry.stamp.position);
    return product_text(now, positions);
}

std::string text_of(const Product &product) {
    return product_text(attributes_of(cartbell::Object::product, product.record), {product.entries.here.begin(), product.entries.here.end()});
}

}  // namespace cartbell::test
