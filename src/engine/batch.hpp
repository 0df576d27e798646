// What a Batch holds between parse and apply.
#pragma once

#include "codec/operation_json.hpp"
#include "engine/engine.hpp"

namespace cartbell::engine {

struct Batch::Impl {
    codec::Batch parsed;
    std::string default_source;
};

}  // namespace cartbell::engine
