#include "segment/compiler.hpp"

#include "base/text.hpp"

namespace cartbell::segment {

Compiler::Compiler(const Tree &tree, const Settings &settings, const Zones &zones, const Limits &limits,
                   const FindSegment &find)
    : tree_(tree),
      settings_(settings),
      zones_(zones),
      limits_(limits),
      find_(find),
      program_(std::make_shared<Program>()) {
    program_->zones = &zones;
    program_->settings_version = settings.version;
    program_->shop_zone.zone = zones.find(settings.shop.zone);
    if (!program_->shop_zone.zone) {
        program_->shop_zone.zone = &utc();
        warn(0, "unknown_zone", "the shop's zone \"" + settings.shop.zone + "\" is unknown: UTC is used");
    }
}

Error Compiler::fail(Node node, std::string_view reason, std::string message) const {
    return failure(Code::invalid, reason, std::move(message), pointer_of(tree_, node));
}

Error Compiler::wrong_kind(Node node, std::string_view expected) const {
    return fail(node, "bad_type", "expected " + std::string(expected));
}

Error Compiler::unknown(Node node, std::string_view kind, std::string_view name,
                        std::span<const std::string_view> known, std::string_view reason) const {
    std::string message = "unknown " + std::string(kind) + " \"" + std::string(name) + "\"";
    const std::string nearest = nearest_name(name, known);
    if (!nearest.empty()) message += "; did you mean \"" + nearest + "\"?";
    return fail(node, reason, std::move(message));
}

Error Compiler::not_yet(Node node, std::string_view name) const {
    return fail(node, "not_yet", "\"" + std::string(name) + "\" is not supported by this version");
}

Status Compiler::only_members(Node object, std::initializer_list<std::string_view> names) const {
    if (at(object).kind != Tree::Kind::object) return wrong_kind(object, "an object");
    for (const Node member : tree_.children(object)) {
        bool known = false;
        for (const std::string_view name : names)
            known = known || at(member).name == name;
        if (!known)
            return unknown(member, "member", at(member).name, {names.begin(), names.size()},
                           "unknown_member");
    }
    return {};
}

void Compiler::warn(Node node, std::string_view code, std::string message) {
    warnings_.push_back({std::string(code), pointer_of(tree_, node), std::move(message)});
}

Index Compiler::origin(Node node, std::string_view what) {
    Origin made;
    made.pointer = pointer_of(tree_, node);
    made.what = what;
    program_->origins.push_back(std::move(made));
    return static_cast<Index>(program_->origins.size() - 1);
}

Range Compiler::list(const std::vector<Index> &items) {
    const Range range{static_cast<Index>(program_->lists.size()), static_cast<Index>(items.size())};
    program_->lists.insert(program_->lists.end(), items.begin(), items.end());
    return range;
}

Range Compiler::checks(const std::vector<Check> &found) {
    const Range range{static_cast<Index>(program_->checks.size()), static_cast<Index>(found.size())};
    program_->checks.insert(program_->checks.end(), found.begin(), found.end());
    return range;
}

}  // namespace cartbell::segment
