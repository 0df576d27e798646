// Shortcuts for tests of mappings: a document in, its operations or its error out.
#pragma once

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "codec/mapping.hpp"

namespace cartbell::test {

struct MappedJson {
    nlohmann::json operations, report;
};

inline MappedJson map(const std::string &json, const std::string &format, const std::string &table = {},
                      const std::string &given = {}, bool skip_unmapped = false) {
    codec::MappingOptions options;
    options.format = format;
    options.table = table;
    options.given = given;
    options.skip_unmapped = skip_unmapped;
    const Result<codec::MappedDocuments> mapped = codec::map_documents(json, options, library_limits);
    if (!mapped.ok())
        FAIL(mapped.error().reason << " at '" << mapped.error().pointer << "': " << mapped.error().message);
    return {nlohmann::json::parse(mapped->operations), nlohmann::json::parse(mapped->report)};
}

inline nlohmann::json operations(const std::string &json, const std::string &format,
                                 const std::string &table = {}, const std::string &given = {}) {
    return map(json, format, table, given).operations;
}

// "reason pointer"; "" if nothing failed.
inline std::string refusal(const std::string &json, const std::string &format, const std::string &table = {},
                           const std::string &given = {}, const Limits &limits = library_limits) {
    codec::MappingOptions options;
    options.format = format;
    options.table = table;
    options.given = given;
    const Result<codec::MappedDocuments> mapped = codec::map_documents(json, options, limits);
    if (mapped.ok()) return {};
    CHECK_FALSE(mapped.error().message.empty());
    return mapped.error().reason + " " + mapped.error().pointer;
}

}  // namespace cartbell::test
