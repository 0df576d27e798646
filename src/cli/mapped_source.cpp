#include "cli/mapped_source.hpp"

#include <algorithm>

#include "cartbell/cartbell.hpp"
#include "cli/failure.hpp"
#include "cli/screen.hpp"

namespace cartbell::cli {
namespace {

constexpr size_t left_out_told = 3;

mapped map_document(const std::string &json, const MappedFormat &format) {
    map_options options;
    options.table = format.table;
    options.given = R"({"backfill":true})";  // an import is history
    options.skip_unmapped = format.skip_unmapped;
    return map_operations(json, format.format, options);
}

// What an RFC 6901 pointer means; as far as it leads.
const Json &at_pointer(const Json &document, std::string_view pointer) {
    const Json *at = &document;
    while (!pointer.empty()) {
        pointer.remove_prefix(1);
        const size_t end = std::min(pointer.find('/'), pointer.size());
        std::string name;
        for (size_t i = 0; i < end; ++i) {
            const bool escaped = pointer[i] == '~' && i + 1 < end;
            name += escaped ? (pointer[++i] == '1' ? '/' : '~') : pointer[i];
        }
        pointer.remove_prefix(end);
        const Json *next = nullptr;
        if (at->is(Json::Kind::array)) {
            const size_t position = std::strtoull(name.c_str(), nullptr, 10);
            if (position < at->items.size()) next = &at->items[position];
        }
        for (const auto &[key, member] : at->members)
            if (key == name) next = &member;
        if (!next) return *at;
        at = next;
    }
    return *at;
}

}  // namespace

void MappedSource::check(const MappedFormat &format) {
    try {
        map_document("[]", format);
    } catch (const error &failed) {
        if (std::string_view(failed.reason()) == "unknown_format")
            throw Failure(exit_usage,
                          "--format is ndjson, shopify, woocommerce, segment, ga4, codes, olist, "
                          "online-retail, or one of --table");
        throw Failure(exit_refused, std::string(failed.what()) +
                                        (*failed.pointer() ? std::string(" at ") + failed.pointer() : ""));
    }
}

MappedSource::MappedSource(std::string text, const std::string &input, const MappedFormat &format)
    : text_(std::move(text)), input_(input) {
    settings_.zone = "UTC";
    settings_.locale = "en";
    const std::vector<Json> read = read_json_input(text_, input_);
    for (const Json &document : read)
        add(document, format);
}

std::string MappedSource::place_at(size_t at) const {
    return input_ + ":" + line_and_column(text_, at);
}

// Arrays are taken apart here: of an export of any size, one document at a time is mapped.
void MappedSource::add(const Json &document, const MappedFormat &format) {
    if (document.is(Json::Kind::array)) {
        for (const Json &one : document.items)
            add(one, format);
        return;
    }
    mapped made;
    try {
        made = map_document(json_text(document), format);
    } catch (const error &failed) {
        const Json &where = at_pointer(document, failed.pointer());
        const bool word = std::string_view(failed.reason()) == "unknown_word" && where.is(Json::Kind::text);
        throw Failure(exit_refused, place_at(where.at) + ": " + failed.what() +
                                        (word ? ": \"" + plain_text(where.text) + "\"" : ""));
    }
    add_mapped(document, read_json(made.operations), read_json(made.report));
}

void MappedSource::add_mapped(const Json &document, const Json &operations, const Json &report) {
    size_t next = 0;
    for (const Json &mapped : report["mapped"].items) {
        documents_.push_back({at_pointer(document, mapped["pointer"].text).at, {}});
        std::string &order = documents_.back().order;
        for (int64_t count = mapped["operations"].integer(); count > 0; --count) {
            const Json &operation = operations.items[next++];
            if (order.empty()) order = operation["order"]["order_id"].text;
            if (settings_.currency.empty()) settings_.currency = operation["order"]["currency"].text;
            operations_.push_back({json_text(operation), documents_.size() - 1});
        }
        orders_ += order.empty() ? 0 : 1;
    }
    unmapped_ += static_cast<int64_t>(report["unmapped"].items.size());
    left_out_count_ += report["ignored_count"].integer();
    for (const Json &pointer : report["ignored"].items)
        if (left_out_.size() < left_out_told) left_out_.push_back(pointer.text);
    add_settings(report);
}

void MappedSource::add_settings(const Json &report) {
    for (const Json &status : report["statuses"].items) {
        const auto [known, fresh] = known_.emplace("status " + status["set"].text + " " + status["code"].text,
                                                   settings_.statuses.size());
        if (fresh)
            settings_.statuses.push_back({status["set"].text, status["code"].text, status["name"].text,
                                          status["in_analytics"].truth, false});
        settings_.statuses[known->second].used |= status["used"].truth;
    }
    for (const Json &field : report["fields"].items)
        if (known_.emplace("field " + field["of"].text + " " + field["code"].text, 0).second)
            settings_.fields.push_back(
                {field["of"].text, field["code"].text, field["name"].text, field["type"].text});
}

Piece MappedSource::next(size_t most_operations) {
    Piece piece;
    while (at_ < operations_.size() && piece.places.size() < most_operations) {
        const std::string &json = operations_[at_].json;
        if (!piece.empty() && piece.ndjson.size() + json.size() > piece_bytes) break;
        piece.ndjson += json + "\n";
        piece.places.push_back(static_cast<int64_t>(at_++));
    }
    piece.read_bytes = static_cast<int64_t>(at_);
    return piece;
}

std::string MappedSource::place(int64_t number) const {
    const Document &document = documents_[operations_[static_cast<size_t>(number)].document];
    return place_at(document.at) + (document.order.empty() ? "" : ", order " + plain_text(document.order));
}

std::string MappedSource::summary() const {
    const auto documents = static_cast<int64_t>(documents_.size());
    std::string told = orders_ == documents ? plural(documents, "order", "orders")
                                            : plural(documents, "document", "documents");
    if (unmapped_ > 0)
        told += ", " + plural(unmapped_, "document", "documents") + " of another kind left out";
    if (left_out_count_ == 0) return told;
    told += "; " + plural(left_out_count_, "value has", "values have") + " no place, such as";
    for (const std::string &pointer : left_out_)
        told += " " + plain_text(pointer);
    return told;
}

}  // namespace cartbell::cli
