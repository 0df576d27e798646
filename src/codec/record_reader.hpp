// JSON objects → Records, by the fields of formats.md §5 and the shop's own.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "codec/json_tree.hpp"
#include "model/field.hpp"
#include "model/operation.hpp"
#include "model/settings.hpp"
#include "model/value.hpp"

namespace cartbell::codec {

// How strictly an operation is taken.
enum class Strictness : uint8_t {
    trusted,        // unknown members are errors
    public_source,  // unknown members are listed as ignored
    journal,        // it was checked when it entered: whatever the settings no longer know is taken as it is
};

// What all readers of one operation share.
struct Reading {
    const Tree &tree;
    const Settings &settings;
    const Limits &limits;
    std::vector<Note> &errors;
    std::vector<std::string> &ignored;
    Strictness strictness = Strictness::trusted;

    std::string pointer(const Node &node) const { return tree.pointer_to(tree.index_of(node)); }
    // Notes an error (up to limits.operation_errors of them); always false.
    bool fail(const Node &at, std::string_view code, std::string message) const;
    bool fail(const Node &at, const Error &error) const { return fail(at, error.reason, error.message); }
    bool expect(const Node &node, Kind kind) const { return node.kind == kind || bad_type(node, kind); }
    bool bad_type(const Node &node, Kind wanted) const;             // notes it; always false
    void missing(const Node &object, std::string_view name) const;  // `missing_<name>`
    void unknown(const Node &member, std::span<const std::string_view> known) const;
    bool unknown_source(const Node &at, std::string_view code) const;  // notes it; always false
    // ": did you mean <nearest>?" or "".
    static std::string hint(std::string_view name, std::span<const std::string_view> known);
};

enum class Nulls : uint8_t {
    clear,
    drop
};  // of a patch: kept as missing values; of a whole composition: nothing

// Reads a value of the type. Errors: `bad_type`, and those of the texts of numbers, times and dates.
bool read_value(const Reading &reading, const Node &node, Type type, Value &value);
// Index of one of the names, or -1. Errors: `bad_type`, `bad_value`.
int one_of(const Reading &reading, const Node &node, std::span<const std::string_view> names);
// A code that the settings must declare. Errors: `bad_type`, `unknown_code` with the nearest of them.
template <typename Definition>
void read_code_of(const Reading &reading, const Node &node, const std::vector<Definition> &definitions, std::string_view what, std::string &code) {
    if (!reading.expect(node, Kind::string)) return;
    code = node.text();
    if (reading.strictness == Strictness::journal) return;
    std::vector<std::string_view> known;
    for (const Definition &definition : definitions) {
        if (definition.code == code) return;
        known.push_back(definition.code);
    }
    reading.fail(node, "unknown_code", "the shop has no such " + std::string(what) + Reading::hint(code, known));
}
// `fields`: the custom fields of an object.
void read_customs(const Reading &reading, const Node &fields, Object of, Nulls nulls, Record &record);
// Puts cells into the order that Records keep.
void sort_cells(Record &record);

}  // namespace cartbell::codec
