#include "cli/custom_fields.hpp"

#include <algorithm>

#include "cli/json_reader.hpp"

namespace cartbell::cli {
namespace {

// A code of a custom field for a name that a person chose: "Custom Engraving" is custom_engraving; of a name
// without a Latin letter or digit the bytes in hexadecimal.
std::string code_of(std::string_view name) {
    constexpr size_t most = 56;  // leaves room for what makes it unique
    std::string code, hex = "x_";
    for (const char c : name) {
        const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        const bool kept = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
        if (kept)
            code += lower;
        else if (!code.empty() && code.back() != '_')
            code += '_';
        const auto byte = static_cast<unsigned char>(c);
        hex += "0123456789abcdef"[byte >> 4];
        hex += "0123456789abcdef"[byte & 15];
    }
    while (!code.empty() && code.back() == '_')
        code.pop_back();
    if (code.empty()) code = hex;
    if (code.front() >= '0' && code.front() <= '9') code.insert(0, "x_");
    return code.substr(0, most);
}

}  // namespace

void CustomFields::add(const std::string &name, const std::string &json, std::string_view type) {
    std::string code = code_of(name);
    for (int number = 2; !codes_.insert(code).second; ++number)
        code = code_of(name) + "_" + std::to_string(number);
    object_.raw(code, json);
    const bool known = std::any_of(settings_.fields.begin(), settings_.fields.end(),
                                   [&](const auto &field) { return field.of == of_ && field.code == code; });
    if (!known) settings_.fields.push_back({of_, code, name, std::string(type)});
}

void CustomFields::add_text(const std::string &name, const std::string &value) {
    if (value.empty()) return;
    std::string quoted;
    append_quoted(quoted, value);
    add(name, quoted, "string");
}

}  // namespace cartbell::cli
