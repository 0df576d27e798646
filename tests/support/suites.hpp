// Where the foreign suites and the real data are: CARTBELL_SHARED. CI has them; elsewhere a test says that it did not run.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace cartbell::test {

// The folder, or "" if it is absent and that is no failure. In CI (CI=true) an absent folder is: `absent_is_failure` says so.
struct Shared {
    std::string path;
    bool absent_is_failure = false;
};

inline Shared shared_folder(const std::string &inside) {
    const char *root = std::getenv("CARTBELL_SHARED"), *ci = std::getenv("CI");
    const std::string path = std::string(root ? root : "../shared") + "/" + inside;
    if (std::filesystem::exists(path)) return {path, false};
    std::fprintf(stderr, "%s is absent (set CARTBELL_SHARED): nothing was checked against it\n", path.c_str());
    return {{}, ci != nullptr && std::string(ci) == "true"};
}

}  // namespace cartbell::test
