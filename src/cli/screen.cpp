#include "cli/screen.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace cartbell::cli {
namespace {

constexpr size_t widest_cell = 60;

bool numeric(std::string_view text) {
    bool digit = false;
    for (const char c : text) {
        if (c >= '0' && c <= '9')
            digit = true;
        else if (c != '-' && c != '.' && c != ',' && c != '%')
            return false;
    }
    return digit && text.find('-', 1) == std::string_view::npos;
}

std::string cut(std::string_view text) {
    if (width_of(text) <= widest_cell) return std::string(text);
    size_t at = 0;
    for (size_t seen = 0; at < text.size(); ++at)
        if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80 && seen++ == widest_cell - 1) break;
    return std::string(text.substr(0, at)) + "…";
}

struct Pair {
    std::string name, value;
};
struct Part {
    std::string name;
    const Json *rows;
};

bool of_objects(const Json &json) {
    return json.is(Json::Kind::array) && !json.items.empty() && json.items.front().is(Json::Kind::object);
}

// A list of objects with a member each, as identities are: "external_id:C-17, email:a@b.eu".
std::string named_values(const Json &rows) {
    std::string text;
    for (const Json &row : rows.items) {
        if (row.members.size() != 1 || !row.members.front().second.scalar()) return {};
        text +=
            (text.empty() ? "" : ", ") + row.members.front().first + ":" + row.members.front().second.shown();
    }
    return text;
}

// {"a":{"b":1}} becomes a.b = 1, as fields are addressed everywhere.
void flatten(const Json &object, const std::string &prefix, std::vector<Pair> &pairs,
             std::vector<Part> &parts) {
    for (const auto &[name, value] : object.members) {
        if (value.is(Json::Kind::object)) {
            flatten(value, prefix + name + ".", pairs, parts);
        } else if (of_objects(value)) {
            if (std::string named = named_values(value); !named.empty())
                pairs.push_back({prefix + name, std::move(named)});
            else
                parts.push_back({prefix + name, &value});
        } else if (std::string shown = value.shown(); !shown.empty()) {
            pairs.push_back({prefix + name, std::move(shown)});
        }
    }
}

}  // namespace

Screen::Screen() {
    const char *term = std::getenv("TERM");
    const char *none = std::getenv("NO_COLOR");
    colours_ = isatty(STDOUT_FILENO) == 1 && !(none && *none) && term && std::string_view(term) != "dumb";
}

std::string Screen::wrapped(std::string_view code, std::string_view text) const {
    if (!colours_) return std::string(text);
    return "\033[" + std::string(code) + "m" + std::string(text) + "\033[0m";
}

void Screen::line(std::string_view text) const {
    if (!text.empty()) std::fwrite(text.data(), 1, text.size(), stdout);
    std::fputc('\n', stdout);
}

void Screen::object(const Json &object) const {
    std::vector<Pair> pairs;
    std::vector<Part> parts;
    flatten(object, "", pairs, parts);
    size_t widest = 0;
    for (const Pair &pair : pairs)
        widest = std::max(widest, width_of(pair.name));
    for (const Pair &pair : pairs)
        line("  " + dim(padded(pair.name, widest)) + "  " + plain_text(pair.value));
    for (const Part &part : parts) {
        line();
        line(bold(part.name) + " " + dim("(" + grouped(static_cast<int64_t>(part.rows->items.size())) + ")"));
        table(part.rows->items);
    }
}

void Screen::table(const std::vector<Json> &rows) const {
    std::vector<std::string> heads;
    std::vector<std::vector<Pair>> flat(rows.size());
    for (size_t row = 0; row < rows.size(); ++row) {
        std::vector<Part> parts;
        flatten(rows[row], "", flat[row], parts);
        for (const Part &part : parts)
            flat[row].push_back({part.name, grouped(static_cast<int64_t>(part.rows->items.size()))});
        for (const Pair &pair : flat[row])
            if (std::find(heads.begin(), heads.end(), pair.name) == heads.end()) heads.push_back(pair.name);
    }
    std::vector<std::vector<std::string>> cells(rows.size(), std::vector<std::string>(heads.size()));
    for (size_t row = 0; row < rows.size(); ++row)
        for (const Pair &pair : flat[row])
            cells[row]
                 [static_cast<size_t>(std::find(heads.begin(), heads.end(), pair.name) - heads.begin())] =
                     pair.value;
    table(heads, cells);
}

void Screen::table(const std::vector<std::string> &heads,
                   const std::vector<std::vector<std::string>> &rows) const {
    std::vector<size_t> widths;
    std::vector<bool> right(heads.size(), true);
    for (const std::string &head : heads)
        widths.push_back(width_of(head));
    std::vector<std::vector<std::string>> cells = rows;
    for (auto &row : cells)
        for (size_t column = 0; column < row.size(); ++column) {
            row[column] = cut(plain_text(row[column]));
            widths[column] = std::max(widths[column], width_of(row[column]));
            if (!row[column].empty() && !numeric(row[column])) right[column] = false;
        }
    const auto aligned = [&](const std::string &text, size_t column) {
        const std::string space(widths[column] - std::min(widths[column], width_of(text)), ' ');
        return right[column] ? space + text : text + space;
    };
    std::string head;
    for (size_t column = 0; column < heads.size(); ++column)
        head += "  " + aligned(heads[column], column);
    line(dim(head.substr(0, head.find_last_not_of(' ') + 1)));
    for (const auto &row : cells) {
        std::string text;
        for (size_t column = 0; column < row.size(); ++column)
            text += "  " + aligned(row[column], column);
        line(text.substr(0, text.find_last_not_of(' ') + 1));
    }
}

std::string grouped(int64_t number) {
    std::string digits = std::to_string(number < 0 ? -number : number);
    for (size_t at = digits.size(); at > 3; at -= 3)
        digits.insert(at - 3, ",");
    return (number < 0 ? "-" : "") + digits;
}

size_t width_of(std::string_view utf8) {
    return static_cast<size_t>(std::count_if(
        utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string padded(std::string_view text, size_t width) {
    const size_t has = width_of(text);
    return std::string(text) + std::string(has < width ? width - has : 0, ' ');
}

std::string bar(int64_t part, int64_t whole, size_t width) {
    const auto full =
        whole <= 0
            ? size_t{0}
            : static_cast<size_t>(
                  static_cast<double>(part) / static_cast<double>(whole) * static_cast<double>(width) + 0.5);
    std::string text;
    for (size_t at = 0; at < width; ++at)
        text += at < full ? "█" : "░";
    return text;
}

std::string plural(int64_t count, std::string_view one, std::string_view many) {
    return grouped(count) + " " + std::string(count == 1 ? one : many);
}

std::string format_seconds(double seconds) {
    char text[48];
    if (seconds < 60)
        std::snprintf(text, sizeof text, "%.1f s", seconds);
    else
        std::snprintf(text, sizeof text, "%d min %d s", static_cast<int>(seconds) / 60,
                      static_cast<int>(seconds) % 60);
    return text;
}

std::string plain_text(std::string_view text) {
    std::string plain;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool after_c2 = !plain.empty() && static_cast<unsigned char>(plain.back()) == 0xC2;
        if (after_c2 && byte >= 0x80 && byte < 0xA0)
            plain.back() = '?';  // U+0080 to U+009F: some terminals obey these as well
        else if (c == '\n' || c == '\t')
            plain += ' ';
        else if (byte < 0x20 || byte == 0x7F)
            plain += "?";
        else
            plain += c;
    }
    return plain;
}

}  // namespace cartbell::cli
