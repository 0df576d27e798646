#include "cli/explanation.hpp"

namespace cartbell::cli {
namespace {

std::string witness_text(const Json &witness) {
    std::string text = witness["kind"].shown() + " " + witness["order_id"].shown();
    if (!witness["row_id"].shown().empty()) text += " #" + witness["row_id"].shown();
    if (!witness["at"].shown().empty()) text += "  " + witness["at"].shown();
    return plain_text(text);
}

// "purchases  4, asked: {"ge":3}" - what was measured, and what the segment wants of it.
std::string heading(const Screen &screen, const Json &node) {
    std::string text = (node["holds"].truth ? screen.good("✓ ") : screen.bad("✗ ")) + screen.bold(node["what"].shown());
    const std::string measured = node["measured"].shown();
    const std::string test = node["test"].shown();
    if (!measured.empty()) text += "  is " + plain_text(measured);
    if (!test.empty()) text += screen.dim("  asked: " + plain_text(test));
    return text;
}

void show(const Screen &screen, const Json &node, const std::string &indent) {
    screen.line(indent + heading(screen, node));
    const std::string inner = indent + "    ";
    for (const Json &witness : node["witnesses"].items) screen.line(inner + screen.dim(witness_text(witness)));
    if (node["truncated"].truth) screen.line(inner + screen.dim("… and more"));
    for (const Json &left : node["left_out"].items)
        screen.line(inner + "left out: " + plural(left["rows"].integer(), "row", "rows") + " (" + left["reason"].shown() + ")");
    for (const Json &child : node["children"].items) show(screen, child, indent + "  ");
}

}  // namespace

void show_explanation(const Screen &screen, const Json &explanation) { show(screen, explanation, "  "); }

}  // namespace cartbell::cli
