// The members an object may have, found without a search: a hash table without collisions, made by the
// compiler.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "codec/json_text.hpp"

namespace cartbell::codec {

template <typename Role>
struct Member {
    std::string_view name;
    Role role{};
};

template <typename Role, size_t Count>
class MemberTable {
  public:
    consteval explicit MemberTable(const std::array<Member<Role>, Count> &members) {
        for (size_t i = 0; i < Count; ++i) {
            roles_[i] = members[i].role;
            names_[i] = members[i].name;
            for (size_t byte = 0; byte < names_[i].size(); ++byte)
                words_[i][byte / 8] |= uint64_t{static_cast<unsigned char>(names_[i][byte])}
                                       << (byte % 8 * 8);
        }
        for (multiplier_ = 0x9e3779b1; !fits(); multiplier_ += 2) {
        }
    }

    // `name` lies in padded memory (json_scanner.hpp): it is compared by words.
    const Role *find(std::string_view name) const {
        if (name.empty()) return nullptr;
        const uint8_t slot = slots_[slot_of(name)];
        if (slot == 0 || names_[slot - 1].size() != name.size()) return nullptr;
        const uint64_t *word = words_[slot - 1].data();
        const char *at = name.data();
        size_t left = name.size();
        for (; left > 8; left -= 8, at += 8)
            if (json_hash::word_at(at) != *word++) return nullptr;
        return (json_hash::word_at(at) & json_hash::masks.first[left]) == *word ? &roles_[slot - 1] : nullptr;
    }
    const std::array<Role, Count> &roles() const { return roles_; }
    const std::array<std::string_view, Count> &names() const { return names_; }

  private:
    static constexpr unsigned bits = Count <= 12 ? 6 : 8;

    constexpr size_t slot_of(std::string_view name) const {
        const auto byte = [name](size_t i) {
            return static_cast<uint32_t>(static_cast<unsigned char>(name[i]));
        };
        const uint32_t word = static_cast<uint32_t>(name.size()) | byte(0) << 8 |
                              byte(name.size() / 2) << 16 | byte(name.size() - 1) << 24;
        return (word * multiplier_) >> (32 - bits);
    }
    constexpr bool fits() {
        slots_ = {};
        for (size_t i = 0; i < Count; ++i) {
            uint8_t &slot = slots_[slot_of(names_[i])];
            if (slot != 0) return false;
            slot = static_cast<uint8_t>(i + 1);
        }
        return true;
    }

    std::array<Role, Count> roles_{};
    std::array<std::array<uint64_t, 3>, Count> words_{};  // no name is longer than 24 bytes
    std::array<std::string_view, Count> names_{};
    std::array<uint8_t, (size_t{1} << bits)> slots_{};
    uint32_t multiplier_ = 0;
};

}  // namespace cartbell::codec
