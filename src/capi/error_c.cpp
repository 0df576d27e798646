#include <exception>
#include <new>
#include <string>
#include <typeinfo>

#include "capi/error_report.hpp"
#include "capi/handle.hpp"

// What the accessors read; texts are static or the owner's below.
struct cartbell_error {
    uint64_t tag = 0;
    int32_t status = 0;
    uint32_t line = 0, column = 0;
    const char *reason = "";
    const char *message = "";
    const char *pointer = "";
    bool owned = false;
};

namespace cartbell::capi {
namespace {

constexpr uint64_t error_tag = static_cast<uint64_t>(Tag::error);

// Given out when nothing may be allocated: two objects that always exist and that free leaves alone.
constinit cartbell_error no_memory{error_tag,       CARTBELL_OUT_OF_MEMORY, 0,  0,
                                   "out_of_memory", "out of memory",        "", false};
constinit cartbell_error defect{
    error_tag, CARTBELL_INTERNAL, 0, 0, "exception", "an exception reached the boundary of the library", "",
    false};

struct OwnedError {
    cartbell_error seen;  // first: a pointer to it is a pointer to the whole
    std::string reason, message, pointer;

    explicit OwnedError(const Error &what)
        : reason(what.reason), message(what.message), pointer(what.pointer) {
        seen = {error_tag,       static_cast<int32_t>(what.code),
                what.line,       what.column,
                reason.c_str(),  message.c_str(),
                pointer.c_str(), true};
        live_objects.fetch_add(1, std::memory_order_relaxed);
    }
    ~OwnedError() {
        *static_cast<volatile uint64_t *>(&seen.tag) = static_cast<uint64_t>(Tag::closed);
        live_objects.fetch_sub(1, std::memory_order_relaxed);
    }
    OwnedError(const OwnedError &) = delete;
    OwnedError &operator=(const OwnedError &) = delete;
};

int32_t report_static(cartbell_error **error, cartbell_error &what) noexcept {
    if (error) *error = &what;
    return what.status;
}

const cartbell_error *readable(const cartbell_error *error) {
    return error && has_tag(error, Tag::error) ? error : nullptr;
}

}  // namespace

int32_t report(cartbell_error **error, const Error &what) {
    const auto status = static_cast<int32_t>(what.code);
    if (what.code == Code::out_of_memory) return report_out_of_memory(error);
    if (error) *error = &std::make_unique<OwnedError>(what).release()->seen;
    return status;
}

int32_t report_out_of_memory(cartbell_error **error) noexcept {
    return report_static(error, no_memory);
}

int32_t report_current_exception(cartbell_error **error) noexcept {
    try {
        throw;
    } catch (const std::bad_alloc &) {
        return report_out_of_memory(error);
    } catch (const std::exception &caught) {
        // Its text may hold what customers sent, so only its type goes out.
        try {
            return report(error, failure(Code::internal, "exception",
                                         std::string("an exception reached the boundary of the library: ") +
                                             typeid(caught).name()));
        } catch (...) {
            return report_static(error, defect);
        }
    } catch (...) {
        return report_static(error, defect);
    }
}

}  // namespace cartbell::capi

using cartbell::capi::OwnedError;
using cartbell::capi::readable;

int32_t cartbell_error_status(const cartbell_error *error) noexcept {
    error = readable(error);
    return error ? error->status : CARTBELL_OK;
}

const char *cartbell_error_reason(const cartbell_error *error) noexcept {
    error = readable(error);
    return error ? error->reason : "";
}

const char *cartbell_error_message(const cartbell_error *error) noexcept {
    error = readable(error);
    return error ? error->message : "";
}

const char *cartbell_error_pointer(const cartbell_error *error) noexcept {
    error = readable(error);
    return error ? error->pointer : "";
}

uint32_t cartbell_error_line(const cartbell_error *error) noexcept {
    error = readable(error);
    return error ? error->line : 0;
}

uint32_t cartbell_error_column(const cartbell_error *error) noexcept {
    error = readable(error);
    return error ? error->column : 0;
}

void cartbell_error_free(cartbell_error *error) noexcept {
    if (!readable(error) || !error->owned) return;
    std::unique_ptr<OwnedError>(reinterpret_cast<OwnedError *>(error)).reset();
}
