#include "platform/zones_tzif.hpp"

#include <array>
#include <cstdio>
#include <mutex>

#include "platform/tzif_zone.hpp"

namespace cartbell {
namespace {

constexpr size_t most_name_bytes = 64;
constexpr size_t most_file_bytes = 256u << 10;  // the largest real one has 4 KB
constexpr size_t most_unknown_names =
    1'000;  // remembered; profiles may name any number of zones that are none

struct CloseFile {
    void operator()(std::FILE *file) const { std::fclose(file); }
};

// The whole file, or nothing if it cannot be read or is too large.
std::string read_file(const std::string &path) {
    const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rbe"));
    std::string bytes;
    if (!file) return bytes;
    std::array<char, 4096> part;
    while (const size_t count = std::fread(part.data(), 1, part.size(), file.get())) {
        bytes.append(part.data(), count);
        if (bytes.size() > most_file_bytes) return {};
    }
    return std::ferror(file.get()) ? std::string() : bytes;
}

bool starts_with_part(std::string_view name, std::string_view part) {
    return name.substr(0, part.size()) == part && (name.size() == part.size() || name[part.size()] == '/');
}

}  // namespace

bool is_zone_name(std::string_view name) {
    if (name.empty() || name.size() > most_name_bytes || name.back() == '/') return false;
    bool begins_part = true;
    for (const char c : name) {
        const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        const bool other = (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-';
        if (c == '/' ? begins_part : !(letter || (other && !begins_part))) return false;
        begins_part = c == '/';
    }
    for (const std::string_view part : {"localtime", "posixrules", "posix", "right"}) {
        if (starts_with_part(name, part)) return false;
    }
    return true;
}

TzifZones::TzifZones(std::string directory) : directory_(std::move(directory)) {}
TzifZones::~TzifZones() = default;

const Zone *TzifZones::find(std::string_view name) const {
    {
        const std::shared_lock lock(mutex_);
        if (const auto found = zones_.find(name); found != zones_.end()) return found->second.get();
    }
    if (name == "UTC") return &utc();
    if (!is_zone_name(name)) return nullptr;
    std::string key(name);
    std::unique_ptr<Zone> zone = load(key);
    const std::unique_lock lock(mutex_);
    if (const auto found = zones_.find(key); found != zones_.end())
        return found->second.get();  // another thread was first
    if (!zone && unknown_ >= most_unknown_names) return nullptr;
    if (!zone) ++unknown_;
    return zones_.emplace(std::move(key), std::move(zone)).first->second.get();
}

std::unique_ptr<Zone> TzifZones::load(const std::string &name) const {
    const std::string bytes = read_file(directory_ + '/' + name);
    return TzifZone::parse(name, bytes);
}

}  // namespace cartbell
