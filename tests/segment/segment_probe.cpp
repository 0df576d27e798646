// segment_probe: the row machine on a pipe, for whoever wants to hold something against it (the oracle in
// Python).
//
// Protocol: NDJSON, one request a line on stdin, one answer a line on stdout, in the same order. No state is
// kept between lines.
//
// Request:
//   {"settings": {…},                    settings as in formats.md §0: shop, sources, statuses, fields,
//   rates; each optional
//    "customers": [
//      {"customer": {"external_id":"C-1", …},   identities (required)
//       "profile": {…},                         optional: becomes one `customer` operation
//       "lists": ["vip", …],                    optional: the lists it is in, of `settings.lists`
//       "at": "RFC 3339",                       optional: its occurred_at; default 1970-01-01T00:00:00Z
//       "orders": [                             optional
//         {…an order object of formats.md §1: order_id, placed_at, status, lines, payments, fields…,
//          "occurred_at": "RFC 3339",           optional: of its first operation; default placed_at, else
//          1970-01-01T00:00:00Z "history_ops": [ {"occurred_at":"RFC 3339", …an order patch without
//          order_id…}, … ]}]}],   optional
//    "products": [{…a product object of formats.md §1, "at": "RFC 3339"}…],   optional: the catalogue; several of one
//                                         product_id are facts of one product
//    "predicate": {…},
//    "now": "RFC 3339",
//    "steps": N,                          default 1
//    "explain": true}                     optional: adds the explanation of the first customer at `now`
//
// Every order becomes one `order` operation of source "system" (trusted) with that order object, and one more
// per element of `history_ops`; all of them are folded. `received_at` of each entry is the year 2199, so that
// no time is corrected. Status codes must be in `settings.statuses`; without that member the default
// settings' statuses hold.
//
// Answer:
//   {"ok": true, "outlines": whether the orders' outlines sufficed, "warnings": [{"code","pointer","message"}…],
//    "customers": [ [[instant, verdict, next_change, before], …up to N] … ]}     in the order of the request
//      instant      RFC 3339 UTC: first `now`, then each time the next_change before it
//      verdict      true or false, evaluated at `instant`
//      next_change  RFC 3339 UTC, later than `instant`, or null: never. The verdict is constant on [instant,
//      next_change)
//                   given unchanged facts. It may be earlier than the real flip (then the verdict there is
//                   the same), never later.
//      before       the verdict one microsecond before next_change (must equal `verdict`), or null when there
//      is none The list ends early when next_change is null.
//   {"ok": false, "where": "settings|customers|predicate|request", "reason": "unknown_path", "pointer": "/…",
//   "message": "…"}
//      `reason` of a predicate: syntax duplicate_key too_deep too_large unknown_member unknown_path
//      unknown_code unknown_segment bad_type bad_constant not_yet
#include <cstdio>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "codec/explanation_json.hpp"
#include "codec/predicate_json.hpp"
#include "codec/result_json.hpp"
#include "codec/settings_json.hpp"
#include "model/outline.hpp"
#include "platform/zones_tzif.hpp"
#include "segment/person.hpp"
#include "segment/segment.hpp"

namespace {

using namespace cartbell;

constexpr size_t most_bytes = size_t{1} << 26;
constexpr size_t most_depth = 96;

std::string refusal(std::string_view where, const Error &error) {
    std::string out = "{\"ok\":false,\"where\":";
    append_json_string(out, where);
    out += ",\"reason\":";
    append_json_string(out, error.reason);
    out += ",\"pointer\":";
    append_json_string(out, error.pointer);
    out += ",\"message\":";
    append_json_string(out, error.message);
    return out + "}";
}

void append_instant(std::string &out, Instant instant) {
    if (instant == never)
        out += "null";
    else
        append_json_string(out, format_instant(instant));
}

const char *word(bool truth) {
    return truth ? "true" : "false";
}

std::vector<Order> outlines_of(const std::vector<Order> &orders, const OutlineUse &use, const Settings &settings) {
    std::vector<Order> outlines(orders.size());
    for (size_t i = 0; i < orders.size(); ++i) {
        Outline outline = outline_of(orders[i], settings);
        if (!use.total) {
            outline.total_e4.reset();
            outline.currency = {};
        }
        if (!use.statuses) outline.status_codes = {};
        assign(outlines[i], outline);
    }
    return outlines;
}

// [[instant, verdict, next_change, before]…] of one customer.
void append_hops(std::string &out, const segment::Program &program, const segment::Facts &facts,
                 segment::World world, int64_t steps) {
    out += '[';
    for (int64_t step = 0; step < steps; ++step) {
        const segment::Verdict verdict = evaluate(program, facts, world);
        if (step > 0) out += ',';
        out += '[';
        append_instant(out, world.now);
        out += ',';
        out += word(verdict.holds);
        out += ',';
        append_instant(out, verdict.next_change);
        if (verdict.next_change == never) {
            out += ",null]";
            break;
        }
        world.now = verdict.next_change - 1;
        out += ',';
        out += word(evaluate(program, facts, world).holds);
        out += ']';
        world.now = verdict.next_change;
    }
    out += ']';
}

class Request {
  public:
    explicit Request(const Zones &zones) : zones_(zones) {}

    std::string answer(std::string_view line) {
        auto document = codec::read_document(line, most_bytes, most_depth);
        if (!document.ok()) return refusal("request", document.error());
        const codec::Tree &tree = document->tree;
        const codec::Node &root = document->root();
        std::string where;
        const Status read = prepare(tree, root, where);
        if (!read.ok()) return refusal(where, read.error());
        // As a scan does it: where outlines suffice, the program sees nothing else of the orders.
        const std::optional<OutlineUse> &outlines = segment::outlines_used(*compiled_.program);
        std::string out = std::string("{\"ok\":true,\"outlines\":") + word(outlines.has_value()) + ",\"warnings\":[";
        for (size_t i = 0; i < compiled_.warnings.size(); ++i) {
            if (i > 0) out += ',';
            append_note(out, compiled_.warnings[i]);
        }
        out += "],\"customers\":[";
        const segment::World world{now_, &settings_, &zones_};
        for (size_t i = 0; i < people_.size(); ++i) {
            if (i > 0) out += ',';
            const std::vector<Order> seen = outlines ? outlines_of(people_[i].orders, *outlines, settings_) : people_[i].orders;
            append_hops(out, *compiled_.program, {&people_[i].customer, seen, uses_products(*compiled_.program) ? &catalogue_ : nullptr}, world, steps_);
        }
        out += ']';
        if (explained_ && !people_.empty()) {
            out += ",\"explanation\":";
            codec::append_explanation(out, explain(*compiled_.program, {&people_[0].customer, people_[0].orders, &catalogue_}, world, 100));
        }
        return out + "}";
    }

  private:
    static void append_note(std::string &out, const Note &note) {
        out += "{\"code\":";
        append_json_string(out, note.code);
        out += ",\"pointer\":";
        append_json_string(out, note.pointer);
        out += ",\"message\":";
        append_json_string(out, note.message);
        out += '}';
    }

    Status prepare(const codec::Tree &tree, const codec::Node &root, std::string &where) {
        where = "settings";
        settings_ = default_settings();
        if (const codec::Node *node = tree.find(root, "settings")) {
            codec::ReadSettings read = codec::read_settings(node->text(), &zones_, Limits{});
            if (!read.ok())
                return failure(Code::invalid, read.errors[0].code, read.errors[0].message,
                               read.errors[0].pointer);
            settings_ = std::move(read.settings);
        }
        where = "request";
        const codec::Node *now = tree.find(root, "now"), *steps = tree.find(root, "steps"),
                          *explained = tree.find(root, "explain");
        const codec::Node *predicate = tree.find(root, "predicate"),
                          *customers = tree.find(root, "customers");
        if (!now || !predicate || !customers)
            return failure(Code::invalid, "missing_member", "now, predicate and customers are needed");
        CARTBELL_ASSIGN(now_, parse_instant(now->text()));
        steps_ = 1;
        if (steps) {
            CARTBELL_ASSIGN(steps_, parse_scaled(steps->text(), 0, Excess::refuse));
        }
        explained_ = explained && explained->kind == codec::Kind::boolean && explained->truth;
        where = "predicate";
        std::string text;
        codec::append_compact(text, tree, *predicate, codec::KeyOrder::as_is);
        CARTBELL_ASSIGN(const segment::Tree written, codec::parse_predicate(text, Limits{}));
        CARTBELL_ASSIGN(compiled_, compile(written, settings_, zones_, Limits{}, {}));
        where = "customers";
        people_.clear();
        catalogue_.products.clear();
        if (const codec::Node *products = tree.find(root, "products")) {
            CARTBELL_ASSIGN(catalogue_, testing::read_catalogue(tree, *products, settings_));
        }
        for (const codec::Node &customer : codec::children(tree, *customers)) {
            CARTBELL_ASSIGN(testing::Person person, testing::read_person(tree, customer, settings_));
            people_.push_back(std::move(person));
        }
        return {};
    }

    const Zones &zones_;
    Settings settings_;
    segment::Compiled compiled_;
    std::vector<testing::Person> people_;
    testing::Catalogue catalogue_;
    Instant now_ = 0;
    int64_t steps_ = 1;
    bool explained_ = false;
};

}  // namespace

int main() {
    const TzifZones zones;
    Request request(zones);
    std::string line;
    for (int letter = std::getchar(); letter != EOF; letter = std::getchar()) {
        if (letter != '\n') {
            line += static_cast<char>(letter);
            continue;
        }
        const std::string answer = request.answer(line);
        std::fwrite(answer.data(), 1, answer.size(), stdout);
        std::fputc('\n', stdout);
        std::fflush(stdout);
        line.clear();
    }
    return 0;
}
