// A fixed script of engine calls that uses every part of a store: the same over every store, whatever happens to it on the way.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cartbell/cartbell.h"

namespace shop_script {

inline constexpr int64_t now_us = 1'764'000'000'000'000;  // 2025-11-24T16:00:00Z

struct Step {
    const char *name;
    bool reads;         // changes nothing
    bool repeatable;    // done twice, it leaves what once leaves
    std::function<int32_t(cartbell_engine *, cartbell_error **)> run;
};
const std::vector<Step> &steps();

// What a host is told of the whole: definitions, counts, digests. "" and a status that is no CARTBELL_OK if one of the calls fails.
std::string answers(cartbell_engine *engine, int32_t *status = nullptr);
std::string digest(cartbell_engine *engine, int32_t of = CARTBELL_DIGEST_STORED, int32_t *status = nullptr);

}  // namespace shop_script
