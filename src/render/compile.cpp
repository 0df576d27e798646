#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

#include "base/text.hpp"
#include "render/program.hpp"
#include "render/scan.hpp"
#include "render/writer.hpp"

namespace cartbell::render {
namespace {

// The section words of formats.md §3, in the order of Capture.
constexpr std::array<std::string_view, 9> capture_words{"money", "number",  "percent",    "date.short", "date.long",
                                                        "time",  "weekday", "url_encode", "block"};
constexpr std::array<std::string_view, 4> position_words{"@index", "@number", "@first", "@last"};
constexpr std::array<std::string_view, 2> format_families{"date", "plural"};

template <size_t size>
std::optional<uint8_t> place_of(const std::array<std::string_view, size> &words, std::string_view word) {
    const auto found = std::find(words.begin(), words.end(), word);
    if (found == words.end()) return std::nullopt;
    return static_cast<uint8_t>(found - words.begin());
}

std::string_view first_part(std::string_view path) { return path.substr(0, path.find('.')); }

class Compiler {
  public:
    Compiler(const Options &options, const Limits &limits) : options_(options), limits_(limits), text_(std::make_shared<Text>()) {}

    Result<std::shared_ptr<const Text>> run(std::string_view source, const std::map<std::string, std::string> &partials);

  private:
    struct Open {
        Tag tag;
        uint32_t op = 0;
        bool is_capture = false;
    };

    Status body(std::string_view source, bool is_partial);
    Status add(const Tag &tag);
    Status open_section(const Tag &tag);
    Status open_word(const Tag &tag, bool &handled);
    Status close_section(const Tag &tag);
    void close_capture(const Open &open);
    Status variable(const Tag &tag);
    Status partial(const Tag &tag);
    Status check_path(const Tag &tag);
    void literal(std::string_view bytes, const Tag &tag);
    void literal_line(std::string_view bytes, const Tag &tag);
    Op &emit(Do what, const Tag &tag);
    uint32_t path(std::string_view name);
    uint32_t offset_of(std::string_view bytes) const { return static_cast<uint32_t>(bytes.data() - text_->pool.data()); }
    uint32_t here() const { return static_cast<uint32_t>(text_->ops.size()); }

    const Options &options_;
    const Limits &limits_;
    std::shared_ptr<Text> text_;
    std::unordered_map<std::string_view, uint32_t> paths_, bodies_, segments_;
    std::vector<Open> open_;
    std::string_view source_;     // of the body at hand
    bool is_partial_ = false;
};

Error with_partial(Error error, const std::string &name) {
    if (!name.empty()) error.message = "in partial '" + name + "': " + error.message;
    return error;
}

Result<std::shared_ptr<const Text>> Compiler::run(std::string_view source,
                                                  const std::map<std::string, std::string> &partials) {
    size_t bytes = source.size();
    for (const auto &[name, text] : partials) bytes += text.size();
    if (source.size() > limits_.template_bytes || bytes > limits_.template_bytes)
        return failure(Code::limit, "too_large",
                       "a template and its partials have at most " + std::to_string(limits_.template_bytes) + " bytes");
    text_->escape = options_.escape;
    text_->pool.reserve(bytes + Writer::spare);  // never grows again: names and literals are views into it
    std::vector<std::string_view> sources;
    const auto keep = [&](const std::string &name, std::string_view text) {
        const size_t begin = text_->pool.size();
        text_->pool.append(text);
        sources.push_back(std::string_view(text_->pool).substr(begin, text.size()));
        text_->bodies.push_back({name, 0});
    };
    keep("", source);
    for (const auto &[name, text] : partials) keep(name, text);
    text_->pool.append(Writer::spare, '\0');
    for (uint32_t i = 1; i < text_->bodies.size(); ++i) bodies_.emplace(text_->bodies[i].name, i);
    for (size_t i = 0; i < sources.size(); ++i) {
        text_->bodies[i].begin = here();
        Status status = body(sources[i], i > 0);
        if (!status) return with_partial(status.take_error(), text_->bodies[i].name);
    }
    if (options_.shapes) CARTBELL_TRY(check(*text_, *options_.shapes));
    return std::shared_ptr<const Text>(std::move(text_));
}

Status Compiler::body(std::string_view source, bool is_partial) {
    source_ = source;
    is_partial_ = is_partial;
    Scanner scanner(source);
    Tag tag;
    do {
        CARTBELL_TRY(scanner.next(tag));
        literal(tag.before, tag);
        if (is_partial_ && tag.kind != Tag::Kind::end && tag.at_line_start && !tag.standalone) emit(Do::line, tag);
        CARTBELL_TRY(add(tag));
    } while (tag.kind != Tag::Kind::end);
    if (!open_.empty()) {
        const Tag &unclosed = open_.back().tag;
        return tag_error("unclosed_section", "section '" + std::string(unclosed.name) + "' is never closed", unclosed.line,
                         unclosed.column);
    }
    emit(Do::stop, tag);
    return {};
}

Status Compiler::add(const Tag &tag) {
    switch (tag.kind) {
        case Tag::Kind::variable:
        case Tag::Kind::raw: return variable(tag);
        case Tag::Kind::section:
        case Tag::Kind::inverted: return open_section(tag);
        case Tag::Kind::close: return close_section(tag);
        case Tag::Kind::partial: return partial(tag);
        case Tag::Kind::comment:
        case Tag::Kind::delimiters:
        case Tag::Kind::end: return {};
    }
    return {};
}

Op &Compiler::emit(Do what, const Tag &tag) {
    Op op;
    op.what = what;
    text_->ops.push_back(op);
    text_->places.push_back({tag.line, tag.column});
    return text_->ops.back();
}

// Mustache spec, "Partials": each line of a standalone partial is indented, which only its own lines can know.
void Compiler::literal(std::string_view bytes, const Tag &tag) {
    if (!is_partial_) return literal_line(bytes, tag);
    while (!bytes.empty()) {
        const size_t at = static_cast<size_t>(bytes.data() - source_.data());
        if (at == 0 || source_[at - 1] == '\n') emit(Do::line, tag);
        const size_t end = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
        literal_line(bytes.substr(0, end), tag);
        bytes.remove_prefix(end);
    }
}

void Compiler::literal_line(std::string_view bytes, const Tag &tag) {
    if (bytes.empty()) return;
    Op &op = emit(Do::text, tag);
    op.a = offset_of(bytes);
    op.b = static_cast<uint32_t>(bytes.size());
}

uint32_t Compiler::path(std::string_view name) {
    const auto [found, fresh] = paths_.try_emplace(name, static_cast<uint32_t>(text_->paths.size()));
    if (fresh) {
        PathOf made{name, static_cast<uint32_t>(text_->names.size()), 0};
        if (name != ".") {
            for (size_t begin = 0; begin <= name.size();) {
                const size_t end = std::min(name.find('.', begin), name.size());
                Name &part = text_->names.emplace_back(name.substr(begin, end - begin));
                if (!options_.domain_words) part.of_list = Name::OfList::nothing;
                ++made.count;
                begin = end + 1;
            }
        }
        text_->paths.push_back(made);
    }
    return found->second;
}

// Parts between dots are not empty; words with a meaning of their own stand only where they have it.
Status Compiler::check_path(const Tag &tag) {
    const std::string_view name = tag.name;
    if (name != "." && (name.front() == '.' || name.back() == '.' || name.find("..") != name.npos))
        return tag_error("bad_tag", "'" + std::string(name) + "' has an empty part", tag.line, tag.column);
    if (!options_.domain_words) return {};
    if (name.front() == '@')
        return tag_error("bad_tag", "'" + std::string(name) + "' is none of @index, @number, @first, @last", tag.line,
                         tag.column);
    const bool section = tag.kind == Tag::Kind::section || tag.kind == Tag::Kind::inverted;
    const std::string_view first = first_part(name);
    if (place_of(format_families, first) && section)
        return tag_error("bad_format", "'" + std::string(name) + "' is no format: there are date.short and date.long", tag.line,
                         tag.column);
    if (!is_reserved(first)) return {};
    return tag_error("bad_format", "'" + std::string(name) + "' is a word of its own and stands as {{#" +
                     std::string(first == "is" ? "is.<segment>" : name) + "}} only", tag.line, tag.column);
}

Status Compiler::variable(const Tag &tag) {
    if (options_.domain_words) {
        if (const auto position = place_of(position_words, tag.name)) {
            emit(Do::position, tag).detail = *position;
            return {};
        }
    }
    CARTBELL_TRY(check_path(tag));
    const uint32_t id = path(tag.name);
    emit(tag.kind == Tag::Kind::raw ? Do::raw : Do::variable, tag).a = id;
    return {};
}

Status Compiler::partial(const Tag &tag) {
    const auto found = bodies_.find(tag.name);
    if (found == bodies_.end()) {
        if (options_.unknown_partials_are_empty) return {};
        return tag_error("unknown_partial", "there is no partial '" + std::string(tag.name) + "'", tag.line, tag.column);
    }
    Op &op = emit(Do::partial, tag);
    op.a = found->second;
    if (tag.standalone) {
        op.b = offset_of(tag.indent);
        op.c = static_cast<uint32_t>(tag.indent.size());
    }
    return {};
}

Status Compiler::open_section(const Tag &tag) {
    if (open_.size() >= limits_.template_depth) {
        Error error = tag_error("too_deep", "sections stand at most " + std::to_string(limits_.template_depth) +
                                " deep in each other", tag.line, tag.column);
        error.code = Code::limit;
        return error;
    }
    if (options_.domain_words) {
        bool handled = false;
        CARTBELL_TRY(open_word(tag, handled));
        if (handled) return {};
    }
    CARTBELL_TRY(check_path(tag));
    const uint32_t id = path(tag.name);
    open_.push_back({tag, here(), false});
    emit(tag.kind == Tag::Kind::inverted ? Do::inverted : Do::section, tag).a = id;
    return {};
}

// Formats, block, is.<segment>, @first and the like (formats.md §3).
Status Compiler::open_word(const Tag &tag, bool &handled) {
    const bool inverted = tag.kind == Tag::Kind::inverted;
    handled = true;
    if (const auto position = place_of(position_words, tag.name)) {
        open_.push_back({tag, here(), false});
        Op &op = emit(Do::test_position, tag);
        op.detail = *position;
        op.c = inverted;
        return {};
    }
    if (const auto capture = place_of(capture_words, tag.name)) {
        if (inverted)
            return tag_error("bad_format", "'" + std::string(tag.name) + "' has no opposite", tag.line, tag.column);
        open_.push_back({tag, here(), true});
        emit(Do::capture, tag).detail = *capture;
        return {};
    }
    if (tag.name.substr(0, 3) == "is." && tag.name.size() > 3) {
        const std::string_view segment = tag.name.substr(3);
        if (options_.knows_segment && !options_.knows_segment(segment))
            return tag_error("unknown_segment", "there is no segment '" + std::string(segment) + "'", tag.line, tag.column);
        const auto [found, fresh] = segments_.try_emplace(segment, static_cast<uint32_t>(text_->segments.size()));
        if (fresh) text_->segments.push_back(segment);
        open_.push_back({tag, here(), false});
        Op &op = emit(Do::test_segment, tag);
        op.a = found->second;
        op.c = inverted;
        return {};
    }
    handled = false;
    return {};
}

Status Compiler::close_section(const Tag &tag) {
    if (open_.empty() || open_.back().tag.name != tag.name) {
        for (const Open &open : open_)
            if (open.tag.name == tag.name)
                return tag_error("unclosed_section", "section '" + std::string(open_.back().tag.name) +
                                 "' is not closed before '" + std::string(tag.name) + "' is", open_.back().tag.line,
                                 open_.back().tag.column);
        return tag_error("unopened_section", "section '" + std::string(tag.name) + "' is closed but not open", tag.line,
                         tag.column);
    }
    const Open open = open_.back();
    open_.pop_back();
    if (open.is_capture) {
        close_capture(open);
        return {};
    }
    if (text_->ops[open.op].what == Do::section) {
        text_->ops[open.op].b = here();
        emit(Do::end, tag).b = open.op;
    } else {
        text_->ops[open.op].b = here();
    }
    return {};
}

// formats.md §3: a format with exactly one variable in it formats its typed value, else the rendered text.
void Compiler::close_capture(const Open &open) {
    const uint8_t detail = text_->ops[open.op].detail;
    if (static_cast<Capture>(detail) < Capture::url_encode) {
        uint32_t variable = 0, others = 0;
        for (uint32_t at = open.op + 1; at < here(); ++at) {
            const Op &op = text_->ops[at];
            const bool blank = op.what == Do::line || (op.what == Do::text && trim_ascii(std::string_view(text_->pool).substr(op.a, op.b)).empty());
            if (blank) continue;
            if ((op.what == Do::variable || op.what == Do::raw) && variable == 0) variable = at;
            else ++others;
        }
        if (variable != 0 && others == 0) {
            Op op = text_->ops[variable];
            op.what = Do::format;
            op.detail = detail;
            const Place place = text_->places[variable];
            text_->ops.resize(open.op);
            text_->places.resize(open.op);
            text_->ops.push_back(op);
            text_->places.push_back(place);
            return;
        }
    }
    emit(Do::release, open.tag).detail = detail;
}

}  // namespace

bool is_reserved(std::string_view name) {
    return place_of(capture_words, name) || place_of(format_families, name) || name == "is";
}

Result<std::shared_ptr<const Text>> compile(std::string_view source, const std::map<std::string, std::string> &partials,
                                            const Options &options, const Limits &limits) {
    return Compiler(options, limits).run(source, partials);
}

std::vector<std::string> variables_used(const Text &text) {
    std::vector<std::string> used;
    for (const Op &op : text.ops)
        if (op.what == Do::variable || op.what == Do::raw || op.what == Do::format) used.emplace_back(text.paths[op.a].text);
    std::sort(used.begin(), used.end());
    used.erase(std::unique(used.begin(), used.end()), used.end());
    return used;
}

void OrdersUsed::add(const OrdersUsed &other) {
    all |= other.all;
    first |= other.first;
    last |= other.last;
    first_purchase |= other.first_purchase;
    last_purchase |= other.last_purchase;
    purchases |= other.purchases;
}

// Wherever a path says `orders` or `purchases`, what it says next decides; a section of the list itself opens all of them.
OrdersUsed orders_used(const Text &text) {
    OrdersUsed used;
    for (const PathOf &path : text.paths) {
        const std::span<const Name> names = text.names_of(path);
        for (size_t i = 0; i < names.size(); ++i) {
            const bool purchases = names[i].text == "purchases";
            if (!purchases && names[i].text != "orders") continue;
            used.purchases |= purchases;
            const std::string_view next = i + 1 < names.size() ? names[i + 1].text : std::string_view();
            if (next == "first")
                (purchases ? used.first_purchase : used.first) = true;
            else if (next == "last")
                (purchases ? used.last_purchase : used.last) = true;
            else if (next != "count")
                used.all = true;
        }
    }
    return used;
}

bool uses_products(const Text &text) {
    return std::any_of(text.names.begin(), text.names.end(), [](const Name &name) { return name.word == Word::product; });
}

std::vector<std::string> segments_used(const Text &text) {
    std::vector<std::string> used(text.segments.begin(), text.segments.end());
    std::sort(used.begin(), used.end());
    return used;
}

}  // namespace cartbell::render
