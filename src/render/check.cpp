// Walks a program over shapes instead of data: every path must be known wherever it is used (formats.md §0 "Paths").
#include <algorithm>
#include <deque>
#include <set>

#include "base/text.hpp"
#include "render/program.hpp"
#include "render/scan.hpp"

namespace cartbell::render {
namespace {

// A partial is checked once for each different stack of shapes it is used in. Shapes are finite, so this ends; hostile
// texts end here.
constexpr size_t most_paths_checked = 2'000'000;

struct Task {
    uint32_t body = 0;
    std::vector<Shape> stack;
    friend auto operator<=>(const Task &, const Task &) = default;
};

bool has_members(const Shape &shape) { return shape.kind == Shape::Kind::object || shape.kind == Shape::Kind::status; }

class Check {
  public:
    Check(const Text &text, const Shapes &shapes) : text_(text), shapes_(shapes) {}

    Status run() {
        add({0, {shapes_.root()}});
        for (size_t body = 1; body < text_.bodies.size(); ++body) bodies_unused_.insert(static_cast<uint32_t>(body));
        while (!tasks_.empty()) {
            const Task *task = tasks_.front();
            tasks_.pop_front();
            bodies_unused_.erase(task->body);
            CARTBELL_TRY(walk(*task));
            // A partial that nothing includes is checked as if the text itself did.
            if (tasks_.empty() && !bodies_unused_.empty()) add({*bodies_unused_.begin(), {shapes_.root()}});
        }
        return {};
    }

  private:
    void add(Task task) {
        const auto [kept, fresh] = seen_.insert(std::move(task));
        if (fresh) tasks_.push_back(&*kept);
    }

    Status walk(const Task &task) {
        std::vector<Shape> stack = task.stack;
        for (uint32_t at = text_.bodies[task.body].begin; text_.ops[at].what != Do::stop; ++at) {
            const Op &op = text_.ops[at];
            Shape shape;
            switch (op.what) {
                case Do::variable:
                case Do::raw:
                case Do::format:
                    CARTBELL_TRY(resolve(at, stack, shape));
                    if (shape.kind == Shape::Kind::list || shape.kind == Shape::Kind::object)
                        return error(at, "not_printable", "'" + path_text(at) + "' is a list or an object and cannot be printed");
                    break;
                case Do::section:
                    CARTBELL_TRY(resolve(at, stack, shape));
                    stack.push_back(shape.kind == Shape::Kind::list ? shapes_.element(shape) : shape);
                    break;
                case Do::inverted: CARTBELL_TRY(resolve(at, stack, shape)); break;
                case Do::end: stack.pop_back(); break;
                case Do::partial: add({op.a, without_shadowed(stack)}); break;
                default: break;
            }
        }
        return {};
    }

    // An object has all its names, so of equal shapes only the innermost is ever asked.
    static std::vector<Shape> without_shadowed(const std::vector<Shape> &stack) {
        std::vector<Shape> kept;
        for (size_t i = 0; i < stack.size(); ++i) {
            const bool top = i + 1 == stack.size();
            const bool shadowed = std::find(stack.begin() + static_cast<ptrdiff_t>(i) + 1, stack.end(), stack[i]) != stack.end();
            if (top || (!shadowed && stack[i].kind != Shape::Kind::scalar && stack[i].kind != Shape::Kind::list)) kept.push_back(stack[i]);
        }
        return kept;
    }

    Status resolve(uint32_t at, const std::vector<Shape> &stack, Shape &found) {
        if (++checked_ > most_paths_checked) {
            Error limit = error(at, "too_large", "the partials are used in too many ways to be checked");
            limit.code = Code::limit;
            return limit;
        }
        const PathOf &path = text_.paths[text_.ops[at].a];
        found = stack.back();
        if (path.count == 0) return {};
        const Name *name = &text_.names[path.first];
        found = {};
        for (size_t i = stack.size(); i-- > 0 && found.kind == Shape::Kind::none;) {
            if (stack[i].kind == Shape::Kind::any) found = stack[i];
            else if (has_members(stack[i])) found = shapes_.member(stack[i], *name);
        }
        if (found.kind == Shape::Kind::none) return unknown(at, *name, stack);
        for (uint32_t part = 1; part < path.count; ++part) {
            const Shape object = found;
            found = step(object, name[part]);
            if (found.kind == Shape::Kind::none) return unknown(at, name[part], {object});
        }
        return {};
    }

    Shape step(const Shape &from, const Name &name) const {
        if (from.kind == Shape::Kind::any) return from;
        if (has_members(from)) return shapes_.member(from, name);
        if (from.kind != Shape::Kind::list || name.of_list == Name::OfList::nothing) return {};
        const bool number = name.of_list == Name::OfList::count || name.of_list == Name::OfList::more;
        return number ? Shape{Shape::Kind::scalar, 0} : shapes_.element(from);
    }

    Error unknown(uint32_t at, const Name &name, const std::vector<Shape> &places) const {
        std::vector<std::string> names;
        for (const Shape &shape : places) {
            if (has_members(shape)) shapes_.add_names(shape, names);
            if (shape.kind == Shape::Kind::list && places.size() == 1) names = {"count", "first", "last", "more"};
        }
        const std::vector<std::string_view> candidates(names.begin(), names.end());
        const std::string nearest = nearest_name(name.text, candidates);
        std::string message = "'" + std::string(name.text) + "' in '" + path_text(at) + "' is unknown";
        if (!nearest.empty()) message += "; the nearest is '" + nearest + "'";
        return error(at, "unknown_path", std::move(message));
    }

    std::string path_text(uint32_t at) const { return std::string(text_.paths[text_.ops[at].a].text); }

    Error error(uint32_t at, std::string_view reason, std::string message) const {
        const std::string &partial = text_.body_of(at).name;
        if (!partial.empty()) message = "in partial '" + partial + "': " + message;
        return tag_error(reason, std::move(message), text_.places[at].line, text_.places[at].column);
    }

    const Text &text_;
    const Shapes &shapes_;
    std::set<Task> seen_;
    std::deque<const Task *> tasks_;
    std::set<uint32_t> bodies_unused_;
    size_t checked_ = 0;
};

}  // namespace

Status check(const Text &text, const Shapes &shapes) { return Check(text, shapes).run(); }

}  // namespace cartbell::render
