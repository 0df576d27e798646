// The documents of others - Segment, GA4, Shopify, WooCommerce - as operations, by the library's mapping
// table or a person's own (docs/mapping.md).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cli/json_reader.hpp"
#include "cli/operation_source.hpp"

namespace cartbell::cli {

struct MappedFormat {
    std::string format, table;  // the table's text; "" is none
    bool skip_unmapped = false;
};

class MappedSource : public OperationSource {
  public:
    // Throws Failure (usage) if there is no such format, and for a table that is none.
    static void check(const MappedFormat &format);
    // text: documents, arrays of them, or several of these one after another. input: its name, for errors.
    // Throws Failure with line and column if any of it makes no sense.
    MappedSource(std::string text, const std::string &input, const MappedFormat &format);
    Piece next(size_t most_operations) override;
    int64_t size_bytes() const override {
        return static_cast<int64_t>(operations_.size());
    }  // the unit is the operation
    std::string place(int64_t number) const override;
    std::string summary() const override;
    ShopSettings settings() const override { return settings_; }

  private:
    struct Operation {
        std::string json;
        size_t document;
    };
    struct Document {
        size_t at = 0;      // the byte of the text it begins with
        std::string order;  // its id, if it is one
    };
    void add(const Json &document, const MappedFormat &format);
    void add_mapped(const Json &document, const Json &operations, const Json &report);
    void add_settings(const Json &report);
    std::string place_at(size_t at) const;

    std::string text_, input_;
    std::vector<Operation> operations_;
    std::vector<Document> documents_;
    ShopSettings settings_;
    std::map<std::string, size_t> known_;  // statuses and fields of settings_, by what they are
    std::vector<std::string> left_out_;    // the first few members that have no place
    int64_t orders_ = 0, unmapped_ = 0, left_out_count_ = 0;
    size_t at_ = 0;
};

}  // namespace cartbell::cli
