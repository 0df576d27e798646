// The members an object may have, found without a search: a hash table without collisions, made by the compiler.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

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
            members_[i] = members[i];
            names_[i] = members[i].name;
        }
        for (multiplier_ = 0x9e3779b1; !fits(); multiplier_ += 2) {
        }
    }

    const Role *find(std::string_view name) const {
        if (name.empty()) return nullptr;
        const uint8_t slot = slots_[slot_of(name)];
        return slot != 0 && members_[slot - 1].name == name ? &members_[slot - 1].role : nullptr;
    }
    const std::array<std::string_view, Count> &names() const { return names_; }

  private:
    static constexpr unsigned bits = Count <= 12 ? 6 : 8;

    constexpr size_t slot_of(std::string_view name) const {
        const auto byte = [name](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(name[i])); };
        const uint32_t word = static_cast<uint32_t>(name.size()) | byte(0) << 8 | byte(name.size() / 2) << 16 |
                              byte(name.size() - 1) << 24;
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

    std::array<Member<Role>, Count> members_{};
    std::array<std::string_view, Count> names_{};
    std::array<uint8_t, (size_t{1} << bits)> slots_{};
    uint32_t multiplier_ = 0;
};

}  // namespace cartbell::codec
