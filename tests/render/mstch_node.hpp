// JSON as mstch sees it.
#pragma once

#include <mstch/mstch.hpp>
#include <nlohmann/json.hpp>

namespace cartbell::test {

inline mstch::node mstch_node(const nlohmann::json &value) {
    switch (value.type()) {
        case nlohmann::json::value_t::string: return value.get<std::string>();
        case nlohmann::json::value_t::boolean: return value.get<bool>();
        case nlohmann::json::value_t::number_integer:
        case nlohmann::json::value_t::number_unsigned: return value.get<int>();
        case nlohmann::json::value_t::number_float: return value.get<double>();
        case nlohmann::json::value_t::array: {
            mstch::array list;
            for (const auto &element : value) list.push_back(mstch_node(element));
            return list;
        }
        case nlohmann::json::value_t::object: {
            mstch::map map;
            for (const auto &[name, member] : value.items()) map.emplace(name, mstch_node(member));
            return map;
        }
        default: return nullptr;
    }
}

// mstch's escape hook is one per process; ours are the same five characters (its own adds the slash).
inline std::string escape_as_ours(const std::string &text) {
    std::string out;
    out.reserve(text.size());
    for (const char letter : text) {
        switch (letter) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += letter;
        }
    }
    return out;
}

}  // namespace cartbell::test
