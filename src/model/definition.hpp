// What a shop defines beside its settings: templates and mailings as written (formats.md §3, §4). Predicates
// are compact JSON text.
#pragma once

#include <map>
#include <string>

#include "base/instant.hpp"

namespace cartbell {

enum class Missing : uint8_t { empty, block, fail };  // what a missing variable does to a message

struct TemplateDefinition {
    std::string code;
    std::string channel;                      // a plain code: "email", "sms", "push" ...
    std::string locale;                       // BCP 47; "" = the customer's, else the shop's
    std::string subject, body, text;          // e-mail and text channels
    std::string title, link, image, payload;  // push
    std::map<std::string, std::string> partials;
    std::string condition;                        // predicate; "" = none
    std::string reason;                           // of a false condition
    std::map<std::string, std::string> defaults;  // path → text
    Missing missing = Missing::empty;             // of every path that `missing_by_path` does not name
    std::map<std::string, Missing> missing_by_path;
};

struct MailingDefinition {
    std::string code;
    std::string audience_segment;  // a segment's code, or "" and then
    std::string audience;          // a predicate
    std::string template_code;
    std::string channel;
    std::string category;
    Instant start_at = no_instant;  // none: when it is started by hand
};

}  // namespace cartbell
