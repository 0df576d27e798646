#include "segment/person.hpp"

#include "base/text.hpp"
#include "codec/operation_json.hpp"
#include "model/fold.hpp"

namespace cartbell::testing {
namespace {

using codec::Node;
using codec::Tree;

std::string compact(const Tree &tree, const Node &node) {
    std::string text;
    codec::append_compact(text, tree, node, codec::KeyOrder::as_is);
    return text;
}

void append_member(std::string &out, std::string_view name, std::string_view json) {
    if (out.back() != '{') out += ',';
    append_json_string(out, name);
    out += ':';
    out += json;
}

// The members of `object` that the probe does not speak of itself.
void append_order_members(std::string &out, const Tree &tree, const Node &object) {
    for (const Node &member : codec::children(tree, object))
        if (member.key() != "occurred_at" && member.key() != "history_ops" && member.key() != "at")
            append_member(out, member.key(), compact(tree, member));
}

class Reader {
  public:
    Reader(const Tree &tree, const Settings &settings) : tree_(tree), settings_(settings) {}

    Result<Person> read(const Node &object) {
        const Node *identities = tree_.find(object, "customer");
        if (!identities) return failure(Code::invalid, "no_customer", "a customer needs its identities");
        identities_ = compact(tree_, *identities);
        const Node *profile = tree_.find(object, "profile");
        const Node *at = tree_.find(object, "at");
        std::string body = begin("customer", at ? at->text() : "1970-01-01T00:00:00Z");
        append_member(body, "profile", profile ? compact(tree_, *profile) : "{}");
        CARTBELL_TRY(add(body + "}"));
        if (const Node *lists = tree_.find(object, "lists"))
            for (const Node &list : codec::children(tree_, *lists)) {
                std::string entry = begin("list", at ? at->text() : "1970-01-01T00:00:00Z");
                append_member(entry, "list", compact(tree_, list));
                append_member(entry, "member", "true");
                CARTBELL_TRY(add(entry + "}"));
            }
        Person person;
        if (const Node *orders = tree_.find(object, "orders")) {
            for (const Node &order : codec::children(tree_, *orders)) {
                const size_t first = operations_.size();
                CARTBELL_TRY(add_order(order));
                person.orders.push_back(fold_order(entries(first)));
            }
        }
        person.customer = fold_customer(operations_.front().customer.front(), entries(0));
        return person;
    }

    Result<Catalogue> read_products(const Node &array) {
        for (const Node &product : codec::children(tree_, array)) {
            const Node *at = tree_.find(product, "at");
            std::string body = begin("product", at ? at->text() : "1970-01-01T00:00:00Z"), members = "{";
            append_order_members(members, tree_, product);
            append_member(body, "product", members + "}");
            CARTBELL_TRY(add(body + "}"));
        }
        std::map<std::string, std::vector<Entry>> by_id;
        for (const Entry &entry : entries(0)) by_id[entry.operation->product.product_id].push_back(entry);
        Catalogue catalogue;
        for (const auto &[id, facts] : by_id) catalogue.products[id] = fold_product(facts);
        return catalogue;
    }

  private:
    std::string begin(std::string_view type, std::string_view occurred_at) {
        std::string body = "{";
        append_member(body, "type", "\"" + std::string(type) + "\"");
        append_member(body, "id", "\"op-" + std::to_string(operations_.size()) + "\"");
        std::string at;
        append_json_string(at, occurred_at);
        append_member(body, "occurred_at", at);
        if (!identities_.empty()) append_member(body, "customer", identities_);
        return body;
    }

    Status add_order(const Node &order) {
        const Node *id = tree_.find(order, "order_id"), *at = tree_.find(order, "occurred_at");
        if (!at) at = tree_.find(order, "placed_at");
        if (!id) return failure(Code::invalid, "no_order_id", "an order needs its order_id");
        std::string body = begin("order", at ? at->text() : "1970-01-01T00:00:00Z"), members = "{";
        append_order_members(members, tree_, order);
        append_member(body, "order", members + "}");
        CARTBELL_TRY(add(body + "}"));
        const Node *patches = tree_.find(order, "history_ops");
        if (!patches) return {};
        for (const Node &patch : codec::children(tree_, *patches)) {
            const Node *patched_at = tree_.find(patch, "occurred_at");
            if (!patched_at)
                return failure(Code::invalid, "no_occurred_at", "a history op needs its occurred_at");
            body = begin("order", patched_at->text());
            members = "{";
            append_member(members, "order_id", compact(tree_, *id));
            append_order_members(members, tree_, patch);
            append_member(body, "order", members + "}");
            CARTBELL_TRY(add(body + "}"));
        }
        return {};
    }

    Status add(const std::string &body) {
        CARTBELL_ASSIGN(codec::Batch batch,
                        codec::parse(body, codec::Form::operation, "", settings_, Limits{}));
        codec::Parsed &parsed = batch.operations.at(0);
        if (!parsed.ok()) {
            const Note &first = parsed.errors.front();
            return failure(Code::invalid, first.code, first.message + " in " + body, first.pointer);
        }
        operations_.push_back(std::move(parsed.operation));
        return {};
    }

    std::vector<Entry> entries(size_t first) const {
        std::vector<Entry> made;
        for (size_t i = first; i < operations_.size(); ++i) {
            Entry entry;
            entry.stamp.position = static_cast<int64_t>(i + 1);
            entry.stamp.received_at = greatest_instant;
            entry.stamp.occurred_at = operations_[i].occurred_at;
            entry.stamp.has_sequence = operations_[i].has_sequence;
            entry.stamp.sequence = operations_[i].sequence;
            entry.operation = &operations_[i];
            made.push_back(entry);
        }
        return made;
    }

    const Tree &tree_;
    const Settings &settings_;
    std::string identities_;
    std::vector<Operation> operations_;
};

}  // namespace

Result<Person> read_person(const Tree &tree, const Node &object, const Settings &settings) {
    CARTBELL_ASSIGN(Person person, Reader(tree, settings).read(object));
    if (const Node *products = tree.find(object, "products")) {
        CARTBELL_ASSIGN(person.catalogue, read_catalogue(tree, *products, settings));
    }
    return person;
}

Result<Catalogue> read_catalogue(const Tree &tree, const Node &array, const Settings &settings) {
    return Reader(tree, settings).read_products(array);
}

Result<Person> read_person(std::string_view json, const Settings &settings) {
    CARTBELL_ASSIGN(const codec::Document document, codec::read_document(json, size_t{1} << 24, 64));
    return read_person(document.tree, document.root(), settings);
}

}  // namespace cartbell::testing
