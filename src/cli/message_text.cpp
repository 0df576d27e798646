#include "cli/message_text.hpp"

namespace cartbell::cli {

void show_parts(const Screen &screen, const Json &parts) {
    for (const auto &[name, part] : parts.members) {
        const std::string text = part.shown();
        if (text.empty()) continue;
        if (text.find('\n') == std::string::npos) {
            screen.line(screen.dim(name + ": ") + plain_text(text));
            continue;
        }
        screen.line(screen.dim("--- " + name));
        for (size_t from = 0; from < text.size();) {
            const size_t end = std::min(text.find('\n', from), text.size());
            screen.line(plain_text(std::string_view(text).substr(from, end - from)));
            from = end + 1;
        }
    }
}

}  // namespace cartbell::cli
