#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <set>
#include <string>

#include "base/hash.hpp"
#include "base/sha1_blocks.hpp"
#include "base/sha256_blocks.hpp"

using namespace cartbell;

namespace {

template <typename Digest>
std::string text(const Digest &digest) {
    return hex({reinterpret_cast<const char *>(digest.data()), digest.size()});
}

}  // namespace

TEST_CASE("SHA-256 gives the answers of FIPS 180-4's examples") {
    CHECK(text(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(text(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(text(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(text(sha256(std::string(1'000'000, 'a'))) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("SHA-1 gives the answers of FIPS 180-4's examples") {
    CHECK(text(sha1("")) == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    CHECK(text(sha1("abc")) == "a9993e364706816aba3e25717850c26c9cd0d89d");
    CHECK(text(sha1(std::string(1'000'000, 'a'))) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

namespace {

template <size_t Words, typename Blocks, typename TryBlocks>
void check_native(Blocks &&plainly, TryBlocks &&natively) {
    uint8_t blocks[64 * 5];
    uint64_t state = 7;
    for (auto &byte : blocks) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        byte = static_cast<uint8_t>(state >> 56);
    }
    for (size_t count = 0; count <= 5; ++count) {
        uint32_t plain[Words], native[Words];
        for (uint32_t i = 0; i < Words; ++i) plain[i] = native[i] = i + 1;
        plainly(plain, blocks, count);
        if (!natively(native, blocks, count)) {
            MESSAGE("no SHA instructions here");
            return;
        }
        CHECK(std::equal(plain, plain + Words, native));
    }
}

}  // namespace

TEST_CASE("the processor's own SHA-256 agrees with the plain one") { check_native<8>(sha256_blocks_plain, sha256_blocks_native); }

TEST_CASE("the processor's own SHA-1 agrees with the plain one") { check_native<5>(sha1_blocks_plain, sha1_blocks_native); }

TEST_CASE("the first half of SHA-256 is the 128-bit hash") {
    CHECK(text(hash128("abc")) == "ba7816bf8f01cfea414140de5dae2223");
}

TEST_CASE("formats.md §2, sample: the printed buckets of holdout-2026 come out") {
    const auto bucket = [](std::string_view salt, std::string_view who) {
        const Sha256 digest = sha256(std::string(salt) + '\0' + std::string(who));
        uint64_t first = 0;
        for (size_t index = 0; index < 8; ++index)
            first = first << 8 | digest[index];
        return static_cast<int>(static_cast<double>(first) / 18446744073709551616.0 * 1'000'000 + 0.5);
    };
    CHECK(bucket("holdout-2026", "C-17") == 305'372);
    CHECK(bucket("holdout-2026", "u0") == 511'601);
    CHECK(bucket("holdout-2026", "u1") == 858'446);
}

TEST_CASE("name-based UUIDs are those of RFC 4122") {
    // Name space DNS of RFC 4122 appendix C; the value is Python's uuid.uuid5(uuid.NAMESPACE_DNS,
    // "python.org").
    constexpr std::array<uint8_t, 16> dns = {0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1,
                                             0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
    CHECK(uuid_v5(dns, "python.org") == "886313e1-3b8a-5372-9b90-0c9aee199e5d");
}

TEST_CASE("the fast hash is the same in every build") {
    // Pinned: partitions and tables of stored data may rest on it.
    CHECK(hash64("") == hash64(""));
    CHECK(hash64("C-17") == 0x80c5c85fe6115405u);
    CHECK(hash64("external_id:customer-0000017") == 0x14501569259c7a48u);
    CHECK(hash64("C-17", 1) != hash64("C-17"));
}

TEST_CASE("the fast hash tells texts apart at every length and spreads each changed bit") {
    std::set<uint64_t> seen;
    std::string zeros;
    for (int length = 0; length < 200; ++length, zeros.push_back('\0'))
        seen.insert(hash64(zeros));
    CHECK(seen.size() == 200);
    for (const size_t length : {1u, 3u, 4u, 7u, 8u, 9u, 15u, 16u, 17u, 31u, 33u, 64u}) {
        const std::string plain(length, 'x');
        double changed = 0;
        for (size_t bit = 0; bit < length * 8; ++bit) {
            std::string other = plain;
            other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << bit % 8));
            const int apart = std::popcount(hash64(plain) ^ hash64(other));
            REQUIRE(apart > 8);
            changed += apart;
        }
        CAPTURE(length);
        CHECK(changed / static_cast<double>(length * 8) > 26);
        CHECK(changed / static_cast<double>(length * 8) < 38);
    }
}

TEST_CASE("numbered names fall evenly into 1024 partitions") {
    std::array<int, 1024> counts{};
    for (int index = 0; index < 102'400; ++index)
        ++counts[hash64("external_id:C-" + std::to_string(index)) % 1024];
    CHECK(*std::min_element(counts.begin(), counts.end()) > 50);
    CHECK(*std::max_element(counts.begin(), counts.end()) < 150);
}
