// What is behind the line: the guard, the head of objects, structs of other versions, answers in buffers.
#include <doctest/doctest.h>

#include <filesystem>
#include <functional>
#include <future>
#include <ios>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <typeinfo>
#include <variant>
#include <vector>

#include "capi/guard.hpp"
#include "capi/handle.hpp"
#include "capi/input.hpp"
#include "capi/output.hpp"

using namespace cartbell;
using namespace cartbell::capi;

namespace {

struct NotAnException {};
struct OwnException : std::exception {
    const char *what() const noexcept override { return "ann@example.org"; }
};

template <typename Thrown>
void check_stopped(Thrown thrown, int32_t status) {
    cartbell_error *error = nullptr;
    CHECK(guard(&error, [&]() -> Status { throw thrown; }) == status);
    REQUIRE(error != nullptr);
    CHECK(cartbell_error_status(error) == status);
    CHECK(*cartbell_error_reason(error) != '\0');
    // A message "has no customer data", so what an exception says stays inside.
    CHECK(std::string(cartbell_error_message(error)).find("example.org") == std::string::npos);
    cartbell_error_free(error);
    CHECK(guard(nullptr, [&]() -> Status { throw thrown; }) == status);
}

}  // namespace

TEST_CASE("every type of exception stops at the guard") {
    const int64_t before = cartbell_live_objects();
    check_stopped(std::bad_alloc(), CARTBELL_OUT_OF_MEMORY);
    check_stopped(std::bad_array_new_length(), CARTBELL_OUT_OF_MEMORY);
    check_stopped(std::exception(), CARTBELL_INTERNAL);
    check_stopped(std::logic_error("ann@example.org"), CARTBELL_INTERNAL);
    check_stopped(std::domain_error("x"), CARTBELL_INTERNAL);
    check_stopped(std::invalid_argument("x"), CARTBELL_INTERNAL);
    check_stopped(std::length_error("x"), CARTBELL_INTERNAL);
    check_stopped(std::out_of_range("x"), CARTBELL_INTERNAL);
    check_stopped(std::runtime_error("ann@example.org"), CARTBELL_INTERNAL);
    check_stopped(std::range_error("x"), CARTBELL_INTERNAL);
    check_stopped(std::overflow_error("x"), CARTBELL_INTERNAL);
    check_stopped(std::underflow_error("x"), CARTBELL_INTERNAL);
    check_stopped(std::system_error(std::make_error_code(std::errc::io_error)), CARTBELL_INTERNAL);
    check_stopped(std::ios_base::failure("x"), CARTBELL_INTERNAL);
    check_stopped(std::filesystem::filesystem_error("x", std::error_code()), CARTBELL_INTERNAL);
    check_stopped(std::future_error(std::future_errc::no_state), CARTBELL_INTERNAL);
    check_stopped(std::bad_cast(), CARTBELL_INTERNAL);
    check_stopped(std::bad_typeid(), CARTBELL_INTERNAL);
    check_stopped(std::bad_exception(), CARTBELL_INTERNAL);
    check_stopped(std::bad_function_call(), CARTBELL_INTERNAL);
    check_stopped(std::bad_weak_ptr(), CARTBELL_INTERNAL);
    check_stopped(std::bad_optional_access(), CARTBELL_INTERNAL);
    check_stopped(std::bad_variant_access(), CARTBELL_INTERNAL);
    check_stopped(OwnException(), CARTBELL_INTERNAL);
    check_stopped(NotAnException(), CARTBELL_INTERNAL);
    check_stopped(42, CARTBELL_INTERNAL);
    check_stopped("a text", CARTBELL_INTERNAL);
    check_stopped(std::string("ann@example.org"), CARTBELL_INTERNAL);
    check_stopped(nullptr, CARTBELL_INTERNAL);
    CHECK(cartbell_live_objects() == before);
}

TEST_CASE("the guard hands on a Status with every part of its error, and clears the error on success") {
    cartbell_error *error = reinterpret_cast<cartbell_error *>(uintptr_t{8});
    CHECK(guard(&error, [] { return Status(); }) == CARTBELL_OK);
    CHECK(error == nullptr);
    Error what = failure(Code::conflict, "in_use", "stored data use it", "/statuses/0");
    what.line = 3;
    what.column = 14;
    CHECK(guard(&error, [&] { return Status(what); }) == CARTBELL_CONFLICT);
    CHECK(cartbell_error_status(error) == CARTBELL_CONFLICT);
    CHECK(std::string(cartbell_error_reason(error)) == "in_use");
    CHECK(std::string(cartbell_error_message(error)) == "stored data use it");
    CHECK(std::string(cartbell_error_pointer(error)) == "/statuses/0");
    CHECK(cartbell_error_line(error) == 3);
    CHECK(cartbell_error_column(error) == 14);
    cartbell_error_free(error);
}

TEST_CASE("a status out of memory is the static error as well") {
    cartbell_error *error = nullptr, *other = nullptr;
    const auto lack = [] { return Status(failure(Code::out_of_memory, "store_failed", "store: no memory")); };
    CHECK(guard(&error, lack) == CARTBELL_OUT_OF_MEMORY);
    CHECK(guard(&other, lack) == CARTBELL_OUT_OF_MEMORY);
    CHECK(error == other);
    cartbell_error_free(error);
    cartbell_error_free(error);  // static: nothing to free, however often
    CHECK(std::string(cartbell_error_reason(other)) == "out_of_memory");
}

TEST_CASE("a closed object's head says so as long as its bytes are there") {
    struct Object : Head {
        Object() : Head(Tag::batch) {}
    };
    const int64_t before = live_objects.load();
    alignas(Object) unsigned char room[sizeof(Object)];
    auto *object = new (room) Object;
    CHECK(live_objects.load() == before + 1);
    CHECK(check_handle(object, Tag::batch, "batch").ok());
    CHECK(check_handle(object, Tag::engine, "engine").error().reason == "wrong_handle");
    object->~Object();
    CHECK(live_objects.load() == before);
    CHECK(check_handle(room, Tag::batch, "batch").error().reason == "closed_handle");
    CHECK(check_handle(room, Tag::batch, "batch").code() == Code::misuse);
}

TEST_CASE("a struct is copied by the size that its caller was compiled with") {
    struct Struct {
        uint32_t struct_size = 0, first = 0;
        uint64_t second = 0;
    } given, copy;
    given.struct_size = 8;
    given.first = 5;
    given.second = 77;  // behind the end of the caller's struct
    REQUIRE(copy_struct(&given, 8, copy, "it").ok());
    CHECK(copy.first == 5);
    CHECK(copy.second == 0);
    CHECK(copy_struct(&given, 9, copy, "it").error().reason == "struct_size");
    unsigned char later[24] = {24};
    CHECK(copy_sized(later, 8, &copy, sizeof copy, "it").ok());
    later[23] = 1;
    CHECK(copy_sized(later, 8, &copy, sizeof copy, "it").error().reason == "reserved_set");
}

TEST_CASE("a buffer is reused, ends in NUL, and may hold NULs") {
    cartbell_buffer buffer = CARTBELL_BUFFER_INIT;
    write(&buffer, std::string_view("a\0b", 3));
    CHECK(buffer.size == 3);
    CHECK(buffer.data[3] == '\0');
    char *const room = buffer.data;
    write(&buffer, "");
    CHECK(buffer.data == room);
    CHECK(buffer.size == 0);
    CHECK(buffer.data[0] == '\0');
    CHECK(check_buffer(&buffer, "it").ok());
    cartbell_buffer_free(&buffer);
    CHECK(buffer.data == nullptr);
    CHECK(buffer.capacity == 0);
    cartbell_buffer_free(&buffer);
}

TEST_CASE("members of an answer are found by name at the top, whatever strings and nesting hold") {
    const std::string_view json =
        R"({"a":{"next":"no","x":[1,2]},"s":"},\"next\":\"no\"","messages":[{"b":"]"},[],"\\"] , "next" : "to\"ken"})";
    CHECK(member_of(json, "next") == R"("to\"ken")");
    CHECK(member_of(json, "a") == R"({"next":"no","x":[1,2]})");
    CHECK(member_of(json, "none").empty());
    CHECK(member_of("[]", "a").empty());
    CHECK(member_of("", "a").empty());
    CHECK(member_of("{", "a").empty());
    CHECK(member_of("{}", "a").empty());
    CHECK(member_of(R"({"a)", "a").empty());
    CHECK(count_of(R"([{"b":"]"},[],"\\"])") == 3);
    CHECK(count_of("[]") == 0);
    CHECK(count_of("[ ]") == 0);
    CHECK(count_of("[null]") == 1);
    CHECK(count_of("[1, 2 ,3]") == 3);
}
