// A template over JSON in one line, for tests.
#pragma once

#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "codec/json_view.hpp"
#include "render/template.hpp"

namespace cartbell::test {

using Partials = std::map<std::string, std::string>;

struct Rendered {
    render::Outcome outcome;
    std::string text;
};

inline Result<std::shared_ptr<const render::Text>> compile(std::string_view source, const Partials &partials = {},
                                                           const render::Options &options = {}) {
    return render::compile(source, partials, options, Limits{});
}

inline Rendered render_json(const render::Text &text, const nlohmann::json &data, render::Context context = {},
                            const Limits &limits = {}) {
    const codec::JsonView view;
    context.root = view.node(data);
    Rendered rendered;
    rendered.outcome = render::render(text, context, limits, rendered.text);
    return rendered;
}

// The rendered text, or what went wrong in angle brackets.
inline std::string say(std::string_view source, const nlohmann::json &data, const Partials &partials = {},
                       const render::Options &options = {}, const render::Context &context = {}) {
    const auto text = compile(source, partials, options);
    if (!text) return "<" + text.error().reason + ">";
    const Rendered rendered = render_json(**text, data, context);
    switch (rendered.outcome.kind) {
        case render::Outcome::Kind::rendered: return rendered.text;
        case render::Outcome::Kind::blocked: return "<blocked " + rendered.outcome.reason + ">";
        case render::Outcome::Kind::failed: return "<failed " + rendered.outcome.reason + ">";
    }
    return {};
}

// "reason line:column", or "" for a text that compiles.
inline std::string error_of(std::string_view source, const Partials &partials = {}, const render::Options &options = {}) {
    const auto text = compile(source, partials, options);
    if (text) return {};
    const Error &error = text.error();
    return error.reason + " " + std::to_string(error.line) + ":" + std::to_string(error.column);
}

}  // namespace cartbell::test
