// Template and mailing definitions ↔ JSON (formats.md §3, §4). Predicates stay JSON text here:
// predicate_json.hpp reads them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "model/definition.hpp"
#include "model/operation.hpp"

namespace cartbell::codec {

template <typename T>
struct ReadDefinition {
    T definition;
    std::vector<Note> errors;  // all at once, with pointers into the definition
    bool ok() const { return errors.empty(); }
};

// Members of formats.md that this version does not know yet (`let`, `translations`, `variants`, `hours` ...)
// are errors `not_yet`.
ReadDefinition<TemplateDefinition> read_template(std::string_view json, const Limits &limits);
ReadDefinition<MailingDefinition> read_mailing(std::string_view json, const Limits &limits);

void append_template(std::string &out, const TemplateDefinition &definition);
void append_mailing(std::string &out, const MailingDefinition &definition);

}  // namespace cartbell::codec
