#include "model/claim.hpp"

#include <algorithm>

#include "model/fact_view.hpp"

namespace cartbell {

FactKey key_among_equals(const Entry &entry) {
    FactKey key;
    FactView{&entry, entry.stamp.occurred_at, 0}.store(key);
    key.trust = 0;
    return key;
}

Claim claim_of(const Entry &entry, const Identity &identity, int64_t anonymous_days) {
    Claim claim{key_among_equals(entry), entry.operation->customer.front()};
    const bool is_anonymous = identity.kind == IdentityKind::device_id || identity.kind == IdentityKind::anonymous_id;
    if (is_anonymous) claim.back_to = std::max(least_instant, claim.key.at - anonymous_days * day_us);
    return claim;
}

Merge merge_of(const Entry &entry) {
    Merge merge{key_among_equals(entry), {}};
    if (entry.operation->type == OperationType::merge) merge.into = entry.operation->merge.into;
    return merge;
}

std::vector<Step> joins_after(std::span<const Step> way, Instant at) {
    std::vector<Step> joins;
    for (const Step &step : way) {
        if (step.key.at <= at) continue;
        at = step.key.at;
        joins.push_back(step);
    }
    return joins;
}

}  // namespace cartbell
