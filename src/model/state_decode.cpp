#include "model/byte_reader.hpp"
#include "model/field.hpp"
#include "model/state_bytes.hpp"
#include "model/state_layout.hpp"

namespace cartbell {
namespace {

using namespace layout;

// Into what is there, so that texts and vectors keep their memory.

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

inline void get_text(ByteReader &in, std::string_view &out) {
    out = in.text();
}

inline void clear(std::string &text) { text.clear(); }
inline void clear(std::string_view &text) { text = {}; }

// Values own their texts or borrow them.
template <typename Value>
[[gnu::always_inline]] inline bool makes_sense(const Value &value) {
    if (value.type == Type::list) return value.text.empty() || value.text.back() == '\0';
    return value.type != Type::date || valid(unpack_date(value.number));  // calendars index by month
}

template <typename Value>
[[gnu::always_inline]] inline void get_value(ByteReader &in, Value &out) {
    const uint8_t head = in.byte();
    out.type = static_cast<Type>(head & type_mask);
    out.currency = {};
    if (holds_text(out.type)) {
        out.number = 0;
        get_text(in, out.text);
    } else {
        if (out.type == Type::none || out.type > Type::json || (head & ~(type_mask | has_currency | shortened))) in.fail();
        clear(out.text);
        out.number = in.number();
        if ((head & shortened) && __builtin_mul_overflow(out.number, unit_of(out.type), &out.number)) in.fail();
        if (head & has_currency) out.currency.packed = static_cast<uint32_t>(in.varint());
    }
    if (!makes_sense(out)) in.fail();
}

template <typename Cell>
[[gnu::always_inline]] inline bool get_cells(ByteReader &in, std::span<Cell> cells, std::span<const Field> fields) {
    FieldId least = 0;
    for (Cell &cell : cells) {
        const uint64_t field = in.varint();
        cell.field = static_cast<FieldId>(field);
        get_value(in, cell.value);
        if (field < least || field >= fields.size() || fields[field].type != cell.value.type) return false;
        least = static_cast<FieldId>(cell.field + 1);
    }
    return true;
}

void get_record(ByteReader &from, Record &out, std::span<const Field> fields) {
    ByteReader in = from;  // in registers: values are most of what is read
    out.cells.resize(in.count(3));
    if (!get_cells(in, std::span(out.cells), fields)) return from.fail();
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

void get_carriers(ByteReader &in, Customer &customer) {
    const uint8_t kinds = in.byte();
    customer.has_events = kinds & customer_has_events;
    if (kinds & ~(customer_has_events | ((1u << sent_identity_kinds) - 1))) in.fail();
    for (size_t kind = 0; kind < sent_identity_kinds; ++kind) {
        Carrier &carrier = customer.carriers[kind];
        const uint8_t head = kinds & (1u << kind) ? in.byte() : 0;
        if (head & ~(events_mask | carried_at_newest | carried_at_key)) in.fail();
        carrier.events = head & events_mask;
        carrier.newest = head & carried_at_newest ? Carrier::Newest::at_newest : head & carried_at_key ? Carrier::Newest::at_key : Carrier::Newest::none;
        if (carrier.newest == Carrier::Newest::at_key) get_key(in, carrier.key);
    }
}

void get_positions(ByteReader &in, std::vector<int64_t> &out) {
    out.resize(in.count(1));
    uint64_t position = 0;
    for (int64_t &entry : out)
        entry = static_cast<int64_t>(position += static_cast<uint64_t>(in.number()));
}

void get_entries(ByteReader &in, EntryList &out) {
    out.older = static_cast<size_t>(in.varint());
    get_positions(in, out.here);
    if (out.here.empty() && out.older != 0) in.fail();
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

void get_consents(ByteReader &in, std::vector<Consent> &out) {
    out.resize(in.count(13));
    for (Consent &consent : out) {
        get_text(in, consent.channel);
        get_text(in, consent.category);
        consent.older = in.varint();
        consent.facts.resize(in.count(9));
        if (consent.facts.empty()) return in.fail();
        for (ConsentFact &fact : consent.facts) {
            get_key(in, fact.key);
            const uint8_t head = in.byte();
            if (head & ~(is_granted | has_expiry | has_proof)) in.fail();
            fact.granted = head & is_granted;
            if (head & has_expiry) fact.expires_at = get_instant(in);
            if (head & has_proof) get_text(in, fact.proof);
        }
    }
}

Status corrupt() { return failure(Code::corrupt, "corrupt", "the stored bytes of an object make no sense"); }

Status checked(const ByteReader &in) { return in.failed() || in.left() != 0 ? corrupt() : Status{}; }

}  // namespace

Status decode(std::string_view bytes, std::vector<int64_t> &positions) {
    ByteReader in(bytes);
    get_positions(in, positions);
    return checked(in);
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

bool view_lines(std::string_view sealed, RowViews &lines) {
    const std::span<const Field> fields = system_fields(Object::line);
    ByteReader in(sealed);
    lines.clear();
    for (size_t left = in.count(2); left > 0; --left) {
        if (!get_cells(in, lines.add(in.count(3)), fields)) return false;
        std::string_view code, before;
        ValueView custom;
        for (size_t customs = in.count(3), i = 0; i < customs; ++i, before = code) {
            get_text(in, code);
            get_value(in, custom);
            if (in.failed() || (i > 0 && code <= before)) return false;
        }
        if (in.failed()) return false;
    }
    lines.close();
    return in.left() == 0 && !in.failed();
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
    get_entries(in, order.entries);
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
    get_carriers(in, customer);
    const uint8_t head = in.byte();
    if (head & ~(has_newest_list | has_consents | has_containers)) in.fail();
    customer.has_containers = head & has_containers;
    if (head & has_newest_list)
        get_key(in, customer.newest_list);
    else
        customer.newest_list = {};
    customer.consents.clear();
    if (head & has_consents) get_consents(in, customer.consents);
    customer.latest = get_instant(in);
    get_entries(in, customer.entries);
    return checked(in);
}

Status decode(std::string_view bytes, Event &event) {
    ByteReader in(bytes);
    if (!begins(in, 'E')) in.fail();
    const uint8_t head = in.byte();
    if ((head & ~(event_kind_mask | is_trusted)) || (head & event_kind_mask) > static_cast<uint8_t>(EventKind::system)) in.fail();
    event.kind = static_cast<EventKind>(head & event_kind_mask);
    event.key.trust = head & is_trusted ? 1 : 0;
    get_text(in, event.session_id);
    event.customer.resize(in.count(2));
    for (Identity &identity : event.customer) get_identity(in, identity);
    event.received_at = get_instant(in);
    get_record(in, event.context, {});
    return checked(in);
}

Status decode(std::string_view bytes, Container &container) {
    ByteReader in(bytes);
    if (!begins(in, 'B')) in.fail();
    container.items.resize(in.count(2));
    for (Record &item : container.items) {
        get_record(in, item, system_fields(Object::item));
        const bool is_item = item.find(item_field::product_id) && item.find(item_field::quantity) && item.find(item_field::added_at);
        if (!is_item) in.fail();
        if (in.failed()) break;
    }
    container.created_at = get_instant(in);
    container.changed_at = get_instant(in);
    container.facts = in.number();
    get_key(in, container.newest);
    return checked(in);
}

Status decode(std::string_view bytes, Product &product) {
    ByteReader in(bytes);
    if (!begins(in, 'P')) in.fail();
    get_record(in, product.record, system_fields(Object::product));
    get_key(in, product.newest);
    get_entries(in, product.entries);
    return checked(in);
}

}  // namespace cartbell
