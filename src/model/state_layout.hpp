// The layout of stored bytes, for who writes them (state_encode.cpp) and who reads them (state_decode.cpp). Private to state_bytes.hpp.
#pragma once

#include <cstdint>

#include "model/value.hpp"

// Layout, version 1. varint: 7 bits a byte, least first; number: zigzag varint; text: varint length and bytes.
//   state    := version byte, kind byte 'O', 'C', 'P', 'I', 'E' or 'B', members in the order of put_order, put_customer and so on
//   instant  := 0 (none), 1 and whole seconds, 2 and microseconds, 3 (never)
//   record   := count of cells, (field, value)…; count of customs, (code, value)…      both strictly ascending
//   value    := type byte (low 4 bits the Type, `has_currency`, `shortened`), then text, or number and perhaps the currency as number
//   section  := varint length, and so many bytes: who does not need it steps over it
//   status   := for each set code, previous, at
//   history  := the three codes before the first row, count, (set, to, at, received_at, source)…; `from` and `after` follow from the rows.
//               A row marked `as_status` has neither `to` nor `at`: they are what the status of its set says
//   consent  := channel, category, how many older facts, count, (key, head, expires_at if it has one, proof if it has one)…
//   entries  := how many are in rows of their own; count of those here, positions as differences
// The digest form is the same without positions and received_at: nothing in it depends on when or where it arrived.

namespace cartbell::layout {

inline constexpr uint8_t format_version = 1;
inline constexpr uint8_t type_mask = 0x0f, has_currency = 0x10, shortened = 0x20;
inline constexpr uint8_t as_status = 0x04;  // beside the set of a history row
inline constexpr uint8_t has_claim = 0x01, is_contested = 0x02, has_merge = 0x04, is_vacant = 0x08;  // of what is kept of an identity
inline constexpr uint8_t has_newest_list = 0x01, has_consents = 0x02, has_containers = 0x04;  // of a customer
inline constexpr uint8_t is_granted = 0x01, has_expiry = 0x02, has_proof = 0x04;  // of a consent's fact
inline constexpr uint8_t kind_mask = 0x0f, is_root = 0x10, names_entries = 0x20;  // of a customer's identities

inline constexpr uint8_t customer_has_events = 0x80;  // beside the kinds of identities that were carried
inline constexpr uint8_t events_mask = 0x03, carried_at_newest = 0x04, carried_at_key = 0x08;  // who carried one
inline constexpr uint8_t event_kind_mask = 0x03, is_trusted = 0x04;

// Most times are whole seconds, most amounts whole cents, most decimals whole: a factor both sides know.
inline int64_t unit_of(Type type) {
    switch (type) {
        case Type::time: return second_us;
        case Type::money: return 100;
        case Type::decimal: return decimal_unit_e6;
        default: return 1;
    }
}

inline bool holds_text(Type type) {
    return type == Type::text || type == Type::list || type == Type::json;
}

}  // namespace cartbell::layout
