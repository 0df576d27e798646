#include "cli/csv.hpp"

#include "cli/failure.hpp"

namespace cartbell::cli {

bool CsvReader::next(std::vector<std::string> &fields) {
    fields.clear();
    if (!lines_.next(text_)) return false;
    line_ = ++lines_read_;
    fields.emplace_back();
    bool quoted = false;
    for (size_t at = 0;; ++at) {
        if (at == text_.size() && quoted) {
            fields.back() += '\n';
            if (!lines_.next(text_))
                throw Failure(exit_refused,
                              path_ + ", line " + std::to_string(line_) + ": a quote is never closed");
            ++lines_read_;
            at = static_cast<size_t>(-1);
            continue;
        }
        if (at == text_.size()) break;
        const char c = text_[at];
        if (quoted) {
            if (c != '"')
                fields.back() += c;
            else if (at + 1 < text_.size() && text_[at + 1] == '"')
                fields.back() += text_[++at];
            else
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == ',') {
            fields.emplace_back();
        } else if (c != '\r' || at + 1 != text_.size()) {
            fields.back() += c;
        }
    }
    return true;
}

size_t csv_column(const std::vector<std::string> &head, std::string_view title) {
    for (size_t at = 0; at < head.size(); ++at) {
        std::string_view found = head[at];
        if (at == 0 && found.substr(0, 3) == "\xEF\xBB\xBF") found.remove_prefix(3);
        if (found == title) return at;
    }
    return no_column;
}

}  // namespace cartbell::cli
