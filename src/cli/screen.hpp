// How answers look to a person: emphasis on a terminal only, aligned pairs, tables, bars.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/json_reader.hpp"

namespace cartbell::cli {

class Screen {
  public:
    Screen();  // colours if the output is a terminal, TERM is not dumb and NO_COLOR is not set

    std::string bold(std::string_view text) const { return wrapped("1", text); }
    std::string dim(std::string_view text) const { return wrapped("2", text); }
    std::string good(std::string_view text) const { return wrapped("32", text); }
    std::string bad(std::string_view text) const { return wrapped("31", text); }

    void line(std::string_view text = {}) const;
    // Name and value per member, nested objects by dotted path, arrays of objects as tables below. What is
    // empty is left out.
    void object(const Json &object) const;
    // A column per name that any row has a value for.
    void table(const std::vector<Json> &rows) const;
    void table(const std::vector<std::string> &heads,
               const std::vector<std::vector<std::string>> &rows) const;

  private:
    std::string wrapped(std::string_view code, std::string_view text) const;
    bool colours_;
};

std::string grouped(int64_t number);                      // "541,909"
size_t width_of(std::string_view utf8);                   // characters, near enough to columns
std::string padded(std::string_view text, size_t width);  // to the right
std::string bar(int64_t part, int64_t whole, size_t width);
std::string plural(int64_t count, std::string_view one, std::string_view many);  // "1 order", "2 orders"
std::string format_seconds(double seconds);                                      // "0.8 s", "2 min 5 s"
std::string plain_text(
    std::string_view text);  // control characters made visible, so that data cannot drive a terminal

}  // namespace cartbell::cli
