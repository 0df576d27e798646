#include "engine/packed_result.hpp"

#include <array>

namespace cartbell::engine {
namespace {

// Phrase i is the byte i + 1. JSON text holds no byte below U+0020, so the bytes cannot be mistaken. Stored results depend on this list:
// it is only appended to, and never beyond 31.
constexpr std::array<std::string_view, 26> phrases{
    R"({"id":")",
    R"(","outcome":"accepted","version":)",
    R"(","outcome":"late","version":)",
    R"(,"changed":[)",
    R"({"name":"order.created","context":{"order_id":")",
    R"({"name":"order.status_changed","context":{"order_id":")",
    R"({"name":"order.updated","context":{"order_id":")",
    R"({"name":"order.lines_changed","context":{"order_id":")",
    R"(","set":"general","from":)",
    R"(","set":"delivery","from":)",
    R"(","set":"payment","from":)",
    R"(null,"to":")",
    R"(","to":")",
    R"("}},)",
    R"("}}])",
    R"(],"ignored":[],"warnings":[],"errors":[]})",
    R"(,"ignored":[],"warnings":[],"errors":[]})",
    R"(,"ignored":[],"warnings":[)",
    R"(],"errors":[]})",
    R"(","paths":[)",
    R"(","added":[)",
    R"(],"removed":[)",
    R"(],"changed":[)",
    R"({"code":"total_mismatch","pointer":")",
    R"({"code":"time_moved","pointer":")",
    R"(","message":")",
};

}  // namespace

void pack_result(std::string_view result, std::string &out) {
    out.clear();
    for (size_t at = 0; at < result.size();) {
        size_t longest = 0;
        char code = 0;
        // The characters that phrases begin with; most of a result are others.
        if (const char first = result[at]; first == '"' || first == '{' || first == ',' || first == ']' || first == 'n') {
            const std::string_view rest = result.substr(at);
            for (size_t i = 0; i < phrases.size(); ++i) {
                if (phrases[i].front() != first || phrases[i].size() <= longest || rest.substr(0, phrases[i].size()) != phrases[i]) continue;
                longest = phrases[i].size();
                code = static_cast<char>(i + 1);
            }
        }
        out += longest != 0 ? code : result[at];
        at += longest != 0 ? longest : 1;
    }
}

std::string unpack_result(std::string_view packed) {
    std::string result;
    for (const char byte : packed) {
        const auto code = static_cast<unsigned char>(byte);
        if (code >= 1 && code <= phrases.size())
            result += phrases[code - 1u];
        else
            result += byte;
    }
    return result;
}

}  // namespace cartbell::engine
