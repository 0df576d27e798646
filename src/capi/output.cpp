#include "capi/output.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

namespace cartbell::capi {
namespace {

bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

size_t after_string(std::string_view text, size_t at) {  // `at` is its opening quote
    for (++at; at < text.size() && text[at] != '"'; ++at)
        if (text[at] == '\\') ++at;
    return std::min(at + 1, text.size());
}

size_t after_value(std::string_view text, size_t at) {
    size_t depth = 0;
    while (at < text.size()) {
        const char c = text[at];
        if (c == '"') {
            at = after_string(text, at);
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}' || c == ']')) return at;
        if (c == '{' || c == '[') ++depth;
        if (c == '}' || c == ']') --depth;
        ++at;
    }
    return at;
}

size_t after_spaces(std::string_view text, size_t at) {
    while (at < text.size() && is_space(text[at]))
        ++at;
    return at;
}

}  // namespace

void write(cartbell_buffer *buffer, std::string_view text) {
    if (!buffer) return;
    if (buffer->capacity < text.size() + 1) {
        void *grown = std::realloc(buffer->data, text.size() + 1);
        if (!grown) throw std::bad_alloc();
        buffer->data = static_cast<char *>(grown);
        buffer->capacity = text.size() + 1;
    }
    if (!text.empty()) std::memcpy(buffer->data, text.data(), text.size());
    buffer->data[text.size()] = '\0';
    buffer->size = text.size();
}

Status check_buffer(const cartbell_buffer *buffer, const char *what) {
    if (!buffer) return failure(Code::misuse, "null_argument", std::string(what) + " is NULL");
    return check_optional_buffer(buffer, what);
}

Status check_optional_buffer(const cartbell_buffer *buffer, const char *what) {
    if (!buffer) return {};
    const bool empty = !buffer->data && buffer->capacity == 0 && buffer->size == 0;
    const bool filled = buffer->data && buffer->size < buffer->capacity;
    if (empty || filled) return {};
    return failure(Code::misuse, "bad_buffer",
                   std::string(what) + ": begin a buffer with CARTBELL_BUFFER_INIT");
}

std::string_view member_of(std::string_view object, std::string_view name) {
    size_t at = after_spaces(object, 0);
    if (at >= object.size() || object[at] != '{') return {};
    at = after_spaces(object, at + 1);
    while (at < object.size() && object[at] == '"') {
        const size_t key_end = after_string(object, at);
        if (key_end < at + 2) return {};
        const std::string_view key = object.substr(at + 1, key_end - at - 2);
        at = after_spaces(object, after_spaces(object, key_end) + 1);
        const size_t end = after_value(object, at);
        if (key == name) return object.substr(at, end - at);
        at = after_spaces(object, end + 1);
    }
    return {};
}

size_t count_of(std::string_view array) {
    size_t count = 0;
    size_t at = after_spaces(array, 1);
    while (at < array.size() && array[at] != ']') {
        at = after_value(array, at);
        ++count;
        if (at < array.size() && array[at] == ',') at = after_spaces(array, at + 1);
    }
    return count;
}

}  // namespace cartbell::capi
