// The objects behind the opaque pointers.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "capi/handle.hpp"
#include "capi/input.hpp"
#include "cartbell/message.h"
#include "cartbell/sys/store.h"
#include "cartbell/template.h"
#include "engine/engine.hpp"
#include "platform/zones_tzif.hpp"
#include "render/template.hpp"

namespace cartbell::capi {

// An engine with what it borrows; whatever works with it holds it, so that a cursor may outlive the handle.
struct Opened {
    explicit Opened(std::string zones_directory) : zones(std::move(zones_directory)) {}
    TzifZones zones;
    cartbell_store_functions functions{};  // a host's own table, copied
    Limits limits;
    std::unique_ptr<engine::Engine> engine;  // last: it goes first
};

}  // namespace cartbell::capi

struct cartbell_engine : cartbell::capi::Head {
    explicit cartbell_engine(std::shared_ptr<cartbell::capi::Opened> made)
        : Head(cartbell::capi::Tag::engine), opened(std::move(made)) {}
    ~cartbell_engine();
    std::shared_ptr<cartbell::capi::Opened> opened;
};

struct cartbell_batch : cartbell::capi::Head {
    cartbell_batch(std::unique_ptr<cartbell::engine::Batch> made, std::weak_ptr<cartbell::capi::Opened> by)
        : Head(cartbell::capi::Tag::batch), parsed(std::move(made)), parsed_by(std::move(by)) {}
    std::unique_ptr<cartbell::engine::Batch> parsed;  // null: used up
    std::weak_ptr<cartbell::capi::Opened> parsed_by;
};

struct cartbell_template : cartbell::capi::Head {
    cartbell_template() : Head(cartbell::capi::Tag::compiled_template) {}
    std::shared_ptr<const cartbell::render::Text> text;
    cartbell::Limits limits;
};

struct cartbell_export : cartbell::capi::Head {
    cartbell_export(std::weak_ptr<cartbell::capi::Opened> from, std::string_view of)
        : Head(cartbell::capi::Tag::message_export), opened(std::move(from)), source(of) {}
    std::weak_ptr<cartbell::capi::Opened> opened;
    std::string source;
    std::string after;
    bool ended = false;
};

namespace cartbell::capi {

inline Status check(const cartbell_engine *engine) {
    return check_handle(engine, Tag::engine, "engine");
}
inline Status check(const cartbell_batch *batch) {
    return check_handle(batch, Tag::batch, "batch");
}
inline Status check(const cartbell_template *text) {
    return check_handle(text, Tag::compiled_template, "compiled");
}
inline Status check(const cartbell_export *cursor) {
    return check_handle(cursor, Tag::message_export, "cursor");
}

inline engine::Engine &core(const cartbell_engine *engine) {
    return *engine->opened->engine;
}

}  // namespace cartbell::capi
