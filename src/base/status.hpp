// How every internal function reports failure: a Status, or a Result<T> that holds a value or an Error.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cartbell {

// The pinned status codes of the C ABI (include/cartbell/base.h says what each means to a caller).
enum class Code : int32_t {
    ok = 0,
    invalid = -1,        // bad input: JSON, predicate, template, argument
    not_found = -2,      // no such order, customer, segment, template, mailing, message
    busy = -3,           // another engine writes this store; try again
    corrupt = -4,        // the store's bytes make no sense
    io = -5,             // the store could not be read or written
    full = -6,           // no room left in the store
    newer = -7,          // the store was written by a newer version
    out_of_memory = -8,
    forked = -9,         // called in the child of a fork
    limit = -10,         // a limit was reached (limits.hpp)
    conflict = -11,      // contradicts what is stored
    internal = -12,      // a defect of Cartbell
    misuse = -13,        // wrong handle, NULL, reserved bytes set
    read_only = -14,     // a write through a read-only open
};

// What went wrong. `reason` is a stable snake_case word for programs ("unknown_field"); `message` is one line for people
// and holds no customer data. `pointer` is an RFC 6901 pointer into JSON input; `line` and `column` (from 1, 0 = none) point into a
// template, or `line` into NDJSON.
struct Error {
    Code code = Code::invalid;
    std::string reason;
    std::string message;
    std::string pointer;
    uint32_t line = 0;
    uint32_t column = 0;
};

class [[nodiscard]] Status {
  public:
    Status() = default;
    Status(Error error) : error_(std::make_unique<Error>(std::move(error))) {}

    bool ok() const { return error_ == nullptr; }
    explicit operator bool() const { return ok(); }
    Code code() const { return error_ ? error_->code : Code::ok; }
    const Error &error() const & { return *error_; }   // only when !ok()
    Error &&take_error() { return std::move(*error_); }  // only when !ok()

  private:
    std::unique_ptr<Error> error_;
};

inline Error failure(Code code, std::string_view reason, std::string message, std::string pointer = {}) {
    return Error{code, std::string(reason), std::move(message), std::move(pointer), 0, 0};
}

template <typename T>
class [[nodiscard]] Result {
  public:
    Result(T value) : value_(std::move(value)) {}
    Result(Error error) : error_(std::make_unique<Error>(std::move(error))) {}
    Result(Status status) : error_(std::make_unique<Error>(status.take_error())) {}  // only a failed one

    bool ok() const { return error_ == nullptr; }
    explicit operator bool() const { return ok(); }
    Code code() const { return error_ ? error_->code : Code::ok; }
    T &value() & { return *value_; }
    const T &value() const & { return *value_; }
    T &&value() && { return std::move(*value_); }
    T &operator*() & { return *value_; }
    const T &operator*() const & { return *value_; }
    T &&operator*() && { return std::move(*value_); }
    T *operator->() { return &*value_; }
    const T *operator->() const { return &*value_; }
    const Error &error() const & { return *error_; }
    Error &&take_error() { return std::move(*error_); }

  private:
    std::optional<T> value_;
    std::unique_ptr<Error> error_;
};

}  // namespace cartbell

// Returns the error of a Status expression to the caller.
#define CARTBELL_TRY(expression)                                                 \
    do {                                                                         \
        if (auto cartbell_status_ = (expression); !cartbell_status_.ok())        \
            return cartbell_status_.take_error();                                \
    } while (0)

#define CARTBELL_CONCAT_(a, b) a##b
#define CARTBELL_CONCAT(a, b) CARTBELL_CONCAT_(a, b)
// CARTBELL_ASSIGN(auto name, expression): the value of a Result expression, or its error returned to the caller.
#define CARTBELL_ASSIGN(declaration, expression)                                             \
    auto CARTBELL_CONCAT(cartbell_result_, __LINE__) = (expression);                         \
    if (!CARTBELL_CONCAT(cartbell_result_, __LINE__).ok())                                   \
        return CARTBELL_CONCAT(cartbell_result_, __LINE__).take_error();                     \
    declaration = std::move(*CARTBELL_CONCAT(cartbell_result_, __LINE__))
