#include "model/json_patch.hpp"

#include <algorithm>
#include <vector>

namespace cartbell {
namespace {

constexpr int deepest =
    64;  // the door refuses at 32 (limits.hpp json_depth); below this a patch simply replaces
constexpr size_t nowhere = std::string_view::npos;

struct Member {
    std::string_view key;  // with its quotes, as written
    std::string_view value;
};

// `at` is on the opening quote; returns the place after the closing one.
size_t skip_string(std::string_view text, size_t at) {
    for (++at; at < text.size(); ++at) {
        if (text[at] == '\\')
            ++at;
        else if (text[at] == '"')
            return at + 1;
    }
    return nowhere;
}

size_t skip_value(std::string_view text, size_t at) {
    size_t depth = 0;
    const size_t start = at;
    while (at < text.size()) {
        const char c = text[at];
        if (c == '"') {
            at = skip_string(text, at);
            if (at == nowhere) return nowhere;
            if (depth == 0) return at;
            continue;
        }
        if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            if (depth == 0) return at > start ? at : nowhere;  // the end of a scalar inside its container
            if (--depth == 0) return at + 1;
        } else if (c == ',' && depth == 0) {
            return at > start ? at : nowhere;
        }
        ++at;
    }
    return depth == 0 && at > start ? at : nowhere;
}

// Bytes of a key's text, escapes resolved. Canonical texts escape quotes, backslashes and control characters
// only.
class KeyBytes {
  public:
    explicit KeyBytes(std::string_view raw) : rest_(raw.substr(1, raw.size() - 2)) {}
    int next() {
        if (rest_.empty()) return -1;
        const auto c = static_cast<unsigned char>(rest_[0]);
        if (c != '\\' || rest_.size() < 2) return take(1, c);
        switch (rest_[1]) {
            case 'b': return take(2, '\b');
            case 'f': return take(2, '\f');
            case 'n': return take(2, '\n');
            case 'r': return take(2, '\r');
            case 't': return take(2, '\t');
            case 'u':
                return rest_.size() < 6 ? take(2, 'u')
                                        : take(6, hex_digit(rest_[4]) * 16 + hex_digit(rest_[5]));
            default: return take(2, static_cast<unsigned char>(rest_[1]));
        }
    }

  private:
    static int hex_digit(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }
    int take(size_t count, int byte) {
        rest_.remove_prefix(count);
        return byte;
    }
    std::string_view rest_;
};

bool key_less(const Member &a, const Member &b) {
    KeyBytes left(a.key), right(b.key);
    for (;;) {
        const int x = left.next(), y = right.next();
        if (x != y) return x < y;
        if (x < 0) return false;
    }
}

// The members of an object, sorted by key; false if the text is no object.
bool read_object(std::string_view text, std::vector<Member> &members) {
    if (text.size() < 2 || text.front() != '{' || text.back() != '}') return false;
    size_t at = 1;
    if (text[at] == '}') return text.size() == 2;
    for (;;) {
        if (text[at] != '"') return false;
        const size_t key_end = skip_string(text, at);
        if (key_end == nowhere || key_end >= text.size() || text[key_end] != ':') return false;
        const size_t end = skip_value(text, key_end + 1);
        if (end == nowhere || end >= text.size()) return false;
        members.push_back({text.substr(at, key_end - at), text.substr(key_end + 1, end - key_end - 1)});
        if (text[end] == '}') break;
        if (text[end] != ',' || end + 1 >= text.size()) return false;
        at = end + 1;
    }
    if (!std::is_sorted(members.begin(), members.end(), key_less))
        std::stable_sort(members.begin(), members.end(), key_less);
    return true;
}

void merge(std::string_view target, std::string_view patch, std::string &out, int depth) {
    std::vector<Member> changes, present;
    if (depth > deepest || !read_object(patch, changes)) {
        out += patch;
        return;
    }
    if (!read_object(target, present))
        present.clear();  // RFC 7396: "ignore the contents and set it to an empty object"
    out += '{';
    bool first = true;
    const auto begin_member = [&](std::string_view key) {
        if (!first) out += ',';
        first = false;
        out += key;
        out += ':';
    };
    size_t p = 0, c = 0;
    while (p < present.size() || c < changes.size()) {
        if (c == changes.size() || (p < present.size() && key_less(present[p], changes[c]))) {
            begin_member(present[p].key);
            out += present[p++].value;
            continue;
        }
        const bool both = p < present.size() && !key_less(changes[c], present[p]);
        if (changes[c].value != "null") {
            begin_member(changes[c].key);
            merge(both ? present[p].value : std::string_view{}, changes[c].value, out, depth + 1);
        }
        p += both;
        ++c;
    }
    out += '}';
}

}  // namespace

std::string merge_json(std::string_view target, std::string_view patch) {
    std::string out;
    out.reserve(target.size() + patch.size());
    merge(target, patch, out, 0);
    return out;
}

}  // namespace cartbell
