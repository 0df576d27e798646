#include "cli/explanation.hpp"

#include <utility>

namespace cartbell::cli {
namespace {

std::string witness_text(const Json &witness) {
    std::string text = witness["kind"].shown() + " " + witness["order_id"].shown();
    if (!witness["row_id"].shown().empty()) text += " #" + witness["row_id"].shown();
    if (!witness["at"].shown().empty()) text += "  " + witness["at"].shown();
    return plain_text(text);
}

std::string operator_sign(std::string_view name) {
    constexpr std::pair<std::string_view, std::string_view> signs[] = {
        {"eq", "="}, {"ne", "≠"}, {"lt", "<"}, {"le", "≤"}, {"gt", ">"}, {"ge", "≥"}, {"is", ""}};
    for (const auto &[word, sign] : signs)
        if (word == name) return std::string(sign);
    return std::string(name);
}

// A test as a phrase: {"sum":{"of":"total","is":{"ge":"1000"}}} is "sum of total ≥ 1000".
std::string phrase(const Json &test) {
    if (test.is(Json::Kind::array) && test.items.size() == 3 && !(test.items[0].scalar() && test.items[2].scalar()))  // of compare
        return phrase(test.items[0]) + " " + operator_sign(test.items[1].text) + " " + phrase(test.items[2]);
    if (!test.is(Json::Kind::object)) return test.shown();
    std::string text;
    for (const auto &[name, value] : test.members)
        for (const std::string &word : {operator_sign(name), phrase(value)})
            if (!word.empty()) text += (text.empty() ? "" : " ") + word;
    return text;
}

// "purchases  wants count < 5, is 3": what the segment asks for and what was measured.
std::string heading(const Screen &screen, const Json &node) {
    std::string text =
        (node["holds"].truth ? screen.good("✓ ") : screen.bad("✗ ")) + screen.bold(node["what"].shown());
    const std::string measured = node["measured"].shown();
    const std::string test = phrase(node["test"]);
    if (!test.empty()) text += screen.dim("  wants " + plain_text(test));
    if (!measured.empty()) text += (test.empty() ? "  is " : ", is ") + plain_text(measured);
    return text;
}

void show(const Screen &screen, const Json &node, const std::string &indent) {
    screen.line(indent + heading(screen, node));
    const std::string inner = indent + "    ";
    for (const Json &witness : node["witnesses"].items)
        screen.line(inner + screen.dim(witness_text(witness)));
    if (node["truncated"].truth)
        screen.line(inner + screen.dim("… of " + plural(node["rows"].integer(), "row", "rows")));
    for (const Json &left : node["left_out"].items)
        screen.line(inner + "left out: " + plural(left["rows"].integer(), "row", "rows") + " (" +
                    left["reason"].shown() + ")");
    for (const Json &child : node["children"].items)
        show(screen, child, indent + "  ");
}

}  // namespace

void show_explanation(const Screen &screen, const Json &explanation) {
    show(screen, explanation, "  ");
}

}  // namespace cartbell::cli
