// Tree → Program. Internal to the module.
#pragma once

#include <array>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "segment/program.hpp"
#include "segment/segment.hpp"
#include "segment/tree.hpp"

namespace cartbell::segment {

// Predicates and values that measure the customer's rows.
struct RowSource {
    std::string_view name;
    RowsOf rows;
};
inline constexpr std::array<RowSource, 4> row_sources{{{"orders", RowsOf::orders},
                                                       {"purchases", RowsOf::purchases},
                                                       {"lines", RowsOf::lines},
                                                       {"bought", RowsOf::bought}}};

// What a tested value is: of a path, or what an aggregate comes to.
struct Tested {
    Type type = Type::none;
    const Path *path = nullptr;  // null: an aggregate's value
    bool may_be_missing = false;
    Currency currency;            // of constants that say none
    bool fixed_currency = false;  // of an aggregate: constants must be in `currency`
    bool fragment = false;        // constants are parts of texts: no codes that must be known
};

class Compiler {
  public:
    Compiler(const Tree &tree, const Settings &settings, const Zones &zones, const Limits &limits,
             const FindSegment &find);
    Result<Compiled> compile();

  private:
    using Node = uint32_t;

    // Where constants without a currency take theirs from, and what a row's paths begin at.
    struct Scope {
        Object object = Object::customer;
        Currency currency;
    };

    // compile.cpp: predicates
    Result<Index> predicate(Node node);
    Result<Index> predicate_member(Node node, Node member);
    Result<Index> list_predicate(Predicate::Kind kind, Node node, Node list);
    Result<Index> at_least_predicate(Node node, Node least, Node of);
    Result<Index> segment_predicate(Node node, Node code);
    Result<Index> sample_predicate(Node node, Node member);
    Result<Index> static_list_predicate(Node node, Node code);
    Index add(Predicate predicate, Node node, std::string_view what);

    // compile_value.cpp: comparisons and values
    Result<Index> comparison(Node node, Node member);
    Result<Index> value(Node node, Currency currency, const ZoneRef &zone);
    Status value_of(Node source, ValueSource &value, Currency currency);
    Result<Index> constant_value(Node node, const ValueSource &like, Currency currency, const ZoneRef &zone);
    Result<Index> since(Node node, const ZoneRef &zone);
    Result<Currency> currency_said(Node value) const;
    const Path *path_of(const ValueSource &value) const;

    // compile_measure.cpp
    // as_value: the aggregate has no test and amounts come in this currency.
    Result<Index> measure(Node node, Node origin, RowsOf rows, Currency outer_currency, const Currency *as_value = nullptr);
    Status aggregate(Node member, Measure &measure, const Scope &scope, Currency said);
    Status untested_aggregate(Node member, Measure &measure, const Scope &scope, Currency currency);
    Status aggregated_path(Node of, Measure &measure, const Scope &scope);
    Status value_aggregate(Node member, Measure &measure, const Scope &scope, Currency said);
    Result<Currency> currency_of_constants(Node test, Currency fallback) const;
    void recognise_threshold(Measure &measure);
    Result<Index> period(Node node);
    Status period_member(Node member, Period &period);
    Status calendar(Node member, Period &period);

    // compile_row.cpp: conditions of a row
    Result<Index> row(Node node, const Scope &scope);
    Result<Index> row_member(Node member, const Scope &scope);
    Result<Index> condition_list(Condition::Kind kind, Node list, const Scope &scope);
    Result<Index> path_test(Node member, const Scope &scope);
    Result<Path> bind(Node at, std::string_view text, Object object) const;
    Index add(Condition condition, Node node, std::string_view what);

    // compile_test.cpp
    Result<Test> test(Node node, const Tested &tested, const Scope &scope);
    Status check(Node member, const Tested &tested, const Scope &scope, Test &test,
                 std::vector<Check> &found);
    Status time_checks(Node member, Op op, const Tested &tested, const Test &test, std::vector<Check> &found);
    Status elapsed_checks(Node member, Op op, const Tested &tested, std::vector<Check> &found);
    Result<Range> day_number_checks(Node node);
    Status anniversary(Node node, Check &check);
    Status add_operands(Node node, const Tested &whole, const Scope &scope, const Test &test, Check &check);
    Result<Operand> operand(Node node, const Tested &tested, const Scope &scope, const Test &test);
    Result<Index> field_operand(Node node, const Tested &tested, const Scope &scope);
    Result<Change> change(Node node, Type type, Currency currency);
    Status shift(Node node, bool minus, Type type, Currency currency, Change &change);
    Result<Duration> duration(Node node, Type of) const;
    void warn_if_missing(Node member, Op op, const Tested &tested);

    // constant.cpp
    Result<Operand> constant(Node node, const Tested &tested) const;
    Result<Operand> number_constant(Node node) const;
    Result<Operand> money_constant(Node node, Currency fallback) const;
    Result<Operand> time_constant(Node node, bool date_only) const;
    Status check_code(Node node, const Tested &tested) const;
    void to_instant(Operand &constant, const ZoneRef &zone) const;
    Result<Currency> currency(Node node) const;
    Result<ZoneRef> zone(Node node);

    // compiler.cpp: shared
    const Tree::Node &at(Node node) const { return tree_.nodes[node]; }
    Error fail(Node node, std::string_view reason, std::string message) const;
    Error wrong_kind(Node node, std::string_view expected) const;
    Error unknown(Node node, std::string_view kind, std::string_view name,
                  std::span<const std::string_view> known, std::string_view reason) const;
    Error not_yet(Node node, std::string_view name) const;
    Status only_members(Node object, std::initializer_list<std::string_view> names) const;
    void warn(Node node, std::string_view code, std::string message);
    Index origin(Node node, std::string_view what);
    Range list(const std::vector<Index> &items);
    Range checks(const std::vector<Check> &found);
    Status count_node(Node node);

    const Tree &tree_;
    const Settings &settings_;
    const Zones &zones_;
    const Limits &limits_;
    const FindSegment &find_;
    std::shared_ptr<Program> program_;
    std::vector<Note> warnings_;
};

}  // namespace cartbell::segment
