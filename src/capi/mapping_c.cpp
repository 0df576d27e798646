#include "cartbell/mapping.h"

#include <cstddef>
#include <utility>

#include "capi/guard.hpp"
#include "capi/input.hpp"
#include "capi/output.hpp"
#include "codec/mapping.hpp"

using namespace cartbell;
using namespace cartbell::capi;

namespace {

struct OwnedBuffer {
    cartbell_buffer bytes = CARTBELL_BUFFER_INIT;
    OwnedBuffer() = default;
    ~OwnedBuffer() { cartbell_buffer_free(&bytes); }
    OwnedBuffer(const OwnedBuffer &) = delete;
    OwnedBuffer &operator=(const OwnedBuffer &) = delete;
};

Status map(std::string_view json, const cartbell_map_options *given, cartbell_buffer *operations,
           cartbell_buffer *report) {
    cartbell_map_options options = CARTBELL_MAP_OPTIONS_INIT;
    const size_t least = offsetof(cartbell_map_options, limits) + sizeof(void *);
    CARTBELL_TRY(not_null(given, "options"));
    CARTBELL_TRY(copy_struct(given, least, options, "options"));
    if ((options.skip_unmapped & ~1) != 0)
        return failure(Code::misuse, "reserved_set", "options: skip_unmapped is 0 or 1");
    CARTBELL_ASSIGN(const Limits limits, lowered_limits(options.limits));
    codec::MappingOptions chosen;
    CARTBELL_ASSIGN(chosen.format, required_text(options.format, "format"));
    CARTBELL_ASSIGN(chosen.table, bytes(options.table, options.table_size, "table"));
    CARTBELL_ASSIGN(chosen.given, bytes(options.given, options.given_size, "given"));
    chosen.skip_unmapped = options.skip_unmapped == 1;
    CARTBELL_ASSIGN(const codec::MappedDocuments mapped, codec::map_documents(json, chosen, limits));
    OwnedBuffer told;  // both outputs or none
    if (report) write(&told.bytes, mapped.report);
    write(operations, mapped.operations);
    if (report) std::swap(*report, told.bytes);
    return {};
}

}  // namespace

int32_t cartbell_map(const char *json, size_t size, const cartbell_map_options *options,
                     cartbell_buffer *operations, cartbell_buffer *report, cartbell_error **error) noexcept {
    return guard(error, [&]() -> Status {
        CARTBELL_TRY(check_buffer(operations, "operations"));
        CARTBELL_TRY(check_optional_buffer(report, "report"));
        CARTBELL_ASSIGN(const std::string_view text, bytes(json, size, "json"));
        return map(text, options, operations, report);
    });
}
