// segment_probe: the row machine on a pipe, for whoever wants to hold something against it (the oracle in Python).
//
// Protocol: NDJSON, one request a line on stdin, one answer a line on stdout, in the same order. No state is kept between lines.
//
// Request:
//   {"settings": {…},                    settings as in formats.md §0: shop, sources, statuses, fields, rates; each optional
//    "customers": [
//      {"customer": {"external_id":"C-1", …},   identities (required)
//       "profile": {…},                         optional: becomes one `customer` operation
//       "at": "RFC 3339",                       optional: its occurred_at; default 1970-01-01T00:00:00Z
//       "orders": [                             optional
//         {…an order object of formats.md §1: order_id, placed_at, status, lines, payments, fields…,
//          "occurred_at": "RFC 3339",           optional: of its first operation; default placed_at, else 1970-01-01T00:00:00Z
//          "history_ops": [ {"occurred_at":"RFC 3339", …an order patch without order_id…}, … ]}]}],   optional
//    "predicate": {…},
//    "now": "RFC 3339",
//    "steps": N,                          default 1
//    "explain": true}                     optional: adds the explanation of the first customer at `now`
//
// Every order becomes one `order` operation of source "system" (trusted) with that order object, and one more per element of
// `history_ops`; all of them are folded. `received_at` of each entry is the year 2199, so that no time is corrected. Status codes
// must be in `settings.statuses`; without that member the default settings' statuses hold.
//
// Answer:
//   {"ok": true, "warnings": [{"code","pointer","message"}…],
//    "customers": [ [[instant, verdict, next_change, before], …up to N] … ]}     in the order of the request
//      instant      RFC 3339 UTC: first `now`, then each time the next_change before it
//      verdict      true or false, evaluated at `instant`
//      next_change  RFC 3339 UTC, later than `instant`, or null: never. The verdict is constant on [instant, next_change)
//                   given unchanged facts. It may be earlier than the real flip (then the verdict there is the same), never later.
//      before       the verdict one microsecond before next_change (must equal `verdict`), or null when there is none
//      The list ends early when next_change is null.
//   {"ok": false, "where": "settings|customers|predicate|request", "reason": "unknown_path", "pointer": "/…", "message": "…"}
//      `reason` of a predicate: syntax duplicate_key too_deep too_large unknown_member unknown_path unknown_code unknown_segment
//      bad_type bad_constant not_yet
