#include "cli/message_folder.hpp"

#include <filesystem>

#include "cli/failure.hpp"
#include "cli/session.hpp"

namespace cartbell::cli {
namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

// A message's id is a UUID; nothing else of it may reach a file name.
std::string file_name(std::string_view id) {
    std::string name;
    for (const char c : id)
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
            c == '_')
            name += c;
    return name.empty() ? "message" : name;
}

bool is_html(const Json &message, std::string_view part) {
    return part == "body" && message["channel"].text == "email";
}

// A browser that opens a file is told nothing of its encoding; an e-mail's header says it.
std::string readable_page(const std::string &html) {
    return html.find("charset") != std::string::npos ? html
                                                     : "<!doctype html><meta charset=\"utf-8\">\n" + html;
}

constexpr std::string_view page_head = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Outbox</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1d2433; background: #fff }
h1 { font-size: 1.4rem; margin: 0 0 .2rem }
p { color: #5a6478; margin: 0 0 1.2rem }
table { border-collapse: collapse; width: 100% }
th { text-align: left; font-weight: 600; color: #5a6478; border-bottom: 2px solid #dfe3ea; padding: .4rem .6rem }
td { border-bottom: 1px solid #eceff3; padding: .4rem .6rem; vertical-align: top }
td.blocked, td.render_failed { color: #a33 }
a { color: #1a56c4; margin-right: .5rem }
@media (prefers-color-scheme: dark) { body { background: #14181f; color: #e4e8ef } th, td { border-color: #2a313d } a { color: #7fb0ff } }
</style></head><body>
)";

}  // namespace

MessageFolder::MessageFolder(std::string path) : path_(std::move(path)) {
    std::error_code failed;
    std::filesystem::create_directories(path_, failed);
    if (!std::filesystem::is_directory(path_, failed))
        throw Failure(exit_refused, "cannot make the folder " + path_);
}

void MessageFolder::write_part(const std::string &name, std::string_view text, std::string_view label,
                               std::string &links) {
    write_whole(path_ + "/" + name, text);
    ++files_;
    links += "<a href=\"" + escaped(name) + "\">" + escaped(label) + "</a>";
}

void MessageFolder::add(const Json &message) {
    ++messages_;
    const std::string id = file_name(message["message_id"].shown());
    std::string links, words;
    for (const auto &[part, value] : message["parts"].members) {
        const std::string text = value.shown();
        if (text.empty()) continue;
        if (part == "subject" || part == "title")
            words = text;
        else if (is_html(message, part))
            write_part(id + ".html", readable_page(text), part, links);
        else
            write_part(part == "text" || part == "body" ? id + ".txt" : id + "." + file_name(part) + ".txt",
                       text, part, links);
    }
    const std::string state = message["state"].shown();
    rows_ += "<tr><td>" + escaped(message["customer"].shown()) + "</td><td>" +
             escaped(message["channel"].shown()) + "</td><td>" + escaped(words) + "</td><td class=\"" +
             file_name(state) + "\">" + escaped(state) +
             (message["reason"].shown().empty() ? "" : ": " + escaped(message["reason"].shown())) +
             "</td><td>" + links + "</td></tr>\n";
}

void MessageFolder::finish(std::string_view source) {
    std::string page(page_head);
    page += "<h1>Outbox" + (source.empty() ? std::string() : " of " + escaped(source)) + "</h1>\n<p>" +
            plural(messages_, "message", "messages") + "</p>\n";
    page += "<table><tr><th>customer</th><th>channel</th><th>subject</th><th>state</th><th>open</th></tr>\n" +
            rows_ + "</table></body></html>\n";
    write_whole(index_path(), page);
}

}  // namespace cartbell::cli
