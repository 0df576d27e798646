#include "codec/operation_json.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/text.hpp"
#include "codec/json_scanner.hpp"
#include "codec/operation_reader.hpp"

namespace cartbell::codec {
namespace {

class BatchReader {
  public:
    BatchReader(const Settings &settings, const Limits &limits, std::string_view default_source, Batch &batch)
        : settings_(settings),
          limits_(limits),
          default_source_(default_source),
          batch_(batch),
          scan_limits_{limits.json_depth, limits.text_bytes, limits.operation_bytes / 2 + 2} {}

    Status one(const char *text, size_t size) {
        batch_.operations.reserve(1);
        CARTBELL_TRY(scanner_.open(text, size));
        CARTBELL_TRY(element(batch_.operations.emplace_back()));
        return the_end();
    }

    Status array(const char *text, size_t size) {
        CARTBELL_TRY(scanner_.open(text, size));
        CARTBELL_TRY(elements());
        return the_end();
    }

    Status envelope(const char *text, size_t size);
    Status lines(std::string_view given, char *room);

  private:
    Status the_end() {
        if (scanner_.peek() != '\0') return scanner_.unexpected("the end of the text");
        return {};
    }
    Status element(Parsed &parsed);
    Status elements();
    void make_room(size_t done, size_t size);
    Status batch_time();

    const Settings &settings_;
    const Limits &limits_;
    std::string_view default_source_;
    Batch &batch_;
    ScanLimits scan_limits_;
    Scanner scanner_;
    Tree tree_;
};

// The next value of the text is an operation.
Status BatchReader::element(Parsed &parsed) {
    CARTBELL_TRY(scanner_.read(tree_, scan_limits_, sent_at_name));
    Reading reading{tree_, settings_, limits_, parsed.errors, parsed.operation.ignored, Strictness::trusted};
    const Node &root = tree_.nodes.front();
    if (tree_.overflowed || root.size > limits_.operation_bytes) {
        parsed.errors.push_back(
            {"too_large", "",
             "the operation is larger than " + std::to_string(limits_.operation_bytes) + " bytes"});
        return {};
    }
    read_operation(reading, default_source_, parsed.operation);
    if (root.kind == Kind::object) parsed.body = root.text();
    return {};
}

Status BatchReader::elements() {
    if (!scanner_.take('[')) return scanner_.unexpected("an array of operations");
    if (scanner_.take(']')) return {};
    for (;;) {
        if (batch_.operations.size() >= limits_.batch_operations) {
            return failure(
                Code::limit, "batch_too_large",
                "more than " + std::to_string(limits_.batch_operations) + " operations in one batch");
        }
        CARTBELL_TRY(element(batch_.operations.emplace_back()));
        if (scanner_.take(']')) return {};
        if (!scanner_.take(',')) return scanner_.unexpected("a comma or ]");
    }
}

Status BatchReader::batch_time() {
    CARTBELL_TRY(scanner_.read(tree_, scan_limits_));
    std::vector<Note> errors;
    std::vector<std::string> ignored;
    const Reading reading{tree_, settings_, limits_, errors, ignored, Strictness::trusted};
    read_instant(reading, tree_.nodes.front(), batch_.sent_at);
    if (errors.empty()) return {};
    return failure(Code::invalid, errors.front().code, errors.front().message, "/sent_at");
}

// {"operations":[…],"sent_at":…}
Status BatchReader::envelope(const char *text, size_t size) {
    CARTBELL_TRY(scanner_.open(text, size));
    if (!scanner_.take('{')) return scanner_.unexpected("an object with operations");
    bool has_operations = false, has_sent_at = false;
    for (bool more = scanner_.peek() != '}'; more; more = scanner_.take(',')) {
        if (scanner_.peek() != '"') return scanner_.unexpected("a member's name");
        CARTBELL_TRY(scanner_.read(tree_, scan_limits_));
        const std::string name(tree_.nodes.front().text());
        if (!scanner_.take(':')) return scanner_.unexpected("a colon");
        bool &seen = name == "operations" ? has_operations : has_sent_at;
        if (name != "operations" && name != sent_at_name) {
            constexpr std::array<std::string_view, 2> known{"operations", sent_at_name};
            std::string pointer;
            append_pointer_token(pointer, name);
            return failure(Code::invalid, "unknown_member",
                           "no such member of a batch" + Reading::hint(name, known), pointer);
        }
        if (seen) return failure(Code::invalid, "duplicate_key", "a member is named twice", "/" + name);
        seen = true;
        if (name == "operations")
            CARTBELL_TRY(elements());
        else
            CARTBELL_TRY(batch_time());
    }
    if (!scanner_.take('}')) return scanner_.unexpected("a comma or }");
    if (!has_operations)
        return failure(Code::invalid, "missing_operations", "operations is missing", "/operations");
    if (batch_.sent_at != no_instant)
        for (Parsed &parsed : batch_.operations)
            if (parsed.operation.sent_at == no_instant) parsed.operation.sent_at = batch_.sent_at;
    return the_end();
}

// Room for the operations of all `size` bytes, reckoned from those so far: the text is not gone through for it.
void BatchReader::make_room(size_t done, size_t size) {
    std::vector<Parsed> &operations = batch_.operations;
    if (operations.size() < operations.capacity()) return;
    const size_t made = operations.size() + 1;
    const size_t reckoned = done == 0 ? made : size / (done / made + 1) + 1;
    operations.reserve(std::min(std::max(reckoned, made + made / 2), limits_.batch_operations));
}

// Split at newlines before parsing, so that a bad line spoils nothing. Each line comes into `room` just before it
// is read, its padding in place of the next: what is read is near then.
Status BatchReader::lines(std::string_view given, char *room) {
    uint32_t line = 0;
    const char *const begin = given.data();
    for (const char *at = begin, *end = begin + given.size(); at < end;) {
        const auto *newline = static_cast<const char *>(std::memchr(at, '\n', static_cast<size_t>(end - at)));
        const char *last = newline ? newline : end;
        const char *first = at;
        at = last + 1;
        ++line;
        const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
        while (first < last && blank(*first))
            ++first;
        while (last > first && blank(last[-1]))
            --last;
        if (first == last) continue;
        if (batch_.operations.size() >= limits_.batch_operations) {
            return failure(
                Code::limit, "batch_too_large",
                "more than " + std::to_string(limits_.batch_operations) + " operations in one batch");
        }
        make_room(static_cast<size_t>(last - begin), given.size());
        Parsed &parsed = batch_.operations.emplace_back();
        parsed.line = line;
        const auto length = static_cast<size_t>(last - first);
        if (length > limits_.operation_bytes) {
            parsed.errors.push_back(
                {"too_large", "",
                 "the operation is larger than " + std::to_string(limits_.operation_bytes) + " bytes"});
            continue;
        }
        std::memcpy(room, first, length);
        std::memset(room + length, ' ', scan_padding);
        Status status = scanner_.open(room, length, line);
        room += length;
        if (status.ok()) status = element(parsed);
        if (status.ok()) status = the_end();
        if (status.ok()) continue;
        if (status.code() == Code::out_of_memory) return status;
        parsed = Parsed{};
        parsed.line = line;
        parsed.errors.push_back({status.error().reason, "", status.error().message});
    }
    return {};
}

}  // namespace

Result<Batch> parse(std::string_view bytes, Form form, std::string_view default_source,
                    const Settings &settings, const Limits &limits) {
    const size_t most = form == Form::operation ? limits.operation_bytes : limits.batch_bytes;
    if (bytes.size() > most) {
        return failure(Code::limit, form == Form::operation ? "too_large" : "batch_too_large",
                       "the input is larger than " + std::to_string(most) + " bytes");
    }
    Batch batch;
    batch.settings_version = settings.version;
    batch.bytes = std::make_unique_for_overwrite<char[]>(bytes.size() + scan_padding);
    char *text = batch.bytes.get();
    BatchReader reader(settings, limits, default_source, batch);
    if (form == Form::ndjson) {
        CARTBELL_TRY(reader.lines(bytes, text));
        return batch;
    }
    if (!bytes.empty()) std::memcpy(text, bytes.data(), bytes.size());
    std::memset(text + bytes.size(), ' ', scan_padding);
    switch (form) {
        case Form::operation:
            CARTBELL_TRY(reader.one(text, bytes.size()));
            break;
        case Form::array:
            CARTBELL_TRY(reader.array(text, bytes.size()));
            break;
        case Form::operations:
            CARTBELL_TRY(reader.envelope(text, bytes.size()));
            break;
        case Form::ndjson:
            break;
    }
    return batch;
}

// The journal's own text is read whatever its size: the door measured the operation, not what was written
// beside it.
constexpr size_t journal_bytes = size_t{64} << 20;

Result<Operation> parse_entry(std::string_view body, std::string_view source, const Settings &settings) {
    const Limits limits;
    CARTBELL_ASSIGN(const Document document,
                    read_document(body, journal_bytes, limits.json_depth, sent_at_name));
    std::vector<Note> errors;
    Operation operation;
    Reading reading{document.tree, settings, limits, errors, operation.ignored, Strictness::journal};
    read_operation(reading, source, operation);
    if (!errors.empty())
        return failure(Code::corrupt, errors.front().code, errors.front().message, errors.front().pointer);
    operation.source = source;
    return operation;
}

Result<std::string> body_with_sent_at(std::string_view body, Instant sent_at) {
    CARTBELL_ASSIGN(const Document document,
                    read_document(body, journal_bytes, Limits{}.json_depth, sent_at_name));
    std::string out = "{\"sent_at\":\"" + format_instant(sent_at) + '"';
    for (const Node &member : children(document.tree, document.root())) {
        if (member.key() == sent_at_name) continue;
        out += ',';
        append_json_string(out, member.key());
        out += ':';
        append_compact(out, document.tree, member, KeyOrder::as_is);
    }
    out += '}';
    return out;
}

}  // namespace cartbell::codec
