#include "render/value_views.hpp"

#include <algorithm>

#include "base/decimal.hpp"

namespace cartbell::render {
namespace {

// data, number: the list's bytes.
class TextList final : public View {
  public:
    Node member(const Node &, const Name &) const override { return {}; }
    size_t size(const Node &list) const override {
        const std::string_view bytes = list.text();
        return static_cast<size_t>(std::count(bytes.begin(), bytes.end(), '\0'));
    }
    Node element(const Node &list, size_t index, uint64_t &cursor) const override {
        const std::string_view bytes = list.text();
        size_t begin = cursor;
        if (begin == 0)
            for (; index > 0 && begin < bytes.size(); --index) begin = std::min(bytes.find('\0', begin), bytes.size()) + 1;
        if (begin >= bytes.size()) return Node::null();
        const size_t end = std::min(bytes.find('\0', begin), bytes.size());
        cursor = end + 1;
        return Node::of_text(bytes.substr(begin, end - begin));
    }
};

// Past the string that begins at `at`.
size_t skip_string(std::string_view json, size_t at) {
    for (++at; at < json.size() && json[at] != '"'; ++at)
        if (json[at] == '\\') ++at;
    return std::min(at + 1, json.size());
}

// Past the value that begins at `at`: canonical JSON has no white space. Counts brackets, so depth costs no stack.
size_t skip_value(std::string_view json, size_t at) {
    size_t depth = 0;
    while (at < json.size()) {
        const char letter = json[at];
        if (letter == '"') at = skip_string(json, at);
        else if (letter == '{' || letter == '[') {
            ++depth;
            ++at;
            continue;
        } else if (letter == '}' || letter == ']') {
            if (depth == 0) return at;
            --depth;
            ++at;
        } else if (letter == ',' || letter == ':') {
            if (depth == 0) return at;
            ++at;
            continue;
        } else {
            at = std::min(json.find_first_of(",:]}", at), json.size());
        }
        if (depth == 0) return at;
    }
    return json.size();
}

// data, number: the text of one JSON array or object.
class JsonText final : public View {
  public:
    Node member(const Node &object, const Name &name) const override {
        const std::string_view json = object.text();
        for (size_t at = 1; at + 1 < json.size();) {
            const size_t key_end = skip_string(json, at);
            if (key_end + 1 >= json.size() || json[key_end] != ':') return {};
            const std::string_view key = json.substr(at + 1, key_end - at - 2);
            const size_t end = skip_value(json, key_end + 1);
            const bool same = key.find('\\') == key.npos ? key == name.text : unescape_json(key) == name.text;
            if (same) return node_of_json(json.substr(key_end + 1, end - key_end - 1));
            at = end + 1;
        }
        return {};
    }
    size_t size(const Node &list) const override {
        const std::string_view json = list.text();
        size_t count = 0;
        for (size_t at = 1; at + 1 < json.size(); at = skip_value(json, at) + 1) ++count;
        return count;
    }
    Node element(const Node &list, size_t index, uint64_t &cursor) const override {
        const std::string_view json = list.text();
        size_t at = std::max<size_t>(cursor, 1);
        if (cursor == 0)
            for (; index > 0 && at + 1 < json.size(); --index) at = skip_value(json, at) + 1;
        if (at + 1 >= json.size()) return Node::null();
        const size_t end = skip_value(json, at);
        cursor = end + 1;
        return node_of_json(json.substr(at, end - at));
    }
    bool blank(const Node &object) const override { return object.text().size() <= 2; }
};

constinit const TextList text_list;
constinit const JsonText json_text;

Node node_over(Node::Kind kind, std::string_view bytes, const View &view) {
    Node node = Node::of_text(bytes);
    node.kind = kind;
    node.view = &view;
    return node;
}

void append_utf8(std::string &out, uint32_t point) {
    const auto put = [&](uint32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (point < 0x80) return put(point);
    if (point < 0x800) {
        put(0xc0 | point >> 6);
    } else {
        if (point < 0x10000) {
            put(0xe0 | point >> 12);
        } else {
            put(0xf0 | point >> 18);
            put(0x80 | (point >> 12 & 0x3f));
        }
        put(0x80 | (point >> 6 & 0x3f));
    }
    put(0x80 | (point & 0x3f));
}

uint32_t hex4(std::string_view text, size_t at) {
    uint32_t value = 0;
    for (size_t i = at; i < at + 4 && i < text.size(); ++i) {
        const char digit = text[i];
        const int nibble = digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
        value = value << 4 | (static_cast<uint32_t>(nibble) & 0xf);
    }
    return value;
}

}  // namespace

Node node_of_texts(std::string_view elements) { return node_over(Node::Kind::list, elements, text_list); }

Node node_of_json(std::string_view json) {
    if (json.empty() || json == "null") return Node::null();
    switch (json.front()) {
        case '{': return node_over(Node::Kind::object, json, json_text);
        case '[': return node_over(Node::Kind::list, json, json_text);
        case 't': return Node::of_truth(true);
        case 'f': return Node::of_truth(false);
        case '"': {
            Node node = Node::of_text(json.substr(1, json.size() < 2 ? 0 : json.size() - 2));
            if (node.text().find('\\') != std::string_view::npos) node.type = Type::json;
            return node;
        }
        default: break;
    }
    const bool whole = json.find_first_of(".eE") == json.npos;
    const Result<int64_t> number = parse_scaled(json, whole ? 0 : 6, Excess::refuse);
    if (!number) return Node::of_text(json);
    return Node::of_scalar(whole ? Type::integer : Type::decimal, *number);
}

std::string unescape_json(std::string_view text) {
    std::string out;
    for (size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\\' || at + 1 == text.size()) {
            out.push_back(text[at]);
            continue;
        }
        switch (text[++at]) {
            case 'n': out.push_back('\n'); break;
            case 't': out.push_back('\t'); break;
            case 'r': out.push_back('\r'); break;
            case 'b': out.push_back('\b'); break;
            case 'f': out.push_back('\f'); break;
            case 'u': {
                uint32_t point = hex4(text, at + 1);
                at += 4;
                if (point >= 0xd800 && point < 0xdc00 && text.substr(at + 1, 2) == "\\u") {
                    point = 0x10000 + ((point - 0xd800) << 10) + (hex4(text, at + 3) - 0xdc00);
                    at += 6;
                }
                append_utf8(out, point);
                break;
            }
            default: out.push_back(text[at]);
        }
    }
    return out;
}

}  // namespace cartbell::render
