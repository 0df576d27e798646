#include <algorithm>
#include <cstring>

#include "model/field.hpp"
#include "model/state_bytes.hpp"
#include "model/state_layout.hpp"

namespace cartbell {
namespace {

using namespace layout;

enum class Form : uint8_t { stored, digest };

// Appends to a text by way of a few bytes in hand: a state is mostly made of single bytes, and each would be a call.
class ByteWriter {
  public:
    explicit ByteWriter(std::string &out) : out_(out) {}
    ByteWriter(const ByteWriter &) = delete;
    void operator+=(char byte) {
        if (used_ == sizeof bytes_) flush();
        bytes_[used_++] = byte;
    }
    void operator+=(std::string_view text) {
        if (text.size() > sizeof bytes_ - used_) flush();
        if (text.size() > sizeof bytes_) {
            out_ += text;
            return;
        }
        if (!text.empty()) std::memcpy(bytes_ + used_, text.data(), text.size());
        used_ += text.size();
    }
    std::string &flush() {  // at the end, too
        out_.append(bytes_, used_);
        used_ = 0;
        return out_;
    }

  private:
    std::string &out_;
    size_t used_ = 0;
    char bytes_[512];
};

void put_varint(ByteWriter &out, uint64_t value) {
    while (value >= 0x80) {
        out += static_cast<char>(value | 0x80);
        value >>= 7;
    }
    out += static_cast<char>(value);
}

void put_number(ByteWriter &out, int64_t value) {
    put_varint(out, (static_cast<uint64_t>(value) << 1) ^ static_cast<uint64_t>(value >> 63));
}

void put_instant(ByteWriter &out, Instant at) {
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

void put_text(ByteWriter &out, std::string_view text) {
    put_varint(out, text.size());
    out += text;
}

void put_value(ByteWriter &out, const Value &value) {
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

void put_record(ByteWriter &out, const Record &record, FieldId left_out) {
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

void put_records(ByteWriter &out, const std::vector<Record> &records) {
    put_varint(out, records.size());
    for (const Record &record : records)
        put_record(out, record, no_field);
}

void put_key(ByteWriter &out, const FactKey &key) {
    out += static_cast<char>(key.trust);
    put_instant(out, key.at);
    out += static_cast<char>(key.has_sequence);
    put_number(out, key.sequence);
    put_number(out, key.rank);
    put_text(out, key.source);
    put_text(out, key.id);
    out += static_cast<char>(key.part);
}

void put_identity(ByteWriter &out, const Identity &identity) {
    out += static_cast<char>(identity.kind);
    put_text(out, identity.value);
}

void put_positions(ByteWriter &out, std::span<const int64_t> positions) {
    put_varint(out, positions.size());
    int64_t before = 0;
    for (const int64_t position : positions) {
        put_number(out,
                   static_cast<int64_t>(static_cast<uint64_t>(position) - static_cast<uint64_t>(before)));
        before = position;
    }
}

void put_entries(ByteWriter &out, const EntryList &entries, Form form) {
    if (form == Form::digest) return put_varint(out, entries.size());
    put_varint(out, entries.older);
    put_positions(out, entries.here);
}

// What `write` writes, behind its length.
template <typename Write>
void put_section(ByteWriter &out, Write &&write) {
    const size_t start = out.flush().size();
    write();
    const size_t size = out.flush().size() - start;
    std::string length;
    ByteWriter digits(length);
    put_varint(digits, size);
    out.flush().insert(start, digits.flush());
}

const HistoryRow *last_of(const std::vector<HistoryRow> &history, size_t set) {
    for (size_t i = history.size(); i-- > 0;)
        if (static_cast<size_t>(history[i].set) == set) return &history[i];
    return nullptr;
}

void put_history(ByteWriter &out, const Order &order, Form form) {
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

void put_status(ByteWriter &out, const Order &order) {
    for (const StatusNow &now : order.status) {
        put_text(out, now.code);
        put_text(out, now.previous);
        put_instant(out, now.at);
    }
}

void put_order(ByteWriter &out, const Order &order, Form form) {
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
    put_entries(out, order.entries, form);
    put_varint(out, order.other_currencies.size());
    for (const std::string &code : order.other_currencies)
        put_text(out, code);
}

void put_consents(ByteWriter &out, const std::vector<Consent> &consents) {
    put_varint(out, consents.size());
    for (const Consent &consent : consents) {
        put_text(out, consent.channel);
        put_text(out, consent.category);
        put_varint(out, consent.older);
        put_varint(out, consent.facts.size());
        for (const ConsentFact &fact : consent.facts) {
            const bool expires = fact.expires_at != no_instant, proven = !fact.proof.empty();
            put_key(out, fact.key);
            out += static_cast<char>((fact.granted ? is_granted : 0) | (expires ? has_expiry : 0) | (proven ? has_proof : 0));
            if (expires) put_instant(out, fact.expires_at);
            if (proven) put_text(out, fact.proof);
        }
    }
}

// One byte for the kinds that were carried and whether there are events, then one for each of those kinds, and its key where it is another.
void put_carriers(ByteWriter &out, const Customer &customer) {
    uint8_t kinds = customer.has_events ? customer_has_events : 0;
    for (size_t kind = 0; kind < sent_identity_kinds; ++kind) {
        const Carrier &carrier = customer.carriers[kind];
        if (carrier.newest != Carrier::Newest::none || carrier.events != 0) kinds |= static_cast<uint8_t>(1u << kind);
    }
    out += static_cast<char>(kinds);
    for (size_t kind = 0; kind < sent_identity_kinds; ++kind) {
        if (!(kinds & (1u << kind))) continue;
        const Carrier &carrier = customer.carriers[kind];
        const FactKey *key = customer.carried_at(static_cast<IdentityKind>(kind));
        const bool is_newest = key != nullptr && (key == &customer.newest || *key == customer.newest);
        out += static_cast<char>(carrier.events | (key == nullptr ? 0 : is_newest ? carried_at_newest : carried_at_key));
        if (key != nullptr && !is_newest) put_key(out, *key);
    }
}

void put_customer(ByteWriter &out, const Customer &customer, Form form) {
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
    put_carriers(out, customer);
    const bool lists = customer.newest_list.at != no_instant;
    out += static_cast<char>((lists ? has_newest_list : 0) | (customer.consents.empty() ? 0 : has_consents) |
                             (customer.has_containers ? has_containers : 0));
    if (lists) put_key(out, customer.newest_list);
    if (!customer.consents.empty()) put_consents(out, customer.consents);
    put_instant(out, customer.latest);
    put_entries(out, customer.entries, form);
}

void put_product(ByteWriter &out, const Product &product, Form form) {
    out += static_cast<char>(format_version);
    out += 'P';
    put_record(out, product.record, no_field);
    put_key(out, product.newest);
    put_entries(out, product.entries, form);
}

// What a container is made of, without what it is stored by; the digest form without what only the next fact asks for.
void put_container(ByteWriter &out, const Container &container, Form form) {
    out += static_cast<char>(format_version);
    out += 'B';
    put_records(out, container.items);
    put_instant(out, container.created_at);
    put_instant(out, container.changed_at);
    put_number(out, container.facts);
    if (form == Form::stored) put_key(out, container.newest);
}

// Its key, name and position stand in columns of their own.
struct EventParts {
    EventKind kind;
    uint8_t trust;
    std::string_view session_id;
    std::span<const Identity> customer;
    Instant received_at;
    const Record &context;
};

EventParts parts_of(const Event &event) {
    return {event.kind, event.key.trust, event.session_id, event.customer, event.received_at, event.context};
}

void put_event(ByteWriter &out, const EventParts &event, Form form) {
    out += static_cast<char>(format_version);
    out += 'E';
    out += static_cast<char>(static_cast<uint8_t>(event.kind) | (event.trust != 0 ? is_trusted : 0));
    put_text(out, event.session_id);
    put_varint(out, event.customer.size());
    for (const Identity &identity : event.customer) put_identity(out, identity);
    if (form == Form::stored) put_instant(out, event.received_at);
    put_record(out, event.context, no_field);
}

void put_claim(ByteWriter &out, const Claim &claim) {
    put_key(out, claim.key);
    put_identity(out, claim.by);
    put_instant(out, claim.back_to);
}

void put_identity_state(ByteWriter &out, const IdentityState &identity, Form form) {
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

}  // namespace

void encode(const Order &order, std::string &out) {
    ByteWriter writer(out);
    put_order(writer, order, Form::stored);
    writer.flush();
}
void encode(const Customer &customer, std::string &out) {
    ByteWriter writer(out);
    put_customer(writer, customer, Form::stored);
    writer.flush();
}
void encode(const Product &product, std::string &out) {
    ByteWriter writer(out);
    put_product(writer, product, Form::stored);
    writer.flush();
}
void encode(const Container &container, std::string &out) {
    ByteWriter writer(out);
    put_container(writer, container, Form::stored);
    writer.flush();
}
void encode(const Event &event, std::string &out) {
    ByteWriter writer(out);
    put_event(writer, parts_of(event), Form::stored);
    writer.flush();
}
void encode_event(const Entry &entry, std::string &out) {
    const Stamp &stamp = entry.stamp;
    const Operation &operation = *entry.operation;
    ByteWriter writer(out);
    put_event(writer, {operation.event.kind, stamp.trust, operation.event.session_id, operation.customer, stamp.received_at, operation.event.context},
              Form::stored);
    writer.flush();
}
void encode(std::span<const int64_t> positions, std::string &out) {
    ByteWriter writer(out);
    put_positions(writer, positions);
    writer.flush();
}
void encode(const IdentityState &identity, std::string &out) {
    ByteWriter writer(out);
    put_identity_state(writer, identity, Form::stored);
    writer.flush();
}
void append_facts_digest(const IdentityState &identity, std::string &out) {
    ByteWriter writer(out);
    put_identity_state(writer, identity, Form::digest);
    writer.flush();
}
void append_facts_digest(const Claim &claim, std::string &out) {
    ByteWriter writer(out);
    put_claim(writer, claim);
    writer.flush();
}

void append_facts_digest(const Order &order, std::string &out) {
    ByteWriter writer(out);
    put_order(writer, order, Form::digest);
    writer.flush();
}
void append_facts_digest(const Customer &customer, std::string &out) {
    ByteWriter writer(out);
    put_customer(writer, customer, Form::digest);
    writer.flush();
}
void append_facts_digest(const Container &container, std::string &out) {
    ByteWriter writer(out);
    put_text(writer, container.code);
    put_container(writer, container, Form::digest);
    writer.flush();
}
void append_facts_digest(const Event &event, std::string &out) {
    ByteWriter writer(out);
    put_key(writer, event.key);
    put_text(writer, event.name);
    put_event(writer, parts_of(event), Form::digest);
    writer.flush();
}
void append_facts_digest(const Product &product, std::string &out) {
    ByteWriter writer(out);
    put_product(writer, product, Form::digest);
    writer.flush();
}

}  // namespace cartbell
