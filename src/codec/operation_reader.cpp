#include "codec/operation_reader.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstring>
#include <utility>

#include "codec/consent_reader.hpp"
#include "codec/container_reader.hpp"
#include "codec/member_table.hpp"
#include "codec/event_reader.hpp"
#include "codec/message_reader.hpp"
#include "codec/order_reader.hpp"

namespace cartbell::codec {
namespace {

enum class Envelope : uint8_t {
    type,
    id,
    occurred_at,
    sequence,
    sent_at,
    source,
    customer,
    backfill,
    if_version,
    whole,
    order,
    profile,
    list,
    member,
    from,
    into,
    product,
    name,
    session_id,
    context,
    channel,
    category,
    granted,
    expires_at,
    proof,
    container,
    add,
    remove,
    set,
    replace,
    clear,
    message,
    mode
};
constexpr auto envelope_members = std::to_array<Member<Envelope>>({
    {"type", Envelope::type},
    {"id", Envelope::id},
    {"occurred_at", Envelope::occurred_at},
    {"sequence", Envelope::sequence},
    {"sent_at", Envelope::sent_at},
    {"source", Envelope::source},
    {"customer", Envelope::customer},
    {"backfill", Envelope::backfill},
    {"if_version", Envelope::if_version},
    {"whole", Envelope::whole},
    {"order", Envelope::order},
    {"profile", Envelope::profile},
    {"list", Envelope::list},
    {"member", Envelope::member},
    {"from", Envelope::from},
    {"into", Envelope::into},
    {"product", Envelope::product},
    {"name", Envelope::name},
    {"session_id", Envelope::session_id},
    {"context", Envelope::context},
    {"channel", Envelope::channel},
    {"category", Envelope::category},
    {"granted", Envelope::granted},
    {"expires_at", Envelope::expires_at},
    {"proof", Envelope::proof},
    {"container", Envelope::container},
    {"add", Envelope::add},
    {"remove", Envelope::remove},
    {"set", Envelope::set},
    {"replace", Envelope::replace},
    {"clear", Envelope::clear},
    {"message", Envelope::message},
    {"mode", Envelope::mode},
});
constexpr MemberTable envelope_table(envelope_members);

constexpr auto identity_members = std::to_array<Member<IdentityKind>>({
    {"external_id", IdentityKind::external_id},
    {"email", IdentityKind::email},
    {"phone", IdentityKind::phone},
    {"device_id", IdentityKind::device_id},
    {"anonymous_id", IdentityKind::anonymous_id},
});
constexpr MemberTable identity_table(identity_members);

void read_flag(const Reading &reading, const Node &node, bool &flag) {
    if (node.kind != Kind::null && reading.expect(node, Kind::boolean)) flag = node.truth;
}

bool read_whole_number(const Reading &reading, const Node &node, int64_t &number) {
    Value value;
    if (node.kind == Kind::null || !read_value(reading, node, Type::integer, value)) return false;
    number = value.number;
    return true;
}

void read_identities(const Reading &reading, const Node &node, std::vector<Identity> &identities) {
    if (node.kind == Kind::null || !reading.expect(node, Kind::object)) return;
    identities.reserve(2);
    for (const Node &member : children(reading.tree, node)) {
        const IdentityKind *kind = identity_table.find(member.key());
        if (!kind) {
            reading.unknown(member, identity_table.names());
            continue;
        }
        if (member.kind == Kind::null || !reading.expect(member, Kind::string)) continue;
        if (member.size > reading.limits.identity_bytes) {
            reading.fail(member, "too_large",
                         "is longer than " + std::to_string(reading.limits.identity_bytes) + " bytes");
            continue;
        }
        Result<Identity> identity = make_identity(*kind, member.text());
        if (identity.ok())
            identities.push_back(std::move(*identity));
        else
            reading.fail(member, identity.error());
    }
    std::sort(identities.begin(), identities.end());  // strongest first: the order of IdentityKind
}

// Whether an identity was sent at all, good or bad.
bool names_somebody(const Tree &tree, const Node &root) {
    const Node *customer = tree.find(root, "customer");
    if (!customer || customer->kind == Kind::null) return false;
    if (customer->kind != Kind::object) return true;  // an error already
    for (const Node &member : children(tree, *customer))
        if (member.kind != Kind::null) return true;
    return false;
}

// The source decides how strictly everything else is read.
Strictness read_source(const Reading &reading, std::string_view default_source, std::string &source) {
    const Node &root = reading.tree.nodes.front();
    const Node *node = reading.tree.find(root, "source");
    if (node && node->kind == Kind::null) node = nullptr;
    if (node && !reading.expect(*node, Kind::string)) return Strictness::trusted;
    source = node ? node->text() : default_source.empty() ? std::string_view("system") : default_source;
    if (reading.strictness == Strictness::journal) return Strictness::journal;
    const Source *known = reading.settings.find_source(source);
    const Node &blamed = node ? *node : root;
    if (!known) {
        reading.unknown_source(blamed, source);
        return Strictness::trusted;
    }
    if (!known->active) reading.fail(blamed, "inactive_source", "the source is switched off");
    return known->trust == Trust::trusted ? Strictness::trusted : Strictness::public_source;
}

// False if nothing is known about the operation's own members.
bool read_type(const Reading &reading, OperationType &type) {
    const Node &root = reading.tree.nodes.front();
    const Node *node = reading.tree.find(root, "type");
    if (!node || node->kind == Kind::null) {
        reading.missing(root, "type");
        return false;
    }
    if (!reading.expect(*node, Kind::string)) return false;
    const auto name = std::find(operation_type_names.begin(), operation_type_names.end(), node->text());
    if (name == operation_type_names.end())
        return reading.fail(*node, "unknown_type", "no such type of operation" + Reading::hint(node->text(), operation_type_names));
    type = static_cast<OperationType>(name - operation_type_names.begin());
    return true;
}

// Whether an operation may have the member. A merge is of two customers; a product is nobody's.
bool belongs(Envelope role, OperationType type) {
    switch (role) {
        case Envelope::customer: return !is_merge(type) && type != OperationType::product;
        case Envelope::order: return type == OperationType::order;
        case Envelope::profile: return type == OperationType::customer;
        case Envelope::list:
        case Envelope::member: return type == OperationType::list;
        case Envelope::from:
        case Envelope::into: return is_merge(type);
        case Envelope::product: return type == OperationType::product;
        case Envelope::name:
        case Envelope::session_id:
        case Envelope::context: return type == OperationType::event;
        case Envelope::channel:
        case Envelope::category:
        case Envelope::granted:
        case Envelope::expires_at:
        case Envelope::proof: return type == OperationType::consent;
        case Envelope::container:
        case Envelope::add:
        case Envelope::remove:
        case Envelope::set:
        case Envelope::replace:
        case Envelope::clear: return type == OperationType::container;
        case Envelope::message: return type == OperationType::message;
        case Envelope::mode: return type == OperationType::erase;
        default: return true;
    }
}

// One side of a merge: exactly one identity.
void read_side(const Reading &reading, const Node &node, Identity &side) {
    std::vector<Identity> identities;
    const size_t errors = reading.errors.size();
    read_identities(reading, node, identities);
    if (reading.errors.size() != errors) return;
    if (identities.size() != 1)
        reading.fail(node, "one_identity", "names the customer by exactly one identity");
    else
        side = std::move(identities.front());
}

void read_member(const Reading &reading, const Node &member, Envelope role, Operation &operation) {
    switch (role) {
        case Envelope::type:
        case Envelope::source:
            break;  // read before
        case Envelope::id:
            if (member.kind == Kind::null)
                reading.fail(member, "missing_id", "id is missing");
            else
                read_id(reading, member, reading.limits.operation_id_bytes, operation.id);
            break;
        case Envelope::occurred_at:
            read_instant(reading, member, operation.occurred_at);
            break;
        case Envelope::sent_at:
            read_instant(reading, member, operation.sent_at);
            break;
        case Envelope::sequence:
            operation.has_sequence = read_whole_number(reading, member, operation.sequence);
            break;
        case Envelope::customer:
            read_identities(reading, member, operation.customer);
            break;
        case Envelope::backfill:
            read_flag(reading, member, operation.backfill);
            break;
        case Envelope::whole:
            read_flag(reading, member, operation.whole);
            break;
        case Envelope::if_version:
            if (read_whole_number(reading, member, operation.if_version) && operation.if_version < 0)
                reading.fail(member, "out_of_range", "a version is not negative");
            if (member.kind == Kind::null) break;
            if (is_merge(operation.type))  // whoever sent it: a condition is not to be ignored
                reading.fail(member, "no_version", "a merge is of two customers, and of no version of either");
            if (operation.type == OperationType::erase) reading.fail(member, "no_version", "an erase is of all there is, whatever its version");
            if (operation.type == OperationType::event) reading.fail(member, "no_version", "an event never changes, and so has no versions");
            break;
        case Envelope::order:
            read_order(reading, member, operation.order);
            break;
        case Envelope::profile:
            read_profile(reading, member, operation.profile);
            break;
        case Envelope::list:
            read_code_of(reading, member, reading.settings.lists, "list", operation.list.list);
            break;
        case Envelope::member:
            read_flag(reading, member, operation.list.member);
            break;
        case Envelope::from:
            read_side(reading, member, operation.merge.from);
            break;
        case Envelope::into:
            read_side(reading, member, operation.merge.into);
            break;
        case Envelope::product:
            read_product(reading, member, operation.product);
            break;
        case Envelope::name:
            read_event_name(reading, member, operation.event);
            break;
        case Envelope::session_id:
            read_id(reading, member, reading.limits.operation_id_bytes, operation.event.session_id);
            break;
        case Envelope::context:
            break;  // after all others: its types are its event's
        case Envelope::channel:
            read_channel(reading, member, operation.consent);
            break;
        case Envelope::category:
            read_category(reading, member, operation.consent);
            break;
        case Envelope::granted:
            read_flag(reading, member, operation.consent.granted);
            break;
        case Envelope::expires_at:
            read_instant(reading, member, operation.consent.expires_at);
            break;
        case Envelope::proof:
            read_proof(reading, member, operation.consent);
            break;
        case Envelope::container:
            read_container(reading, member, operation.container);
            break;
        case Envelope::add:
        case Envelope::remove:
        case Envelope::set:
        case Envelope::replace:
        case Envelope::clear: {
            const auto act = static_cast<size_t>(role) - static_cast<size_t>(Envelope::add);
            read_container_act(reading, member, static_cast<ContainerAct>(act), operation.container);
            break;
        }
        case Envelope::message:
            read_message(reading, member, operation.message);
            break;
        case Envelope::mode:
            if (const int mode = one_of(reading, member, erase_mode_names); mode >= 0) operation.erase = static_cast<EraseMode>(mode);
            break;
    }
}

void read_flaws(const Reading &reading) {
    for (const Flaw &flaw : reading.tree.flaws) {
        const Node &node = reading.tree.nodes[flaw.node];
        switch (flaw.what) {
            case Flaw::What::duplicate_key:
                reading.fail(node, "duplicate_key", "a member is named twice");
                break;
            case Flaw::What::nul_character:
                reading.fail(node, "nul_character", "text may not hold U+0000");
                break;
            case Flaw::What::text_too_large:
                reading.fail(node, "too_large",
                             "text is longer than " + std::to_string(reading.limits.text_bytes) + " bytes");
                break;
        }
    }
}

constexpr uint64_t spread(uint64_t word) {  // the finaliser of SplitMix64
    word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9;
    word = (word ^ word >> 27) * 0x94d049bb133111eb;
    return word ^ word >> 31;
}

// Two bodies are only ever compared under one id, so 64 bits of evidence are enough; they are spread over the
// 16 bytes kept.
std::array<uint8_t, 16> body_hash_of(uint64_t hash) {
    const std::array<uint64_t, 2> words{spread(hash), spread(hash + 0x9e3779b97f4a7c15)};
    std::array<uint8_t, 16> bytes;
    std::memcpy(bytes.data(), words.data(), bytes.size());
    return bytes;
}

}  // namespace

void read_instant(const Reading &reading, const Node &node, Instant &instant) {
    Value value;
    if (node.kind != Kind::null && read_value(reading, node, Type::time, value)) instant = value.number;
}

void read_operation(Reading &reading, std::string_view default_source, Operation &operation) {
    const Tree &tree = reading.tree;
    const Node &root = tree.nodes.front();
    if (!reading.expect(root, Kind::object)) return;
    if (!tree.flaws.empty()) read_flaws(reading);
    reading.strictness = read_source(reading, default_source, operation.source);
    const bool known_type = read_type(reading, operation.type);
    std::bitset<envelope_members.size()> said;  // by Envelope; of an operation's own members, with a value
    for (const Node &member : children(tree, root)) {
        const Envelope *role = envelope_table.find(member.key());
        if (!known_type && (!role || *role >= Envelope::order)) continue;
        if (!role || (known_type && !belongs(*role, operation.type))) {
            // A member of another type of operation is spelled right.
            reading.unknown(member, role ? std::span<const std::string_view>() : envelope_table.names());
            continue;
        }
        if (*role >= Envelope::order && member.kind == Kind::null) continue;
        said.set(static_cast<size_t>(*role));
        read_member(reading, member, *role, operation);
    }
    const auto need = [&](Envelope role) {
        const size_t place = static_cast<size_t>(role);
        if (!said[place]) reading.missing(root, envelope_members[place].name);
    };
    need(Envelope::id);
    if (known_type) {
        switch (operation.type) {
            case OperationType::order: need(Envelope::order); break;
            case OperationType::list: need(Envelope::list); need(Envelope::member); break;
            case OperationType::merge:
            case OperationType::unmerge: need(Envelope::from); need(Envelope::into); break;
            case OperationType::product: need(Envelope::product); break;
            case OperationType::event:
                need(Envelope::name);
                if (const auto act = container_act_of(operation.event.name); act && reading.settings.find_event(operation.event.name) == nullptr) {
                    operation.type = OperationType::container;
                    const std::string session = std::exchange(operation.event, {}).session_id;
                    if (!session.empty()) operation.event.session = session_identity(operation.source, session);
                    read_container_event(reading, root, *act, operation.container);
                } else {
                    finish_event(reading, names_somebody(tree, root), operation);
                }
                break;
            case OperationType::message:
                need(Envelope::message);
                check_brought_over(reading, root, operation.backfill);
                break;
            case OperationType::consent: need(Envelope::category); need(Envelope::granted); break;
            case OperationType::container: need(Envelope::container); check_container(reading, root); break;
            case OperationType::erase:
                need(Envelope::mode);
                if (reading.strictness == Strictness::public_source)
                    reading.fail(*tree.find(root, "type"), "not_trusted", "only a trusted source may erase");
                break;
            default: break;
        }
        const bool is_customers = operation.type != OperationType::order && operation.type != OperationType::product &&
                                  operation.type != OperationType::event && operation.type != OperationType::message && !is_merge(operation.type);
        if (is_customers && !names_somebody(tree, root)) reading.missing(root, "customer");
        if (operation.type == OperationType::consent) check_consent(reading, root, operation.consent);
        if (is_merge(operation.type) && !operation.merge.from.value.empty() && operation.merge.from == operation.merge.into)
            reading.fail(*tree.find(root, "into"), "same_customer", "is the customer of `from`");
    }
    operation.body_hash = body_hash_of(tree.hash);
}

}  // namespace cartbell::codec
