#include "cli/session.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>

#include "cli/clock.hpp"
#include "cli/failure.hpp"

namespace cartbell::cli {
namespace {

struct CloseFile {
    void operator()(std::FILE *file) const {
        if (file != stdin) std::fclose(file);
    }
};

}  // namespace

int64_t Session::now_us() const {
    return at.empty() ? system_now_us() : parse_instant_us(at);
}

bool Session::store_exists() const {
    std::error_code ignored;
    return std::filesystem::exists(store, ignored);
}

engine Session::open_to_read() const {
    if (!store_exists())
        throw Failure(exit_store, "there is no store " + store +
                                      ": make one with `cartbell init`, or name it with --store");
    return engine(store, true);
}

engine Session::open_to_write() const {
    if (!store_exists())
        throw Failure(exit_store, "there is no store " + store +
                                      ": make one with `cartbell init`, or name it with --store");
    return engine(store);
}

engine Session::open_or_make() const {
    return engine(store);
}

void Session::answer(const std::string &text, const std::function<void(const Json &)> &show) const {
    if (json)
        screen.line(text);
    else
        show(read_json(text));
}

std::string Session::read(const std::string &path) {
    input = path == "-" ? "standard input" : path;
    const std::unique_ptr<std::FILE, CloseFile> file(path == "-" ? stdin : std::fopen(path.c_str(), "rb"));
    if (!file) throw Failure(exit_refused, "cannot read " + path);
    std::string text;
    char block[1 << 16];
    for (size_t got; (got = std::fread(block, 1, sizeof block, file.get())) > 0;)
        text.append(block, got);
    if (std::ferror(file.get())) throw Failure(exit_refused, "cannot read " + path);
    return text;
}

void tell_warnings(const Json &answer) {
    for (const Json &warning : answer["warnings"].items) {
        const std::string at = warning["pointer"].shown();
        std::fprintf(stderr, "warning: %s%s%s (%s)\n", warning["message"].shown().c_str(),
                     at.empty() ? "" : " at ", at.c_str(), warning["code"].shown().c_str());
    }
}

void write_whole(const std::string &path, std::string_view text) {
    const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "wb"));
    if (!file || std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() ||
        std::fflush(file.get()) != 0)
        throw Failure(exit_refused, "cannot write " + path);
}

}  // namespace cartbell::cli
