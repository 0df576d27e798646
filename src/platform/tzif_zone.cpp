#include "platform/tzif_zone.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/decimal.hpp"

namespace cartbell {
namespace {

constexpr size_t header_bytes = 44;
constexpr int32_t most_offset_seconds = 26 * 3600;  // RFC 9636 §3.2: between -25 and 26 hours
// The rule is written out to the end of the years that instants may have (formats.md §1), and computed only
// beyond.
constexpr int32_t last_tabled_year = 2200;

int64_t read_big(std::string_view bytes, size_t at, size_t size) {
    uint64_t value = static_cast<unsigned char>(bytes[at]) & 0x80 ? ~uint64_t{0} : 0;  // the sign
    for (size_t index = 0; index < size; ++index)
        value = value << 8 | static_cast<unsigned char>(bytes[at + index]);
    return static_cast<int64_t>(value);
}

// The counts of a header, and with them the places of a data block's parts.
struct Block {
    int version = 0;
    size_t universal_marks = 0;
    size_t standard_marks = 0;
    size_t leaps = 0;
    size_t times = 0;
    size_t types = 0;
    size_t chars = 0;

    static std::optional<Block> read(std::string_view bytes) {
        if (bytes.size() < header_bytes || bytes.substr(0, 4) != "TZif") return std::nullopt;
        Block block;
        const char version = bytes[4];
        if (version != 0 && (version < '2' || version > '9')) return std::nullopt;
        block.version = version == 0 ? 1 : version - '0';
        size_t *const counts[] = {&block.universal_marks, &block.standard_marks, &block.leaps,
                                  &block.times,           &block.types,          &block.chars};
        for (size_t index = 0; index < std::size(counts); ++index) {
            const int64_t count = read_big(bytes, 20 + 4 * index, 4);
            if (count < 0 || static_cast<size_t>(count) > bytes.size())
                return std::nullopt;  // nothing takes less than a byte
            *counts[index] = static_cast<size_t>(count);
        }
        return block;
    }

    size_t data_bytes(size_t time_bytes) const {
        return times * (time_bytes + 1) + types * 6 + chars + leaps * (time_bytes + 4) + standard_marks +
               universal_marks;
    }
};

Instant instant_of_seconds(int64_t seconds) {
    int64_t instant = 0;
    if (__builtin_mul_overflow(seconds, second_us, &instant)) return seconds < 0 ? no_instant + 1 : never - 1;
    return instant;
}

int32_t year_of(Instant instant) {
    return date_of_days(whole_days(instant)).year;
}

}  // namespace

std::unique_ptr<TzifZone> TzifZone::parse(std::string name, std::string_view bytes) {
    auto zone = std::make_unique<TzifZone>();
    zone->name_ = std::move(name);
    if (!zone->read(bytes)) return nullptr;
    zone->extend_by_rule();
    return zone;
}

bool TzifZone::read(std::string_view bytes) {
    std::optional<Block> block = Block::read(bytes);
    if (!block) return false;
    bytes.remove_prefix(header_bytes);
    size_t time_bytes = 4;
    if (block->version >= 2) {  // the first block repeats the times that fit in 32 bits, for readers of old
        if (bytes.size() < block->data_bytes(4)) return false;
        bytes.remove_prefix(block->data_bytes(4));
        block = Block::read(bytes);
        if (!block || block->version < 2) return false;
        bytes.remove_prefix(header_bytes);
        time_bytes = 8;
    }
    const size_t size = block->data_bytes(time_bytes);
    if (bytes.size() < size || block->types == 0 || block->leaps != 0) return false;

    const size_t indexes_at = block->times * time_bytes;
    const size_t types_at = indexes_at + block->times;
    const auto offset_of_type = [&](size_t type) {
        return static_cast<int32_t>(read_big(bytes, types_at + 6 * type, 4));
    };
    for (size_t type = 0; type < block->types; ++type) {
        const int32_t offset = offset_of_type(type);
        if (offset < -most_offset_seconds || offset > most_offset_seconds) return false;
    }
    begins_.reserve(block->times);
    offsets_.reserve(block->times + 1);
    offsets_.push_back(offset_of_type(0));
    int64_t before = INT64_MIN;
    for (size_t index = 0; index < block->times; ++index) {
        const int64_t seconds = read_big(bytes, index * time_bytes, time_bytes);
        const auto type = static_cast<unsigned char>(bytes[indexes_at + index]);
        if (type >= block->types || (index > 0 && seconds <= before)) return false;
        before = seconds;
        begins_.push_back(instant_of_seconds(seconds));
        offsets_.push_back(offset_of_type(type));
    }
    if (block->version == 1) return true;

    // The footer: a rule between two line feeds; an empty one says that nothing is known beyond the last
    // change.
    const std::string_view footer = bytes.substr(size);
    if (footer.size() < 2 || footer.front() != '\n') return false;
    const size_t end = footer.find('\n', 1);
    if (end == std::string_view::npos) return false;
    if (end == 1) return true;
    rule_ = parse_posix_rule(footer.substr(1, end - 1));
    return rule_.has_value();
}

void TzifZone::extend_by_rule() {
    if (!rule_ || !rule_->has_summer) {
        rule_.reset();  // the last change's offset goes on
        return;
    }
    const Instant last_listed = begins_.empty() ? no_instant : begins_.back();
    const int32_t first_year = begins_.empty() ? 1900 : year_of(last_listed) - 1;
    for (int32_t year = first_year; year <= last_tabled_year; ++year) {
        for (const PosixRule::Change &change : rule_->changes_of(year)) {
            const Instant at = change.at_seconds * second_us;
            if (at <= last_listed || (!begins_.empty() && at < begins_.back())) continue;
            if (!begins_.empty() && at == begins_.back()) {  // summer time all year: it ends and begins again
                offsets_.back() = change.offset_seconds;
                continue;
            }
            begins_.push_back(at);
            offsets_.push_back(change.offset_seconds);
        }
    }
}

TzifZone::Period TzifZone::period_by_rule(Instant instant) const {
    // Around new year the change before or after may belong to a neighbouring year.
    const int32_t year = year_of(instant);
    std::array<PosixRule::Change, 6> changes;
    for (int32_t index = 0; index < 3; ++index) {
        const auto pair = rule_->changes_of(year - 1 + index);
        std::copy(pair.begin(), pair.end(), changes.begin() + 2 * index);
    }
    const auto later = [instant](const PosixRule::Change &change) {
        return Wide{change.at_seconds} * second_us > instant;
    };
    const auto next = std::find_if(changes.begin() + 1, changes.end(), later);
    return {instant_of_seconds((next - 1)->at_seconds),
            next == changes.end() ? never : instant_of_seconds(next->at_seconds), (next - 1)->offset_seconds};
}

TzifZone::Period TzifZone::period_at(Instant instant) const {
    const auto next = std::upper_bound(begins_.begin(), begins_.end(), instant);
    const auto index = static_cast<size_t>(next - begins_.begin());
    if (next == begins_.end() && rule_) return period_by_rule(instant);
    return {index == 0 ? no_instant : begins_[index - 1], next == begins_.end() ? never : *next,
            offsets_[index]};
}

int32_t TzifZone::offset_seconds_at(Instant instant) const {
    if (!begins_.empty() && instant >= begins_.back() && rule_) return period_by_rule(instant).offset_seconds;
    const auto next = std::upper_bound(begins_.begin(), begins_.end(), instant);
    return offsets_[static_cast<size_t>(next - begins_.begin())];
}

// Walks the periods that the wall time could lie in, earliest first, so that of two equal wall times the
// first is found. Where the wall time is past a period's end but before the next one's begin it lies in a
// gap, and the offset before the gap moves it forward by the gap.
Instant TzifZone::instant_of(LocalTime local) const {
    constexpr int64_t reach_us = (most_offset_seconds + 1) * second_us;
    local = std::clamp(local, no_instant + 2 * reach_us, never - 2 * reach_us);
    Period period = period_at(local - reach_us);
    for (;;) {
        const Instant instant = local - period.offset_seconds * second_us;
        if (instant < period.end || period.end == never) return instant;
        const Period next = period_at(period.end);
        if (local - next.offset_seconds * second_us < next.begin) return instant;
        period = next;
    }
}

}  // namespace cartbell
