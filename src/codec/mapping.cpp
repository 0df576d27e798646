#include "codec/mapping.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "base/instant.hpp"
#include "base/text.hpp"
#include "codec/mapping_evaluator.hpp"
#include "codec/mapping_report.hpp"
#include "codec/mapping_table.hpp"

namespace cartbell::codec {
namespace {

using Kind_ = MappedValue::Kind;

// Operations that are somebody's: those get the identities that are given.
constexpr std::array<std::string_view, 7> owned_types{"order",    "event",   "container", "customer",
                                                      "identify", "consent", "list"};

Error bad_given(std::string message, NodeRef at) {
    return failure(Code::invalid, "bad_given", "given: " + std::move(message), at.pointer());
}

Status check_given(NodeRef given) {
    if (!given.is(Kind::object)) return bad_given("this is an object", given);
    for (const Node &child : given.elements()) {
        const NodeRef member = given.of(child);
        const std::string_view name = member.key();
        if (name == "customer") {
            if (!member.is(Kind::object)) return bad_given("customer is an object of identities", member);
        } else if (name == "backfill") {
            if (!member.is(Kind::boolean)) return bad_given("backfill is true or false", member);
        } else if (name == "id" || name == "source" || name == "occurred_at") {
            if (!member.is(Kind::string) || member.absent())
                return bad_given(std::string(name) + " is a text", member);
            if (name == "occurred_at" && !parse_instant(member.text()).ok())
                return bad_given("occurred_at is no time with a zone", member);
        } else {
            return bad_given("no such member: id, occurred_at, source, customer and backfill are", member);
        }
    }
    return {};
}

MappedValue json_of(NodeRef node) {
    MappedValue made(Kind_::json, {}, node);
    append_compact(made.text, *node.tree, *node.node, KeyOrder::as_is);
    return made;
}

class Mapping {
  public:
    Mapping(const MappingFormat &format, const Document &text, NodeRef given, const MappingOptions &options,
            const Limits &limits)
        : format_(format),
          root_{&text.tree, &text.root()},
          given_(given),
          options_(options),
          limits_(limits),
          marks_(text.tree),
          evaluator_(format, marks_, limits),
          report_(format.member("statuses")) {}

    Result<MappedDocuments> run() {
        if (!root_.is(Kind::array)) {
            CARTBELL_TRY(documents_of(root_));
        } else {
            for (const Node &one : root_.elements())
                CARTBELL_TRY(documents_of(root_.of(one)));
        }
        many_ = things_.size() > 1;
        MappedDocuments mapped;
        mapped.operations = "[";
        for (const Thing &thing : things_) {
            CARTBELL_TRY(map(thing, mapped.operations));
            ++mapped_;
        }
        mapped.operations += ']';
        mapped.report = report_.json(marks_, evaluator_.field_names(), limits_.operation_errors);
        return mapped;
    }

  private:
    // What one rule is asked for: an order of {"orders":[…]}.
    struct Thing {
        NodeRef node, document;
        size_t position;  // in its document
    };

    Status documents_of(NodeRef document) {
        const MappingScope scope{document, document, nullptr, 0};
        if (!document.is(Kind::object)) return no_object(document);
        const NodeRef paths = format_.member("documents");
        FoundNodes found;
        if (paths) {
            CARTBELL_ASSIGN(found, evaluator_.first_found(paths, scope));
        }
        if (!found.there) found.nodes = {document};
        for (size_t at = 0; at < found.nodes.size(); ++at) {
            if (!found.nodes[at].is(Kind::object)) return no_object(found.nodes[at]);
            things_.push_back({found.nodes[at], document, at});
        }
        return {};
    }

    static Status no_object(NodeRef node) {
        return failure(Code::invalid, "bad_type", "a document is an object", node.pointer());
    }

    Status map(const Thing &thing, std::string &out) {
        const MappingScope scope{thing.node, thing.document, nullptr, thing.position};
        CARTBELL_ASSIGN(const NodeRef rule, find_rule(scope));
        if (!rule) {
            if (!options_.skip_unmapped)
                return failure(Code::invalid, "unmapped", "no rule of the format is for this document",
                               thing.node.pointer());
            marks_.whole(thing.node);
            report_.unmapped(thing.node);
            return {};
        }
        size_t made = 0;
        const NodeRef in = rule.find("in");
        if (!in) {
            CARTBELL_TRY(make(rule, scope, scope, "", out, made));
        } else {
            CARTBELL_ASSIGN(const FoundNodes found, evaluator_.first_found(in, scope));
            const std::vector<NodeRef> nodes =
                found.nodes.empty() && !found.many ? std::vector<NodeRef>{NodeRef{}} : found.nodes;
            for (size_t at = 0; at < nodes.size(); ++at) {
                const MappingScope inside{nodes[at], thing.document, &scope, thing.position};
                CARTBELL_TRY(make(rule, scope, inside, found.many ? ":" + std::to_string(at) : std::string(),
                                  out, made));
            }
        }
        report_.mapped(thing.node, rule.find("name").text(), made);
        return {};
    }

    Result<NodeRef> find_rule(const MappingScope &scope) {
        for (const NodeRef format : {format_.own, format_.built_in}) {
            const NodeRef rules = format.find("rules");
            if (!rules) continue;
            for (const Node &child : rules.elements()) {
                const NodeRef rule = rules.of(child), match = rule.find("match");
                if (!match) return rule;
                CARTBELL_ASSIGN(const bool matches, evaluator_.holds(match, scope));
                if (matches) return rule;
            }
        }
        return NodeRef{};
    }

    // The operations of a rule. `common` is what all of a format have, of the thing; `inside` where the
    // rule's `in` leads.
    Status make(NodeRef rule, const MappingScope &thing, const MappingScope &inside,
                const std::string &suffix, std::string &out, size_t &made) {
        const NodeRef operations = rule.find("operations");
        for (const Node &child : operations.elements()) {
            const NodeRef wanted = operations.of(child);
            if (const NodeRef when = wanted.find("$when")) {
                CARTBELL_ASSIGN(const bool so, evaluator_.holds(when, inside));
                if (!so) continue;
            }
            CARTBELL_ASSIGN(MappedValue operation, operation_of(wanted, thing, inside));
            if (lacks(operation, wanted.find("$needs"))) continue;
            CARTBELL_TRY(finish(operation, thing, suffix, wanted.find("$part")));
            CARTBELL_TRY(append(operation, out));
            ++made;
        }
        return {};
    }

    Result<MappedValue> operation_of(NodeRef wanted, const MappingScope &thing, const MappingScope &inside) {
        MappedValue operation = MappedValue::object();
        for (const Node &child : wanted.elements()) {
            if (child.key().starts_with('$')) continue;
            CARTBELL_ASSIGN(MappedValue made, evaluator_.value(wanted.of(child), inside));
            operation.put(child.key(), std::move(made));
        }
        const NodeRef common = format_.member("common");
        if (!common) return operation;
        const bool owned = is_owned(operation), event = is_event(operation);
        for (const Node &child : common.elements()) {
            if (wanted.find(child.key()) || (child.key() == "customer" && !owned) ||
                (child.key() == "session_id" && !event))
                continue;
            CARTBELL_ASSIGN(MappedValue made, evaluator_.value(common.of(child), thing));
            operation.put(child.key(), std::move(made));
        }
        return operation;
    }

    static bool is_owned(const MappedValue &operation) {
        const MappedValue *type = operation.find("type");
        return type && std::find(owned_types.begin(), owned_types.end(), type->text) != owned_types.end();
    }

    static bool is_event(const MappedValue &operation) {
        const MappedValue *type = operation.find("type");
        return type && type->text == "event";
    }

    static bool lacks(const MappedValue &operation, NodeRef needs) {
        if (!needs) return false;
        for (const Node &name : needs.elements())
            if (!operation.find(name.text())) return true;
        return false;
    }

    // What the document does not say: the caller's.
    Status finish(MappedValue &operation, const MappingScope &thing, const std::string &suffix,
                  NodeRef part) {
        for (const std::string_view name : {"occurred_at", "source", "customer", "backfill"}) {
            const NodeRef said = given_.find(name);
            if (!said || operation.find(name) || (name == "customer" && !is_owned(operation))) continue;
            operation.put(name, json_of(said));
        }
        const MappedValue *own = operation.find("id");
        std::string id = own && own->scalar() ? own->text : std::string();
        if (id.empty() && given_.find("id"))
            id = std::string(given_.find("id").text()) +
                 (many_ ? ":" + std::to_string(mapped_) : std::string());
        if (id.empty())
            return failure(Code::invalid, "missing_id",
                           "the document says no id for its operation, and none is given",
                           thing.node.pointer());
        if (!operation.find("type"))
            return failure(Code::invalid, "missing_type", "the document says no type for its operation",
                           thing.node.pointer());
        id += suffix;
        if (part) id += ":" + std::string(part.text());
        operation.put("id", MappedValue(Kind_::text, std::move(id)));
        return {};
    }

    Status append(const MappedValue &operation, std::string &out) {
        if (++operations_ > limits_.batch_operations)
            return failure(
                Code::limit, "batch_operations",
                "the text makes more than " + std::to_string(limits_.batch_operations) + " operations");
        if (out.size() > 1) out += ',';
        std::string json;
        append_mapped(json, operation);
        out += json;
        if (out.size() > limits_.batch_bytes)
            return failure(
                Code::limit, "batch_bytes",
                "the operations are larger than " + std::to_string(limits_.batch_bytes) + " bytes");
        report_.add_needs(operation);
        return {};
    }

    const MappingFormat &format_;
    const NodeRef root_, given_;
    const MappingOptions &options_;
    const Limits &limits_;
    ReadMarks marks_;
    MappingEvaluator evaluator_;
    MappingReport report_;
    std::vector<Thing> things_;
    bool many_ = false;
    size_t operations_ = 0, mapped_ = 0;
};

Error of_table(Error error) {
    if (error.reason != "bad_table") error.message = "the mapping table: " + error.message;
    return error;
}

Error unknown_format(std::string_view format, const std::vector<std::string_view> &names) {
    const std::string nearest = nearest_name(format, names);
    return failure(
        Code::invalid, "unknown_format",
        "there is no such format" + (nearest.empty() ? std::string() : ": did you mean " + nearest + "?"));
}

}  // namespace

Result<MappedDocuments> map_documents(std::string_view json, const MappingOptions &options,
                                      const Limits &limits) {
    std::optional<MappingTable> own, built_in;
    std::vector<std::string_view> names = built_in_mapping_names();
    MappingFormat format;
    if (!options.table.empty()) {
        Result<MappingTable> read = MappingTable::read(options.table, limits);
        if (!read.ok()) return of_table(read.take_error());
        own.emplace(std::move(*read));
        own->append_names(names);
        format.own = own->format(options.format);
    }
    if (const std::string_view text = built_in_mapping(options.format); !text.empty()) {
        Result<MappingTable> read = MappingTable::read(text, library_limits);
        if (!read.ok()) return of_table(read.take_error());
        built_in.emplace(std::move(*read));
        format.built_in = built_in->format(options.format);
    }
    if (!format.own && !format.built_in) return unknown_format(options.format, names);
    std::optional<Document> given;
    NodeRef said;
    if (!options.given.empty()) {
        CARTBELL_ASSIGN(Document read,
                        read_document(options.given, limits.operation_bytes, limits.json_depth));
        given.emplace(std::move(read));
        said = {&given->tree, &given->root()};
        CARTBELL_TRY(check_given(said));
    }
    CARTBELL_ASSIGN(const Document text, read_document(json, limits.batch_bytes, limits.json_depth));
    return Mapping(format, text, said, options, limits).run();
}

}  // namespace cartbell::codec
