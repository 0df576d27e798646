#include "cli/online_retail.hpp"

#include <algorithm>

#include "cli/failure.hpp"
#include "cli/operation_text.hpp"
#include "cli/screen.hpp"
#include "cli/utf8.hpp"

namespace cartbell::cli {
namespace {

[[noreturn]] void bad_row(int64_t row, const std::string &what) {
    throw Failure(exit_refused, "line " + std::to_string(row) + ": " + what);
}

std::string instant_of(const std::string &text, int64_t row) {
    const std::string instant = utc_instant(text);
    if (instant.empty()) bad_row(row, "\"" + text + "\" is no InvoiceDate such as 2010-12-01 08:26:00");
    return instant;
}

// 17850.0 -> 17850: the file's own tool wrote numbers.
std::string customer_of(const std::string &text) {
    const bool whole = text.size() > 2 && text.compare(text.size() - 2, 2, ".0") == 0;
    return whole ? text.substr(0, text.size() - 2) : text;
}

}  // namespace

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
        const size_t at = csv_column(head, name);
        if (at == no_column)
            throw Failure(exit_refused,
                          "this is no Online Retail file: it has no column " + std::string(name));
        return at;
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
    if (!multiply(quantity_e4 / 10'000, price_e4, amount_e4) || !add(invoice.total_e4, amount_e4))
        bad_row(row, "its amount is too large");

    append_element(invoice.lines, ObjectText()
                                      .text("line_id", std::to_string(++invoice.line_count))
                                      .text("product_id", text(fields[columns.product]))
                                      .text("name", text(fields[columns.description]))
                                      .text("quantity", std::to_string(quantity_e4 / 10'000))
                                      .text("price", format_e4(price_e4))
                                      .json());
    ++rows_;
}

std::string OnlineRetailSource::operation_of(const Invoice &invoice) {
    ObjectText order;
    order.text("order_id", invoice.number).text("placed_at", invoice.placed_at).text("currency", "GBP");
    if (invoice.cancelled()) order.raw("status", R"({"general":"cancelled"})");
    const std::string address = ObjectText().text("country", invoice.country).json_or_nothing();
    order.raw("delivery", ObjectText().raw("address", address).json_or_nothing())
        .text("total", format_e4(invoice.total_e4))
        .raw("lines", "[" + invoice.lines + "]");
    return ObjectText()
        .text("type", "order")
        .text("id", "online-retail:" + invoice.number)
        .text("occurred_at", invoice.placed_at)
        .raw("backfill", "true")
        .raw("customer", ObjectText().text("external_id", invoice.customer).json_or_nothing())
        .raw("order", order.json())
        .json();
}

Piece OnlineRetailSource::next(size_t most_operations) {
    Piece piece;
    while (at_ < invoices_.size() && piece.places.size() < most_operations &&
           piece.ndjson.size() < piece_bytes) {
        Invoice &invoice = invoices_[at_++];
        piece.ndjson += operation_of(invoice) + "\n";
        piece.places.push_back(static_cast<int64_t>(at_));
        std::string().swap(invoice.lines);
    }
    piece.read_bytes = static_cast<int64_t>(at_);
    return piece;
}

std::string OnlineRetailSource::summary() const {
    return plural(rows_, "row", "rows") + ", " + plural(size_bytes(), "invoice", "invoices");
}

std::string OnlineRetailSource::warning() const {
    if (repaired_texts_ == 0) return {};
    return plural(repaired_texts_, "text was", "texts were") + " not UTF-8 and read as Latin-1";
}

std::string OnlineRetailSource::place(int64_t number) const {
    const Invoice &invoice = invoices_[static_cast<size_t>(number - 1)];
    return "invoice " + invoice.number + " (line " + std::to_string(invoice.row) + ")";
}

ShopSettings OnlineRetailSource::settings() const {
    const bool used =
        std::any_of(invoices_.begin(), invoices_.end(), [](const Invoice &one) { return one.cancelled(); });
    ShopSettings needed;
    needed.zone = "UTC";
    needed.currency = "GBP";
    needed.locale = "en-GB";
    needed.statuses = {{"general", "cancelled", "Cancelled", false, used}};
    return needed;
}

}  // namespace cartbell::cli
