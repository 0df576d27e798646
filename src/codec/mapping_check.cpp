#include "codec/mapping_check.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"

namespace cartbell::codec {
namespace {

enum class Takes : uint8_t { value, values, path, text, object, condition, number_list };

struct Word {
    std::string_view name;
    Takes takes;
    std::string_view beside;  // members that may stand beside it, each between blanks
};
constexpr std::array<Word, 24> words{{
    {"$text", Takes::value, ""},
    {"$money", Takes::value, " currency "},
    {"$decimal", Takes::value, ""},
    {"$whole", Takes::value, ""},
    {"$time", Takes::value, " zone unit "},
    {"$code", Takes::value, ""},
    {"$json", Takes::path, ""},
    {"$word", Takes::value, " of else "},
    {"$need", Takes::value, ""},
    {"$list", Takes::values, ""},
    {"$each", Takes::path, " if make "},
    {"$last", Takes::value, ""},
    {"$split", Takes::value, " at "},
    {"$join", Takes::values, " with all "},
    {"$sum", Takes::value, ""},
    {"$minus", Takes::number_list, ""},
    {"$times", Takes::number_list, ""},
    {"$divide", Takes::number_list, ""},
    {"$max", Takes::values, ""},
    {"$if", Takes::condition, " then else "},
    {"$in", Takes::path, " make "},
    {"$merge", Takes::values, ""},
    {"$fields", Takes::object, " pairs name value if "},
    {"$use", Takes::text, ""},
}};
constexpr std::array<std::string_view, 3> sets{"general", "delivery", "payment"};

Error bad(NodeRef at, std::string message) {
    return failure(Code::invalid, "bad_table", "the mapping table: " + std::move(message), at.pointer());
}

const Word *find_word(std::string_view name) {
    const auto found =
        std::find_if(words.begin(), words.end(), [&](const Word &word) { return word.name == name; });
    return found == words.end() ? nullptr : &*found;
}

class Check {
  public:
    Status value(NodeRef node) const {
        switch (node.node->kind) {
            case Kind::null:
                return bad(node, "null is no value");
            case Kind::number:
            case Kind::boolean:
                return {};
            case Kind::string:
                return node.text().starts_with('=') ? Status() : path(node);
            case Kind::array:
                return values(node);
            case Kind::object:
                break;
        }
        if (!mapping_word(node).empty()) return worked_out(node);
        for (const Node &member : node.elements())
            CARTBELL_TRY(value(node.of(member)));
        return {};
    }

    Status condition(NodeRef node) const {
        if (!node.is(Kind::object)) return bad(node, "a condition is an object");
        for (const Node &child : node.elements()) {
            const NodeRef member = node.of(child);
            const std::string_view name = member.key();
            if (name == "not") {
                CARTBELL_TRY(condition(member));
            } else if (name == "all" || name == "any") {
                if (!member.is(Kind::array)) return bad(member, "all and any take an array of conditions");
                for (const Node &one : member.elements())
                    CARTBELL_TRY(condition(member.of(one)));
            } else if (name == "every") {
                CARTBELL_TRY(every(member));
            } else {
                CARTBELL_TRY(path_text(member, name, true));
                CARTBELL_TRY(test(member));
            }
        }
        return {};
    }

    Status operation(NodeRef node) const {
        if (!node.is(Kind::object)) return bad(node, "an operation is an object");
        if (!node.find("type")) return bad(node, "an operation has a type");
        for (const Node &child : node.elements()) {
            const NodeRef member = node.of(child);
            if (member.key() == "$when") {
                CARTBELL_TRY(condition(member));
            } else if (member.key() == "$needs") {
                CARTBELL_TRY(texts(member));
            } else if (member.key() == "$part") {
                CARTBELL_TRY(text(member));
            } else {
                if (member.key().starts_with('$'))
                    return bad(member, "an operation has $when, $needs and $part, no other");
                CARTBELL_TRY(value(member));
            }
        }
        return {};
    }

    Status rule(NodeRef node) const {
        CARTBELL_TRY(members(node, " name match in operations ", "a rule"));
        if (!node.find("name") || !node.find("operations"))
            return bad(node, "a rule has a name and operations");
        CARTBELL_TRY(text(node.find("name")));
        if (const NodeRef match = node.find("match")) CARTBELL_TRY(condition(match));
        if (const NodeRef in = node.find("in")) CARTBELL_TRY(paths(in));
        const NodeRef operations = node.find("operations");
        if (!operations.is(Kind::array)) return bad(operations, "operations are an array");
        for (const Node &one : operations.elements())
            CARTBELL_TRY(operation(operations.of(one)));
        return {};
    }

    Status status(NodeRef node) const {
        CARTBELL_TRY(members(node, " set code name in_analytics ", "a status"));
        for (const std::string_view name : {"set", "code", "name"}) {
            if (!node.find(name)) return bad(node, "a status has set, code and name");
            CARTBELL_TRY(text(node.find(name)));
        }
        if (std::find(sets.begin(), sets.end(), node.find("set").text()) == sets.end())
            return bad(node.find("set"), "a set is general, delivery or payment");
        if (!is_field_code(node.find("code").text()))
            return bad(node.find("code"), "this is no code of a status");
        const NodeRef counts = node.find("in_analytics");
        return !counts || counts.is(Kind::boolean) ? Status() : bad(counts, "in_analytics is true or false");
    }

    Status format(NodeRef node) const {
        CARTBELL_TRY(members(node, " format documents statuses parts common rules ", "a format"));
        const NodeRef name = node.find("format");
        if (!name) return bad(node, "a format is named by \"format\"");
        CARTBELL_TRY(text(name));
        if (!is_code(name.text())) return bad(name, "the name of a format is a code");
        if (const NodeRef documents = node.find("documents")) CARTBELL_TRY(paths(documents));
        if (const NodeRef parts = node.find("parts")) CARTBELL_TRY(object_of_values(parts));
        if (const NodeRef common = node.find("common")) CARTBELL_TRY(object_of_values(common));
        CARTBELL_TRY(each_of(node, "statuses", &Check::status));
        return each_of(node, "rules", &Check::rule);
    }

  private:
    Status each_of(NodeRef node, std::string_view name, Status (Check::*one)(NodeRef) const) const {
        const NodeRef list = node.find(name);
        if (!list) return {};
        if (!list.is(Kind::array)) return bad(list, std::string(name) + " are an array");
        for (const Node &element : list.elements())
            CARTBELL_TRY((this->*one)(list.of(element)));
        return {};
    }

    Status text(NodeRef node) const {
        return node.is(Kind::string) && node.node->size > 0 ? Status()
                                                            : bad(node, "this is a text, and not empty");
    }

    Status texts(NodeRef node) const {
        if (!node.is(Kind::array)) return bad(node, "this is an array of texts");
        for (const Node &element : node.elements())
            CARTBELL_TRY(text(node.of(element)));
        return {};
    }

    Status members(NodeRef node, std::string_view known, std::string_view what) const {
        if (!node.is(Kind::object)) return bad(node, std::string(what) + " is an object");
        for (const Node &member : node.elements())
            if (known.find(" " + std::string(member.key()) + " ") == std::string_view::npos)
                return bad(node.of(member), std::string(what) + " has no such member");
        return {};
    }

    Status object_of_values(NodeRef node) const {
        if (!node.is(Kind::object)) return bad(node, "this is an object of values");
        for (const Node &member : node.elements())
            CARTBELL_TRY(value(node.of(member)));
        return {};
    }

    Status values(NodeRef node) const {
        if (!node.is(Kind::array)) return bad(node, "this is an array of values");
        for (const Node &element : node.elements())
            CARTBELL_TRY(value(node.of(element)));
        return {};
    }

    Status path(NodeRef node) const { return path_text(node, node.text(), false); }

    // A condition's path may name alternatives: "event|args.0".
    Status path_text(NodeRef at, std::string_view path, bool alternatives) const {
        if (path.starts_with('@') && path != "@index") return bad(at, "only @index is known");
        char before = '.';
        for (const char c : path) {
            const bool ends = c == '.' || (alternatives && c == '|');
            if (ends && before == '.' && path != ".") return bad(at, "a path has an empty step");
            before = ends ? '.' : c;
        }
        return !path.empty() && (before != '.' || path == ".") ? Status() : bad(at, "this is no path");
    }

    Status paths(NodeRef node) const {
        if (node.is(Kind::string)) return path(node);
        CARTBELL_TRY(texts(node));
        for (const Node &element : node.elements())
            CARTBELL_TRY(path(node.of(element)));
        return {};
    }

    Status every(NodeRef node) const {
        if (!node.is(Kind::array)) return bad(node, "every takes a list and a test");
        std::vector<NodeRef> two;
        for (const Node &element : node.elements())
            two.push_back(node.of(element));
        if (two.size() != 2) return bad(node, "every takes a list and a test");
        CARTBELL_TRY(value(two[0]));
        return test(two[1]);
    }

    Status test(NodeRef node) const {
        if (node.is(Kind::null)) return bad(node, "null is no test");
        if (node.is(Kind::array)) {
            for (const Node &element : node.elements())
                if (!node.of(element).scalar() || element.kind == Kind::null)
                    return bad(node.of(element), "this is one constant");
            return {};
        }
        if (!node.is(Kind::object)) return {};
        CARTBELL_TRY(members(node, " exists named starts_with same not ", "a test"));
        for (const Node &child : node.elements()) {
            const NodeRef member = node.of(child);
            if (member.key() == "not")
                CARTBELL_TRY(test(member));
            else if (member.key() == "same")
                CARTBELL_TRY(value(member));
            else if (member.key() == "starts_with")
                CARTBELL_TRY(text(member));
            else if (!member.is(Kind::boolean))
                return bad(member, "this is true or false");
        }
        return {};
    }

    Status worked_out(NodeRef node) const {
        const std::string_view name = mapping_word(node);
        const Word *word = find_word(name);
        if (!word) {
            std::vector<std::string_view> known;
            for (const Word &one : words)
                known.push_back(one.name);
            const std::string nearest = nearest_name(name, known);
            return bad(
                node.find(name),
                "no such word" + (nearest.empty() ? std::string() : ": did you mean " + nearest + "?"));
        }
        CARTBELL_TRY(members(node, " " + std::string(name) + " " + std::string(word->beside) + " ", name));
        CARTBELL_TRY(operand(node.find(name), word->takes));
        CARTBELL_TRY(has_what_it_needs(node, name));
        for (const Node &child : node.elements())
            if (child.key() != name) CARTBELL_TRY(beside(node.of(child)));
        return {};
    }

    Status has_what_it_needs(NodeRef node, std::string_view word) const {
        if (word == "$word" && !node.find("of")) return bad(node, "$word needs of");
        if (word == "$in" && !node.find("make")) return bad(node, "$in needs make");
        if (word == "$fields" && node.find("pairs") && (!node.find("name") || !node.find("value")))
            return bad(node, "pairs need name and value");
        return {};
    }

    Status operand(NodeRef node, Takes takes) const {
        switch (takes) {
            case Takes::value:
                return value(node);
            case Takes::values:
                return values(node);
            case Takes::number_list: {
                CARTBELL_TRY(values(node));
                size_t count = 0;
                for ([[maybe_unused]] const Node &element : node.elements())
                    ++count;
                return count >= 2 ? Status() : bad(node, "this takes two values at least");
            }
            case Takes::path:
                return paths(node);
            case Takes::text:
                return text(node);
            case Takes::object:
                return object_of_values(node);
            case Takes::condition:
                return condition(node);
        }
        return {};
    }

    Status beside(NodeRef node) const {
        const std::string_view name = node.key();
        if (name == "if") return condition(node);
        if (name == "of") return words_of(node);
        if (name == "at" || name == "with")
            return node.is(Kind::string) ? Status() : bad(node, "this is a text");
        if (name == "all") return node.is(Kind::boolean) ? Status() : bad(node, "this is true or false");
        if (name == "pairs") return paths(node);
        if (name == "zone") return node.text() == "UTC" ? Status() : bad(node, "the only zone is UTC");
        if (name == "unit")
            return node.text() == "s" || node.text() == "ms" || node.text() == "us"
                       ? Status()
                       : bad(node, "a unit is s, ms or us");
        return value(node);
    }

    // Either the words that are known, or what each becomes.
    Status words_of(NodeRef node) const {
        if (node.is(Kind::array)) return texts(node);
        if (!node.is(Kind::object)) return bad(node, "this is an array or an object of texts");
        for (const Node &member : node.elements())
            CARTBELL_TRY(text(node.of(member)));
        return {};
    }
};

}  // namespace

std::string_view mapping_word(NodeRef object) {
    if (!object.is(Kind::object)) return {};
    for (const Node &member : object.elements())
        if (member.key().starts_with('$')) return member.key();
    return {};
}

Status check_mapping_format(NodeRef format) {
    return Check().format(format);
}

}  // namespace cartbell::codec
