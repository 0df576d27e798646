// Files that a power cut or a bad disk left: a log that ends or breaks anywhere, a main file with a flipped bit. Every acknowledged batch that
// is whole in the log is there, none is there by half, and what cannot be read says so.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "store/shop_script.hpp"
#include "store/temporary_folder.hpp"

namespace {

constexpr size_t log_header_bytes = 32, frame_header_bytes = 24, page_bytes = 8192;  // sqlite.org/fileformat2.html, 4.1
constexpr size_t frame_bytes = frame_header_bytes + page_bytes;
constexpr int batches = 8;

std::string read_file(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::string &path, const std::string &bytes) { std::ofstream(path, std::ios::binary) << bytes; }

int32_t open(const std::string &path, bool read_only, cartbell_engine **engine) {
    cartbell_engine_options options = CARTBELL_ENGINE_OPTIONS_INIT;
    options.path = path.c_str();
    options.read_only = read_only;
    return cartbell_engine_open(&options, engine, nullptr);
}

std::string batch(int number) {
    std::string lines;
    for (int i = 0; i < 5; ++i) {
        const std::string id = std::to_string(number * 100 + i);
        lines += R"({"type":"order","id":")" + id + R"(","occurred_at":"2025-11-01T10:00:00Z","customer":{"external_id":"C-)" + std::to_string(i * 7 % 11) +
                 R"("},"order":{"order_id":")" + id + R"(","currency":"EUR","total":"10.00"}})" + "\n";
    }
    return lines;
}

int32_t ingest(cartbell_engine *engine, int number) {
    const std::string lines = batch(number);
    return cartbell_engine_ingest(engine, CARTBELL_FORM_NDJSON, lines.data(), lines.size(), nullptr, shop_script::now_us, nullptr, nullptr, nullptr);
}

// A shop whose log holds `batches` transactions, as a power cut would leave its files.
struct Shop {
    std::string main, log;
    std::vector<std::string> digests;  // after so many batches
    std::vector<size_t> log_sizes;     // how long the log was then

    Shop() {
        TemporaryFolder folder;
        const std::string path = folder.file("shop.db");
        cartbell_engine *engine = nullptr;
        REQUIRE(open(path, false, &engine) == CARTBELL_OK);
        cartbell_engine_close(engine);  // everything so far is in the main file
        REQUIRE(open(path, false, &engine) == CARTBELL_OK);
        for (int number = 0; number <= batches; ++number) {
            if (number > 0) REQUIRE(ingest(engine, number) == CARTBELL_OK);
            digests.push_back(shop_script::digest(engine));
            log_sizes.push_back(number == 0 ? 0 : std::filesystem::file_size(path + "-wal"));
        }
        main = read_file(path);
        log = read_file(path + "-wal");
        cartbell_engine_close(engine);
        REQUIRE(log.size() == log_sizes.back());
        REQUIRE((log.size() - log_header_bytes) % frame_bytes == 0);
        REQUIRE(std::adjacent_find(digests.begin(), digests.end()) == digests.end());
    }

    // How many batches lie wholly in the first bytes of the log.
    size_t whole_in(size_t bytes) const {
        size_t count = 0;
        while (count < batches && log_sizes[count + 1] <= bytes) ++count;
        return count;
    }
};

// Opens the files and finds exactly so many batches; then the shop goes on, and is the same as if nothing had been.
void expect_batches(const Shop &shop, const std::string &log, size_t count, bool read_only_first) {
    TemporaryFolder folder;
    const std::string path = folder.file("shop.db");
    write_file(path, shop.main);
    write_file(path + "-wal", log);
    cartbell_engine *engine = nullptr;
    for (bool read_only : {true, false}) {
        if (read_only && !read_only_first) continue;
        REQUIRE(open(path, read_only, &engine) == CARTBELL_OK);
        CHECK(shop_script::digest(engine) == shop.digests[count]);
        CHECK(shop_script::digest(engine, CARTBELL_DIGEST_REFOLDED) == shop.digests[count]);
        if (read_only) cartbell_engine_close(engine);
    }
    for (size_t number = 1; number <= batches; ++number) CHECK(ingest(engine, static_cast<int>(number)) == CARTBELL_OK);
    CHECK(shop_script::digest(engine) == shop.digests.back());
    cartbell_engine_close(engine);
    CHECK(cartbell_live_objects() == 0);
}

}  // namespace

TEST_CASE("a log that ends anywhere holds every batch that is whole in it, and no part of the next") {
    const Shop shop;
    std::vector<size_t> ends;
    for (size_t at = 0; at <= shop.log.size(); at += 3001) ends.push_back(at);
    for (size_t size : shop.log_sizes)
        for (size_t off : {size_t{0}, size_t{1}, frame_bytes})
            if (size >= off) ends.push_back(size - off);
    for (size_t at : {size_t{1}, log_header_bytes, log_header_bytes + 1, log_header_bytes + frame_header_bytes}) ends.push_back(at);
    size_t fewest = batches, most = 0;
    for (size_t end : ends) {
        CAPTURE(end);
        const size_t count = shop.whole_in(end);
        expect_batches(shop, shop.log.substr(0, end), count, end % 5 == 0);
        fewest = std::min(fewest, count);
        most = std::max(most, count);
    }
    CHECK(ends.size() > 80);
    CHECK(fewest == 0);
    CHECK(most == batches);
}

TEST_CASE("a log with a flipped bit holds every batch before it, and no part of the one it is in") {
    const Shop shop;
    std::vector<size_t> places = {0, 3, 4, 8, 12, 16, 20, 24, 31};  // of the log's header
    for (size_t frame = log_header_bytes; frame < shop.log.size(); frame += frame_bytes)
        for (size_t inside : {0, 4, 8, 12, 16, 23, 24, 100, 5000, 8215})
            if ((frame / frame_bytes + inside) % 3 == 0) places.push_back(frame + inside);
    for (size_t at : places) {
        CAPTURE(at);
        std::string log = shop.log;
        log[at] = static_cast<char>(log[at] ^ 1 << at % 8);
        const size_t frame = at < log_header_bytes ? 0 : at - (at - log_header_bytes) % frame_bytes;
        expect_batches(shop, log, shop.whole_in(frame), at % 5 == 0);
    }
    CHECK(places.size() > 80);
}

TEST_CASE("a log without its beginning, or of another file, changes nothing") {
    const Shop shop;
    expect_batches(shop, shop.log.substr(frame_bytes), 0, true);
    expect_batches(shop, std::string(shop.log.size(), '\0'), 0, true);
    expect_batches(shop, std::string(100'000, 'x'), 0, false);
    std::string other_salt = shop.log;  // frames of a log that was begun anew since: they are old
    other_salt[log_header_bytes + 8] = static_cast<char>(other_salt[log_header_bytes + 8] + 1);
    expect_batches(shop, other_salt, 0, false);
}

TEST_CASE("a main file with a flipped bit answers or says what is wrong, and never crashes") {
    std::string whole;
    {
        TemporaryFolder folder;
        cartbell_engine *engine = nullptr;
        REQUIRE(open(folder.file("shop.db"), false, &engine) == CARTBELL_OK);
        for (const shop_script::Step &step : shop_script::steps()) REQUIRE(step.run(engine, nullptr) == CARTBELL_OK);
        cartbell_engine_close(engine);
        whole = read_file(folder.file("shop.db"));
    }
    std::vector<size_t> places;
    for (size_t at = 0; at < 100; ++at) places.push_back(at);  // SQLite's header
    for (size_t page = 0; page < whole.size(); page += page_bytes)
        for (size_t inside : {0, 1, 3, 5, 8, 9, 12, 13, 4097, 7001, 8100, 8180, 8191}) places.push_back(page + inside);
    std::map<int32_t, int> counts;
    for (size_t at : places) {
        CAPTURE(at);
        std::string bytes = whole;
        bytes[at] = static_cast<char>(bytes[at] ^ 1 << at % 8);
        TemporaryFolder folder;
        write_file(folder.file("shop.db"), bytes);
        cartbell_engine *engine = nullptr;
        int32_t status = open(folder.file("shop.db"), at % 4 == 0, &engine);
        auto note = [&](int32_t now) {
            if (status == CARTBELL_OK && now != CARTBELL_OK) status = now;
        };
        if (status == CARTBELL_OK) {
            (void)shop_script::answers(engine, &status);
            (void)shop_script::digest(engine, CARTBELL_DIGEST_REFOLDED, &status);
            for (const shop_script::Step &step : shop_script::steps())
                if (step.reads) note(step.run(engine, nullptr));
            if (at % 4 != 0) note(ingest(engine, 1));
        }
        cartbell_engine_close(engine);
        CAPTURE(status);
        ++counts[status];
        // Byte 18 says that only a newer SQLite may write the file; an identity with another letter is another customer's.
        CHECK((status == CARTBELL_OK || status == CARTBELL_CORRUPT || status == CARTBELL_NOT_FOUND || status == CARTBELL_NEWER || (status == CARTBELL_READ_ONLY && at == 18)));
    }
    CHECK(cartbell_live_objects() == 0);
    CHECK(counts[CARTBELL_CORRUPT] > 50);
    CHECK(counts[CARTBELL_NEWER] > 0);
}
