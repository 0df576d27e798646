#include "engine/progress.hpp"

#include "engine/rows.hpp"

namespace cartbell::engine {
namespace {

void append_number(std::string &out, int64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(static_cast<uint64_t>(number) >> shift);
}

int64_t number_at(std::string_view bytes, size_t at) {
    uint64_t number = 0;
    for (size_t i = 0; i < 8; ++i) number = number << 8 | static_cast<uint8_t>(bytes[at + i]);
    return static_cast<int64_t>(number);
}

}  // namespace

Result<Progress> load_progress(store::Transaction &transaction, std::string_view subject) {
    using namespace store::progress_column;
    const store::Cell key = store::text_cell(subject);
    Found found;
    CARTBELL_TRY(get(transaction, store::progress, count_, {&key, 1}, found));
    Progress progress;
    if (!found.has(0)) return progress;
    const std::string_view bytes = store::text_of(found.cell(0, cursor));
    if (bytes.size() < 24 || bytes.size() % 8 != 0) return failure(Code::corrupt, "bad_progress", "a cursor of long work cannot be read");
    progress.clock = number_at(bytes, 0);
    progress.last_customer = number_at(bytes, 8);
    progress.newest_serial = number_at(bytes, 16);
    for (size_t at = 24; at < bytes.size(); at += 8) progress.also.push_back(number_at(bytes, at));
    progress.state = store::text_of(found.cell(0, state));
    return progress;
}

Status save_progress(store::Transaction &transaction, std::string_view subject, const Progress &progress) {
    std::string bytes;
    append_number(bytes, progress.clock);
    append_number(bytes, progress.last_customer);
    append_number(bytes, progress.newest_serial);
    for (const int64_t customer : progress.also) append_number(bytes, customer);
    Rows row;
    row.lend_text(subject).lend_bytes(bytes).lend_text(progress.state).null();
    return transaction.put(store::progress, row);
}

}  // namespace cartbell::engine
