#include "cli/line_source.hpp"

#include <filesystem>

#include "cli/failure.hpp"

namespace cartbell::cli {
namespace {

constexpr size_t block_bytes = 1u << 18;

bool blank(const std::string &line) {
    return line.find_first_not_of(" \t\r") == std::string::npos;
}

}  // namespace

void LineReader::Close::operator()(std::FILE *file) const {
    if (file != stdin) std::fclose(file);
}

LineReader::LineReader(const std::string &path)
    : path_(path), file_(path == "-" ? stdin : std::fopen(path.c_str(), "rb")) {
    if (!file_) throw Failure(exit_refused, "cannot read " + path);
    std::error_code unknown;
    const auto size = path == "-" ? 0 : std::filesystem::file_size(path, unknown);
    if (!unknown) size_bytes_ = static_cast<int64_t>(size);
}

bool LineReader::next(std::string &line) {
    line.clear();
    for (;;) {
        const size_t end = block_.find('\n', at_);
        if (end != std::string::npos) {
            line.append(block_, at_, end - at_);
            at_ = end + 1;
            return true;
        }
        line.append(block_, at_, std::string::npos);
        block_.resize(block_bytes);
        const size_t got = std::fread(block_.data(), 1, block_bytes, file_.get());
        block_.resize(got);
        at_ = 0;
        read_bytes_ += static_cast<int64_t>(got);
        if (got > 0) continue;
        if (std::ferror(file_.get())) throw Failure(exit_refused, "cannot read " + path_);
        return !line.empty();
    }
}

Piece LineSource::next(size_t most_operations) {
    Piece piece;
    std::string line;
    while (piece.places.size() < most_operations) {
        if (has_pending_)
            line.swap(pending_);
        else if (!reader_.next(line))
            break;
        else
            ++line_;
        has_pending_ = false;
        if (blank(line)) continue;
        if (!piece.empty() && piece.ndjson.size() + line.size() > piece_bytes) {
            pending_.swap(line);
            has_pending_ = true;
            break;
        }
        piece.ndjson += line;
        piece.ndjson += '\n';
        piece.places.push_back(line_);
    }
    piece.read_bytes = reader_.read_bytes();
    return piece;
}

}  // namespace cartbell::cli
