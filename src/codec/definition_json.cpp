#include "codec/definition_json.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "codec/json_writer.hpp"
#include "codec/record_reader.hpp"

namespace cartbell::codec {
namespace {

constexpr std::array<std::string_view, 3> missing_names{"empty", "block", "fail"};  // in the order of Missing

template <size_t Count>
bool is_one_of(const std::array<std::string_view, Count> &names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool read_text(const Reading &reading, const Node &node, std::string &to) {
    if (node.kind == Kind::null) return false;
    if (!reading.expect(node, Kind::string)) return false;
    to = node.text();
    return true;
}

void read_code(const Reading &reading, const Node &node, std::string &to) {
    if (!reading.expect(node, Kind::string)) return;
    to = node.text();
    if (!is_code(to)) reading.fail(node, "bad_code", "a code is [a-z0-9][a-z0-9_-]{0,63}");
}

// Only its shape is looked at: whether it is a predicate, the segment module says.
void read_predicate(const Reading &reading, const Node &node, std::string &to) {
    if (node.kind == Kind::null) return;
    if (node.kind != Kind::object && node.kind != Kind::boolean) {
        reading.fail(node, "bad_type", "a predicate is expected, not " + std::string(name_of(node.kind)));
        return;
    }
    to.clear();
    append_compact(to, reading.tree, node, KeyOrder::as_is);
}

void read_texts(const Reading &reading, const Node &node, std::map<std::string, std::string> &to) {
    if (node.kind == Kind::null || !reading.expect(node, Kind::object)) return;
    for (const Node &member : children(reading.tree, node)) {
        if (member.key().empty())
            reading.fail(member, "empty", "the name is empty");
        else if (reading.expect(member, Kind::string))
            to.emplace(member.key(), member.text());
    }
}

bool read_policy(const Reading &reading, const Node &node, Missing &to) {
    if (!reading.expect(node, Kind::string)) return false;
    const auto found = std::find(missing_names.begin(), missing_names.end(), node.text());
    if (found == missing_names.end())
        return reading.fail(node, "bad_value", "one of empty block fail is expected");
    to = static_cast<Missing>(found - missing_names.begin());
    return true;
}

// "empty|block|fail" or {path:policy,"*":policy}
void read_missing(const Reading &reading, const Node &node, TemplateDefinition &definition) {
    if (node.kind == Kind::null) return;
    if (node.kind != Kind::object) {
        read_policy(reading, node, definition.missing);
        return;
    }
    for (const Node &member : children(reading.tree, node)) {
        Missing policy = Missing::empty;
        if (!read_policy(reading, member, policy)) continue;
        if (member.key() == "*")
            definition.missing = policy;
        else
            definition.missing_by_path.emplace(member.key(), policy);
    }
}

// The text of one part, or null if the member is none.
std::string *text_part(TemplateDefinition &definition, std::string_view name) {
    if (name == "subject") return &definition.subject;
    if (name == "body") return &definition.body;
    if (name == "text") return &definition.text;
    if (name == "title") return &definition.title;
    if (name == "link") return &definition.link;
    if (name == "image") return &definition.image;
    if (name == "payload") return &definition.payload;
    if (name == "locale") return &definition.locale;
    if (name == "reason") return &definition.reason;
    return nullptr;
}

void read_template_member(const Reading &reading, const Node &member, TemplateDefinition &definition) {
    constexpr std::array<std::string_view, 2> later{"let", "translations"};
    constexpr std::array<std::string_view, 15> known{
        "code",  "channel", "locale",   "subject",   "body",   "text",     "title",  "link",
        "image", "payload", "partials", "condition", "reason", "defaults", "missing"};
    const std::string_view name = member.key();
    if (name == "code") {
        read_code(reading, member, definition.code);
    } else if (name == "channel") {
        read_code(reading, member, definition.channel);
    } else if (name == "payload" && member.kind == Kind::object) {  // written as JSON rather than as its text
        append_compact(definition.payload, reading.tree, member, KeyOrder::as_is);
    } else if (std::string *part = text_part(definition, name)) {
        read_text(reading, member, *part);
    } else if (name == "partials") {
        read_texts(reading, member, definition.partials);
    } else if (name == "defaults") {
        read_texts(reading, member, definition.defaults);
    } else if (name == "condition") {
        read_predicate(reading, member, definition.condition);
    } else if (name == "missing") {
        read_missing(reading, member, definition);
    } else if (is_one_of(later, name)) {
        reading.fail(member, "not_yet", "this version has no " + std::string(name) + " in templates");
    } else {
        reading.unknown(member, known);
    }
}

void read_mailing_member(const Reading &reading, const Node &member, MailingDefinition &definition) {
    constexpr std::array<std::string_view, 9> later{
        "variants",      "zone",    "hours",       "outside_hours", "rate_per_minute",
        "expires_after", "control", "attribution", "priority"};
    constexpr std::array<std::string_view, 6> known{"code",    "audience", "template",
                                                    "channel", "category", "start_at"};
    const std::string_view name = member.key();
    if (name == "code") {
        read_code(reading, member, definition.code);
    } else if (name == "audience") {
        if (member.kind == Kind::string)
            read_code(reading, member, definition.audience_segment);
        else
            read_predicate(reading, member, definition.audience);
    } else if (name == "template") {
        read_code(reading, member, definition.template_code);
    } else if (name == "channel") {
        read_code(reading, member, definition.channel);
    } else if (name == "category") {
        read_code(reading, member, definition.category);
    } else if (name == "start_at") {
        if (member.kind == Kind::null || !reading.expect(member, Kind::string)) return;
        const Result<Instant> at = parse_instant(member.text());
        if (at.ok())
            definition.start_at = *at;
        else if (at.error().reason == "no_zone")
            reading.fail(member, "not_yet", "this version takes an instant with its offset, no wall time");
        else
            reading.fail(member, at.error());
    } else if (is_one_of(later, name)) {
        reading.fail(member, "not_yet", "this version has no " + std::string(name) + " in mailings");
    } else {
        reading.unknown(member, known);
    }
}

template <typename T, typename ReadMember, typename Finish>
ReadDefinition<T> read_definition(std::string_view json, size_t most_bytes, const Limits &limits,
                                  ReadMember read_member, Finish finish) {
    ReadDefinition<T> out;
    Result<Document> document = read_document(json, most_bytes, limits.json_depth + limits.predicate_depth);
    if (!document.ok()) {
        const Error &error = document.error();
        out.errors.push_back({error.reason, error.pointer, error.message});
        return out;
    }
    const Settings no_settings;
    std::vector<std::string> ignored;
    const Reading reading{document->tree, no_settings, limits, out.errors, ignored, Strictness::trusted};
    const Node &root = document->root();
    if (!reading.expect(root, Kind::object)) return out;
    for (const Node &member : children(reading.tree, root))
        read_member(reading, member, out.definition);
    finish(reading, root, out.definition);
    return out;
}

void require(const Reading &reading, const Node &root, std::string_view name) {
    const Node *member = reading.tree.find(root, name);
    if (!member || member->kind == Kind::null) reading.missing(root, name);
}

void write_unless_empty(JsonWriter &json, std::string_view name, const std::string &text) {
    if (!text.empty()) json.key(name).text(text);
}

void write_texts(JsonWriter &json, std::string_view name, const std::map<std::string, std::string> &texts) {
    if (texts.empty()) return;
    json.key(name).open('{');
    for (const auto &[key, text] : texts)
        json.key(key).text(text);
    json.close('}');
}

std::string_view name_of_policy(Missing policy) {
    return missing_names[static_cast<size_t>(policy)];
}

}  // namespace

ReadDefinition<TemplateDefinition> read_template(std::string_view json, const Limits &limits) {
    // Texts and a predicate, each with its own limit when it is compiled.
    const size_t most = 4 * limits.template_bytes;
    return read_definition<TemplateDefinition>(
        json, most, limits, read_template_member,
        [](const Reading &reading, const Node &root, const TemplateDefinition &definition) {
            require(reading, root, "code");
            require(reading, root, "channel");
            if (definition.body.empty() && definition.text.empty() && definition.title.empty() &&
                definition.payload.empty() && definition.subject.empty())
                reading.missing(root, "body");
        });
}

ReadDefinition<MailingDefinition> read_mailing(std::string_view json, const Limits &limits) {
    const size_t most = limits.predicate_bytes + (64u << 10);
    return read_definition<MailingDefinition>(
        json, most, limits, read_mailing_member,
        [](const Reading &reading, const Node &root, const MailingDefinition &) {
            for (const std::string_view name : {"code", "audience", "template", "channel", "category"})
                require(reading, root, name);
        });
}

void append_template(std::string &out, const TemplateDefinition &definition) {
    JsonWriter json(out);
    json.open('{').key("code").text(definition.code).key("channel").text(definition.channel);
    write_unless_empty(json, "locale", definition.locale);
    write_unless_empty(json, "subject", definition.subject);
    write_unless_empty(json, "body", definition.body);
    write_unless_empty(json, "text", definition.text);
    write_unless_empty(json, "title", definition.title);
    write_unless_empty(json, "link", definition.link);
    write_unless_empty(json, "image", definition.image);
    write_unless_empty(json, "payload", definition.payload);
    write_texts(json, "partials", definition.partials);
    if (!definition.condition.empty()) json.key("condition").raw(definition.condition);
    write_unless_empty(json, "reason", definition.reason);
    write_texts(json, "defaults", definition.defaults);
    json.key("missing");
    if (definition.missing_by_path.empty()) {
        json.text(name_of_policy(definition.missing));
    } else {
        json.open('{');
        for (const auto &[path, policy] : definition.missing_by_path)
            json.key(path).text(name_of_policy(policy));
        json.key("*").text(name_of_policy(definition.missing)).close('}');
    }
    json.close('}');
}

void append_mailing(std::string &out, const MailingDefinition &definition) {
    JsonWriter json(out);
    json.open('{').key("code").text(definition.code).key("audience");
    if (!definition.audience_segment.empty())
        json.text(definition.audience_segment);
    else
        json.raw(definition.audience);
    json.key("template").text(definition.template_code).key("channel").text(definition.channel);
    json.key("category").text(definition.category);
    if (definition.start_at != no_instant) json.key("start_at").text(format_instant(definition.start_at));
    json.close('}');
}

}  // namespace cartbell::codec
