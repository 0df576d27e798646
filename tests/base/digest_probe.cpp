// Prints the SHA-256 and the SHA-1 of standard input, for digests_against_sha256sum.sh.
#include <cstdio>
#include <string>

#include "base/hash.hpp"

int main() {
    std::string bytes;
    char part[4096];
    while (const size_t count = std::fread(part, 1, sizeof part, stdin))
        bytes.append(part, count);
    const auto text = [](const auto &digest) {
        return cartbell::hex({reinterpret_cast<const char *>(digest.data()), digest.size()});
    };
    std::printf("%s\n%s\n", text(cartbell::sha256(bytes)).c_str(), text(cartbell::sha1(bytes)).c_str());
    return 0;
}
