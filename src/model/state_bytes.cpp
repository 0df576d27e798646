#include "model/state_bytes.hpp"

#include "model/byte_reader.hpp"
#include "model/field.hpp"

// Layout, version 1. varint: 7 bits a byte, least first; number: zigzag varint; text: varint length and
// bytes.
//   state    := version byte, kind byte 'O' or 'C', members in the order of the functions below
//   instant  := 0 (none), 1 and whole seconds, 2 and microseconds, 3 (never)
//   record   := count of cells, (field, value)…; count of customs, (code, value)…      both strictly
//   ascending value    := type byte (low 4 bits the Type, `has_currency`, `shortened`), then text, or number
//   and perhaps the currency as number history  := the three codes before the first row, count, (set, to, at,
//   received_at, source)…; `from` and `after` follow from the rows status   := one flag byte a set: 1 if it
//   is what the last row of its set says; else code, previous, at
// The digest form is the same without positions and received_at: nothing in it depends on when or where it
// arrived.

namespace cartbell {
namespace {

constexpr uint8_t format_version = 1;
constexpr uint8_t type_mask = 0x0f, has_currency = 0x10, shortened = 0x20;

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

const HistoryRow *last_of(const std::vector<HistoryRow> &history, size_t set) {
    for (size_t i = history.size(); i-- > 0;)
        if (static_cast<size_t>(history[i].set) == set) return &history[i];
    return nullptr;
}

void put_history(std::string &out, const Order &order, Form form) {
    for (size_t set = 0; set < 3; ++set) {
        std::string_view before;
        if (!order.history.empty()) {
            const HistoryRow &first = order.history.front();
            before = static_cast<size_t>(first.set) == set ? first.from : first.after[set];
        }
        put_text(out, before);
    }
    put_varint(out, order.history.size());
    for (const HistoryRow &row : order.history) {
        out += static_cast<char>(row.set);
        put_text(out, row.to);
        put_instant(out, row.at);
        if (form == Form::stored) put_instant(out, row.received_at);
        put_text(out, row.source);
    }
}

void put_status(std::string &out, const Order &order) {
    for (size_t set = 0; set < 3; ++set) {
        const StatusNow &now = order.status[set];
        const HistoryRow *row = last_of(order.history, set);
        const bool follows = row ? now == StatusNow{row->to, row->from, row->at} : now == StatusNow{};
        out += static_cast<char>(follows);
        if (follows) continue;
        put_text(out, now.code);
        put_text(out, now.previous);
        put_instant(out, now.at);
    }
}

void put_order(std::string &out, const Order &order, Form form) {
    out += static_cast<char>(format_version);
    out += 'O';
    put_record(out, order.record, form == Form::digest ? FieldId{order_field::received_at} : no_field);
    put_records(out, order.lines);
    put_records(out, order.payments);
    put_history(out, order, form);
    put_status(out, order);
    out += static_cast<char>(order.owner.has_value());
    if (order.owner) put_identity(out, *order.owner);
    put_instant(out, order.sent_placed_at);
    put_instant(out, order.least_occurred_at);
    put_text(out, order.first_source);
    put_key(out, order.newest);
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
    for (const Identity &identity : customer.identities)
        put_identity(out, identity);
    put_key(out, customer.newest);
    put_positions(out, customer.entries, form);
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

void get_text(ByteReader &in, std::string &out) {
    out.assign(in.text());
}

void get_value(ByteReader &in, Value &out) {
    const uint8_t head = in.byte();
    out.type = static_cast<Type>(head & type_mask);
    out.currency = {};
    if (holds_text(out.type)) {
        out.number = 0;
        get_text(in, out.text);
        if (out.type == Type::list && !out.text.empty() && out.text.back() != '\0') in.fail();
        return;
    }
    if (out.type == Type::none || out.type > Type::json || (head & ~(type_mask | has_currency | shortened)))
        in.fail();
    out.text.clear();
    out.number = in.number();
    if ((head & shortened) && __builtin_mul_overflow(out.number, unit_of(out.type), &out.number)) in.fail();
    if (out.type == Type::date && !valid(unpack_date(out.number))) in.fail();  // calendars index by month
    if (head & has_currency) out.currency.packed = static_cast<uint32_t>(in.varint());
}

void get_record(ByteReader &in, Record &out, std::span<const Field> fields) {
    out.cells.resize(in.count(3));
    FieldId least = 0;
    for (Record::Cell &cell : out.cells) {
        const uint64_t field = in.varint();
        cell.field = static_cast<FieldId>(field);
        get_value(in, cell.value);
        if (field < least || field >= fields.size() || fields[field].type != cell.value.type)
            return in.fail();
        least = static_cast<FieldId>(cell.field + 1);
    }
    out.customs.resize(in.count(3));
    for (size_t i = 0; i < out.customs.size(); ++i) {
        get_text(in, out.customs[i].code);
        get_value(in, out.customs[i].value);
        if (in.failed() || (i > 0 && out.customs[i].code <= out.customs[i - 1].code)) return in.fail();
    }
}

void get_records(ByteReader &in, std::vector<Record> &out, Object object) {
    out.resize(in.count(2));
    for (Record &record : out) {
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

void get_positions(ByteReader &in, std::vector<int64_t> &out) {
    out.resize(in.count(1));
    uint64_t position = 0;
    for (int64_t &entry : out)
        entry = static_cast<int64_t>(position += static_cast<uint64_t>(in.number()));
}

void get_history(ByteReader &in, Order &order) {
    std::array<std::string_view, 3> codes;
    for (std::string_view &code : codes)
        code = in.text();
    order.history.resize(in.count(5));  // set, to, at, received_at, source
    for (HistoryRow &row : order.history) {
        const uint8_t set = in.byte();
        if (set > 2) return in.fail();
        row.set = static_cast<StatusSet>(set);
        row.from.assign(codes[set]);
        codes[set] = in.text();
        row.to.assign(codes[set]);
        row.at = get_instant(in);
        row.received_at = get_instant(in);
        get_text(in, row.source);
        for (size_t i = 0; i < 3; ++i)
            row.after[i].assign(codes[i]);
    }
}

void get_status(ByteReader &in, Order &order) {
    for (size_t set = 0; set < 3; ++set) {
        StatusNow &now = order.status[set];
        if (in.byte() == 0) {
            get_text(in, now.code);
            get_text(in, now.previous);
            now.at = get_instant(in);
            continue;
        }
        const HistoryRow *row = last_of(order.history, set);
        now.code.assign(row ? std::string_view(row->to) : "");
        now.previous.assign(row ? std::string_view(row->from) : "");
        now.at = row ? row->at : no_instant;
    }
}

Status checked(const ByteReader &in) {
    if (!in.failed() && in.left() == 0) return {};
    return failure(Code::corrupt, "corrupt", "the stored bytes of an object make no sense");
}

bool begins(ByteReader &in, char kind) {
    return in.byte() == format_version && in.byte() == static_cast<uint8_t>(kind);
}

}  // namespace

void encode(const Order &order, std::string &out) {
    put_order(out, order, Form::stored);
}
void encode(const Customer &customer, std::string &out) {
    put_customer(out, customer, Form::stored);
}
void append_facts_digest(const Order &order, std::string &out) {
    put_order(out, order, Form::digest);
}
void append_facts_digest(const Customer &customer, std::string &out) {
    put_customer(out, customer, Form::digest);
}

Status decode(std::string_view bytes, Order &order) {
    ByteReader in(bytes);
    if (!begins(in, 'O')) in.fail();
    get_record(in, order.record, system_fields(Object::order));
    get_records(in, order.lines, Object::line);
    get_records(in, order.payments, Object::payment);
    get_history(in, order);
    get_status(in, order);
    if (in.byte() != 0)
        get_identity(in, order.owner ? *order.owner : order.owner.emplace());
    else
        order.owner.reset();
    order.sent_placed_at = get_instant(in);
    order.least_occurred_at = get_instant(in);
    get_text(in, order.first_source);
    get_key(in, order.newest);
    get_positions(in, order.entries);
    order.other_currencies.resize(in.count(1));
    for (std::string &code : order.other_currencies)
        get_text(in, code);
    return checked(in);
}

Status decode(std::string_view bytes, Customer &customer) {
    ByteReader in(bytes);
    if (!begins(in, 'C')) in.fail();
    get_record(in, customer.record, system_fields(Object::customer));
    customer.identities.resize(in.count(2));
    for (Identity &identity : customer.identities)
        get_identity(in, identity);
    get_key(in, customer.newest);
    get_positions(in, customer.entries);
    return checked(in);
}

}  // namespace cartbell
