#include "model/consent.hpp"

#include <algorithm>
#include <tuple>

#include "base/limits.hpp"

namespace cartbell {
namespace {

template <typename Consents>
auto place_of(Consents &consents, std::string_view channel, std::string_view category) {
    return std::lower_bound(consents.begin(), consents.end(), std::tie(channel, category), [](const Consent &consent, const auto &wanted) {
        return std::tuple<std::string_view, std::string_view>(consent.channel, consent.category) < wanted;
    });
}

}  // namespace

const ConsentFact *Consent::newest_at(Instant at) const {
    const auto later = std::upper_bound(facts.begin(), facts.end(), at, [](Instant wanted, const ConsentFact &fact) { return wanted < fact.key.at; });
    return later == facts.begin() ? nullptr : &*std::prev(later);
}

Standing standing_of(const ConsentFact *newest, Instant at) {
    if (newest == nullptr) return Standing::unknown;
    if (!newest->granted) return Standing::denied;
    return newest->expires_at != no_instant && newest->expires_at <= at ? Standing::unknown : Standing::granted;
}

const Consent *find_consent(const std::vector<Consent> &consents, std::string_view channel, std::string_view category) {
    const auto at = place_of(consents, channel, category);
    return at != consents.end() && at->channel == channel && at->category == category ? &*at : nullptr;
}

void add_consent(std::vector<Consent> &consents, std::string_view channel, std::string_view category, ConsentFact fact) {
    auto at = place_of(consents, channel, category);
    if (at == consents.end() || at->channel != channel || at->category != category)
        at = consents.insert(at, Consent{std::string(channel), std::string(category), 0, {}});
    std::vector<ConsentFact> &facts = at->facts;
    const auto above = std::upper_bound(facts.begin(), facts.end(), fact, [](const ConsentFact &a, const ConsentFact &b) { return a.key < b.key; });
    facts.insert(above, std::move(fact));
    if (facts.size() <= most_consent_facts) return;
    facts.erase(facts.begin());
    ++at->older;
}

}  // namespace cartbell
