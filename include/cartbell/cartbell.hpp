// cartbell.hpp - the whole API for C++17 and later: handles that close themselves, std::string answers, failures
// as cartbell::error. Header-only over the C ABI, so nothing of the C++ standard library crosses the line; the C
// headers say what each call means.
#ifndef CARTBELL_CARTBELL_HPP
#define CARTBELL_CARTBELL_HPP

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cartbell/cartbell.h"
#include "cartbell/sys/store.h"

namespace cartbell {
inline namespace cpp_v0 {

// A failed call. Moves and copies without throwing.
class error : public std::exception {
  public:
    // Takes over `object`, which may be null.
    error(int32_t status, cartbell_error *object) : status_(status), object_(object, &free_object) {}

    int32_t status() const noexcept { return status_; }
    const char *status_name() const noexcept { return cartbell_status_name(status_); }
    const char *reason() const noexcept { return cartbell_error_reason(object_.get()); }
    const char *what() const noexcept override {
        return object_ ? cartbell_error_message(object_.get()) : status_name();
    }
    const char *pointer() const noexcept { return cartbell_error_pointer(object_.get()); }
    uint32_t line() const noexcept { return cartbell_error_line(object_.get()); }
    uint32_t column() const noexcept { return cartbell_error_column(object_.get()); }

  private:
    static void free_object(cartbell_error *object) { cartbell_error_free(object); }
    int32_t status_;
    std::shared_ptr<cartbell_error> object_;
};

namespace detail {

struct closer {
    void operator()(cartbell_engine *object) const noexcept { cartbell_engine_close(object); }
    void operator()(cartbell_batch *object) const noexcept { cartbell_batch_free(object); }
    void operator()(cartbell_template *object) const noexcept { cartbell_template_free(object); }
    void operator()(cartbell_export *object) const noexcept { cartbell_export_close(object); }
};

class buffer {
  public:
    buffer() = default;
    ~buffer() { cartbell_buffer_free(&bytes_); }
    buffer(const buffer &) = delete;
    buffer &operator=(const buffer &) = delete;
    cartbell_buffer *get() noexcept { return &bytes_; }
    std::string text() const { return bytes_.data ? std::string(bytes_.data, bytes_.size) : std::string(); }

  private:
    cartbell_buffer bytes_ = CARTBELL_BUFFER_INIT;
};

// check(call): call(&error) or an exception.
template <typename Call>
void check(Call &&call) {
    cartbell_error *object = nullptr;
    if (const int32_t status = call(&object); status != CARTBELL_OK) throw error(status, object);
}

// answer(call): the text that call(buffer, &error) writes.
template <typename Call>
std::string answer(Call &&call) {
    buffer bytes;
    check([&](cartbell_error **failed) { return call(bytes.get(), failed); });
    return bytes.text();
}

inline std::vector<const char *> pointers(const std::vector<std::string> &texts) {
    std::vector<const char *> result;
    result.reserve(texts.size());
    for (const std::string &text : texts)
        result.push_back(text.c_str());
    return result;
}

inline const char *or_null(const std::string &text) noexcept {
    return text.empty() ? nullptr : text.c_str();
}

}  // namespace detail

enum class form : int32_t {
    one = CARTBELL_FORM_ONE,
    array = CARTBELL_FORM_ARRAY,
    object = CARTBELL_FORM_OBJECT,
    ndjson = CARTBELL_FORM_NDJSON
};

// Parsed operations. Made by engine::parse, used up by engine::apply.
class batch {
  public:
    explicit batch(cartbell_batch *taken) noexcept : handle_(taken) {}
    size_t count() const {
        size_t result = 0;
        detail::check(
            [&](cartbell_error **failed) { return cartbell_batch_count(handle_.get(), &result, failed); });
        return result;
    }
    cartbell_batch *get() const noexcept { return handle_.get(); }

  private:
    std::unique_ptr<cartbell_batch, detail::closer> handle_;
};

struct applied {
    int64_t accepted = 0, duplicate = 0, late = 0, rejected = 0;
    std::string results;  // a JSON array, a result for each operation
};

struct ticked {
    int64_t done = 0;
    int64_t next_due_us = CARTBELL_NEVER;
};

// What map_operations makes of the documents of others.
struct mapped {
    std::string operations;  // a JSON array: form::array
    std::string report;
};

struct map_options {
    std::string table;  // the host's own, whose rules come first
    std::string given;  // {"id","occurred_at","source","customer","backfill"}: what the documents do not say
    bool skip_unmapped = false;
    const cartbell_limits *limits = nullptr;
};

// `json`: one document of the format or an array of them. Needs no engine.
inline mapped map_operations(std::string_view json, const std::string &format, const map_options &options = {}) {
    cartbell_map_options given = CARTBELL_MAP_OPTIONS_INIT;
    given.skip_unmapped = options.skip_unmapped ? 1 : 0;
    given.format = format.c_str();
    given.table = options.table.data();
    given.table_size = options.table.size();
    given.given = options.given.data();
    given.given_size = options.given.size();
    given.limits = options.limits;
    detail::buffer operations, report;
    detail::check([&](cartbell_error **failed) {
        return cartbell_map(json.data(), json.size(), &given, operations.get(), report.get(), failed);
    });
    return {operations.text(), report.text()};
}

// A mustache text, compiled; needs no engine.
class compiled_template {
  public:
    explicit compiled_template(std::string_view text, const cartbell_template_options *options = nullptr) {
        cartbell_template *made = nullptr;
        detail::check([&](cartbell_error **failed) {
            return cartbell_template_compile(text.data(), text.size(), options, &made, failed);
        });
        handle_.reset(made);
    }
    struct rendered {
        bool blocked = false;
        std::string text;  // the output, or the reason of a blocked one
    };
    rendered render(std::string_view json) const {
        rendered result;
        int32_t outcome = 0;
        result.text = detail::answer([&](cartbell_buffer *out, cartbell_error **failed) {
            return cartbell_template_render(handle_.get(), json.data(), json.size(), &outcome, out, failed);
        });
        result.blocked = outcome == CARTBELL_BLOCKED;
        return result;
    }
    cartbell_template *get() const noexcept { return handle_.get(); }

  private:
    std::unique_ptr<cartbell_template, detail::closer> handle_;
};

// A cursor over messages.
class message_export {
  public:
    explicit message_export(cartbell_export *taken) noexcept : handle_(taken) {}
    // The next messages as a JSON array; false at the end, when `page` is left as it is.
    bool next(std::string &page, size_t most = 1000) {
        size_t count = 0;
        std::string text = detail::answer([&](cartbell_buffer *out, cartbell_error **failed) {
            return cartbell_export_next(handle_.get(), most, &count, out, failed);
        });
        if (count == 0) return false;
        page = std::move(text);
        return true;
    }
    cartbell_export *get() const noexcept { return handle_.get(); }

  private:
    std::unique_ptr<cartbell_export, detail::closer> handle_;
};

// An engine over one store. Any number of threads.
class engine {
  public:
    // An SQLite file, or ":memory:".
    explicit engine(const std::string &path, bool read_only = false) {
        cartbell_engine_options options = CARTBELL_ENGINE_OPTIONS_INIT;
        options.path = path.c_str();
        options.read_only = read_only ? 1 : 0;
        open(options);
    }
    explicit engine(const cartbell_engine_options &options) { open(options); }

    batch parse(form is, std::string_view bytes, const std::string &source = {}) const {
        cartbell_batch *made = nullptr;
        detail::check([&](cartbell_error **failed) {
            return cartbell_engine_parse(get(), static_cast<int32_t>(is), bytes.data(), bytes.size(),
                                         detail::or_null(source), &made, failed);
        });
        return batch(made);
    }
    applied apply(const std::vector<batch *> &batches, int64_t now_us) {
        std::vector<cartbell_batch *> handles;
        handles.reserve(batches.size());
        for (const batch *each : batches)
            handles.push_back(each->get());
        return counted([&](cartbell_applied *counts, cartbell_buffer *out, cartbell_error **failed) {
            return cartbell_engine_apply(get(), handles.data(), handles.size(), now_us, counts, out, failed);
        });
    }
    applied apply(batch &one, int64_t now_us) { return apply(std::vector<batch *>{&one}, now_us); }
    applied ingest(form is, std::string_view bytes, int64_t now_us, const std::string &source = {}) {
        return counted([&](cartbell_applied *counts, cartbell_buffer *out, cartbell_error **failed) {
            return cartbell_engine_ingest(get(), static_cast<int32_t>(is), bytes.data(), bytes.size(),
                                          detail::or_null(source), now_us, counts, out, failed);
        });
    }
    ticked tick(int64_t now_us, int64_t work = 1000) {
        ticked result;
        detail::check([&](cartbell_error **failed) {
            return cartbell_engine_tick(get(), now_us, work, &result.done, &result.next_due_us, failed);
        });
        return result;
    }
    bool maintain() {
        int32_t more = 0;
        detail::check(
            [&](cartbell_error **failed) { return cartbell_engine_maintain(get(), &more, failed); });
        return more != 0;
    }
    std::string stats() const {
        return detail::answer(
            [&](auto *out, auto **failed) { return cartbell_engine_stats(get(), out, failed); });
    }
    std::string digest(bool refolded = false) const {
        const int32_t of = refolded ? CARTBELL_DIGEST_REFOLDED : CARTBELL_DIGEST_STORED;
        return detail::answer(
            [&](auto *out, auto **failed) { return cartbell_engine_digest(get(), of, out, failed); });
    }

    std::string put_settings(std::string_view json, int64_t now_us) {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_settings_put(get(), json.data(), json.size(), now_us, out, failed);
        });
    }
    std::string settings(const std::string &member = {}) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_settings_get(get(), detail::or_null(member), out, failed);
        });
    }
    std::string settings_versions(const std::string &after, size_t most) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_settings_versions(get(), after.c_str(), most, out, failed);
        });
    }
    std::string settings_difference(int64_t from = -1, int64_t to = -1) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_settings_difference(get(), from, to, out, failed);
        });
    }

    std::string order(const std::string &order_id) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_order_get(get(), order_id.c_str(), out, failed);
        });
    }
    std::string orders(const std::vector<std::string> &order_ids) const {
        const auto ids = detail::pointers(order_ids);
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_order_get_many(get(), ids.data(), ids.size(), out, failed);
        });
    }
    std::string order_history(const std::string &order_id) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_order_history_get(get(), order_id.c_str(), out, failed);
        });
    }
    std::string order_timeline(const std::string &order_id, const std::string &after, size_t most) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_order_timeline(get(), order_id.c_str(), after.c_str(), most, out, failed);
        });
    }
    std::string customer(const std::string &identity) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_customer_get(get(), identity.c_str(), out, failed);
        });
    }
    std::string customers(const std::vector<std::string> &identities) const {
        const auto names = detail::pointers(identities);
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_customer_get_many(get(), names.data(), names.size(), out, failed);
        });
    }
    // channel: "" for a category of kind tracking.
    std::string customer_consent(const std::string &identity, const std::string &channel, const std::string &category, int64_t at_us) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_customer_consent(get(), identity.c_str(), channel.c_str(), category.c_str(), at_us, out, failed);
        });
    }
    std::string customer_timeline(const std::string &identity, const std::string &after, size_t most) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_customer_timeline(get(), identity.c_str(), after.c_str(), most, out, failed);
        });
    }

    std::string export_customer(const std::string &identity) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_customer_export(get(), identity.c_str(), out, failed);
        });
    }

    // identity: "" for the events that concern no single customer.
    std::string events(const std::string &identity, const std::string &after, size_t most) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_event_list(get(), identity.c_str(), after.c_str(), most, out, failed);
        });
    }

    std::string container(const std::string &identity, const std::string &code, int64_t at_us) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_container_get(get(), identity.c_str(), code.c_str(), at_us, out, failed);
        });
    }
    std::string containers(const std::string &identity, int64_t at_us) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_container_list(get(), identity.c_str(), at_us, out, failed);
        });
    }
    // code: "" for any container.
    std::string container_holders(const std::string &product_id, const std::string &code, int64_t at_us, const std::string &after,
                                  size_t most) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_container_holders(get(), product_id.c_str(), code.c_str(), at_us, after.c_str(), most, out, failed);
        });
    }

    std::string product(const std::string &product_id) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_product_get(get(), product_id.c_str(), out, failed);
        });
    }
    std::string products(const std::vector<std::string> &product_ids) const {
        const auto ids = detail::pointers(product_ids);
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_product_get_many(get(), ids.data(), ids.size(), out, failed);
        });
    }

    std::string put_segment(const std::string &code, std::string_view json, int64_t now_us) {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_segment_put(get(), code.c_str(), json.data(), json.size(), now_us, out, failed);
        });
    }
    std::string segment(const std::string &code) const {
        return detail::answer(
            [&](auto *out, auto **failed) { return cartbell_segment_get(get(), code.c_str(), out, failed); });
    }
    std::string segments() const {
        return detail::answer(
            [&](auto *out, auto **failed) { return cartbell_segment_list(get(), out, failed); });
    }
    std::string segment_count(std::string_view segment, int64_t now_us) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_segment_count(get(), segment.data(), segment.size(), now_us, out, failed);
        });
    }
    std::string segment_customers(std::string_view segment, int64_t now_us, const std::string &after,
                                  size_t most) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_segment_customers(get(), segment.data(), segment.size(), now_us, after.c_str(),
                                              most, out, failed);
        });
    }
    std::string segment_match(std::string_view segment, const std::string &identity, int64_t now_us) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_segment_match(get(), segment.data(), segment.size(), identity.c_str(), now_us,
                                          out, failed);
        });
    }
    std::string segment_match(std::string_view segment, const std::vector<std::string> &identities,
                              int64_t now_us) const {
        const auto names = detail::pointers(identities);
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_segment_match_many(get(), segment.data(), segment.size(), names.data(),
                                               names.size(), now_us, out, failed);
        });
    }
    std::string segment_explain(std::string_view segment, const std::string &identity, int64_t now_us,
                                size_t most_witnesses = 0) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_segment_explain(get(), segment.data(), segment.size(), identity.c_str(), now_us,
                                            most_witnesses, out, failed);
        });
    }

    std::string put_template(std::string_view json, int64_t now_us, const std::string &code = {}) {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_template_put(get(), detail::or_null(code), json.data(), json.size(), now_us, out,
                                         failed);
        });
    }
    std::string check_template(std::string_view json) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_template_check(get(), json.data(), json.size(), out, failed);
        });
    }
    std::string stored_template(const std::string &code) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_template_get(get(), code.c_str(), out, failed);
        });
    }
    std::string templates() const {
        return detail::answer(
            [&](auto *out, auto **failed) { return cartbell_template_list(get(), out, failed); });
    }
    std::string preview_template(const std::string &code, const std::string &identity, int64_t now_us) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_template_preview(get(), code.c_str(), identity.c_str(), now_us, out, failed);
        });
    }

    std::string put_mailing(std::string_view json, int64_t now_us, const std::string &code = {}) {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_mailing_put(get(), detail::or_null(code), json.data(), json.size(), now_us, out,
                                        failed);
        });
    }
    std::string mailing(const std::string &code) const {
        return detail::answer(
            [&](auto *out, auto **failed) { return cartbell_mailing_get(get(), code.c_str(), out, failed); });
    }
    std::string mailings() const {
        return detail::answer(
            [&](auto *out, auto **failed) { return cartbell_mailing_list(get(), out, failed); });
    }
    std::string dry_run_mailing(const std::string &code, int64_t now_us) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_mailing_dry_run(get(), code.c_str(), now_us, out, failed);
        });
    }
    std::string start_mailing(const std::string &code, int64_t now_us) {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_mailing_start(get(), code.c_str(), now_us, out, failed);
        });
    }
    std::string mailing_status(const std::string &code) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_mailing_status(get(), code.c_str(), out, failed);
        });
    }

    std::string lease(const std::string &worker, size_t most, int64_t lease_us, int64_t now_us) {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_message_lease(get(), worker.c_str(), most, lease_us, now_us, out, failed);
        });
    }
    std::string report(std::string_view json, int64_t now_us) {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_message_report(get(), json.data(), json.size(), now_us, out, failed);
        });
    }
    std::string message(const std::string &message_id) const {
        return detail::answer([&](auto *out, auto **failed) {
            return cartbell_message_get(get(), message_id.c_str(), out, failed);
        });
    }
    message_export export_messages(const std::string &source = {}) const {
        cartbell_export *made = nullptr;
        detail::check([&](cartbell_error **failed) {
            return cartbell_export_open(get(), detail::or_null(source), &made, failed);
        });
        return message_export(made);
    }
    // Calls visit(page) with every page of messages, a JSON array each; a callback that answers false ends
    // it.
    template <typename Visit>
    void each_message_page(const std::string &source, size_t most, Visit &&visit) const {
        message_export cursor = export_messages(source);
        for (std::string page; cursor.next(page, most);)
            if (!visit(std::string_view(page))) return;
    }

    cartbell_engine *get() const noexcept { return handle_.get(); }

  private:
    void open(const cartbell_engine_options &options) {
        cartbell_engine *made = nullptr;
        detail::check([&](cartbell_error **failed) { return cartbell_engine_open(&options, &made, failed); });
        handle_.reset(made);
    }
    template <typename Call>
    static applied counted(Call &&call) {
        applied result;
        cartbell_applied counts = CARTBELL_APPLIED_INIT;
        result.results = detail::answer(
            [&](cartbell_buffer *out, cartbell_error **failed) { return call(&counts, out, failed); });
        result.accepted = counts.accepted;
        result.duplicate = counts.duplicate;
        result.late = counts.late;
        result.rejected = counts.rejected;
        return result;
    }
    std::unique_ptr<cartbell_engine, detail::closer> handle_;
};

}  // namespace cpp_v0
}  // namespace cartbell

#endif
