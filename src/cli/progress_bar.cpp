#include "cli/progress_bar.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "cli/screen.hpp"

namespace cartbell::cli {
namespace {

constexpr auto redraw_after = std::chrono::milliseconds(100);
constexpr auto line_after = std::chrono::seconds(5);

}  // namespace

Progress::Progress(std::string what, int64_t whole, bool quiet)
    : what_(std::move(what)), whole_(whole), quiet_(quiet), terminal_(isatty(STDERR_FILENO) == 1) {
    last_ = terminal_ ? Clock::time_point{} : began_;
}

Progress::~Progress() {
    end();
}

double Progress::seconds() const {
    return std::chrono::duration<double>(Clock::now() - began_).count();
}

void Progress::show(int64_t part, int64_t count, const std::string &unit) {
    const auto now = Clock::now();
    if (quiet_ || now - last_ < (terminal_ ? Clock::duration(redraw_after) : Clock::duration(line_after)))
        return;
    last_ = now;
    const int64_t rate = static_cast<int64_t>(static_cast<double>(count) / std::max(seconds(), 0.001));
    std::string text = what_;
    if (whole_ > 0) {
        const int64_t percent = std::min<int64_t>(100, part * 100 / whole_);
        if (terminal_) text += "  " + bar(percent, 100, 30);
        text += "  " + std::to_string(percent) + " %";
    }
    text += "  " + grouped(count) + " " + unit + "  " + grouped(rate) + "/s";
    std::fprintf(stderr, terminal_ ? "\r\033[K%s" : "%s\n", text.c_str());
    std::fflush(stderr);
    drawn_ = terminal_;
}

void Progress::end() {
    if (drawn_) std::fputs("\r\033[K", stderr);
    drawn_ = false;
}

}  // namespace cartbell::cli
