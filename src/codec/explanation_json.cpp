#include "codec/explanation_json.hpp"

#include "base/text.hpp"
#include "codec/value_json.hpp"

namespace cartbell::codec {
namespace {

using segment::Explanation;

void append_name(std::string &out, std::string_view name) {
    out += ",\"";
    out += name;
    out += "\":";
}

void append_instant(std::string &out, Instant instant) {
    if (instant == never || instant == no_instant)
        out += "null";
    else
        append_json_string(out, format_instant(instant));
}

void append_witness(std::string &out, const Explanation::Witness &witness) {
    out += "{\"kind\":";
    append_json_string(out, witness.kind);
    append_name(out, "order_id");
    append_json_string(out, witness.order_id);
    if (!witness.row_id.empty()) {
        append_name(out, witness.kind + "_id");
        append_json_string(out, witness.row_id);
    }
    append_name(out, "at");
    append_instant(out, witness.at);
    out += '}';
}

template <typename Items, typename Append>
void append_list(std::string &out, std::string_view name, const Items &items, Append append) {
    if (items.empty()) return;
    append_name(out, name);
    out += '[';
    for (size_t i = 0; i < items.size(); ++i) {
        if (i > 0) out += ',';
        append(out, items[i]);
    }
    out += ']';
}

}  // namespace

void append_explanation(std::string &out, const Explanation &explanation) {
    out += "{\"pointer\":";
    append_json_string(out, explanation.pointer);
    append_name(out, "what");
    append_json_string(out, explanation.what);
    append_name(out, "holds");
    out += explanation.holds ? "true" : "false";
    append_name(out, "next_change");
    append_instant(out, explanation.next_change);
    if (explanation.measured_known) {
        append_name(out, "measured");
        append_value(out, explanation.measured, Currency{});
    }
    if (!explanation.test.empty()) {
        append_name(out, "test");
        // A nested segment's is its code, anything else is JSON already.
        if (explanation.what == "segment")
            append_json_string(out, explanation.test);
        else
            out += explanation.test;
    }
    if (explanation.rows_measured > 0) {
        append_name(out, "rows");
        out += std::to_string(explanation.rows_measured);
    }
    append_list(out, "witnesses", explanation.witnesses, append_witness);
    if (explanation.truncated) out += ",\"truncated\":true";
    append_list(out, "left_out", explanation.left_out, [](std::string &to, const Explanation::LeftOut &left) {
        to += "{\"reason\":";
        append_json_string(to, left.reason);
        to += ",\"rows\":" + std::to_string(left.rows) + "}";
    });
    append_list(out, "notes", explanation.notes,
                [](std::string &to, const std::string &note) { append_json_string(to, note); });
    append_list(out, "children", explanation.children, append_explanation);
    out += '}';
}

}  // namespace cartbell::codec
