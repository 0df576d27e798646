#include "cli/online_retail.hpp"

#include <algorithm>

#include "cli/clock.hpp"
#include "cli/failure.hpp"
#include "cli/json_reader.hpp"

namespace cartbell::cli {
namespace {

[[noreturn]] void bad_row(int64_t row, const std::string &what) {
    throw Failure(exit_refused, "line " + std::to_string(row) + ": " + what);
}

// "2010-12-01 08:26:00" in UTC; sorts as it reads.
std::string instant_of(const std::string &text, int64_t row) {
    std::string instant = text + "Z";
    try {
        if (text.size() != 19 || text[10] != ' ') throw Failure(exit_refused, "");
        instant[10] = 'T';
        parse_instant_us(instant);
    } catch (const Failure &) {
        bad_row(row, "\"" + text + "\" is no InvoiceDate such as 2010-12-01 08:26:00");
    }
    return instant;
}

// 17850.0 -> 17850: the file's own tool wrote numbers.
std::string customer_of(const std::string &text) {
    const bool whole = text.size() > 2 && text.compare(text.size() - 2, 2, ".0") == 0;
    return whole ? text.substr(0, text.size() - 2) : text;
}

void append_member(std::string &out, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    if (out.back() != '{') out += ',';
    append_quoted(out, name);
    out += ':';
    append_quoted(out, value);
}

bool multiply(int64_t a, int64_t b, int64_t &out) {
    return !__builtin_mul_overflow(a, b, &out);
}

}  // namespace

bool parse_e4(std::string_view text, int64_t &out) {
    const bool negative = !text.empty() && text.front() == '-';
    if (negative) text.remove_prefix(1);
    int64_t number = 0;
    int decimals = -1;
    if (text.empty() || text.front() == '.' || text.size() > 16) return false;
    for (const char c : text) {
        if (c == '.' && decimals < 0) {
            decimals = 0;
        } else if (c >= '0' && c <= '9') {
            if (decimals >= 4) {
                if (c != '0') return false;
                continue;
            }
            number = number * 10 + (c - '0');
            if (decimals >= 0) ++decimals;
        } else {
            return false;
        }
    }
    for (int have = std::max(decimals, 0); have < 4; ++have)
        if (!multiply(number, 10, number)) return false;
    out = negative ? -number : number;
    return true;
}

std::string format_e4(int64_t number_e4) {
    const int64_t size = number_e4 < 0 ? -number_e4 : number_e4;
    std::string decimals = std::to_string(10'000 + size % 10'000).substr(1);
    while (decimals.size() > 2 && decimals.back() == '0')
        decimals.pop_back();
    return (number_e4 < 0 ? "-" : "") + std::to_string(size / 10'000) + "." + decimals;
}

bool valid_utf8(std::string_view text) {
    for (size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const size_t more = lead < 0x80                   ? 0
                            : lead >= 0xC2 && lead < 0xE0 ? 1
                            : lead >= 0xE0 && lead < 0xF0 ? 2
                            : lead >= 0xF0 && lead < 0xF5 ? 3
                                                          : 9;
        if (more == 9 || at + more >= text.size() + (more == 0 ? 1 : 0)) return false;
        uint32_t point = more == 0 ? lead : lead & (0x3F >> more);
        for (size_t next = 1; next <= more; ++next) {
            const auto byte = static_cast<unsigned char>(text[at + next]);
            if ((byte & 0xC0) != 0x80) return false;
            point = (point << 6) | (byte & 0x3F);
        }
        if ((more == 2 && (point < 0x800 || (point >= 0xD800 && point < 0xE000))) ||
            (more == 3 && (point < 0x10000 || point > 0x10FFFF)))
            return false;
        at += more + 1;
    }
    return true;
}

std::string latin1_to_utf8(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else {
            out += static_cast<char>(0xC0 | (byte >> 6));
            out += static_cast<char>(0x80 | (byte & 0x3F));
        }
    }
    return out;
}

OnlineRetailSource::OnlineRetailSource(const std::string &path) {
    CsvReader csv(path);
    std::vector<std::string> fields;
    if (!csv.next(fields)) throw Failure(exit_refused, path + " is empty");
    const Columns columns = columns_of(fields);
    while (csv.next(fields))
        if (fields.size() > 1 || !fields.front().empty()) add_row(fields, columns, csv.line());
}

OnlineRetailSource::Columns OnlineRetailSource::columns_of(const std::vector<std::string> &head) {
    const auto column = [&](std::string_view name) {
        for (size_t at = 0; at < head.size(); ++at) {
            std::string_view title = head[at];
            if (at == 0 && title.substr(0, 3) == "\xEF\xBB\xBF") title.remove_prefix(3);
            if (title == name) return at;
        }
        throw Failure(exit_refused, "this is no Online Retail file: it has no column " + std::string(name));
    };
    return {column("InvoiceNo"),  column("StockCode"),   column("Description"),
            column("Quantity"),   column("InvoiceDate"), column("UnitPrice"),
            column("CustomerID"), column("Country"),     head.size()};
}

std::string OnlineRetailSource::text(const std::string &raw) {
    std::string clean = raw;
    clean.erase(std::remove(clean.begin(), clean.end(), '\0'), clean.end());
    if (valid_utf8(clean)) return clean;
    ++repaired_texts_;
    return latin1_to_utf8(clean);
}

void OnlineRetailSource::add_row(const std::vector<std::string> &fields, const Columns &columns,
                                 int64_t row) {
    if (fields.size() != columns.count)
        bad_row(row, "it has " + std::to_string(fields.size()) + " fields, the head " +
                         std::to_string(columns.count));
    const std::string number = text(fields[columns.invoice]);
    if (number.empty()) bad_row(row, "it has no InvoiceNo");
    const auto [known, added] = by_number_.try_emplace(number, invoices_.size());
    if (added) {
        invoices_.emplace_back();
        invoices_.back().number = number;
        invoices_.back().row = row;
    }
    Invoice &invoice = invoices_[known->second];
    const std::string placed_at = instant_of(fields[columns.placed_at], row);
    if (invoice.placed_at.empty() || placed_at < invoice.placed_at) invoice.placed_at = placed_at;
    if (!fields[columns.customer].empty()) invoice.customer = customer_of(text(fields[columns.customer]));
    if (!fields[columns.country].empty()) invoice.country = text(fields[columns.country]);

    int64_t quantity_e4 = 0, price_e4 = 0, amount_e4 = 0;
    if (!parse_e4(fields[columns.quantity], quantity_e4) || quantity_e4 % 10'000 != 0)
        bad_row(row, "\"" + fields[columns.quantity] + "\" is no Quantity");
    if (!parse_e4(fields[columns.price], price_e4))
        bad_row(row, "\"" + fields[columns.price] + "\" is no UnitPrice");
    if (!multiply(quantity_e4 / 10'000, price_e4, amount_e4) ||
        __builtin_add_overflow(invoice.total_e4, amount_e4, &invoice.total_e4))
        bad_row(row, "its amount is too large");

    std::string line = "{";
    append_member(line, "line_id", std::to_string(++invoice.line_count));
    append_member(line, "product_id", text(fields[columns.product]));
    append_member(line, "name", text(fields[columns.description]));
    append_member(line, "quantity", std::to_string(quantity_e4 / 10'000));
    append_member(line, "price", format_e4(price_e4));
    invoice.lines += (invoice.lines.empty() ? "" : ",") + line + "}";
    ++rows_;
}

void OnlineRetailSource::append_operation(std::string &out, const Invoice &invoice) {
    std::string json = "{";
    append_member(json, "type", "order");
    append_member(json, "id", "online-retail:" + invoice.number);
    append_member(json, "occurred_at", invoice.placed_at);
    json += ",\"backfill\":true";
    if (!invoice.customer.empty()) {
        json += ",\"customer\":{";
        append_member(json, "external_id", invoice.customer);
        json += '}';
    }
    json += ",\"order\":{";
    append_member(json, "order_id", invoice.number);
    append_member(json, "placed_at", invoice.placed_at);
    append_member(json, "currency", "GBP");
    if (invoice.number.front() == 'C') json += ",\"status\":{\"general\":\"cancelled\"}";
    if (!invoice.country.empty()) {
        json += ",\"delivery\":{\"address\":{";
        append_member(json, "country", invoice.country);
        json += "}}";
    }
    append_member(json, "total", format_e4(invoice.total_e4));
    json += ",\"lines\":[" + invoice.lines + "]}}";
    out += json + "\n";
}

Piece OnlineRetailSource::next() {
    Piece piece;
    while (at_ < invoices_.size() && piece.places.size() < piece_operations &&
           piece.ndjson.size() < piece_bytes) {
        Invoice &invoice = invoices_[at_++];
        append_operation(piece.ndjson, invoice);
        piece.places.push_back(static_cast<int64_t>(at_));
        std::string().swap(invoice.lines);
    }
    piece.read_bytes = static_cast<int64_t>(at_);
    return piece;
}

std::string OnlineRetailSource::place(int64_t number) const {
    const Invoice &invoice = invoices_[static_cast<size_t>(number - 1)];
    return "invoice " + invoice.number + " (line " + std::to_string(invoice.row) + ")";
}

std::string OnlineRetailSource::settings(const Json &statuses) {
    const bool known = std::any_of(statuses.items.begin(), statuses.items.end(), [](const Json &status) {
        return status["set"].text == "general" && status["code"].text == "cancelled" &&
               status["in_analytics"].is(Json::Kind::boolean) && !status["in_analytics"].truth;
    });
    return std::string(R"({"shop":{"zone":"UTC","currency":"GBP","locale":"en-GB"})") +
           (known
                ? "}"
                : R"(,"statuses":[{"set":"general","code":"cancelled","name":"Cancelled","in_analytics":false}]})");
}

}  // namespace cartbell::cli
