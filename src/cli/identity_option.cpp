#include "cli/identity_option.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace cartbell::cli {
namespace {

// "email:…"; a word that is no kind stays one, for the engine to refuse.
bool names_a_kind(const std::string &text) {
    const size_t colon = text.find(':');
    const auto is_of_a_word = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
    return colon != std::string::npos && colon > 0 && std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), is_of_a_word);
}

}  // namespace

void add_identity(CLI::App &command, std::string &identity) {
    CLI::Option *option = command.add_option("identity", identity, "The shop's id of the customer, or kind:text, as email:a@b.eu")->required();
    option->transform([](std::string text) { return names_a_kind(text) ? text : "external_id:" + text; }, "", "");
}

}  // namespace cartbell::cli
