// order, customer, product: single facts, and who said them.
#include <CLI/CLI.hpp>

#include <memory>

#include "cli/entry_table.hpp"
#include "cli/failure.hpp"
#include "cli/identity_option.hpp"
#include "cli/operation_text.hpp"
#include "cli/session.hpp"

namespace cartbell::cli {
namespace {

struct PageOptions {
    size_t most = 0;
    std::string after;
};

struct Consented {
    std::string channel, category;
};

struct Erasing {
    bool anonymise = false;
    std::string id;
};

void run_erase(Session &session, const std::string &identity, const Erasing &how) {
    const size_t colon = identity.find(':');
    const int64_t now_us = session.now_us();
    ObjectText customer, operation;
    customer.text(identity.substr(0, colon), identity.substr(colon + 1));
    operation.text("type", "erase").text("id", how.id.empty() ? "erase-" + std::to_string(now_us) : how.id).raw("customer", customer.json());
    operation.text("mode", how.anonymise ? "anonymise" : "delete");
    engine shop = session.open_to_write();
    const applied done = shop.ingest(form::one, operation.json(), now_us);
    const Json results = read_json(done.results);
    const Json &result = results.items.front();
    if (done.rejected != 0) throw Failure(exit_refused, plain_text(result["errors"].items.front()["message"].text));
    tell_warnings(result);
    session.answer(done.results, [&](const Json &) { session.screen.line(done.duplicate != 0 ? "it was erased before" : "erased"); });
}

void add_page_options(CLI::App &command, PageOptions &page) {
    command.add_option("--limit", page.most, "At most so many entries; 0: all");
    command.add_option("--after", page.after, "Begin after this one, as a page before named it");
}

void show_statuses(const Screen &screen, const std::string &id, const Json &answer) {
    screen.line(screen.bold("order " + plain_text(id)));
    if (answer["history"].items.empty())
        screen.line("  it never had a status");
    else
        screen.table(answer["history"].items);
    screen.line();
}

void show_container(const Screen &screen, const Json &json) {
    const std::string count = json["item_count"].text;
    screen.line(screen.bold(plain_text(json["container"].text)) + ": " + count + (count == "1" ? " product, " : " products, ") + json["total"].text);
    if (!json["items"].items.empty()) screen.table(json["items"].items);
    screen.line();
}

}  // namespace

void add_fact_commands(CLI::App &app, Session &session) {
    const auto id = std::make_shared<std::string>();
    CLI::App *order = app.add_subcommand("order", "One order")->require_subcommand(1)->fallthrough();
    CLI::App *show = order->add_subcommand("show", "The order as it is now");
    show->add_option("order", *id, "The shop's order id")->required();
    show->callback([&session, id] {
        session.answer(session.open_to_read().order(*id), [&](const Json &json) {
            session.screen.line(session.screen.bold("order " + plain_text(*id)));
            session.screen.object(json);
        });
    });
    const auto page = std::make_shared<PageOptions>();
    CLI::App *history = order->add_subcommand("history", "Who said what about it and when, and how its statuses came to be; oldest first");
    history->add_option("order", *id, "The shop's order id")->required();
    add_page_options(*history, *page);
    history->callback([&session, id, page] {
        const engine shop = session.open_to_read();
        if (!session.json) show_statuses(session.screen, *id, read_json(shop.order_history(*id)));
        show_entries(
            session, [&](const std::string &after, size_t most) { return shop.order_timeline(*id, after, most); }, page->most, page->after);
    });

    CLI::App *customer = app.add_subcommand("customer", "One customer")->require_subcommand(1)->fallthrough();
    CLI::App *person = customer->add_subcommand("show", "Identities, profile and orders");
    add_identity(*person, *id);
    person->callback([&session, id] {
        session.answer(session.open_to_read().customer(*id), [&](const Json &json) {
            session.screen.line(session.screen.bold("customer " + plain_text(*id)));
            session.screen.object(json);
        });
    });
    CLI::App *consent = customer->add_subcommand("consent", "Whether the customer allows something now, or at the instant of --at");
    const auto asked = std::make_shared<Consented>();
    add_identity(*consent, *id);
    consent->add_option("category", asked->category, "Code of a category")->required();
    consent->add_option("--channel", asked->channel, "Code of a channel; a category of kind tracking has none");
    consent->callback([&session, id, asked] {
        session.answer(session.open_to_read().customer_consent(*id, asked->channel, asked->category, session.now_us()), [&](const Json &json) {
            session.screen.line(session.screen.bold("customer " + plain_text(*id)));
            session.screen.object(json);
        });
    });
    CLI::App *timeline = customer->add_subcommand("timeline", "Who said what about the customer and the orders, what was sent, and when; oldest first");
    add_identity(*timeline, *id);
    add_page_options(*timeline, *page);
    timeline->callback([&session, id, page] {
        const engine shop = session.open_to_read();
        show_life(
            session, [&](const std::string &after, size_t most) { return shop.customer_timeline(*id, after, most); },
            [&](const std::string &after, size_t most) { return shop.customer_messages(*id, after, most); }, page->most, page->after);
    });

    CLI::App *messages = customer->add_subcommand("messages", "What the customer was sent, by an earlier system too, newest first");
    add_identity(*messages, *id);
    add_page_options(*messages, *page);
    messages->callback([&session, id, page] {
        const engine shop = session.open_to_read();
        show_messages(
            session, [&](const std::string &after, size_t most) { return shop.customer_messages(*id, after, most); }, page->most, page->after);
    });

    CLI::App *all = customer->add_subcommand("export", "Everything kept of the customer, as one JSON document to hand over");
    add_identity(*all, *id);
    all->callback([&session, id] { session.screen.line(session.open_to_read().export_customer(*id)); });

    CLI::App *erase = customer->add_subcommand("erase", "Take away everything kept of the customer");
    const auto erasing = std::make_shared<Erasing>();
    add_identity(*erase, *id);
    erase->add_flag("--anonymise", erasing->anonymise, "Orders stay for the shop's statistics, as nobody's");
    erase->add_option("--id", erasing->id, "Id of the operation, so that it is done once however often it is asked for; default: by the instant");
    erase->callback([&session, id, erasing] { run_erase(session, *id, *erasing); });

    CLI::App *containers = customer->add_subcommand("containers", "The cart and other product lists of the customer, as they are now");
    const auto container = std::make_shared<std::string>();
    add_identity(*containers, *id);
    containers->add_option("container", *container, "Code of one of them; else all that were ever used");
    containers->callback([&session, id, container] {
        const engine shop = session.open_to_read();
        const auto tell = [&](const Json &json) { show_container(session.screen, json); };
        if (!container->empty()) return session.answer(shop.container(*id, *container, session.now_us()), tell);
        session.answer(shop.containers(*id, session.now_us()), [&](const Json &json) {
            for (const Json &one : json["containers"].items) tell(one);
            if (json["containers"].items.empty()) session.screen.line("no container was ever used");
        });
    });

    CLI::App *events = customer->add_subcommand("events", "What the customer did, newest first");
    add_identity(*events, *id);
    add_page_options(*events, *page);
    CLI::App *system_events = app.add_subcommand("events", "Events that concern no single customer, newest first")->fallthrough();
    add_page_options(*system_events, *page);
    const auto list_events = [&session, page](const std::string &whose) {
        const engine shop = session.open_to_read();
        show_events(session, [&](const std::string &after, size_t most) { return shop.events(whose, after, most); }, page->most, page->after);
    };
    events->callback([list_events, id] { list_events(*id); });
    system_events->callback([list_events] { list_events(""); });

    CLI::App *product = app.add_subcommand("product", "One product of the catalogue")->require_subcommand(1)->fallthrough();
    CLI::App *holders = product->add_subcommand("holders", "Who has the product in a container");
    const auto in = std::make_shared<std::string>();
    holders->add_option("product", *id, "The shop's product id")->required();
    holders->add_option("--container", *in, "Code of a container; else any");
    add_page_options(*holders, *page);
    holders->callback([&session, id, in, page] {
        const engine shop = session.open_to_read();
        show_holders(
            session, [&](const std::string &after, size_t most) { return shop.container_holders(*id, *in, session.now_us(), after, most); }, page->most,
            page->after);
    });
    CLI::App *item = product->add_subcommand("show", "The product as it is now");
    item->add_option("product", *id, "The shop's product id")->required();
    item->callback([&session, id] {
        session.answer(session.open_to_read().product(*id), [&](const Json &json) {
            session.screen.line(session.screen.bold("product " + plain_text(*id)));
            session.screen.object(json);
        });
    });
}

}  // namespace cartbell::cli
