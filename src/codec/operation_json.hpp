// JSON → operations: the door for everything a shop sends (formats.md §1).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "base/status.hpp"
#include "model/operation.hpp"
#include "model/settings.hpp"

namespace cartbell::codec {

enum class Form : uint8_t { operation, array, operations, ndjson };

// One element of a batch. `operation` is complete exactly if `errors` is empty; its id and source are filled
// in whenever they could be read. Pointers of errors, warnings and ignored members are relative to the
// operation.
struct Parsed {
    Operation operation;
    std::vector<Note> errors;  // every error of the operation at once
    std::string_view body;     // the operation as sent, inside the batch's bytes; the journal keeps it
    uint32_t line = 0;         // of NDJSON, from 1; else 0

    bool ok() const { return errors.empty(); }
    const std::string &id() const { return operation.id; }
};

// Parsed input. Owns the bytes that the bodies point into; moving it keeps them where they are.
struct Batch {
    std::vector<Parsed> operations;
    Instant sent_at = no_instant;  // of the `operations` form; already given to the operations that say none
    int64_t settings_version = 0;  // that the operations were checked against; under another one parse again
    std::unique_ptr<char[]> bytes;
};

// Checks and converts a whole batch. Any thread, no lock. A malformed or too deep text is refused whole with
// code, pointer-free message, line and column: `syntax bad_utf8 too_deep too_large batch_too_large
// duplicate_key unknown_member ...`; in NDJSON it rejects only its line. Everything else that is wrong is an
// error of its operation. `default_source` stands for an operation that names none; empty means `system`.
Result<Batch> parse(std::string_view bytes, Form form, std::string_view default_source,
                    const Settings &settings, const Limits &limits);

// A body out of the journal, which was checked when it entered: codes, fields and sources that the settings
// no longer know are taken as they are, an undeclared or retyped custom field becomes canonical JSON.
// `source` is the entry's.
Result<Operation> parse_entry(std::string_view body, std::string_view source, const Settings &settings);

// The operation as sent with another top-level `sent_at`: what its batch said for all (formats.md §1 `sent_at`).
Result<std::string> body_with_sent_at(std::string_view body, Instant sent_at);

}  // namespace cartbell::codec
