// Everything the store keeps of one customer (docs/formats.md "Everything of one customer").
#include <functional>
#include <set>

#include "engine/owned_rows.hpp"
#include "people_fixture.hpp"

using namespace engine_test;

namespace {

std::string text_of(Shop &shop, const std::string &identity) {
    const auto answer = shop->export_customer(identity);
    REQUIRE_MESSAGE(answer.ok(), (answer.ok() ? "" : answer.error().reason));
    return *answer;
}
json document(Shop &shop, const std::string &identity) {
    return json::parse(text_of(shop, identity));
}
std::vector<std::string> ids(const json &exported, const char *member = "entries", const char *name = "id") {
    std::vector<std::string> out;
    for (const json &one : exported[member]) out.push_back(one[name]);
    return out;
}
using Ids = std::vector<std::string>;

// Every text in it that is distinctive: they all carry the name of whom they belong to.
void find_texts(const json &value, const std::string &mark, std::set<std::string> &texts) {
    if (value.is_string() && value.get<std::string>().find(mark) != std::string::npos) texts.insert(value);
    if (value.is_structured())
        for (const json &inner : value) find_texts(inner, mark, texts);
}

}  // namespace

TEST_CASE("everything a person sent is in the export, and nothing of another person's who shares the device") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    open_shop(shop);
    const json of_anna = life_of("anna", "08"), of_boris = life_of("boris", "09");
    for (const json *life : {&of_boris, &of_anna}) {  // the later one arrives first
        const json results = shop.apply(*life, noon);
        for (const json &result : results) REQUIRE_MESSAGE(result["outcome"] != "rejected", result.dump());
    }
    send_mailing(shop);
    shop.reopen();

    const struct { const json &life; const char *mine, *other; } people[] = {{of_anna, "anna", "boris"}, {of_boris, "boris", "anna"}};
    for (const auto &person : people) {
        CAPTURE(person.mine);
        const std::string mine = person.mine;
        const std::string text = text_of(shop, "external_id:C-" + mine);
        std::set<std::string> sent;
        find_texts(person.life, mine, sent);
        CHECK(sent.size() >= 25);
        for (const std::string &one : sent) CHECK_MESSAGE(text.find(one) != std::string::npos, one);
        CHECK(text.find(person.other) == std::string::npos);
        for (const std::string &by : {"email:" + mine + "@mail.eu", "anonymous_id:a-" + mine}) CHECK(text_of(shop, by) == text);

        const json exported = json::parse(text);
        const json view = Shop::read(shop->customer("external_id:C-" + mine));
        for (auto member = view.begin(); member != view.end(); ++member)
            if (member.key() != "orders") CHECK(exported[member.key()] == member.value());
        CHECK(exported["profile"]["city"] == "city of " + mine);
        CHECK(exported["lists"] == json::array({"vip"}));
        // "every order in full with its history"
        REQUIRE(ids(exported, "orders", "order_id") == Ids{"order-" + mine});
        CHECK(exported["orders"][0] == Shop::read(shop->order("order-" + mine)));
        CHECK(exported["orders"][0]["history"].size() == 2);
        CHECK(ids(exported, "events", "event_id") == Ids{mine + "-e0", mine + "-e1", mine + "-e2", mine + "-e3"});
        // "every message with its parts"
        REQUIRE(exported["messages"].size() == 2);
        const bool old_first = !exported["messages"][0].contains("parts");
        const json &own = exported["messages"][old_first ? 1 : 0], &old = exported["messages"][old_first ? 0 : 1];
        CHECK(own["parts"]["body"] == "Letter for name of " + mine);
        CHECK(own == Shop::read(shop->message(own["message_id"].get<std::string>())));
        CHECK(old["message_id"] == "old-" + mine);
        CHECK(old["subject"] == "subject of " + mine);
        CHECK(old["opened_at"] == "2025-11-20T09:00:00Z");
        CHECK(exported["tables"] == json::object());

        // Each operation as it was sent, once, in the order of their facts.
        REQUIRE(exported["entries"].size() == person.life.size());
        for (size_t i = 0; i < person.life.size(); ++i) {
            CHECK(exported["entries"][i]["operation"] == person.life[i]);
            CHECK(exported["entries"][i]["received_at"] == "2026-11-20T12:00:00Z");
            CHECK(exported["entries"][i]["source"] == "system");
            CHECK(exported["entries"][i]["withheld"] == json::array());
        }
    }
}

TEST_CASE("the entries are those of the timeline, which is of the same person") {
    Shop shop(Kind::memory);
    open_shop(shop);
    shop.apply(life_of("anna", "08"), noon);
    json exported = document(shop, "external_id:C-anna")["entries"];
    for (json &entry : exported) entry.erase("withheld");
    CHECK(exported == Shop::read(shop->customer_timeline("external_id:C-anna", "", 1000))["entries"]);
}

TEST_CASE("numbers that only the store understands never leave it") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    open_shop(shop);
    shop.apply(life_of("anna", "08"), noon);
    send_mailing(shop);
    std::set<std::string> names;
    const std::function<void(const json &)> walk = [&](const json &value) {
        if (value.is_object())
            for (const auto &[name, inner] : value.items()) names.insert(name);
        if (value.is_structured())
            for (const json &inner : value) walk(inner);
    };
    walk(document(shop, "external_id:C-anna"));
    CHECK(names.contains("received_at"));
    for (const char *name : {"customer_id", "position", "positions", "settings_version", "rank", "next"}) CHECK_MESSAGE(!names.contains(name), name);
}

TEST_CASE("after a merge the export of any identity is of the one person, the anonymous past included") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    open_shop(shop);
    const json anonymous = {{"anonymous_id", "a-1"}};
    shop.apply(json::array({event("e-before", "07:00", anonymous, "", "https://shop.eu/anonymous-past"),
                            profile("c1", "08:00", anna, {{"city", "Riga"}}),
                            profile("c2", "08:10", boris, {{"city", "Tartu"}}),
                            operation("identify", "i", "08:20", {{"external_id", "C-boris"}, {"anonymous_id", "a-1"}}, {})}),
               noon);
    CHECK(ids(document(shop, "external_id:C-anna")) == Ids{"c1"});
    shop.apply(json::array({merge("merge", "m", "09:00", boris, anna)}), noon);
    const std::string text = text_of(shop, "external_id:C-anna");
    for (const char *identity : {"external_id:C-boris", "anonymous_id:a-1"}) CHECK(text_of(shop, identity) == text);
    const json exported = json::parse(text);
    CHECK(ids(exported) == Ids{"e-before", "c1", "c2", "i", "m"});
    CHECK(exported["entries"][4]["operation"]["from"] == boris);
    CHECK(exported["entries"][4]["withheld"] == json::array());
    CHECK(text.find("anonymous-past") != std::string::npos);
}

TEST_CASE("every merge and unmerge that names the person is there, without the other side when it is somebody else") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    shop.apply(json::array({profile("c1", "08:00", anna, {{"city", "Riga"}}), profile("c2", "08:10", boris, {{"city", "Tartu"}}),
                            merge("merge", "m1", "09:00", boris, anna), merge("unmerge", "u1", "09:10", boris, anna),
                            merge("merge", "m0", "08:30", boris, anna)}),  // late: another is newer
               noon);
    const json of_anna = document(shop, "external_id:C-anna"), of_boris = document(shop, "external_id:C-boris");
    CHECK(ids(of_anna) == Ids{"c1", "m0", "m1", "u1"});
    CHECK(ids(of_boris) == Ids{"c2", "m0", "m1", "u1"});
    for (size_t i = 1; i < 4; ++i) {
        CHECK(of_anna["entries"][i]["withheld"] == json::array({"from"}));
        CHECK(of_anna["entries"][i]["operation"]["into"] == anna);
        CHECK(of_boris["entries"][i]["withheld"] == json::array({"into"}));
        CHECK(of_boris["entries"][i]["operation"]["from"] == boris);
    }
    CHECK(of_anna.dump().find("boris") == std::string::npos);
    CHECK(of_boris.dump().find("anna") == std::string::npos);

    // An identity that nobody ever used is the person's once it is merged into them.
    shop.one(merge("merge", "m2", "10:00", {{"external_id", "C-old"}}, anna), noon);
    const json again = document(shop, "external_id:C-anna");
    CHECK(again["entries"].back()["operation"]["from"]["external_id"] == "C-old");
    CHECK(again["entries"].back()["withheld"] == json::array());
}

TEST_CASE("an order that changed hands is the new owner's with all that was said of it, but not whom it was said of") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    shop.apply(json::array({order("o1", "1", "C-anna", "2026-11-20T08:00:00Z", {{"total", "5.00"}}),
                            order("o2", "1", "", "2026-11-20T08:30:00Z", {{"total", "6.00"}}),
                            order("o3", "1", "C-boris", "2026-11-20T09:00:00Z", {{"total", "7.00"}})}),
               noon);
    const json of_boris = document(shop, "external_id:C-boris");
    REQUIRE(ids(of_boris) == Ids{"o1", "o2", "o3"});
    CHECK(of_boris["entries"][0]["operation"]["order"]["total"] == "5.00");
    CHECK_FALSE(of_boris["entries"][0]["operation"].contains("customer"));
    CHECK(of_boris["entries"][0]["withheld"] == json::array({"customer"}));
    CHECK(of_boris["entries"][1]["withheld"] == json::array());
    CHECK(of_boris["entries"][2]["operation"]["customer"] == boris);
    CHECK(of_boris.dump().find("anna") == std::string::npos);
    const json of_anna = document(shop, "external_id:C-anna");
    CHECK(ids(of_anna) == Ids{"o1"});
    CHECK(of_anna["orders"].empty());
}

TEST_CASE("who is not there and what is too large are told") {
    FOR_EACH_STORE(kind)
    Shop shop(kind);
    open_shop(shop);
    shop.apply(life_of("anna", "08"), noon);
    CHECK(shop->export_customer("external_id:none").error().reason == "no_customer");
    CHECK(shop->export_customer("C-anna").error().reason == "bad_identity");
    if (kind == Kind::memory) return;  // limits are those of an engine opened again
    const std::string whole = text_of(shop, "external_id:C-anna");
    for (const size_t most : {size_t{1}, whole.size() / 4, whole.size() / 2, whole.size() - 1}) {
        CAPTURE(most);
        shop.limits.export_bytes = most;
        shop.reopen();
        const auto refused = shop->export_customer("external_id:C-anna");
        REQUIRE(!refused.ok());
        CHECK(refused.error().code == Code::limit);
        CHECK(refused.error().reason == "export_bytes");
    }
    shop.limits.export_bytes = whole.size();
    shop.reopen();
    CHECK(text_of(shop, "external_id:C-anna") == whole);
}

TEST_CASE("every declared table that has an owner or keeps something personal has a place in the export") {
    const cartbell_schema &schema = store::schema();
    size_t owned = 0, personal = 0;
    for (size_t i = 0; i < schema.table_count; ++i) {
        const cartbell_table &table = schema.tables[i];
        CAPTURE(table.name);
        const engine::Told told = engine::told_as(static_cast<store::Table>(i), table);
        bool keeps_personal = false;
        for (size_t c = 0; c < table.column_count; ++c) keeps_personal = keeps_personal || (table.columns[c].flags & CARTBELL_COLUMN_PERSONAL) != 0;
        if (table.owner_column >= 0) {
            ++owned;
            CHECK(told != engine::Told::nothing);
        }
        if (keeps_personal) {  // a directory has nothing that is not said elsewhere
            ++personal;
            CHECK(told != engine::Told::nothing);
            CHECK(told != engine::Told::elsewhere);
        }
        // Nobody reads a packed state: a table that has one needs a form of its own.
        if (told == engine::Told::rows)
            for (size_t c = 0; c < table.column_count; ++c) CHECK(table.columns[c].type != CARTBELL_CELL_BYTES);
    }
    CHECK(owned >= 8);
    CHECK(personal >= 8);
    // A table added later.
    const cartbell_column columns[] = {{sizeof(cartbell_column), 0, CARTBELL_CELL_INTEGER, 0, "customer_id"}};
    cartbell_table later = {sizeof(cartbell_table), CARTBELL_PLACE_CUSTOMER, "later", columns, 1, 1, nullptr, 0, 0, 0};
    CHECK(engine::told_as(store::table_count, later) == engine::Told::rows);
    later.owner_column = -1;
    CHECK(engine::told_as(store::table_count, later) == engine::Told::nothing);
}

TEST_CASE("a table without a form of its own is told by its declared columns, wherever its owner stands") {
    FOR_EACH_STORE(kind)
    std::string folder = (std::filesystem::temp_directory_path() / "cartbell-rows-XXXXXX").string();
    REQUIRE(mkdtemp(folder.data()) != nullptr);
    auto opened = kind == Kind::memory ? store::Store::open(store::memory_store_functions(), store::new_memory_store(), false)
                                       : store::Store::open(store::sqlite_store_functions(), store::new_sqlite_store(folder + "/shop.db"), false);
    std::filesystem::remove_all(folder);  // the open file is there as long as it is open
    REQUIRE(opened.ok());
    using store::integer_cell, store::text_cell, store::bytes_cell, store::null_cell;
    auto unit = opened->begin_write();
    REQUIRE(unit.ok());
    for (const int64_t id : {6, 7, 8}) {
        const std::string mark = "of " + std::to_string(id), name = "message " + mark, key = "k\"" + mark, state = "\x01\xff";
        const store::Cell customer[] = {integer_cell(id), text_cell(mark), null_cell(), null_cell(), integer_cell(5), bytes_cell(state)};
        REQUIRE(unit->put(store::customer, customer).ok());
        const store::Cell lease[] = {text_cell(name), integer_cell(id), text_cell("s"), text_cell(key), integer_cell(9), text_cell("w"), null_cell()};
        REQUIRE(unit->put(store::lease, lease).ok());
        const store::Cell identity[] = {text_cell("email"), text_cell(mark), integer_cell(id), null_cell()};
        REQUIRE(unit->put(store::identity, identity).ok());
    }
    const store::Cell nobody[] = {text_cell("email"), text_cell("of nobody"), null_cell(), null_cell()};
    REQUIRE(unit->put(store::identity, nobody).ok());
    const auto rows = [&](store::Table table, int64_t id, size_t most = 1000) {
        std::string out;
        const Status status = engine::append_owned_rows(out, *unit, table, store::schema().tables[table], id, most);
        return status.ok() ? out : status.error().reason;
    };
    CHECK(rows(store::customer, 7) == R"([{"external_id":"of 7","email":null,"phone":null,"created_at":5,"state":"01ff"}])");
    CHECK(rows(store::lease, 7) == R"([{"message_id":"message of 7","source":"s","key":"k\"of 7","until":9,"worker":"w"}])");
    CHECK(rows(store::identity, 7) == R"([{"kind":"email","value":"of 7","state":null}])");
    for (const store::Table table : {store::customer, store::lease, store::identity}) CHECK(rows(table, 9) == "[]");
    CHECK(rows(store::lease, 7, 20) == "export_bytes");
}
