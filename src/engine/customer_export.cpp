// Engine: everything that the store keeps of one customer, as one document.
#include "codec/container_json.hpp"
#include "codec/event_json.hpp"
#include "codec/order_json.hpp"
#include "engine/answers.hpp"
#include "engine/container_prices.hpp"
#include "engine/engine_impl.hpp"
#include "engine/entry_pages.hpp"
#include "engine/event_rows.hpp"
#include "engine/facts_scan.hpp"
#include "engine/outbox.hpp"
#include "engine/owned_rows.hpp"

namespace cartbell::engine {
namespace {

// One snapshot, so it is one document and no pages: its parts agree with each other. What bounds it is a limit on its bytes, which also ends it
// before the entries of somebody with very many events are gathered.
class CustomerExport {
  public:
    CustomerExport(Reading &reading, int64_t customer_id, const OwnedFacts &facts, size_t most_bytes)
        : reading_(reading), customer_id_(customer_id), facts_(facts), most_bytes_(most_bytes) {}

    Result<std::string> write(const Zones &zones) {
        CARTBELL_ASSIGN(out_, customer_view(reading_, customer_id_, facts_.customer));
        out_.pop_back();  // the object's bracket
        std::vector<store::Table> others;
        const cartbell_schema &schema = store::schema();
        for (size_t i = 0; i < schema.table_count; ++i) {
            const auto table = static_cast<store::Table>(i);
            switch (told_as(table, schema.tables[i])) {
                case Told::orders: CARTBELL_TRY(add_orders()); break;
                case Told::messages: CARTBELL_TRY(add_messages()); break;
                case Told::events: CARTBELL_TRY(add_events()); break;
                case Told::containers: CARTBELL_TRY(add_containers(zones)); break;
                case Told::rows: others.push_back(table); break;
                case Told::customer:
                case Told::entries:
                case Told::elsewhere:
                case Told::nothing: break;
            }
        }
        add_name(out_, "tables");
        out_ += '{';
        for (const store::Table table : others) {
            add_name(out_, schema.tables[table].name);
            CARTBELL_TRY(append_owned_rows(out_, reading_.transaction, table, schema.tables[table], customer_id_, most_bytes_));
        }
        out_ += '}';
        CARTBELL_TRY(append_all_entries(out_, reading_, zones, customer_id_, facts_, most_bytes_));
        out_ += '}';
        CARTBELL_TRY(within_export(out_, most_bytes_));
        return std::move(out_);
    }

  private:
    void begin(std::string_view name) {
        add_name(out_, name);
        out_ += '[';
    }
    void separate() {
        if (out_.back() != '[') out_ += ',';
    }

    Status add_orders() {
        begin("orders");
        for (const Order &order : facts_.orders) {
            separate();
            codec::append_order(out_, order, *reading_.catalog->settings, codec::Detail::all);
            CARTBELL_TRY(within_export(out_, most_bytes_));
        }
        out_ += ']';
        return {};
    }

    Status add_messages() {
        const store::Cell owner = store::integer_cell(customer_id_);
        store::ScanRange range;
        range.table = store::message;
        range.lower = range.upper = {&owner, 1};
        CARTBELL_ASSIGN(store::Cursor cursor, reading_.transaction.scan(range));
        begin("messages");
        for (;;) {
            CARTBELL_ASSIGN(const auto rows, cursor.next());
            if (rows.empty()) break;
            for (size_t at = 0; at < rows.size(); at += cursor.width()) {
                separate();
                append_message(out_, rows.subspan(at, cursor.width()));
                CARTBELL_TRY(within_export(out_, most_bytes_));
            }
        }
        out_ += ']';
        return {};
    }

    Status add_events() {
        CARTBELL_ASSIGN(EventScan events, EventScan::begin(reading_.transaction, customer_id_, {}));
        begin("events");
        for (;;) {
            CARTBELL_ASSIGN(const std::optional<Event> event, events.next());
            if (!event) break;
            separate();
            codec::append_event(out_, *event, *reading_.catalog->settings);
            CARTBELL_TRY(within_export(out_, most_bytes_));
        }
        out_ += ']';
        return {};
    }

    // As they are stored: a lifetime that has passed empties a container in answers only.
    Status add_containers(const Zones &zones) {
        CARTBELL_ASSIGN(const std::vector<Container> containers, containers_at(reading_, zones, customer_id_, least_instant));
        begin("containers");
        for (const Container &container : containers) {
            separate();
            codec::append_container(out_, container, *reading_.catalog->settings);
            CARTBELL_TRY(within_export(out_, most_bytes_));
        }
        out_ += ']';
        return {};
    }

    Reading &reading_;
    const int64_t customer_id_;
    const OwnedFacts &facts_;
    const size_t most_bytes_;
    std::string out_;
};

}  // namespace

Result<std::string> Engine::export_customer(std::string_view identity) const {
    CARTBELL_ASSIGN(Reading reading, impl_->begin_read());
    CARTBELL_ASSIGN(const Identity wanted, read_identity(identity));
    CARTBELL_ASSIGN(const int64_t id, find_customer(reading.transaction, wanted));
    if (id == 0) return failure(Code::not_found, "no_customer", "there is no such customer");
    OwnedFacts facts;
    CARTBELL_TRY(load_facts(reading.transaction, id, facts));
    return CustomerExport(reading, id, facts, impl_->options.limits.export_bytes).write(*impl_->zones);
}

}  // namespace cartbell::engine
