// Reads the engine's JSON answers, and nothing else: they are well-formed, so this is small.
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

Json read_json(std::string_view text);  // throws Failure
// Appends `text` with quotes and escapes. Bytes that are no UTF-8 pass as they are.
void append_quoted(std::string &out, std::string_view text);

}  // namespace cartbell::cli
