#include "codec/result_json.hpp"

#include <array>

#include "base/limits.hpp"
#include "codec/json_tree.hpp"
#include "codec/value_json.hpp"

namespace cartbell::codec {

std::string_view name_of(Outcome outcome) {
    constexpr std::array<std::string_view, 4> names{"accepted", "duplicate", "late", "rejected"};
    return names[static_cast<size_t>(outcome)];
}

void append_note(std::string &out, const Note &note) {
    JsonWriter json(out);
    json.open('{')
        .key("code")
        .text(note.code)
        .key("pointer")
        .text(note.pointer)
        .key("message")
        .text(note.message)
        .close('}');
}

void append_domain_event(std::string &out, const DomainEvent &event) {
    JsonWriter json(out);
    json.open('{').key("name").text(event.name).key("context").open('{');
    for (const auto &[name, value] : event.context) {
        json.key(name);
        append_value(json.value(), value, {});
    }
    json.close('}').close('}');
}

void append_result(std::string &out, const OperationResult &result) {
    JsonWriter json(out);
    json.open('{').key("id").text(result.id).key("outcome").text(name_of(result.outcome)).key("version");
    if (result.version < 0)
        json.raw("null");
    else
        json.number(result.version);
    json.key("changed").open('[');
    for (const DomainEvent &event : result.changed)
        append_domain_event(json.value(), event);
    json.close(']').key("ignored").open('[');
    for (const std::string &pointer : result.ignored)
        json.text(pointer);
    json.close(']').key("warnings").open('[');
    for (const Note &note : result.warnings)
        append_note(json.value(), note);
    json.close(']').key("errors").open('[');
    for (const Note &note : result.errors)
        append_note(json.value(), note);
    json.close(']').close('}');
}

Result<std::string> result_as_duplicate(std::string_view first_result) {
    const Limits limits;
    const auto corrupt = [] { return failure(Code::corrupt, "bad_result", "a stored result is no result"); };
    const Result<Document> document = read_document(first_result, limits.batch_bytes, limits.json_depth);
    if (!document.ok()) return corrupt();
    const Node *outcome = document->tree.find(document->root(), "outcome");
    if (!outcome || outcome->kind != Kind::string || outcome->text().empty()) return corrupt();
    std::string answer(first_result);
    answer.replace(static_cast<size_t>(outcome->begin - document->bytes.get()), outcome->size,
                   name_of(Outcome::duplicate));
    return answer;
}

}  // namespace cartbell::codec
