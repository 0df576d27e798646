// order, customer, product: single facts.
#include <CLI/CLI.hpp>

#include <memory>

#include "cli/session.hpp"

namespace cartbell::cli {

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
    CLI::App *history = order->add_subcommand("history", "How its statuses came to be, oldest first");
    history->add_option("order", *id, "The shop's order id")->required();
    history->callback([&session, id] {
        session.answer(session.open_to_read().order_history(*id), [&](const Json &json) {
            session.screen.line(session.screen.bold("order " + plain_text(*id)));
            if (json["history"].items.empty())
                session.screen.line("  it never had a status");
            else
                session.screen.table(json["history"].items);
        });
    });

    CLI::App *customer = app.add_subcommand("customer", "One customer")->require_subcommand(1)->fallthrough();
    CLI::App *person = customer->add_subcommand("show", "Identities, profile and orders");
    person->add_option("identity", *id, "kind:text, as external_id:C-17 or email:a@b.eu")->required();
    person->callback([&session, id] {
        session.answer(session.open_to_read().customer(*id), [&](const Json &json) {
            session.screen.line(session.screen.bold("customer " + plain_text(*id)));
            session.screen.object(json);
        });
    });

    CLI::App *product = app.add_subcommand("product", "One product of the catalogue")->require_subcommand(1)->fallthrough();
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
