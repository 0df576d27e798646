#include "cli/olist.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <unordered_set>

#include "cli/failure.hpp"
#include "cli/operation_text.hpp"
#include "cli/screen.hpp"
#include "cli/utf8.hpp"

namespace cartbell::cli {
namespace {

struct Fact {
    std::string_view name, column, status;  // status: JSON; the purchase has that of the file
};
constexpr std::array<Fact, 4> facts{{
    {"purchase", "order_purchase_timestamp", ""},
    {"approved", "order_approved_at", R"({"payment":"approved"})"},
    {"shipped", "order_delivered_carrier_date", R"({"delivery":"shipped"})"},
    {"delivered", "order_delivered_customer_date", R"({"delivery":"delivered"})"},
}};

struct GeneralStatus {
    std::string_view code, name;
    bool in_analytics;
};
constexpr std::array<GeneralStatus, 8> general_statuses{{
    {"created", "Created", true},
    {"approved", "Approved", true},
    {"invoiced", "Invoiced", true},
    {"processing", "Being processed", true},
    {"shipped", "Shipped", true},
    {"delivered", "Delivered", true},
    {"unavailable", "Unavailable", false},
    {"canceled", "Cancelled", false},
}};

// A CSV file whose columns are asked for by title, and whose faults are told with file, line and column.
class Table {
  public:
    explicit Table(const std::string &path) : path_(path), csv_(path) {
        if (!csv_.next(head_)) throw Failure(exit_refused, path + " is empty");
    }
    bool has(std::string_view title) const { return csv_column(head_, title) != no_column; }
    size_t column(std::string_view title) const {
        const size_t at = csv_column(head_, title);
        if (at == no_column)
            throw Failure(exit_refused, path_ + ", line 1: it has no column " + std::string(title));
        return at;
    }
    bool next() {
        do
            if (!csv_.next(fields_)) return false;
        while (fields_.size() == 1 && fields_.front().empty());
        if (fields_.size() != head_.size())
            fault("it has " + plural(static_cast<int64_t>(fields_.size()), "field", "fields") +
                  ", the first line " + std::to_string(head_.size()));
        return true;
    }
    const std::string &text(size_t column) const {
        const std::string &value = fields_[column];
        if (!valid_utf8(value) || value.find('\0') != std::string::npos) fault(column, "it is no UTF-8 text");
        return value;
    }
    const std::string &needed(size_t column) const {
        if (fields_[column].empty()) fault(column, "it is empty");
        return text(column);
    }
    std::string instant(size_t column) const {
        if (fields_[column].empty()) return {};
        std::string instant = utc_instant(fields_[column]);
        if (instant.empty()) fault(column, quoted(column) + " is no time such as 2017-10-02 10:56:33");
        return instant;
    }
    int64_t count(size_t column) const {
        int64_t number_e4 = 0;
        if (!parse_e4(fields_[column], number_e4) || number_e4 < 0 || number_e4 % 10'000 != 0)
            fault(column, quoted(column) + " is no whole number");
        return number_e4 / 10'000;
    }
    int64_t amount_e4(size_t column) const {
        int64_t amount_e4 = 0;
        if (!parse_e4(fields_[column], amount_e4))
            fault(column, quoted(column) + " is no amount such as 99.33");
        return amount_e4;
    }
    std::string quoted(size_t column) const { return "\"" + plain_text(fields_[column]) + "\""; }
    int64_t line() const { return csv_.line(); }
    [[noreturn]] void fault(const std::string &what) const {
        throw Failure(exit_refused, path_ + ", line " + std::to_string(line()) + ": " + what);
    }
    [[noreturn]] void fault(size_t column, const std::string &what) const {
        throw Failure(exit_refused,
                      path_ + ", line " + std::to_string(line()) + ", column " + head_[column] + ": " + what);
    }

  private:
    std::string path_;
    CsvReader csv_;
    std::vector<std::string> head_, fields_;
};

std::vector<std::string> csv_files_of(const std::string &folder) {
    std::vector<std::string> found;
    std::error_code failed;
    for (const auto &entry : std::filesystem::directory_iterator(folder, failed))
        if (entry.path().extension() == ".csv") found.push_back(entry.path().string());
    if (failed) throw Failure(exit_refused, "cannot read " + folder);
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace

OlistSource::OlistSource(const std::vector<std::string> &paths) {
    find_files(paths);
    read_payments();
    read_orders();
}

void OlistSource::find_files(const std::vector<std::string> &paths) {
    std::vector<std::string> files;
    std::error_code ignored;
    for (const std::string &path : paths) {
        if (std::filesystem::is_directory(path, ignored)) {
            const auto inside = csv_files_of(path);
            files.insert(files.end(), inside.begin(), inside.end());
        } else {
            files.push_back(path);
        }
    }
    const auto take = [](std::string &place, const std::string &path, const std::string &what) {
        if (!place.empty())
            throw Failure(exit_refused, "both " + place + " and " + path + " are files of " + what);
        place = path;
    };
    for (const std::string &path : files) {
        const Table table(path);
        if (table.has("order_purchase_timestamp"))
            take(orders_path_, path, "orders");
        else if (table.has("payment_sequential"))
            take(payments_path_, path, "payments");
    }
    const auto insist = [&](const std::string &found, const std::string &what, const std::string &column) {
        if (found.empty())
            throw Failure(exit_refused, "there are no " + what + " in " + paths.front() +
                                            (paths.size() > 1 ? " and the others" : "") +
                                            ": no CSV file has the column " + column);
    };
    insist(orders_path_, "orders", "order_purchase_timestamp");
    insist(payments_path_, "payments", "payment_sequential");
}

void OlistSource::read_payments() {
    Table table(payments_path_);
    const size_t order = table.column("order_id"), number = table.column("payment_sequential"),
                 type = table.column("payment_type"), installments = table.column("payment_installments"),
                 value = table.column("payment_value");
    while (table.next()) {
        Payments &payments = payments_[table.needed(order)];
        const int64_t sequential = table.count(number), amount_e4 = table.amount_e4(value);
        for (const auto &known : payments.rows)
            if (known.first == sequential) table.fault(number, "the order has this payment twice");
        if (!add(payments.sum_e4, amount_e4)) table.fault(value, "the order's sum is too large");
        payments.rows.emplace_back(sequential,
                                   ObjectText()
                                       .text("payment_id", std::to_string(sequential))
                                       .text("type", table.needed(type))
                                       .text("amount", format_e4(amount_e4))
                                       .raw("installments", std::to_string(table.count(installments)))
                                       .json());
        ++payment_rows_;
    }
    for (auto &[id, payments] : payments_)
        std::sort(payments.rows.begin(), payments.rows.end());
}

void OlistSource::read_orders() {
    Table table(orders_path_);
    const size_t id = table.column("order_id"), customer = table.column("customer_id"),
                 status = table.column("order_status"),
                 promised = table.column("order_estimated_delivery_date");
    std::array<size_t, facts_of_order> dates{};
    for (size_t fact = 0; fact < facts_of_order; ++fact)
        dates[fact] = table.column(facts[fact].column);
    std::unordered_set<std::string> seen;
    while (table.next()) {
        Order order;
        order.line = table.line();
        order.order_id = table.needed(id);
        if (!seen.insert(order.order_id).second) table.fault(id, "the order is there twice");
        order.customer_id = table.text(customer);
        order.status = table.needed(status);
        if (std::none_of(general_statuses.begin(), general_statuses.end(),
                         [&](const GeneralStatus &known) { return known.code == order.status; }))
            table.fault(status, table.quoted(status) + " is no order_status of Olist");
        order.promised_at = table.instant(promised);
        for (size_t fact = 0; fact < facts_of_order; ++fact) {
            order.at[fact] = table.instant(dates[fact]);
            if (!order.at[fact].empty()) ++facts_;
        }
        if (order.at[0].empty()) table.fault(dates[0], "it is empty");
        if (const auto paid = payments_.find(order.order_id); paid != payments_.end())
            paid->second.used = true;
        orders_.push_back(std::move(order));
    }
}

std::string OlistSource::operation_of(const Order &order, size_t fact) const {
    ObjectText json;
    json.text("order_id", order.order_id);
    if (fact == 0) {
        json.text("placed_at", order.at[0]).text("currency", "BRL");
        json.raw("status", ObjectText().text("general", order.status).json());
        json.raw("delivery", ObjectText().text("at", order.promised_at).json_or_nothing());
        if (const auto paid = payments_.find(order.order_id); paid != payments_.end()) {
            std::string elements;
            for (const auto &payment : paid->second.rows)
                append_element(elements, payment.second);
            json.raw("payments", "[" + elements + "]").text("total", format_e4(paid->second.sum_e4));
        }
    } else {
        json.raw("status", facts[fact].status);
    }
    return ObjectText()
        .text("type", "order")
        .text("id", "olist:" + order.order_id + ":" + std::string(facts[fact].name))
        .text("occurred_at", order.at[fact])
        .raw("sequence", std::to_string(fact + 1))
        .raw("backfill", "true")
        .raw("customer", ObjectText().text("external_id", order.customer_id).json_or_nothing())
        .raw("order", json.json())
        .json();
}

Piece OlistSource::next(size_t most_operations) {
    Piece piece;
    while (order_ < orders_.size() && piece.places.size() < most_operations &&
           piece.ndjson.size() < piece_bytes) {
        const Order &order = orders_[order_];
        if (!order.at[fact_].empty()) {
            piece.ndjson += operation_of(order, fact_) + "\n";
            piece.places.push_back(static_cast<int64_t>(order_ * facts_of_order + fact_));
            ++facts_given_;
        }
        if (++fact_ == facts_of_order) {
            fact_ = 0;
            ++order_;
        }
    }
    piece.read_bytes = facts_given_;
    return piece;
}

std::string OlistSource::place(int64_t number) const {
    const auto which = static_cast<size_t>(number);
    const Order &order = orders_[which / facts_of_order];
    return orders_path_ + ", line " + std::to_string(order.line) + ", column " +
           std::string(facts[which % facts_of_order].column);
}

std::string OlistSource::summary() const {
    return plural(static_cast<int64_t>(orders_.size()), "order", "orders") + ", " +
           plural(payment_rows_, "payment", "payments") + ", " + plural(facts_, "dated fact", "dated facts");
}

std::string OlistSource::warning() const {
    const auto lost = std::count_if(payments_.begin(), payments_.end(),
                                    [](const auto &payments) { return !payments.second.used; });
    if (lost == 0) return {};
    return "the payments of " + plural(lost, "order", "orders") + " are left out: the orders are not in " +
           orders_path_;
}

ShopSettings OlistSource::settings() const {
    ShopSettings needed;
    needed.zone = "UTC";
    needed.currency = "BRL";
    needed.locale = "pt-BR";
    for (const GeneralStatus &status : general_statuses) {
        const bool used = std::any_of(orders_.begin(), orders_.end(),
                                      [&](const Order &order) { return order.status == status.code; });
        needed.statuses.push_back(
            {"general", std::string(status.code), std::string(status.name), status.in_analytics, used});
    }
    const auto dated = [&](size_t fact) {
        return std::any_of(orders_.begin(), orders_.end(),
                           [&](const Order &order) { return !order.at[fact].empty(); });
    };
    needed.statuses.push_back({"payment", "approved", "Approved", true, dated(1)});
    needed.statuses.push_back({"delivery", "shipped", "Shipped", true, dated(2)});
    needed.statuses.push_back({"delivery", "delivered", "Delivered", true, dated(3)});
    return needed;
}

}  // namespace cartbell::cli
