#include "codec/stripped_body.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "codec/json_tree.hpp"
#include "codec/json_writer.hpp"

namespace cartbell::codec {
namespace {

constexpr size_t journal_bytes = size_t{64} << 20;  // as parse_entry reads them

Result<Document> read_body(std::string_view body) {
    auto document = read_document(body, journal_bytes, Limits{}.json_depth);
    if (document.ok() && document->root().kind == Kind::object) return document;
    if (document.code() == Code::out_of_memory) return document.take_error();
    return failure(Code::corrupt, "lost_entry", "an entry of the journal cannot be read");
}

void copy(JsonWriter &out, const Tree &tree, const Node &member) {
    out.key(member.key());
    append_compact(out.value(), tree, member, KeyOrder::as_is);
}

constexpr std::array<std::string_view, 5> when_and_where{"occurred_at", "sequence", "sent_at", "source", "backfill"};

void copy_named(JsonWriter &out, const Tree &tree, const Node &object, std::span<const std::string_view> names) {
    for (const std::string_view name : names)
        if (const Node *member = tree.find(object, name)) copy(out, tree, *member);
}

// What stays of an object: by default nothing. `How` is what a member is, formats.md §5.
struct Kept {
    enum How : uint8_t { as_it_is, object, status, each, id, fields };
    std::string_view name;
    How how = as_it_is;
    std::span<const Kept> inside{};   // of an object, or of each element
    Object of = Object::order;        // of fields
};

constexpr Kept status_code[] = {{"code"}, {"at"}};
constexpr Kept statuses[] = {{"general", Kept::status, status_code}, {"delivery", Kept::status, status_code}, {"payment", Kept::status, status_code}};
constexpr Kept delivery[] = {{"type"}, {"provider"}, {"at"}, {"until"}, {"cost"}};
constexpr Kept order_payment[] = {{"type"}, {"provider"}, {"paid"}, {"bonuses_paid"}};
constexpr Kept line[] = {{"line_id", Kept::id}, {"product_id"}, {"name"},     {"brand"},  {"variant"}, {"category"},
                         {"quantity"},          {"returned"},   {"price"},    {"discount"}, {"total"}, {"weight"},
                         {"bonuses_accrued"},   {"bonuses_paid"}, {"remove"}, {"fields", Kept::fields, {}, Object::line}};
constexpr Kept payment[] = {{"payment_id", Kept::id}, {"type"}, {"provider"}, {"amount"}, {"installments"}, {"at"}, {"remove"}};
constexpr Kept order_kept[] = {{"placed_at"},
                               {"source"},
                               {"currency"},
                               {"status", Kept::object, statuses},
                               {"delivery", Kept::object, delivery},
                               {"payment", Kept::object, order_payment},
                               {"payments", Kept::each, payment},
                               {"payment_changes", Kept::each, payment},
                               {"bonuses_accrued"},
                               {"subtotal"},
                               {"discount"},
                               {"tax"},
                               {"total"},
                               {"refunded"},
                               {"lines", Kept::each, line},
                               {"line_changes", Kept::each, line},
                               {"fields", Kept::fields, {}, Object::order}};

class OrderStripper {
  public:
    OrderStripper(JsonWriter &out, const Tree &tree, const AnonymousOrder &order) : out_(out), tree_(tree), order_(order) {}

    void members(const Node &object, std::span<const Kept> kept) {
        for (const Node &member : children(tree_, object)) {
            const auto known = std::find_if(kept.begin(), kept.end(), [&](const Kept &one) { return one.name == member.key(); });
            if (known == kept.end()) continue;
            out_.key(member.key());
            value(member, *known);
        }
    }

  private:
    void as_it_is(const Node &node) { append_compact(out_.value(), tree_, node, KeyOrder::as_is); }

    void value(const Node &node, const Kept &kept) {
        if (kept.how == Kept::id) return static_cast<void>(out_.text(order_.hidden(node.text())));
        if (kept.how == Kept::each && node.kind == Kind::array) {
            out_.open('[');
            for (const Node &element : children(tree_, node)) inside(element, kept);
            return static_cast<void>(out_.close(']'));
        }
        if (kept.how == Kept::as_it_is || node.kind != Kind::object) return as_it_is(node);  // null clears, a status may be its code
        if (kept.how == Kept::fields) return fields(node, kept.of);
        inside(node, kept);
    }

    void inside(const Node &object, const Kept &kept) {
        out_.open('{');
        members(object, kept.inside);
        out_.close('}');
    }

    void fields(const Node &object, Object of) {
        out_.open('{');
        for (const Node &member : children(tree_, object)) {
            const FieldDefinition *declared = order_.settings.find_field(of, member.key());
            if (declared != nullptr && !declared->personal) copy(out_, tree_, member);
        }
        out_.close('}');
    }

    JsonWriter &out_;
    const Tree &tree_;
    const AnonymousOrder &order_;
};

// Another operation of the same id and time that says only whom `member` names, and what `more` adds.
template <typename More>
Result<std::string> body_about_identities(std::string_view body, std::string_view type, std::string_view member, More &&more) {
    CARTBELL_ASSIGN(const Document document, read_body(body));
    std::string text;
    JsonWriter out(text);
    out.open('{').key("type").text(type);
    const std::array<std::string_view, 2> who{"id", member};
    copy_named(out, document.tree, document.root(), who);
    more(out);
    copy_named(out, document.tree, document.root(), when_and_where);
    out.close('}');
    return text;
}

}  // namespace

Result<std::string> body_without_customer(std::string_view body, std::string_view operation_id) {
    CARTBELL_ASSIGN(const Document document, read_body(body));
    std::string text;
    JsonWriter out(text);
    out.open('{');
    for (const Node &member : children(document.tree, document.root())) {
        if (member.key() == "customer") continue;
        if (member.key() == "id")
            out.key("id").text(operation_id);
        else
            copy(out, document.tree, member);
    }
    out.close('}');
    return text;
}

Result<std::string> body_as_identify(std::string_view body) {
    return body_about_identities(body, "identify", "customer", [](JsonWriter &) {});
}

Result<std::string> body_as_unmerge(std::string_view body, std::string_view into) {
    return body_about_identities(body, "unmerge", "from",
                                 [&](JsonWriter &out) { out.key("into").open('{').key("external_id").text(into).close('}'); });
}

Result<std::string> body_of_anonymous_order(std::string_view body, const AnonymousOrder &order) {
    CARTBELL_ASSIGN(const Document document, read_body(body));
    const Node *said = document.tree.find(document.root(), "order");
    if (said == nullptr || said->kind != Kind::object) return failure(Code::corrupt, "lost_entry", "an entry of an order says nothing of it");
    std::string text;
    JsonWriter out(text);
    out.open('{').key("type").text("order").key("id").text(order.operation_id);
    copy_named(out, document.tree, document.root(), when_and_where);
    constexpr std::array<std::string_view, 1> whole{"whole"};
    copy_named(out, document.tree, document.root(), whole);
    out.key("order").open('{').key("order_id").text(order.order_id);
    OrderStripper(out, document.tree, order).members(*said, order_kept);
    out.close('}').close('}');
    return text;
}

}  // namespace cartbell::codec
