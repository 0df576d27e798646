// Works out the values and conditions of the mapping table over one text.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/limits.hpp"
#include "codec/mapped_value.hpp"
#include "codec/mapping_path.hpp"
#include "codec/mapping_table.hpp"

namespace cartbell::codec {

class MappingEvaluator {
  public:
    MappingEvaluator(const MappingFormat &format, ReadMarks &marks, const Limits &limits)
        : format_(format), marks_(marks), limits_(limits) {}

    // Errors: with a pointer into the document: `bad_type missing_<name> unknown_word`, those of numbers and
    // times; `mapping_steps too_deep` (limit); `bad_table`, if a part is not there.
    Result<MappedValue> value(NodeRef expression, const MappingScope &scope);
    Result<bool> holds(NodeRef condition, const MappingScope &scope);
    // The nodes of the first path that has any, of a path or an array of paths.
    Result<FoundNodes> first_found(NodeRef paths, const MappingScope &scope);

    // Of the codes of custom fields that were made: the names they were made of.
    const std::map<std::string, std::string> &field_names() const { return field_names_; }

  private:
    struct Tested {
        bool named = false, present = false, scalar = false;
        std::string_view text;
    };
    using Method = Result<MappedValue> (MappingEvaluator::*)(NodeRef node, NodeRef operand,
                                                             const MappingScope &scope);
    struct Word {
        std::string_view name;
        Method method;
    };
    static const Word words[];

    Status step();
    Status count(size_t steps);
    Result<FoundNodes> find(std::string_view path, const MappingScope &scope, OnMismatch on_mismatch);
    Result<MappedValue> path(std::string_view text, const MappingScope &scope);
    Result<MappedValue> made_object(NodeRef node, const MappingScope &scope);
    Result<MappedValue> worked_out(NodeRef node, const MappingScope &scope);
    Result<bool> passes(const Tested &tested, NodeRef test, const MappingScope &scope);
    Result<bool> every(NodeRef node, const MappingScope &scope);
    Result<bool> one_condition(NodeRef member, const MappingScope &scope);
    Result<std::vector<MappedValue>> operands(NodeRef list, const MappingScope &scope);
    Result<MappedValue> scalar_of(NodeRef operand, const MappingScope &scope);
    Status add_field(MappedValue &fields, std::map<std::string, int> &next, const std::string &name,
                     MappedValue value);
    template <typename Combine>
    Result<MappedValue> folded(NodeRef operand, const MappingScope &scope, Combine combine);

    Result<MappedValue> text_word(NodeRef, NodeRef, const MappingScope &);
    Result<MappedValue> money_word(NodeRef, NodeRef, const MappingScope &);
    Result<MappedValue> decimal_word(NodeRef, NodeRef, const MappingScope &);
    Result<MappedValue> whole_word(NodeRef, NodeRef, const MappingScope &);
    Result<MappedValue> time_word(NodeRef, NodeRef, const MappingScope &);
    Result<MappedValue> code_word(NodeRef, NodeRef, const MappingScope &);
    Result<MappedValue> json_word(NodeRef, NodeRef, const MappingScope &);
    Result<MappedValue> word_word(NodeRef, NodeRef, const MappingScope &);
    Result<MappedValue> need_word(NodeRef, NodeRef, const MappingScope &);
    Result<MappedValue> list_word(NodeRef, NodeRef, const MappingScope &);
    Result<MappedValue> each_word(NodeRef, NodeRef, const MappingScope &);
    Result<MappedValue> last_word(NodeRef, NodeRef, const MappingScope &);
    Result<MappedValue> split_word(NodeRef, NodeRef, const MappingScope &);
    Result<MappedValue> join_word(NodeRef, NodeRef, const MappingScope &);
    Result<MappedValue> sum_word(NodeRef, NodeRef, const MappingScope &);
    Result<MappedValue> minus_word(NodeRef, NodeRef, const MappingScope &);
    Result<MappedValue> times_word(NodeRef, NodeRef, const MappingScope &);
    Result<MappedValue> divide_word(NodeRef, NodeRef, const MappingScope &);
    Result<MappedValue> max_word(NodeRef, NodeRef, const MappingScope &);
    Result<MappedValue> if_word(NodeRef, NodeRef, const MappingScope &);
    Result<MappedValue> in_word(NodeRef, NodeRef, const MappingScope &);
    Result<MappedValue> merge_word(NodeRef, NodeRef, const MappingScope &);
    Result<MappedValue> fields_word(NodeRef, NodeRef, const MappingScope &);
    Result<MappedValue> use_word(NodeRef, NodeRef, const MappingScope &);

    const MappingFormat &format_;
    ReadMarks &marks_;
    const Limits &limits_;
    size_t steps_ = 0, depth_ = 0;
    std::map<std::string, std::string> field_names_;
};

}  // namespace cartbell::codec
