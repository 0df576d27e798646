#include "codec/consent_reader.hpp"

namespace cartbell::codec {

void read_channel(const Reading &reading, const Node &node, ConsentChange &consent) {
    read_code_of(reading, node, reading.settings.channels, "channel", consent.channel);
}

void read_category(const Reading &reading, const Node &node, ConsentChange &consent) {
    read_code_of(reading, node, reading.settings.categories, "category", consent.category);
}

void read_proof(const Reading &reading, const Node &node, ConsentChange &consent) {
    if (!reading.expect(node, Kind::string)) return;
    if (node.size > reading.limits.consent_proof_bytes)
        reading.fail(node, "too_large", "is longer than " + std::to_string(reading.limits.consent_proof_bytes) + " bytes");
    else
        consent.proof = node.text();
}

void check_consent(const Reading &reading, const Node &root, const ConsentChange &consent) {
    if (reading.strictness == Strictness::journal) return;
    const auto said = [&](std::string_view name) {
        const Node *node = reading.tree.find(root, name);
        return node != nullptr && node->kind != Kind::null ? node : nullptr;
    };
    const Node *channel = said("channel"), *granted = said("granted"), *expires_at = said("expires_at");
    if (const CategoryDefinition *category = reading.settings.find_category(consent.category)) {
        if (category->kind == CategoryKind::tracking && channel != nullptr)
            reading.fail(*channel, "no_channel", "the category is of kind tracking: consent to be observed has no channel");
        if (category->kind != CategoryKind::tracking && channel == nullptr) reading.missing(root, "channel");
    }
    if (expires_at != nullptr && granted != nullptr && granted->kind == Kind::boolean && !consent.granted)
        reading.fail(*expires_at, "no_expiry", "only what is granted expires");
}

}  // namespace cartbell::codec
