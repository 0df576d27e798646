// Predicates: tree → compile → evaluate → explain. A compiled Program is the only form the engine keeps.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "base/status.hpp"
#include "model/operation.hpp"
#include "model/outline.hpp"
#include "segment/facts.hpp"

namespace cartbell::segment {

struct Tree;    // tree.hpp: the predicate as written, every node with its JSON pointer
class Program;  // program.hpp: compiled, immutable, any thread

struct Verdict {
    bool holds = false;
    Instant next_change = never;  // the next instant at which it can change without new input; > now
};

// What compiling may ask for: another segment's program by code (null = unknown). The engine resolves and
// refuses cycles before.
using FindSegment = std::function<std::shared_ptr<const Program>(std::string_view code)>;

struct Compiled {
    std::shared_ptr<const Program> program;
    std::vector<Note> warnings;  // ne against a field that may be missing, unknown zone, ...
};

// All errors of a predicate at once would be noise here: the first one, with its pointer. Error reasons:
// unknown_member, unknown_path, unknown_code, bad_type, bad_constant, too_deep, too_large, unknown_segment,
// not_yet (known to the grammar, not to this version).
Result<Compiled> compile(const Tree &tree, const Settings &settings, const Zones &zones, const Limits &limits,
                         const FindSegment &find);
std::vector<std::string> segments_used(const Tree &tree);  // codes, sorted, unique: for cycle checks
// Has a value if the program, with all segments it uses, reads no more of any order than this of its outline (model/outline.hpp): facts whose
// orders are such outlines then give the same verdict.
const std::optional<OutlineUse> &outlines_used(const Program &program);
// True if the program, or a segment it uses, reads `product.…` paths: facts without a catalogue then read as if it were empty.
bool uses_products(const Program &program);

// The row machine: the definition of what a predicate means. No allocation on the common path.
// The verdict is constant on [now, next_change) given the same facts. next_change is later than now and never
// later than the real flip; it is the flip itself wherever one condition decides, and may be earlier where
// several together do (a sum over a sliding period): evaluated there again, the verdict may be the same with
// a later next_change. Whoever waits for it always moves on. `facts.customer`, `world.settings` (those the
// program was compiled with) and `world.zones` must be set.
Verdict evaluate(const Program &program, const Facts &facts, const World &world);

// Why: per node verdict, measured value, test, witnesses, rows left out with reason. Mirrors the predicate's
// shape.
struct Explanation {
    std::string pointer;  // of the node in the definition
    std::string what;     // the node's predicate key: "all", "purchases", "customer", ...
    bool holds = false;
    Instant next_change = never;
    bool measured_known = false;
    Value measured;    // aggregate's or path's value
    std::string test;  // compact JSON of the test as written
    struct Witness {
        std::string kind;              // "order" "line" "payment" "history"
        std::string order_id, row_id;  // row_id: line_id or payment_id
        Instant at = no_instant;
    };
    std::vector<Witness> witnesses;  // rows that were measured, at most the limit
    bool truncated = false;
    int64_t rows_measured = 0;
    struct LeftOut {
        std::string reason;
        int64_t rows = 0;
    };  // no_rate, value_missing
    std::vector<LeftOut> left_out;
    std::vector<std::string>
        notes;  // codes: unknown_zone (the customer's is absent or unknown: the shop's was used)
    std::vector<Explanation> children;
};
Explanation explain(const Program &program, const Facts &facts, const World &world, size_t most_witnesses);

}  // namespace cartbell::segment
