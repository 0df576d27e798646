// A file that an earlier version wrote (old_files/, made by its make.py) opens, has lost nothing, and goes on as one of this version.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "cartbell/cartbell.hpp"
#include "store/failing_vfs.hpp"
#include "store/temporary_folder.hpp"

using nlohmann::json;

namespace {

constexpr int64_t now_us = 1'764'000'000'000'000;  // 2025-11-24T16:00:00Z, when the file was made
constexpr char fixture[] = CARTBELL_OLD_FILES "/cbl5";  // made by commit 7eea203

std::string read_file(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string mark_of(const std::string &path) { return read_file(path).substr(68, 4); }  // sqlite.org/fileformat2.html, 1.3

struct OldFile {
    TemporaryFolder folder;
    std::string path = folder.file("shop.db");
    OldFile() { std::filesystem::copy_file(std::string(fixture) + "/shop.sqlite", path); }
};

json recorded() { return json::parse(read_file(std::string(fixture) + "/answers.json")); }

std::string digest(const cartbell::engine &shop, bool refolded = false) { return json::parse(shop.digest(refolded))["digest"]; }

// The answer now to what was asked then: a name, what it asks for, the answer.
json asked_again(const cartbell::engine &shop, const json &question) {
    const std::string name = question[0];
    const std::string of = question.size() > 2 ? question[1] : json("");
    if (name == "digest") return json::parse(shop.digest());
    if (name == "refolded") return json::parse(shop.digest(true));
    if (name == "stats") return json::parse(shop.stats());
    if (name == "settings") return json::parse(shop.settings());
    if (name == "segments") return json::parse(shop.segments());
    if (name == "templates") return json::parse(shop.templates());
    if (name == "mailings") return json::parse(shop.mailings());
    if (name == "mailing status") return json::parse(shop.mailing_status(of));
    if (name == "message") return json::parse(shop.message(of));
    if (name == "events") return json::parse(shop.events(of, question[2], 100));
    if (name == "product") return json::parse(shop.product(of));
    if (name == "order") return json::parse(shop.order(of));
    if (name == "customer") return json::parse(shop.customer(of));
    REQUIRE(name == "export");
    return json::parse(shop.export_customer(of));
}

// A later version may tell more; what was told is told, and in lists nothing is added.
bool still_told(const json &then, const json &now) {
    if (then.is_object()) {
        bool same = now.is_object();
        for (const auto &[name, value] : then.items()) same = same && now.contains(name) && still_told(value, now[name]);
        return same;
    }
    if (!then.is_array()) return then == now;
    bool same = now.is_array() && then.size() == now.size();
    for (size_t i = 0; same && i < then.size(); ++i) same = still_told(then[i], now[i]);
    return same;
}

int32_t open_status(const std::string &path, bool read_only) {
    cartbell_engine_options options = CARTBELL_ENGINE_OPTIONS_INIT;
    options.path = path.c_str();
    options.read_only = read_only;
    cartbell_engine *engine = nullptr;
    const int32_t status = cartbell_engine_open(&options, &engine, nullptr);
    cartbell_engine_close(engine);
    return status;
}

}  // namespace

TEST_CASE("a file of an earlier version answers everything as that version did") {
    const OldFile old;
    REQUIRE(mark_of(old.path) == "CBL5");
    const json questions = recorded();
    std::map<std::string, int> asked;
    for (const int opening : {1, 2}) {  // the second finds a file of this version
        CAPTURE(opening);
        const cartbell::engine shop(old.path);
        for (const json &question : questions) {
            CAPTURE(question[0]);
            const json now = asked_again(shop, question);
            CHECK_MESSAGE(still_told(question.back(), now), question.dump() << " now " << now.dump());
            ++asked[question[0]];
        }
    }
    CHECK(mark_of(old.path) == "CBL6");
    CHECK(asked["customer"] == 2 * 16);
    CHECK(asked["message"] == 2 * 13);
    CHECK(asked["export"] == 2 * 3);
    const cartbell::engine reading(old.path, true);
    CHECK(digest(reading) == digest(reading, true));
}

TEST_CASE("a file of an earlier version goes on: operations, late ones, mailings, messages") {
    const OldFile old;
    cartbell::engine shop(old.path);
    const json before = json::parse(shop.stats());
    const std::string was = digest(shop);
    const std::string lines =
        R"({"type":"order","id":"o-3","occurred_at":"2025-11-04T10:00:00Z","customer":{"external_id":"C-3"},"order":{"order_id":"103"}})" "\n"  // an id of then
        R"({"type":"order","id":"n-1","occurred_at":"2025-11-01T09:00:00Z","customer":{"external_id":"C-3"},"order":{"order_id":"103","total":"7.00"}})" "\n"
        R"({"type":"product","id":"n-2","occurred_at":"2025-11-01T09:00:00Z","product":{"product_id":"MUG","brand":"Kiln"}})" "\n"
        R"({"type":"identify","id":"n-3","occurred_at":"2025-11-06T09:00:00Z","customer":{"external_id":"C-6","phone":"+371 2000"}})" "\n"
        R"({"type":"merge","id":"n-4","occurred_at":"2025-11-20T09:00:00Z","from":{"external_id":"C-3"},"into":{"external_id":"C-7"}})" "\n"
        R"({"type":"event","id":"n-5","occurred_at":"2025-11-05T09:00:00Z","session_id":"s1","name":"page.viewed","customer":{"external_id":"C-8"}})";
    const json results = json::parse(shop.ingest(cartbell::form::ndjson, lines, now_us).results);
    CHECK(results[0]["errors"][0]["code"] == "id_reused");
    CHECK(results[1]["outcome"] == "late");
    CHECK(results[2]["outcome"] == "late");
    for (size_t i = 3; i < results.size(); ++i) CHECK_MESSAGE(results[i]["errors"].empty(), results[i].dump());
    CHECK(digest(shop) != was);
    CHECK(digest(shop) == digest(shop, true));
    CHECK(json::parse(shop.stats())["operations"] == before["operations"].get<int64_t>() + 5);

    while (shop.tick(now_us, 100).next_due_us <= now_us) {  // the mailing that was under way
    }
    const json summer = json::parse(shop.mailing_status("summer"));
    CHECK(summer["state"] == "done");
    CHECK(summer["audience"] == 12);  // C-3 is C-7 now
    CHECK(json::parse(shop.lease("worker", 100, 60'000'000, now_us + 3'600'000'000))["messages"].size() > 6);
}

TEST_CASE("an erase finds the reports on messages that an earlier version took, which wrote down nowhere where they are") {
    const OldFile old;
    int reported = 0;
    for (const json &question : recorded()) {
        if (question[0] != "message" || question.back()["provider_id"].is_null()) continue;
        const std::string id = question.back()["message_id"], identity = question.back()["customer"];
        const size_t colon = identity.find(':');
        CAPTURE(id);
        CHECK(read_file(old.path).find(id) != std::string::npos);
        {
            cartbell::engine shop(old.path);
            const json erase{{"type", "erase"}, {"id", "x" + id}, {"mode", "delete"}, {"customer", {{identity.substr(0, colon), identity.substr(colon + 1)}}}};
            CHECK(shop.ingest(cartbell::form::one, erase.dump(), now_us).accepted == 1);
            CHECK(digest(shop) == digest(shop, true));
        }
        CHECK(read_file(old.path).find(id) == std::string::npos);
        ++reported;
    }
    CHECK(reported >= 3);
}

TEST_CASE("a file of an earlier version is not opened for reading: the error says what to do, and nothing is written") {
    const OldFile old;
    const std::string bytes = read_file(old.path);
    std::string said;
    try {
        const cartbell::engine shop(old.path, true);
    } catch (const cartbell::error &error) {
        CHECK(error.status() == CARTBELL_READ_ONLY);
        said = error.what();
    }
    CHECK(said.find("open it for writing once") != std::string::npos);
    CHECK(read_file(old.path) == bytes);
}

// From the call that fails on nothing reaches the disk, as of a process that is killed there.
TEST_CASE("a disk that is full while a file becomes one of this version, or a process that is killed, leaves the old file or the new one") {
    failing_vfs::install();
    const std::string was = recorded()[0].back()["digest"];
    int failed = 0, old_left = 0;
    bool passed_all = false;
    for (int64_t good = 0; !passed_all && good < 400; ++good) {
        CAPTURE(good);
        failing_vfs::heal();
        const OldFile old;
        failing_vfs::fail_after(good, SQLITE_FULL);
        const int32_t status = open_status(old.path, false);
        passed_all = failing_vfs::calls() <= good;
        failing_vfs::heal();
        CHECK((status == CARTBELL_OK || status == CARTBELL_FULL));
        failed += status == CARTBELL_FULL;
        old_left += open_status(old.path, true) == CARTBELL_READ_ONLY;
        const cartbell::engine shop(old.path);
        CHECK(digest(shop) == was);
        CHECK(digest(shop, true) == was);
    }
    CHECK(passed_all);
    CHECK(failed > 5);
    CHECK(old_left > 5);
}
