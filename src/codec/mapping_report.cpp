#include "codec/mapping_report.hpp"

#include "codec/json_writer.hpp"

namespace cartbell::codec {
namespace {

std::string_view type_of(const MappedValue &value) {
    switch (value.kind) {
        case MappedValue::Kind::number:
            return "decimal";
        case MappedValue::Kind::boolean:
            return "boolean";
        case MappedValue::Kind::list:
            return "list";
        default:
            return "string";
    }
}

// "on_hold" of "on-hold": what people read is as it was, with a capital letter.
std::string title_of(std::string_view code, const std::map<std::string, std::string> &names) {
    const auto called = names.find(std::string(code));
    std::string title(called == names.end() ? code : std::string_view(called->second));
    if (!title.empty() && title.front() >= 'a' && title.front() <= 'z')
        title.front() = static_cast<char>(title.front() - 'a' + 'A');
    return title;
}

}  // namespace

void MappingReport::add_needs(const MappedValue &operation) {
    const MappedValue *order = operation.find("order");
    if (!order || order->kind != MappedValue::Kind::object) return;
    if (const MappedValue *status = order->find("status");
        status && status->kind == MappedValue::Kind::object) {
        for (size_t at = 0; at < status->items.size(); ++at) {
            const MappedValue &one = status->items[at];
            const MappedValue *code = one.kind == MappedValue::Kind::object ? one.find("code") : &one;
            if (code && code->kind == MappedValue::Kind::text)
                statuses_.emplace(status->names[at], code->text);
        }
    }
    add_fields("order", order->find("fields"));
    const MappedValue *lines = order->find("lines");
    if (!lines || lines->kind != MappedValue::Kind::list) return;
    for (const MappedValue &line : lines->items)
        if (line.kind == MappedValue::Kind::object) add_fields("line", line.find("fields"));
}

void MappingReport::add_fields(std::string_view of, const MappedValue *fields) {
    if (!fields || fields->kind != MappedValue::Kind::object) return;
    for (size_t at = 0; at < fields->items.size(); ++at)
        if (fields_.emplace(std::pair(std::string(of), fields->names[at]), type_of(fields->items[at])).second)
            field_order_.emplace_back(of, fields->names[at]);
}

void MappingReport::append_statuses(std::string &out, const std::map<std::string, std::string> &names) const {
    JsonWriter json(out);
    json.open('[');
    const auto write = [&](std::string_view set, std::string_view code, std::string_view name, bool counts,
                           bool used) {
        json.open('{').key("set").text(set).key("code").text(code).key("name").text(name);
        json.key("in_analytics").truth(counts).key("used").truth(used).close('}');
    };
    std::set<std::pair<std::string, std::string>> left = statuses_;
    if (known_statuses_) {
        for (const Node &child : known_statuses_.elements()) {
            const NodeRef status = known_statuses_.of(child), counts = status.find("in_analytics");
            const bool used = left.erase({std::string(status.find("set").text()),
                                          std::string(status.find("code").text())}) > 0;
            write(status.find("set").text(), status.find("code").text(), status.find("name").text(),
                  !counts || counts.node->truth, used);
        }
    }
    for (const auto &[set, code] : left)
        write(set, code, title_of(code, names), true, true);
    json.close(']');
}

void MappingReport::append_fields(std::string &out, const std::map<std::string, std::string> &names) const {
    JsonWriter json(out);
    json.open('[');
    for (const auto &field : field_order_) {
        const auto called = names.find(field.second);
        json.open('{').key("of").text(field.first).key("code").text(field.second);
        json.key("name").text(called == names.end() ? field.second : called->second);
        json.key("type").text(fields_.at(field)).close('}');
    }
    json.close(']');
}

std::string MappingReport::json(const ReadMarks &marks, const std::map<std::string, std::string> &names,
                                size_t most) const {
    std::string out;
    JsonWriter json(out);
    json.open('{').key("documents").number(static_cast<int64_t>(mapped_.size() + unmapped_.size()));
    json.key("mapped").open('[');
    for (const Mapped &one : mapped_) {
        json.open('{').key("pointer").text(one.document.pointer()).key("rule").text(one.rule);
        json.key("operations").number(static_cast<int64_t>(one.operations)).close('}');
    }
    json.close(']').key("unmapped").open('[');
    for (const NodeRef document : unmapped_)
        json.text(document.pointer());
    size_t count = 0;
    const std::vector<std::string> ignored = marks.unread(most, count);
    json.close(']').key("ignored").open('[');
    for (const std::string &pointer : ignored)
        json.text(pointer);
    json.close(']').key("ignored_count").number(static_cast<int64_t>(count));
    append_statuses(json.key("statuses").value(), names);
    append_fields(json.key("fields").value(), names);
    json.close('}');
    return out;
}

}  // namespace cartbell::codec
