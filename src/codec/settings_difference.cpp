#include "codec/settings_difference.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <vector>

#include "codec/json_tree.hpp"
#include "codec/json_writer.hpp"
#include "codec/settings_json.hpp"

namespace cartbell::codec {
namespace {

// Members that a list's elements are keyed by (formats.md §0). A list that is not here is compared as one value.
struct Keyed {
    std::string_view list;
    std::array<std::string_view, 3> by;
};
constexpr std::array<Keyed, 9> keyed_lists{{{"sources", {"code"}},
                                            {"statuses", {"set", "code"}},
                                            {"fields", {"of", "code"}},
                                            {"events", {"name"}},
                                            {"containers", {"code"}},
                                            {"lists", {"code"}},
                                            {"channels", {"code"}},
                                            {"categories", {"code"}},
                                            {"rates", {"from", "to", "date"}}}};

struct Change {
    std::string path, from, to;  // values as JSON, empty for none
};

std::string compact(const Tree &tree, const Node &node) {
    std::string text;
    append_compact(text, tree, node, KeyOrder::as_is);
    return text;
}

class Difference {
  public:
    Difference(const Tree &from, const Tree &to) : from_(from), to_(to) {}

    void whole() {
        const Node &from = from_.nodes.front(), &to = to_.nodes.front();
        for (const Node &member : children(to_, to)) {
            if (member.key() == "version") continue;
            std::string path;
            append_pointer_token(path, member.key());
            const Node *before = from_.find(from, member.key());  // both are written by append_settings and have the same members
            const auto keyed = std::find_if(keyed_lists.begin(), keyed_lists.end(), [&](const Keyed &each) { return each.list == member.key(); });
            if (keyed != keyed_lists.end())
                elements(path, *keyed, *before, member);
            else
                members(path, before, &member);
        }
        std::sort(changes.begin(), changes.end(), [](const Change &a, const Change &b) { return a.path < b.path; });
    }
    std::vector<Change> changes;

  private:
    // Null: not there.
    void members(const std::string &path, const Node *from, const Node *to) {
        if (from == nullptr || to == nullptr || from->kind != Kind::object || to->kind != Kind::object) return value(path, from, to);
        for (const Node &member : children(from_, *from)) members(below(path, member), &member, to_.find(*to, member.key()));
        for (const Node &member : children(to_, *to))
            if (from_.find(*from, member.key()) == nullptr) members(below(path, member), nullptr, &member);
    }
    void elements(const std::string &path, const Keyed &keyed, const Node &from, const Node &to) {
        std::map<std::string, std::pair<const Node *, const Node *>> pairs;
        for (const Node &element : children(from_, from)) pairs[path_of(path, keyed, from_, element)].first = &element;
        for (const Node &element : children(to_, to)) pairs[path_of(path, keyed, to_, element)].second = &element;
        for (const auto &[element, pair] : pairs) members(element, pair.first, pair.second);
    }
    void value(const std::string &path, const Node *from, const Node *to) {
        Change change{path, from != nullptr ? compact(from_, *from) : "", to != nullptr ? compact(to_, *to) : ""};
        if (change.from != change.to) changes.push_back(std::move(change));
    }
    static std::string below(std::string path, const Node &member) {
        append_pointer_token(path, member.key());
        return path;
    }
    static std::string path_of(std::string path, const Keyed &keyed, const Tree &tree, const Node &element) {
        for (const std::string_view name : keyed.by)
            if (!name.empty()) append_pointer_token(path, tree.find(element, name)->text());
        return path;
    }

    const Tree &from_, &to_;
};

Document document_of(const Settings &settings) {
    std::string text;
    append_settings(text, settings);
    auto document = read_document(text, text.size(), library_limits.json_depth);  // our own writing
    return std::move(*document);
}

}  // namespace

void append_settings_difference(std::string &out, const Settings &from, const Settings &to) {
    const Document before = document_of(from), after = document_of(to);
    Difference difference(before.tree, after.tree);
    difference.whole();
    JsonWriter json(out);
    json.open('[');
    for (const Change &change : difference.changes) {
        json.open('{').key("path").text(change.path);
        if (!change.from.empty()) json.key("from").raw(change.from);
        if (!change.to.empty()) json.key("to").raw(change.to);
        json.close('}');
    }
    json.close(']');
}

}  // namespace cartbell::codec
