// Values of a JSON file that a person named: what is there but of another kind is told with line and column.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "cli/json_reader.hpp"

namespace cartbell::cli {

class JsonValues {
  public:
    // text: the whole file, which must outlive this. input: its name.
    JsonValues(std::string_view text, std::string_view input) : text_(text), input_(input) {}

    [[noreturn]] void fault(const Json &value, const std::string &what) const;
    std::string place(const Json &value) const;  // "orders.json:2:5"

    // Members of an object, which may be null or not there: an empty answer. Each throws Failure.
    const Json &member(const Json &object, std::string_view name, Json::Kind kind) const;
    const Json &object(const Json &parent, std::string_view name) const;
    const std::vector<Json> &list(const Json &parent, std::string_view name) const;  // of objects
    std::string text(const Json &object,
                     std::string_view name) const;  // a text or a number, as it is written
    std::string first_text(const Json &object, std::initializer_list<std::string_view> names) const;
    std::string needed(const Json &object, std::string_view name) const;  // never empty
    std::string instant(const Json &object,
                        std::string_view name) const;  // RFC 3339 with a zone, as it is written
    std::string amount(const Json &object, std::string_view name) const;  // with 2 to 4 decimals
    bool amount(const Json &object, std::string_view name,
                int64_t &amount_e4) const;                           // false if there is none
    int64_t count(const Json &object, std::string_view name) const;  // 0 if there is none

    void sum(int64_t &total, int64_t more,
             const Json &where) const;  // adds up, or tells that it is too large
    int64_t sum(const std::vector<Json> &items, std::string_view name) const;  // of the amounts of this name

  private:
    std::string_view text_, input_;
};

}  // namespace cartbell::cli
