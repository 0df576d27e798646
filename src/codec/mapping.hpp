// Documents of others as operations, by the mapping table (docs/mapping.md). Pure: the same text, table and
// options give the same operations.
#pragma once

#include <string>
#include <string_view>

#include "base/limits.hpp"
#include "base/status.hpp"

namespace cartbell::codec {

struct MappingOptions {
    std::string_view format;  // "woocommerce", or one of the host's table
    std::string_view table;   // the host's, whose rules come first; "" is none
    std::string_view
        given;  // {"id","occurred_at","source","customer","backfill"}: what documents do not say; "" is none
    bool skip_unmapped = false;  // a document that no rule matches is told in the report and no error
};

struct MappedDocuments {
    std::string operations;  // a JSON array of operations
    std::string report;  // {"documents","mapped","unmapped","ignored","ignored_count","statuses","fields"}
};

// `json`: one document or an array of them. Errors have a pointer into it: `unmapped missing_<name> bad_type
// unknown_word` and those of numbers and times; `unknown_format bad_given`; of the table `bad_table`; those
// of read_document; `batch_operations batch_bytes mapping_steps` (limit).
Result<MappedDocuments> map_documents(std::string_view json, const MappingOptions &options,
                                      const Limits &limits);

}  // namespace cartbell::codec
