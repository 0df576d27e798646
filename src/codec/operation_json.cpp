#include "codec/operation_json.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/text.hpp"
#include "codec/json_scanner.hpp"
#include "codec/member_table.hpp"
#include "codec/order_reader.hpp"

namespace cartbell::codec {
namespace {

enum class Envelope : uint8_t {
    type,
    id,
    occurred_at,
    sequence,
    sent_at,
    source,
    customer,
    backfill,
    if_version,
    whole,
    order,
    profile
};
constexpr auto envelope_members = std::to_array<Member<Envelope>>({
    {"type", Envelope::type},
    {"id", Envelope::id},
    {"occurred_at", Envelope::occurred_at},
    {"sequence", Envelope::sequence},
    {"sent_at", Envelope::sent_at},
    {"source", Envelope::source},
    {"customer", Envelope::customer},
    {"backfill", Envelope::backfill},
    {"if_version", Envelope::if_version},
    {"whole", Envelope::whole},
    {"order", Envelope::order},
    {"profile", Envelope::profile},
});
constexpr MemberTable envelope_table(envelope_members);

constexpr auto identity_members = std::to_array<Member<IdentityKind>>({
    {"external_id", IdentityKind::external_id},
    {"email", IdentityKind::email},
    {"phone", IdentityKind::phone},
    {"device_id", IdentityKind::device_id},
    {"anonymous_id", IdentityKind::anonymous_id},
});
constexpr MemberTable identity_table(identity_members);

constexpr std::array<std::string_view, 12> type_names{"order",    "customer", "event",   "container",
                                                      "identify", "merge",    "unmerge", "product",
                                                      "consent",  "list",     "message", "erase"};
constexpr size_t supported_types = 2;  // in the order of OperationType

constexpr std::string_view sent_at_name = "sent_at";

void read_instant(const Reading &reading, const Node &node, Instant &instant) {
    Value value;
    if (node.kind != Kind::null && read_value(reading, node, Type::time, value)) instant = value.number;
}

void read_flag(const Reading &reading, const Node &node, bool &flag) {
    if (node.kind != Kind::null && reading.expect(node, Kind::boolean)) flag = node.truth;
}

bool read_whole_number(const Reading &reading, const Node &node, int64_t &number) {
    Value value;
    if (node.kind == Kind::null || !read_value(reading, node, Type::integer, value)) return false;
    number = value.number;
    return true;
}

void read_identities(const Reading &reading, const Node &node, std::vector<Identity> &identities) {
    if (node.kind == Kind::null || !reading.expect(node, Kind::object)) return;
    identities.reserve(2);
    for (const Node &member : children(reading.tree, node)) {
        const IdentityKind *kind = identity_table.find(member.key());
        if (!kind) {
            reading.unknown(member, identity_table.names());
            continue;
        }
        if (member.kind == Kind::null || !reading.expect(member, Kind::string)) continue;
        if (member.size > reading.limits.identity_bytes) {
            reading.fail(member, "too_large",
                         "is longer than " + std::to_string(reading.limits.identity_bytes) + " bytes");
            continue;
        }
        Result<Identity> identity = make_identity(*kind, member.text());
        if (identity.ok())
            identities.push_back(std::move(*identity));
        else
            reading.fail(member, identity.error());
    }
    std::sort(identities.begin(), identities.end());  // strongest first: the order of IdentityKind
}

// Whether an identity was sent at all, good or bad.
bool names_somebody(const Tree &tree, const Node &root) {
    const Node *customer = tree.find(root, "customer");
    if (!customer || customer->kind == Kind::null) return false;
    if (customer->kind != Kind::object) return true;  // an error already
    for (const Node &member : children(tree, *customer))
        if (member.kind != Kind::null) return true;
    return false;
}

// The source decides how strictly everything else is read.
Strictness read_source(const Reading &reading, std::string_view default_source, std::string &source) {
    const Node &root = reading.tree.nodes.front();
    const Node *node = reading.tree.find(root, "source");
    if (node && node->kind == Kind::null) node = nullptr;
    if (node && !reading.expect(*node, Kind::string)) return Strictness::trusted;
    source = node ? node->text() : default_source.empty() ? std::string_view("system") : default_source;
    if (reading.strictness == Strictness::journal) return Strictness::journal;
    const Source *known = reading.settings.find_source(source);
    const Node &blamed = node ? *node : root;
    if (!known) {
        std::vector<std::string_view> codes;
        for (const Source &each : reading.settings.sources)
            codes.push_back(each.code);
        reading.fail(blamed, "unknown_source",
                     "the settings have no such source" + Reading::hint(source, codes));
        return Strictness::trusted;
    }
    if (!known->active) reading.fail(blamed, "inactive_source", "the source is switched off");
    return known->trust == Trust::trusted ? Strictness::trusted : Strictness::public_source;
}

// False if nothing is known about the operation's own members.
bool read_type(const Reading &reading, OperationType &type) {
    const Node &root = reading.tree.nodes.front();
    const Node *node = reading.tree.find(root, "type");
    if (!node || node->kind == Kind::null) {
        reading.missing(root, "type");
        return false;
    }
    if (!reading.expect(*node, Kind::string)) return false;
    const auto name = std::find(type_names.begin(), type_names.end(), node->text());
    if (name == type_names.end())
        return reading.fail(*node, "unknown_type",
                            "no such type of operation" + Reading::hint(node->text(), type_names));
    const auto index = static_cast<size_t>(name - type_names.begin());
    if (index >= supported_types)
        return reading.fail(*node, "unsupported_type",
                            "operations of this type are not taken by this version");
    type = static_cast<OperationType>(index);
    return true;
}

void read_member(const Reading &reading, const Node &member, Envelope role, Operation &operation) {
    switch (role) {
        case Envelope::type:
        case Envelope::source:
            break;  // read before
        case Envelope::id:
            if (member.kind == Kind::null)
                reading.fail(member, "missing_id", "id is missing");
            else
                read_id(reading, member, reading.limits.operation_id_bytes, operation.id);
            break;
        case Envelope::occurred_at:
            read_instant(reading, member, operation.occurred_at);
            break;
        case Envelope::sent_at:
            read_instant(reading, member, operation.sent_at);
            break;
        case Envelope::sequence:
            operation.has_sequence = read_whole_number(reading, member, operation.sequence);
            break;
        case Envelope::customer:
            read_identities(reading, member, operation.customer);
            break;
        case Envelope::backfill:
            read_flag(reading, member, operation.backfill);
            break;
        case Envelope::whole:
            read_flag(reading, member, operation.whole);
            break;
        case Envelope::if_version:
            if (read_whole_number(reading, member, operation.if_version) && operation.if_version < 0)
                reading.fail(member, "out_of_range", "a version is not negative");
            break;
        case Envelope::order:
            read_order(reading, member, operation.order);
            break;
        case Envelope::profile:
            read_profile(reading, member, operation.profile);
            break;
    }
}

void read_flaws(const Reading &reading) {
    for (const Flaw &flaw : reading.tree.flaws) {
        const Node &node = reading.tree.nodes[flaw.node];
        switch (flaw.what) {
            case Flaw::What::duplicate_key:
                reading.fail(node, "duplicate_key", "a member is named twice");
                break;
            case Flaw::What::nul_character:
                reading.fail(node, "nul_character", "text may not hold U+0000");
                break;
            case Flaw::What::text_too_large:
                reading.fail(node, "too_large",
                             "text is longer than " + std::to_string(reading.limits.text_bytes) + " bytes");
                break;
        }
    }
}

constexpr uint64_t spread(uint64_t word) {  // the finaliser of SplitMix64
    word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9;
    word = (word ^ word >> 27) * 0x94d049bb133111eb;
    return word ^ word >> 31;
}

// Two bodies are only ever compared under one id, so 64 bits of evidence are enough; they are spread over the
// 16 bytes kept.
std::array<uint8_t, 16> body_hash_of(uint64_t hash) {
    const std::array<uint64_t, 2> words{spread(hash), spread(hash + 0x9e3779b97f4a7c15)};
    std::array<uint8_t, 16> bytes;
    std::memcpy(bytes.data(), words.data(), bytes.size());
    return bytes;
}

void read_operation(Reading &reading, std::string_view default_source, Operation &operation) {
    const Tree &tree = reading.tree;
    const Node &root = tree.nodes.front();
    if (!reading.expect(root, Kind::object)) return;
    if (!tree.flaws.empty()) read_flaws(reading);
    reading.strictness = read_source(reading, default_source, operation.source);
    const bool known_type = read_type(reading, operation.type);
    bool has_id = false, has_object = false;
    for (const Node &member : children(tree, root)) {
        const Envelope *role = envelope_table.find(member.key());
        if (role && *role < Envelope::order) {
            has_id |= *role == Envelope::id;
            read_member(reading, member, *role, operation);
            continue;
        }
        if (!known_type) continue;
        const Envelope own = operation.type == OperationType::order ? Envelope::order : Envelope::profile;
        if (!role || *role != own) {
            // A member of another type of operation is spelled right.
            reading.unknown(member, role ? std::span<const std::string_view>() : envelope_table.names());
            continue;
        }
        has_object |= member.kind != Kind::null;
        if (member.kind != Kind::null) read_member(reading, member, own, operation);
    }
    if (!has_id) reading.missing(root, "id");
    if (known_type && operation.type == OperationType::order && !has_object) reading.missing(root, "order");
    if (known_type && operation.type == OperationType::customer && !names_somebody(tree, root))
        reading.missing(root, "customer");
    operation.body_hash = body_hash_of(tree.hash);
}

// ---- batches

// Of an NDJSON text, at most so many: room for the operations is made once.
size_t count_lines(const char *text, size_t size, size_t most) {
    size_t count = 1;
    const char *const end = text + size;
    while (count < most) {
        text = static_cast<const char *>(std::memchr(text, '\n', static_cast<size_t>(end - text)));
        if (!text) break;
        ++text;
        ++count;
    }
    return count;
}

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
    Status lines(const char *text, size_t size);

  private:
    Status the_end() {
        if (scanner_.peek() != '\0') return scanner_.unexpected("the end of the text");
        return {};
    }
    Status element(Parsed &parsed);
    Status elements();
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

// Split at newlines before parsing, so that a bad line spoils nothing.
Status BatchReader::lines(const char *text, size_t size) {
    batch_.operations.reserve(count_lines(text, size, limits_.batch_operations));
    uint32_t line = 0;
    for (const char *at = text, *end = text + size; at < end;) {
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
        Parsed &parsed = batch_.operations.emplace_back();
        parsed.line = line;
        const auto length = static_cast<size_t>(last - first);
        if (length > limits_.operation_bytes) {
            parsed.errors.push_back(
                {"too_large", "",
                 "the operation is larger than " + std::to_string(limits_.operation_bytes) + " bytes"});
            continue;
        }
        Status status = scanner_.open(first, length, line);
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
    if (!bytes.empty()) std::memcpy(text, bytes.data(), bytes.size());
    std::memset(text + bytes.size(), ' ', scan_padding);
    BatchReader reader(settings, limits, default_source, batch);
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
            CARTBELL_TRY(reader.lines(text, bytes.size()));
            break;
    }
    return batch;
}

// The journal's own text is read whatever its size: the door measured the operation, not what was written beside it.
constexpr size_t journal_bytes = size_t{64} << 20;

Result<Operation> parse_entry(std::string_view body, std::string_view source, const Settings &settings) {
    const Limits limits;
    CARTBELL_ASSIGN(const Document document, read_document(body, journal_bytes, limits.json_depth, sent_at_name));
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
    CARTBELL_ASSIGN(const Document document, read_document(body, journal_bytes, Limits{}.json_depth, sent_at_name));
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
