#include "model/state_bytes.hpp"

#include <algorithm>

#include "model/byte_reader.hpp"
#include "model/field.hpp"

// Layout, version 1. varint: 7 bits a byte, least first; number: zigzag varint; text: varint length and bytes.
//   state    := version byte, kind byte 'O', 'C' or 'I', members in the order of the functions below
//   instant  := 0 (none), 1 and whole seconds, 2 and microseconds, 3 (never)
//   record   := count of cells, (field, value)…; count of customs, (code, value)…      both strictly ascending
//   value    := type byte (low 4 bits the Type, `has_currency`, `shortened`), then text, or number and perhaps the currency as number
//   section  := varint length, and so many bytes: who does not need it steps over it
//   status   := for each set code, previous, at
//   history  := the three codes before the first row, count, (set, to, at, received_at, source)…; `from` and `after` follow from the rows.
//               A row marked `as_status` has neither `to` nor `at`: they are what the status of its set says
// The digest form is the same without positions and received_at: nothing in it depends on when or where it arrived.

namespace cartbell {
namespace {

constexpr uint8_t format_version = 1;
constexpr uint8_t type_mask = 0x0f, has_currency = 0x10, shortened = 0x20;
constexpr uint8_t as_status = 0x04;  // beside the set of a history row
constexpr uint8_t has_claim = 0x01, is_contested = 0x02, has_merge = 0x04, is_vacant = 0x08;  // of what is kept of an identity
constexpr uint8_t kind_mask = 0x0f, is_root = 0x10, names_entries = 0x20;  // of a customer's identities

enum class Form : uint8_t { stored, digest };

// Most times are whole seconds, most amounts whole cents, most decimals whole: a factor both sides know.
int64_t unit_of(Type type) {
    switch (type) {
        case Type::time: return second_us;
        case Type::money: return 100;
        case Type::decimal: return decimal_unit_e6;
        default: return 1;
    }
}

bool holds_text(Type type) {
    return type == Type::text || type == Type::list || type == Type::json;
}

// ---- writing

void put_varint(std::string &out, uint64_t value) {
    while (value >= 0x80) {
        out += static_cast<char>(value | 0x80);
        value >>= 7;
    }
    out += static_cast<char>(value);
}

void put_number(std::string &out, int64_t value) {
    put_varint(out, (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63));
}

void put_instant(std::string &out, Instant at) {
    if (at == no_instant || at == never) {
        out += static_cast<char>(at == never ? 3 : 0);
    } else if (at % second_us == 0) {
        out += '\1';
        put_number(out, at / second_us);
    } else {
        out += '\2';
        put_number(out, at);
    }
}

void put_text(std::string &out, std::string_view text) {
    put_varint(out, text.size());
    out += text;
}

void put_value(std::string &out, const Value &value) {
    uint8_t head = static_cast<uint8_t>(value.type);
    if (holds_text(value.type)) {
        out += static_cast<char>(head);
        put_text(out, value.text);
        return;
    }
    const int64_t unit = unit_of(value.type);
    const bool is_short = unit > 1 && value.number % unit == 0;
    if (is_short) head |= shortened;
    if (value.currency) head |= has_currency;
    out += static_cast<char>(head);
    put_number(out, is_short ? value.number / unit : value.number);
    if (value.currency) put_varint(out, value.currency.packed);
}

void put_record(std::string &out, const Record &record, FieldId left_out) {
    size_t cells = record.cells.size();
    for (const Record::Cell &cell : record.cells)
        cells -= cell.field == left_out;
    put_varint(out, cells);
    for (const Record::Cell &cell : record.cells) {
        if (cell.field == left_out) continue;
        put_varint(out, cell.field);
        put_value(out, cell.value);
    }
    put_varint(out, record.customs.size());
    for (const Record::Custom &custom : record.customs) {
        put_text(out, custom.code);
        put_value(out, custom.value);
    }
}

constexpr FieldId no_field = static_cast<FieldId>(-1);

void put_records(std::string &out, const std::vector<Record> &records) {
    put_varint(out, records.size());
    for (const Record &record : records)
        put_record(out, record, no_field);
}

void put_key(std::string &out, const FactKey &key) {
    out += static_cast<char>(key.trust);
    put_instant(out, key.at);
    out += static_cast<char>(key.has_sequence);
    put_number(out, key.sequence);
    put_number(out, key.rank);
    put_text(out, key.source);
    put_text(out, key.id);
    out += static_cast<char>(key.part);
}

void put_identity(std::string &out, const Identity &identity) {
    out += static_cast<char>(identity.kind);
    put_text(out, identity.value);
}

void put_positions(std::string &out, const std::vector<int64_t> &positions, Form form) {
    put_varint(out, positions.size());
    if (form == Form::digest) return;
    int64_t before = 0;
    for (const int64_t position : positions) {
        put_number(out,
                   static_cast<int64_t>(static_cast<uint64_t>(position) - static_cast<uint64_t>(before)));
        before = position;
    }
}

// What `write` writes, behind its length.
template <typename Write>
void put_section(std::string &out, Write &&write) {
    const size_t start = out.size();
    write();
    std::string length;
    put_varint(length, out.size() - start);
    out.insert(start, length);
}

const HistoryRow *last_of(const std::vector<HistoryRow> &history, size_t set) {
    for (size_t i = history.size(); i-- > 0;)
        if (static_cast<size_t>(history[i].set) == set) return &history[i];
    return nullptr;
}

void put_history(std::string &out, const Order &order, Form form) {
    std::array<const HistoryRow *, 3> last{};
    for (size_t set = 0; set < 3; ++set) {
        last[set] = last_of(order.history, set);
        std::string_view before;
        if (!order.history.empty()) {
            const HistoryRow &first = order.history.front();
            before = static_cast<size_t>(first.set) == set ? first.from : first.after[set];
        }
        put_text(out, before);
    }
    put_varint(out, order.history.size());
    for (const HistoryRow &row : order.history) {
        const size_t set = static_cast<size_t>(row.set);
        const bool follows = &row == last[set] && row.to == order.status[set].code && row.at == order.status[set].at;
        out += static_cast<char>(set | (follows ? as_status : 0));
        if (!follows) {
            put_text(out, row.to);
            put_instant(out, row.at);
        }
        if (form == Form::stored) put_instant(out, row.received_at);
        put_text(out, row.source);
    }
}

void put_status(std::string &out, const Order &order) {
    for (const StatusNow &now : order.status) {
        put_text(out, now.code);
        put_text(out, now.previous);
        put_instant(out, now.at);
    }
}

void put_order(std::string &out, const Order &order, Form form) {
    out += static_cast<char>(format_version);
    out += 'O';
    put_record(out, order.record, form == Form::digest ? FieldId{order_field::received_at} : no_field);
    put_section(out, [&] { put_records(out, order.lines); });
    put_section(out, [&] { put_records(out, order.payments); });
    put_status(out, order);
    put_section(out, [&] { put_history(out, order, form); });
    out += static_cast<char>(order.owner.has_value());
    if (order.owner) {
        put_identity(out, *order.owner);
        put_instant(out, order.owner_at);
    }
    put_instant(out, order.sent_placed_at);
    put_instant(out, order.least_occurred_at);
    put_text(out, order.first_source);
    put_key(out, order.newest);
    out += static_cast<char>(order.least_trust);
    put_varint(out, order.status_facts);
    put_varint(out, order.object_facts);
    put_positions(out, order.entries, form);
    put_varint(out, order.other_currencies.size());
    for (const std::string &code : order.other_currencies)
        put_text(out, code);
}

void put_customer(std::string &out, const Customer &customer, Form form) {
    out += static_cast<char>(format_version);
    out += 'C';
    put_record(out, customer.record, no_field);
    put_varint(out, customer.identities.size());
    for (const Identity &identity : customer.identities) {
        const bool names = std::binary_search(customer.named_by.begin(), customer.named_by.end(), identity);
        out += static_cast<char>(static_cast<uint8_t>(identity.kind) | (identity == customer.root ? is_root : 0) | (names ? names_entries : 0));
        put_text(out, identity.value);
    }
    put_varint(out, customer.lists.size());
    for (const std::string &list : customer.lists)
        put_text(out, list);
    put_key(out, customer.newest);
    out += static_cast<char>(customer.newest_list.at != no_instant);
    if (customer.newest_list.at != no_instant) put_key(out, customer.newest_list);
    put_instant(out, customer.latest);
    put_positions(out, customer.entries, form);
}

void put_claim(std::string &out, const Claim &claim) {
    put_key(out, claim.key);
    put_identity(out, claim.by);
    put_instant(out, claim.back_to);
}

void put_identity_state(std::string &out, const IdentityState &identity, Form form) {
    out += static_cast<char>(format_version);
    out += 'I';
    const bool vacant = identity.vacant && form == Form::stored;
    out += static_cast<char>((identity.claim ? has_claim : 0) | (identity.contested ? is_contested : 0) | (identity.merge ? has_merge : 0) |
                             (vacant ? is_vacant : 0));
    if (identity.claim) put_claim(out, *identity.claim);
    if (!identity.merge) return;
    put_key(out, identity.merge->key);
    out += static_cast<char>(identity.merge->into.has_value());
    if (identity.merge->into) put_identity(out, *identity.merge->into);
}

// ---- reading: into what is there, so that texts and vectors keep their memory

Instant get_instant(ByteReader &in) {
    int64_t value = 0;
    switch (in.byte()) {
        case 0: return no_instant;
        case 1:
            if (__builtin_mul_overflow(in.number(), second_us, &value)) in.fail();
            return value;
        case 2: return in.number();
        case 3: return never;
        default: in.fail(); return no_instant;
    }
}

inline void get_text(ByteReader &in, std::string &out) {
    out.assign(in.text());
}

bool makes_sense(const Value &value) {
    if (value.type == Type::list) return value.text.empty() || value.text.back() == '\0';
    return value.type != Type::date || valid(unpack_date(value.number));  // calendars index by month
}

[[gnu::always_inline]] inline void get_value(ByteReader &in, Value &out) {
    const uint8_t head = in.byte();
    out.type = static_cast<Type>(head & type_mask);
    out.currency = {};
    if (holds_text(out.type)) {
        out.number = 0;
        get_text(in, out.text);
    } else {
        if (out.type == Type::none || out.type > Type::json || (head & ~(type_mask | has_currency | shortened))) in.fail();
        out.text.clear();
        out.number = in.number();
        if ((head & shortened) && __builtin_mul_overflow(out.number, unit_of(out.type), &out.number)) in.fail();
        if (head & has_currency) out.currency.packed = static_cast<uint32_t>(in.varint());
    }
    if (!makes_sense(out)) in.fail();
}

void get_record(ByteReader &from, Record &out, std::span<const Field> fields) {
    ByteReader in = from;  // in registers: values are most of what is read
    out.cells.resize(in.count(3));
    FieldId least = 0;
    for (Record::Cell &cell : out.cells) {
        const uint64_t field = in.varint();
        cell.field = static_cast<FieldId>(field);
        get_value(in, cell.value);
        if (field < least || field >= fields.size() || fields[field].type != cell.value.type) return from.fail();
        least = static_cast<FieldId>(cell.field + 1);
    }
    out.customs.resize(in.count(3));
    for (size_t i = 0; i < out.customs.size(); ++i) {
        get_text(in, out.customs[i].code);
        get_value(in, out.customs[i].value);
        if (in.failed() || (i > 0 && out.customs[i].code <= out.customs[i - 1].code)) return from.fail();
    }
    from = in;
}

void get_records(ByteReader &in, KeptRows<Record> &out, Object object) {
    out.resize(in.count(2));
    for (Record &record : out.now) {
        get_record(in, record, system_fields(object));
        if (in.failed()) return;
    }
}

void get_key(ByteReader &in, FactKey &out) {
    out.trust = in.byte();
    out.at = get_instant(in);
    out.has_sequence = in.byte() != 0;
    out.sequence = in.number();
    out.rank = in.number();
    get_text(in, out.source);
    get_text(in, out.id);
    out.part = in.byte();
}

void get_identity(ByteReader &in, Identity &out) {
    const uint8_t kind = in.byte();
    if (kind > static_cast<uint8_t>(IdentityKind::anonymous_id)) in.fail();
    out.kind = static_cast<IdentityKind>(kind);
    get_text(in, out.value);
}

void get_identities(ByteReader &in, Customer &customer) {
    customer.identities.resize(in.count(2));
    customer.named_by.clear();
    customer.root = {};
    for (Identity &identity : customer.identities) {
        const uint8_t head = in.byte(), kind = head & kind_mask;
        if (kind > static_cast<uint8_t>(IdentityKind::anonymous_id) || (head & ~(kind_mask | is_root | names_entries))) in.fail();
        identity.kind = static_cast<IdentityKind>(kind);
        get_text(in, identity.value);
        if (head & names_entries) customer.named_by.push_back(identity);
        if (head & is_root) customer.root = identity;
    }
}

void get_positions(ByteReader &in, std::vector<int64_t> &out) {
    out.resize(in.count(1));
    uint64_t position = 0;
    for (int64_t &entry : out)
        entry = static_cast<int64_t>(position += static_cast<uint64_t>(in.number()));
}

bool begins(ByteReader &in, char kind) {
    return in.byte() == format_version && in.byte() == static_cast<uint8_t>(kind);
}

struct StatusView {
    std::string_view code, previous;
    Instant at;
};

StatusView get_status(ByteReader &in) {
    const std::string_view code = in.text(), previous = in.text();
    return {code, previous, get_instant(in)};
}

// Statuses and the section of the history, which refers to them.
void get_history(ByteReader &in, KeptRows<HistoryRow> &out) {
    std::array<StatusView, 3> status;
    for (StatusView &now : status)
        now = get_status(in);
    in.count(1);
    std::array<std::string_view, 3> codes;
    for (std::string_view &code : codes)
        code = in.text();
    out.resize(in.count(3));  // set, received_at, source
    for (HistoryRow &row : out.now) {
        const uint8_t head = in.byte(), set = head & 3;
        if (set > 2 || head > (as_status | 2)) return in.fail();
        const bool follows = head & as_status;
        row.set = static_cast<StatusSet>(set);
        row.from.assign(codes[set]);
        codes[set] = follows ? status[set].code : in.text();
        row.to.assign(codes[set]);
        row.at = follows ? status[set].at : get_instant(in);
        row.received_at = get_instant(in);
        get_text(in, row.source);
        for (size_t i = 0; i < 3; ++i)
            row.after[i].assign(codes[i]);
    }
}

template <typename Row, typename Get>
bool open_rows(std::string_view bytes, KeptRows<Row> &out, Get get) {
    ByteReader in(bytes);
    get(in, out);
    return !in.failed() && in.left() == 0;
}

bool open_lines(std::string_view bytes, KeptRows<Record> &out) {
    return open_rows(bytes, out, [](ByteReader &in, KeptRows<Record> &lines) { get_records(in, lines, Object::line); });
}

bool open_payments(std::string_view bytes, KeptRows<Record> &out) {
    return open_rows(bytes, out, [](ByteReader &in, KeptRows<Record> &payments) { get_records(in, payments, Object::payment); });
}

bool open_history(std::string_view bytes, KeptRows<HistoryRow> &out) { return open_rows(bytes, out, get_history); }

void get_facts(ByteReader &in, Order &order) {
    if (!begins(in, 'O')) in.fail();
    get_record(in, order.record, system_fields(Object::order));
    order.lines.seal(in.text(), open_lines);
    order.payments.seal(in.text(), open_payments);
    const size_t before = in.left();
    const char *start = in.at();
    for (StatusNow &now : order.status) {
        const StatusView status = get_status(in);
        now.code.assign(status.code);
        now.previous.assign(status.previous);
        now.at = status.at;
    }
    in.text();
    order.history.seal({start, before - in.left()}, open_history);
}

Status corrupt() { return failure(Code::corrupt, "corrupt", "the stored bytes of an object make no sense"); }

Status checked(const ByteReader &in) { return in.failed() || in.left() != 0 ? corrupt() : Status{}; }

}  // namespace

void encode(const Order &order, std::string &out) {
    put_order(out, order, Form::stored);
}
void encode(const Customer &customer, std::string &out) {
    put_customer(out, customer, Form::stored);
}
void encode(const IdentityState &identity, std::string &out) { put_identity_state(out, identity, Form::stored); }
void append_facts_digest(const IdentityState &identity, std::string &out) { put_identity_state(out, identity, Form::digest); }
void append_facts_digest(const Claim &claim, std::string &out) { put_claim(out, claim); }

void append_facts_digest(const Order &order, std::string &out) {
    put_order(out, order, Form::digest);
}
void append_facts_digest(const Customer &customer, std::string &out) {
    put_customer(out, customer, Form::digest);
}

Status decode(std::string_view bytes, IdentityState &identity) {
    ByteReader in(bytes);
    identity = {};
    if (!begins(in, 'I')) in.fail();
    const uint8_t head = in.byte();
    if (head & ~(has_claim | is_contested | has_merge | is_vacant) || ((head & has_claim) && (head & is_contested))) in.fail();
    identity.contested = head & is_contested;
    identity.vacant = head & is_vacant;
    if (head & has_claim) {
        Claim &claim = identity.claim.emplace();
        get_key(in, claim.key);
        get_identity(in, claim.by);
        claim.back_to = get_instant(in);
    }
    if (head & has_merge) {
        Merge &merge = identity.merge.emplace();
        get_key(in, merge.key);
        if (in.byte() != 0) get_identity(in, merge.into.emplace());
    }
    return checked(in);
}

Status decode_facts(std::string_view bytes, Order &order) {
    ByteReader in(bytes);
    get_facts(in, order);
    return in.failed() ? corrupt() : Status{};
}

Status decode(std::string_view bytes, Order &order) {
    ByteReader in(bytes);
    get_facts(in, order);
    if (in.byte() != 0) {
        get_identity(in, order.owner ? *order.owner : order.owner.emplace());
        order.owner_at = get_instant(in);
    } else {
        order.owner.reset();
        order.owner_at = no_instant;
    }
    order.sent_placed_at = get_instant(in);
    order.least_occurred_at = get_instant(in);
    get_text(in, order.first_source);
    get_key(in, order.newest);
    order.least_trust = in.byte();
    order.status_facts = static_cast<size_t>(in.varint());
    order.object_facts = static_cast<size_t>(in.varint());
    get_positions(in, order.entries);
    order.other_currencies.resize(in.count(1));
    for (std::string &code : order.other_currencies)
        get_text(in, code);
    order.open();
    return order.damaged() ? corrupt() : checked(in);
}

Status decode(std::string_view bytes, Customer &customer) {
    ByteReader in(bytes);
    if (!begins(in, 'C')) in.fail();
    get_record(in, customer.record, system_fields(Object::customer));
    get_identities(in, customer);
    customer.lists.resize(in.count(1));
    for (std::string &list : customer.lists)
        get_text(in, list);
    get_key(in, customer.newest);
    if (in.byte() != 0)
        get_key(in, customer.newest_list);
    else
        customer.newest_list = {};
    customer.latest = get_instant(in);
    get_positions(in, customer.entries);
    return checked(in);
}

}  // namespace cartbell
