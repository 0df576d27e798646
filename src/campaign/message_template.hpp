// A compiled template definition, and how it becomes one customer's message (formats.md §3).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/formatter.hpp"
#include "base/limits.hpp"
#include "model/definition.hpp"
#include "render/model_view.hpp"
#include "render/template.hpp"
#include "segment/segment.hpp"

namespace cartbell::campaign {

using FindSegment = segment::FindSegment;

struct MessageTemplate {
    struct Part {
        std::string_view name;  // "subject", "body", ...
        std::shared_ptr<const render::Text> text;
    };
    TemplateDefinition definition;
    std::shared_ptr<const segment::Program> condition;  // null: none
    std::vector<Part> parts;
    std::vector<std::pair<std::string, std::shared_ptr<const segment::Program>>> segments;  // that {{#is.…}} asks for, by code
    render::OrdersUsed orders;
    std::optional<OutlineUse> outlines;  // suffice of all orders but those that `orders` names
    bool uses_products = false;     // its texts, its condition or its segments do
};

// `condition` is the definition's, compiled. Errors point at the part, with line and column in it.
Result<std::shared_ptr<const MessageTemplate>> compile_message(TemplateDefinition definition, std::shared_ptr<const segment::Program> condition,
                                                               const Settings &settings, const FindSegment &find, const Limits &limits);
std::vector<std::string> variables_used(const MessageTemplate &compiled);
// The orders that `used` names: positions in `orders`, unique.
void find_orders_used(const render::OrdersUsed &used, std::span<const Order> orders, const Settings &settings, std::vector<size_t> &found);

// What came of one message (formats.md §3 "Outcomes").
struct Written {
    render::Outcome::Kind kind = render::Outcome::Kind::rendered;
    std::string reason;            // blocked: the reason's text; failed: the code
    std::string part;              // failed: which text
    uint32_t line = 0, column = 0;
    std::string parts;             // rendered: {"subject":"…","body":"…"}
};

// Writes messages of one template, customer after customer, with the same memory. One thread at a time.
class MessageWriter {
  public:
    MessageWriter(const MessageTemplate &compiled, const segment::World &world, const Formatter &formatter, const Limits &limits);
    MessageWriter(const MessageWriter &) = delete;
    MessageWriter &operator=(const MessageWriter &) = delete;
    void write(const segment::Facts &facts, std::string_view message_id, Written &written);

  private:
    bool in_segment(std::string_view code);
    void choose_place(const segment::Facts &facts);

    const MessageTemplate &template_;
    segment::World world_;
    const Limits &limits_;
    render::ModelView view_;
    render::Context context_;
    segment::Facts facts_;
    const Zone *shop_zone_;
    const Zone *customer_zone_ = nullptr;   // of customer_zone_name_, the last one asked for
    std::string customer_zone_name_;
    std::string text_;
    enum class Asked : uint8_t { not_yet, no, yes };
    std::vector<Asked> asked_;              // of this message, by segment of the template: a loop asks once
};

}  // namespace cartbell::campaign
