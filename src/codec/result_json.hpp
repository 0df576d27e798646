// The result of one operation, and domain events, as JSON (formats.md §1 "Result").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "model/operation.hpp"

namespace cartbell::codec {

enum class Outcome : uint8_t { accepted, duplicate, late, rejected };
std::string_view name_of(Outcome outcome);

struct OperationResult {
    std::string id;
    Outcome outcome = Outcome::accepted;
    int64_t version = -1;  // of the object after the operation; -1 (JSON null) when it was rejected
    std::vector<DomainEvent> changed;
    std::vector<std::string> ignored;  // pointers
    std::vector<Note> warnings;
    std::vector<Note> errors;
};

// Appends {"id","outcome","version","changed","ignored","warnings","errors"}, always all of them.
void append_result(std::string &out, const OperationResult &result);
// Appends {"name":"order.created","context":{...}}.
void append_domain_event(std::string &out, const DomainEvent &event);
// Appends {"code","pointer","message"}.
void append_note(std::string &out, const Note &note);

// A stored result, answered again for a `duplicate`: the first one with that outcome. Error: `corrupt` when
// it is no result.
Result<std::string> result_as_duplicate(std::string_view first_result);

}  // namespace cartbell::codec
