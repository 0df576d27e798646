// Compiled mustache: parse once into a flat program, render without recursion (formats.md §3, architecture.md §4).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/formatter.hpp"
#include "base/limits.hpp"
#include "base/status.hpp"
#include "base/zone.hpp"
#include "render/shapes.hpp"
#include "render/view.hpp"

namespace cartbell::render {

enum class Escape : uint8_t { none, html, json, single_line };   // by channel and part (formats.md §3 "Escaping")

struct Options {
    Escape escape = Escape::html;
    bool unknown_partials_are_empty = false;   // the mustache suite's rule; ours is an error at compile time
    bool domain_words = true;                  // block, is, the formats, @index, .count...: bound at compile time; off for the foreign suite
    const Shapes *shapes = nullptr;            // names the views have (null: nothing is checked); only used by the call
    std::function<bool(std::string_view segment)> knows_segment;   // for {{#is.<segment>}}; null: all
};

class Text;  // compiled, immutable, any thread

// Errors carry line and column (from 1, in characters): unclosed_section, unopened_section, bad_tag, unclosed_tag, unknown_partial,
// too_deep, too_large, unknown_path (with the nearest name), not_printable (a list or object as a variable), unknown_segment, bad_format.
// An error inside a partial names it in the message. All partials are compiled, used or not.
Result<std::shared_ptr<const Text>> compile(std::string_view source, const std::map<std::string, std::string> &partials,
                                            const Options &options, const Limits &limits);
std::vector<std::string> variables_used(const Text &text);   // dotted paths of variables as written, sorted, unique
// Which of the customer's orders a text can look into: all, or only those named here (numbers of them are no look).
struct OrdersUsed {
    bool all = false, first = false, last = false, first_purchase = false, last_purchase = false;
    bool purchases = false;  // whether it asks which of them are purchases, if only for their number
    void add(const OrdersUsed &other);
};
OrdersUsed orders_used(const Text &text);
bool uses_products(const Text &text);   // whether it can look into a line's product
std::vector<std::string> segments_used(const Text &text);    // of {{#is.<segment>}}, sorted, unique

// Names that no `let` may take: the format words, `block` and `is`.
bool is_reserved(std::string_view name);

enum class MissingPolicy : uint8_t { empty, block, fail };

struct Context {
    Node root;
    const Formatter *formatter = nullptr;      // null: the neutral one
    const Zone *zone = nullptr;                // the customer's; null: UTC
    std::string_view locale;
    Currency currency;                         // the shop's: for money read from text, and decimals printed as money
    std::function<bool(std::string_view segment)> in_segment;           // {{#is.<segment>}}; null: in none
    // Both are asked with the path as the template writes it.
    std::function<MissingPolicy(std::string_view path)> missing;        // null: empty
    std::function<std::string_view(std::string_view path)> fallback;    // `defaults`; null or "" = none
};

struct Outcome {
    enum class Kind : uint8_t { rendered, blocked, failed };
    Kind kind = Kind::rendered;
    std::string reason;       // blocked: the block's text or "missing:<path>"; failed: a code (missing, output_limit, step_limit, depth_limit, bad_value)
    uint32_t line = 0, column = 0;   // failed: the tag; of a partial, its own line and column
    std::string partial;             // failed: the partial it happened in, "" = the text itself
};

// Appends to `out`. On blocked and failed `out` holds no promise.
Outcome render(const Text &text, const Context &context, const Limits &limits, std::string &out);

}  // namespace cartbell::render
