// A compiled predicate: flat tables, paths bound, constants typed and converted once. Immutable; any thread.
// It is bound to the settings it was compiled with: another version of them means compiling again.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/zone.hpp"
#include "model/outline.hpp"
#include "model/path.hpp"
#include "segment/sample.hpp"

namespace cartbell::segment {

using Index = uint32_t;
inline constexpr Index no_index = 0xffffffff;
struct Range {
    Index first = 0, count = 0;
};

// A zone in force: a fixed one, or the customer's with this one where it is absent or unknown.
struct ZoneRef {
    const Zone *zone = nullptr;
    bool of_customer = false;
};

enum class Op : uint8_t {
    eq,
    ne,
    lt,
    le,
    gt,
    ge,
    between,
    in,
    not_in,
    exists,
    contains,
    starts_with,
    ends_with,
    any_of,
    all_of,
    none_of,
    under,
    within_last,
    within_next,
    ago,
    ahead,
    days_ago,
    days_ahead,
    anniversary
};

// A value as tests see it: integers and decimals in millionths, money in ten-thousandths; an average has a
// divisor.
struct Scalar {
    Type type = Type::none;  // never integer
    Currency currency;
    Wide number = 0;
    int64_t divisor = 1;
    std::string_view text;  // of text; of list: each element followed by one NUL
};

struct Operand {
    Type type = Type::none;
    Currency currency;
    Wide number = 0;
    std::string text;
    Index field = no_index;  // a path of the same row instead of a constant
};

// times, plus, minus of an operand or a value.
struct Change {
    bool has_times = false;
    int64_t times_e6 = 0;
    enum class Shift : uint8_t { none, later, earlier, amount } shift = Shift::none;
    Duration duration;  // of later, earlier
    Wide amount = 0;    // of amount, signed; of money in `currency`
    Currency currency;
};

// {"field":path} (formats.md §2 "operand").
struct FieldOperand {
    Path path;
    Change change;
};

struct Check {
    Op op = Op::eq;
    Op relation = Op::ge;  // of ago, ahead: how the elapsed time compares with `duration`
    bool expected = true;  // of exists
    bool sorted = false;   // operands are constants in ascending order (long `in` lists)
    Range operands;
    Range inner;        // checks of a number: of days_ago, days_ahead, anniversary's days_ahead
    Range years;        // of anniversary
    Duration duration;  // of within_last, within_next, ago, ahead
};

struct Test {
    Range checks;
    ZoneRef zone;
};

struct RowTest {
    Path path;
    Test test;
};

struct Condition {
    enum class Kind : uint8_t { test, all, any, negation, measure } kind = Kind::all;
    Index index = 0;  // of a RowTest or a Measure
    Range children;   // in Program::lists
    Index origin = 0;
};

struct Period {
    enum class Kind : uint8_t {
        past,
        past_days,
        older_than,
        between,
        since,
        this_one,
        previous_one
    } kind = Kind::past;
    enum class Step : uint8_t {
        day,
        week,
        month,
        quarter,
        year
    } step = Step::day;  // of this_one, previous_one
    Duration duration;
    int64_t days = 0;
    Operand from, to;  // of between: a time, or a date whose local midnight is meant
    Index value = no_index;  // of since: a time, or a date
    ZoneRef zone;
};

enum class Aggregate : uint8_t { count, sum, avg, min, max, distinct, mode, first, last, every, none };
enum class RowsOf : uint8_t { orders, purchases, lines, bought, order_lines, order_payments, order_history };

struct Measure {
    RowsOf rows = RowsOf::orders;
    Object object = Object::order;  // of a row
    Aggregate aggregate = Aggregate::count;
    Index where = no_index;  // Condition
    Index period = no_index;
    Index row = no_index;  // Condition of first, last, every, none
    Path of;               // of sum ... mode
    Currency currency;     // amounts are converted into it, row by row
    Test test;             // of count ... mode; a value has none
    // A count that only asks "at least so many" (or its negation) has an exact next change.
    bool is_threshold = false;
    bool threshold_reached = true;  // holds when reached; else holds when not
    int64_t threshold = 0;
    Index origin = 0;
};

// formats.md §2 "value": a constant, an aggregate without a test, or a path of the customer.
struct ValueSource {
    enum class Kind : uint8_t { constant, measure, customer } kind = Kind::constant;
    Type type = Type::none;
    Operand constant;
    Index measure = no_index;
    Path path;  // of customer
    Change change;
    ZoneRef zone;  // of calendar steps and of a date's midnight
    Index origin = 0;
};

struct Comparison {
    Index left = 0, right = 0;  // ValueSources
    Op op = Op::eq;             // eq ... ge
    Currency currency;          // of amounts, unless both have the same one of their own
};

struct Predicate {
    enum class Kind : uint8_t {
        constant,
        all,
        any,
        negation,
        at_least,
        customer,
        measure,
        segment,
        sample,
        static_list,
        comparison
    } kind = Kind::constant;
    bool truth = false;  // of constant
    int64_t least = 0;   // of at_least
    Index index = 0;     // Condition of customer, Measure, segment, sample, static list, Comparison
    Range children;      // in Program::lists
    Index origin = 0;
};

// Where a node comes from; only explanations read it.
struct Origin {
    std::string pointer;
    std::string what;  // predicate key, path, "where", "first", ...
    std::string test;  // compact JSON as written
};

class Program {
  public:
    std::vector<Predicate> predicates;  // the root is `root`
    std::vector<Condition> conditions;
    std::vector<Index> lists;
    std::vector<RowTest> row_tests;
    std::vector<Check> checks;
    std::vector<Operand> operands;
    std::vector<FieldOperand> fields;
    std::vector<Measure> measures;
    std::vector<Period> periods;
    std::vector<ValueSource> values;
    std::vector<Comparison> comparisons;
    std::vector<std::shared_ptr<const Program>> segments;
    std::vector<Sample> samples;
    std::vector<std::string> static_lists;
    std::vector<Origin> origins;
    Index root = 0;
    ZoneRef shop_zone;
    const Zones *zones = nullptr;  // lives as long as the program
    int64_t settings_version = 0;
    size_t expanded_nodes = 0;  // with all segments used, each time they are used
    size_t expanded_depth = 0;
    std::optional<OutlineUse> outlines;
    bool uses_products = false;
};

}  // namespace cartbell::segment
