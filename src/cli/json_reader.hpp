// Reads JSON: the engine's answers, and files that people name, whose faults are told with line and column.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cartbell::cli {

struct Json {
    enum class Kind : uint8_t { null, boolean, number, text, array, object };
    Kind kind = Kind::null;
    bool truth = false;
    size_t at = 0;                                      // the byte it begins with
    std::string text;                                   // text: unescaped; number: as written
    std::vector<Json> items;                            // array
    std::vector<std::pair<std::string, Json>> members;  // object

    // Defined where Json is complete: clang 14 asks for that in C++20's vector.
    Json();
    Json(const Json &);
    Json(Json &&) noexcept;
    Json &operator=(const Json &);
    Json &operator=(Json &&) noexcept;
    ~Json();

    bool is(Kind other) const { return kind == other; }
    const Json &operator[](std::string_view name) const;  // a null for what is not there
    int64_t integer() const;                              // 0 for what is no number
    std::string shown() const;  // a scalar as people read it: null is "", a list of scalars "a, b"
    bool scalar() const { return kind != Kind::array && kind != Kind::object; }
};

Json read_json(std::string_view text);  // an answer of the engine. Throws Failure
// The JSON texts of a file, one after another. input: its name, for errors. Throws Failure.
std::vector<Json> read_json_input(std::string_view text, std::string_view input);
std::string json_text(const Json &value);                       // as it would be written
std::string line_and_column(std::string_view text, size_t at);  // "12:3", from 1, the column in characters
// Appends `text` with quotes and escapes. Bytes that are no UTF-8 pass as they are.
void append_quoted(std::string &out, std::string_view text);

}  // namespace cartbell::cli
