#include <doctest/doctest.h>

#include <unistd.h>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "platform/zones_tzif.hpp"
#include "tzif_bytes.hpp"

using namespace cartbell;

namespace {

// A directory of its own, removed at the end.
class Folder {
  public:
    Folder() {
        char pattern[] = "/tmp/cartbell_zones_XXXXXX";
        path_ = mkdtemp(pattern);
    }
    ~Folder() {
        for (const std::string &file : files_)
            std::remove(file.c_str());
        rmdir(path_.c_str());
    }
    const std::string &path() const { return path_; }
    void write(const std::string &name, const std::string &bytes) {
        files_.push_back(path_ + "/" + name);
        std::FILE *file = std::fopen(files_.back().c_str(), "wb");
        REQUIRE(file);
        std::fwrite(bytes.data(), 1, bytes.size(), file);
        std::fclose(file);
    }

  private:
    std::string path_;
    std::vector<std::string> files_;
};

}  // namespace

TEST_CASE("the system's zones are found by name, and found again as the same object") {
    const TzifZones zones;
    const Zone *riga = zones.find("Europe/Riga");
    REQUIRE(riga);
    CHECK(riga->name() == "Europe/Riga");
    CHECK(zones.find("Europe/Riga") == riga);
    const Instant summer = *parse_instant("2026-07-01T00:00:00Z");
    CHECK(riga->offset_seconds_at(summer) == 3 * 3600);
    CHECK(zones.find("America/Argentina/Buenos_Aires"));
    CHECK(zones.find("Etc/GMT+12"));
}

TEST_CASE("UTC is there without any file") {
    const TzifZones zones("/nonexistent");
    REQUIRE(zones.find("UTC"));
    CHECK(zones.find("UTC")->offset_seconds_at(0) == 0);
    CHECK(!zones.find("Europe/Riga"));
}

TEST_CASE("hostile and foreign names are refused without touching a file") {
    for (const std::string_view name :
         {"", "/", "/etc/passwd", "../zoneinfo/Europe/Riga", "Europe/../Europe/Riga", "Europe//Riga",
          "Europe/", "./UTC", ".", "Europe/Riga\n", "Europe/Rīga", "localtime", "posixrules",
          "posix/Europe/Riga", "right/Europe/Riga", "-1", "zone.tab"}) {
        CAPTURE(name);
        CHECK(!is_zone_name(name));
    }
    CHECK(!is_zone_name(std::string_view("UTC\0x", 5)));
    CHECK(!is_zone_name(std::string(65, 'A')));
    CHECK(is_zone_name("GMT-0"));
    const TzifZones zones;
    CHECK(!zones.find("posix/Europe/Riga"));
    CHECK(!zones.find("Europe"));  // a directory
    CHECK(!zones.find("europe/riga"));
}

TEST_CASE("malformed, empty and oversized files are unknown zones") {
    Folder folder;
    TzifBytes good;
    good.offsets = {3600};
    folder.write("Good", good.bytes());
    folder.write("Empty", "");
    folder.write("Text", "not a zone");
    folder.write("Huge", good.bytes() + std::string(300u << 10, 'x'));
    const TzifZones zones(folder.path());
    CHECK(zones.find("Good"));
    CHECK(!zones.find("Empty"));
    CHECK(!zones.find("Text"));
    CHECK(!zones.find("Huge"));
}

TEST_CASE("any number of unknown names leaves known ones findable") {
    const TzifZones zones;
    for (int index = 0; index < 3000; ++index)
        CHECK(!zones.find("No/Such" + std::to_string(index)));
    CHECK(zones.find("Asia/Tokyo"));
}

TEST_CASE("many threads asking at once get one object") {
    const TzifZones zones;
    const char *const names[] = {"Europe/Riga", "Europe/Berlin", "Asia/Tokyo", "America/New_York",
                                 "No/Where"};
    std::atomic<const Zone *> first[5] = {};
    std::atomic<int> different{0};
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&] {
            for (int round = 0; round < 200; ++round) {
                for (int index = 0; index < 5; ++index) {
                    const Zone *zone = zones.find(names[index]);
                    const Zone *expected = nullptr;
                    if (!first[index].compare_exchange_strong(expected, zone) && expected != zone)
                        ++different;
                }
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    CHECK(different == 0);
    CHECK(first[0] != nullptr);
    CHECK(first[4] == nullptr);
}
