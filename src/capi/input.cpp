#include "capi/input.hpp"

#include "base/instant.hpp"

#include <algorithm>
#include <cstddef>

#include "base/text.hpp"

namespace cartbell::capi {

Status not_null(const void *pointer, const char *what) {
    if (pointer) return {};
    return failure(Code::misuse, "null_argument", std::string(what) + " is NULL");
}

Result<std::string_view> required_text(const char *text, const char *what) {
    CARTBELL_TRY(not_null(text, what));
    return optional_text(text, what);
}

Result<std::string_view> optional_text(const char *text, const char *what) {
    const std::string_view view = text ? text : "";
    if (!valid_utf8(view)) return failure(Code::invalid, "bad_utf8", std::string(what) + " is not UTF-8");
    return view;
}

Result<std::vector<std::string_view>> texts_of(const char *const *texts, size_t count, const Limits &limits,
                                               const char *what) {
    if (count > 0) CARTBELL_TRY(not_null(texts, what));
    if (count > limits.page_rows)
        return failure(
            Code::limit, "page_rows",
            std::string(what) + ": more than " + std::to_string(limits.page_rows) + " in one call");
    std::vector<std::string_view> all;
    all.reserve(count);
    for (size_t index = 0; index < count; ++index) {
        CARTBELL_ASSIGN(const std::string_view text, required_text(texts[index], what));
        all.push_back(text);
    }
    return all;
}

Result<std::string_view> bytes(const char *data, size_t size, const char *what) {
    if (size > 0) CARTBELL_TRY(not_null(data, what));
    return size > 0 ? std::string_view(data, size) : std::string_view();
}

Status copy_sized(const void *given, size_t least, void *copy, size_t size, const char *what) {
    CARTBELL_TRY(not_null(given, what));
    uint32_t said = 0;
    std::memcpy(&said, given, sizeof said);
    if (said < least || said > 65'536)
        return failure(Code::misuse, "struct_size",
                       std::string(what) + ": struct_size is not set, use its initialiser");
    const auto *from = static_cast<const unsigned char *>(given);
    if (std::any_of(from + std::min<size_t>(said, size), from + said,
                    [](unsigned char byte) { return byte != 0; }))
        return failure(Code::misuse, "reserved_set",
                       std::string(what) + " asks for what this version does not have");
    std::memset(copy, 0, size);
    std::memcpy(copy, given, std::min<size_t>(said, size));
    return {};
}

Result<Limits> lowered_limits(const cartbell_limits *given) {
    Limits limits;
    if (!given) return limits;
    cartbell_limits wanted;
    CARTBELL_TRY(
        copy_struct(given, offsetof(cartbell_limits, page_rows) + sizeof(uint64_t), wanted, "limits"));
    if (wanted.reserved != 0) return failure(Code::misuse, "reserved_set", "limits: reserved is not 0");
    struct Member {
        const char *name;
        uint64_t cartbell_limits::*wanted;
        size_t Limits::*limit;
    };
#define CARTBELL_MEMBER(name)                        \
    Member {                                         \
#name, &cartbell_limits::name, &Limits::name \
    }
    const Member members[] = {
        CARTBELL_MEMBER(batch_bytes),         CARTBELL_MEMBER(batch_operations),
        CARTBELL_MEMBER(operation_bytes),     CARTBELL_MEMBER(json_depth),
        CARTBELL_MEMBER(text_bytes),          CARTBELL_MEMBER(operation_id_bytes),
        CARTBELL_MEMBER(identity_bytes),      CARTBELL_MEMBER(order_lines),
        CARTBELL_MEMBER(order_payments),      CARTBELL_MEMBER(custom_fields),
        CARTBELL_MEMBER(settings_bytes),      CARTBELL_MEMBER(predicate_bytes),
        CARTBELL_MEMBER(predicate_depth),     CARTBELL_MEMBER(predicate_nodes),
        CARTBELL_MEMBER(explain_witnesses),   CARTBELL_MEMBER(template_bytes),
        CARTBELL_MEMBER(template_depth),      CARTBELL_MEMBER(partial_depth),
        CARTBELL_MEMBER(render_output_bytes), CARTBELL_MEMBER(render_steps),
        CARTBELL_MEMBER(page_rows),           CARTBELL_MEMBER(consent_proof_bytes),
        CARTBELL_MEMBER(mapping_table_bytes), CARTBELL_MEMBER(mapping_steps),
        CARTBELL_MEMBER(export_bytes),        CARTBELL_MEMBER(container_items),
        CARTBELL_MEMBER(container_item_bytes),
    };
#undef CARTBELL_MEMBER
    for (const Member &member : members) {
        const uint64_t value = wanted.*member.wanted;
        if (value == 0) continue;
        if (value > limits.*member.limit)
            return failure(Code::invalid, "limit_raised",
                           std::string("limits: ") + member.name + " can only be lowered, it is " +
                               std::to_string(limits.*member.limit));
        limits.*member.limit = static_cast<size_t>(value);
    }
    return limits;
}

Status check_clock(int64_t now_us, const char *what) {
    if (now_us >= least_instant && now_us <= greatest_instant) return {};
    return failure(Code::invalid, "bad_clock", std::string(what) + " is not between 1970 and 2199");
}

}  // namespace cartbell::capi
