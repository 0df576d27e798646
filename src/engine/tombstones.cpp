#include "engine/tombstones.hpp"

#include <algorithm>
#include <map>

#include "base/hash.hpp"

namespace cartbell::engine {
namespace {

constexpr Counter lanes[] = {Counter::tombstone_key_0, Counter::tombstone_key_1, Counter::tombstone_key_2, Counter::tombstone_key_3};
constexpr size_t hash_bytes = 16;

std::string_view text_of(const Sha256 &hash) { return {reinterpret_cast<const char *>(hash.data()), hash.size()}; }

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view text) {
    constexpr size_t block_bytes = 64;
    std::string block(key.size() > block_bytes ? text_of(sha256(key)) : key);
    block.resize(block_bytes, '\0');
    std::string inner, outer;
    for (const char c : block) {
        inner += static_cast<char>(c ^ 0x36);
        outer += static_cast<char>(c ^ 0x5c);
    }
    outer += text_of(sha256(inner += text));
    return std::string(text_of(sha256(outer)));
}

TombstoneKey::TombstoneKey(const Counters &counters) {
    for (const Counter lane : lanes)
        for (int shift = 56; shift >= 0; shift -= 8) key_ += static_cast<char>(static_cast<uint64_t>(counters[lane]) >> shift);
}

void TombstoneKey::make(Counters &counters, std::string_view seed) {
    const std::string bytes = hmac_sha256("cartbell tombstones", seed);
    for (size_t lane = 0; lane < std::size(lanes); ++lane) {
        uint64_t word = 0;
        for (size_t i = 0; i < 8; ++i) word = word << 8 | static_cast<uint8_t>(bytes[8 * lane + i]);
        counters[lanes[lane]] = static_cast<int64_t>(word);
    }
}

std::string TombstoneKey::of_operation(std::string_view source, std::string_view id) const {
    std::string name(source);
    name += '\0';
    name += id;
    return hash("operation", name);
}

std::string TombstoneKey::hash(std::string_view kind, std::string_view text) const {
    std::string said(kind);
    said += '\0';
    said += text;
    return hmac_sha256(key_, said).substr(0, hash_bytes);
}

Status NewTombstones::write() {
    using namespace store::tombstone_column;
    if (rows_.empty()) return {};
    std::map<std::string_view, Instant> instants;
    const std::span<const store::Cell> cells = rows_.cells();
    for (size_t row = 0; row < cells.size(); row += count_) {
        const auto [known, is_new] = instants.try_emplace(store::text_of(cells[row + hash]), cells[row + at].integer);
        if (!is_new) known->second = std::max(known->second, cells[row + at].integer);
    }
    Rows keys, rows;
    for (const auto &one : instants) keys.lend_bytes(one.first);
    Found found;
    CARTBELL_TRY(get(transaction_, store::tombstone, count_, keys, found));
    size_t index = 0;
    for (const auto &[hash_of, instant] : instants) {
        const Instant stored = found.has(index) ? found.cell(index, at).integer : least_instant;
        counters_[Counter::tombstones] += found.has(index) ? 0 : 1;
        rows.lend_bytes(hash_of).integer(std::max(instant, stored));
        ++index;
    }
    CARTBELL_TRY(transaction_.put(store::tombstone, rows));
    rows_.clear();
    return {};
}

}  // namespace cartbell::engine
