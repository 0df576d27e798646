// Custom fields of one order or line for names that people chose, each told to the settings that a file
// needs.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "cli/operation_text.hpp"
#include "cli/shop_settings.hpp"

namespace cartbell::cli {

class CustomFields {
  public:
    CustomFields(std::string_view of, ShopSettings &settings) : of_(of), settings_(settings) {}
    // The code is made of the name; of two names with one code the second gets a number.
    void add(const std::string &name, const std::string &json, std::string_view type);
    void add_text(const std::string &name, const std::string &value);  // left out if it is empty
    std::string json() const { return object_.json_or_nothing(); }

  private:
    std::string of_;
    ShopSettings &settings_;
    std::set<std::string> codes_;
    ObjectText object_;
};

}  // namespace cartbell::cli
