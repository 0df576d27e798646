#include "codec/json_tree.hpp"

#include <algorithm>
#include <cstring>

#include "base/text.hpp"
#include "codec/json_scanner.hpp"

namespace cartbell::codec {

std::string_view name_of(Kind kind) {
    switch (kind) {
        case Kind::object:
            return "an object";
        case Kind::array:
            return "an array";
        case Kind::string:
            return "a string";
        case Kind::number:
            return "a number";
        case Kind::boolean:
            return "a boolean";
        case Kind::null:
            return "null";
    }
    return {};
}

const Node *Tree::find(const Node &object, std::string_view name) const {
    if (object.kind != Kind::object) return nullptr;
    for (const Node &child : children(*this, object))
        if (child.key() == name) return &child;
    return nullptr;
}

void append_pointer_token(std::string &pointer, std::string_view token) {
    constexpr size_t longest_token = 128;  // hostile names end in the same hundred errors as short ones
    const bool cut = token.size() > longest_token;
    if (cut) {
        size_t end = longest_token;
        while (end > 0 && (static_cast<unsigned char>(token[end]) & 0xc0) == 0x80)
            --end;  // whole characters
        token = token.substr(0, end);
    }
    pointer += '/';
    for (const char c : token) {
        if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer += c;
    }
    if (cut) pointer += "…";
}

std::string Tree::pointer_to(uint32_t wanted) const {
    std::string pointer;
    uint32_t at = 0;
    while (at != wanted) {
        // The child whose subtree holds it.
        const bool is_array = nodes[at].kind == Kind::array;
        size_t position = 0;
        uint32_t child = at + 1;
        for (; nodes[child].next <= wanted; child = nodes[child].next)
            ++position;
        append_pointer_token(pointer,
                             is_array ? std::string_view(std::to_string(position)) : nodes[child].key());
        at = child;
    }
    return pointer;
}

void append_compact(std::string &out, const Tree &tree, const Node &node, KeyOrder order) {
    switch (node.kind) {
        case Kind::null:
            out += "null";
            return;
        case Kind::number:
        case Kind::boolean:
            out += node.text();
            return;
        case Kind::string:
            append_json_string(out, node.text());
            return;
        case Kind::array: {
            out += '[';
            const char *separator = "";
            for (const Node &child : children(tree, node)) {
                out += separator;
                append_compact(out, tree, child, order);
                separator = ",";
            }
            out += ']';
            return;
        }
        case Kind::object:
            break;
    }
    std::vector<const Node *> members;
    for (const Node &child : children(tree, node))
        members.push_back(&child);
    if (order == KeyOrder::canonical)
        std::stable_sort(members.begin(), members.end(),
                         [](const Node *a, const Node *b) { return a->key() < b->key(); });
    out += '{';
    const char *separator = "";
    for (const Node *member : members) {
        out += separator;
        append_json_string(out, member->key());
        out += ':';
        append_compact(out, tree, *member, order);
        separator = ",";
    }
    out += '}';
}

Result<Document> read_document(std::string_view text, size_t most_bytes, size_t most_depth,
                               std::string_view left_out) {
    if (text.size() > most_bytes) {
        return failure(Code::limit, "too_large",
                       "the text is larger than " + std::to_string(most_bytes) + " bytes");
    }
    Document document;
    document.bytes = std::make_unique<char[]>(text.size() + scan_padding);
    if (!text.empty()) std::memcpy(document.bytes.get(), text.data(), text.size());
    Scanner scanner;
    CARTBELL_TRY(scanner.open(document.bytes.get(), text.size()));
    CARTBELL_TRY(scanner.read(document.tree, ScanLimits{most_depth, most_bytes, text.size() + 1}, left_out));
    if (scanner.peek() != '\0') return scanner.unexpected("the end of the text");
    for (const Flaw &flaw : document.tree.flaws) {
        const bool twice = flaw.what == Flaw::What::duplicate_key;
        return failure(Code::invalid, twice ? "duplicate_key" : "nul_character",
                       twice ? "a member is named twice" : "text may not hold U+0000",
                       document.tree.pointer_to(flaw.node));
    }
    return document;
}

}  // namespace cartbell::codec
