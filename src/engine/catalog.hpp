// Everything the shop defined, compiled: one immutable generation of it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "base/zone.hpp"
#include "campaign/message_template.hpp"
#include "model/definition.hpp"
#include "model/operation.hpp"
#include "model/settings.hpp"
#include "segment/segment.hpp"
#include "store/store.hpp"

namespace cartbell::engine {

struct Definition {
    int64_t version = 0;
    Instant created_at = 0;
    std::string body;   // JSON as stored
};
using Definitions = std::map<std::string, Definition, std::less<>>;  // newest version by code

struct StoredSegment {
    Definition definition;
    std::shared_ptr<const segment::Program> program;
    std::vector<Note> warnings;
};
struct StoredTemplate {
    Definition definition;
    std::shared_ptr<const campaign::MessageTemplate> compiled;
    std::vector<Note> warnings;
};
struct StoredMailing {
    Definition definition;
    MailingDefinition mailing;
    std::shared_ptr<const segment::Program> audience;
};

// What catalogs are built with. Borrowed.
struct Compiling {
    const Zones &zones;
    const Limits &limits;
};

// Whether text that names a segment is a predicate instead: an object, or the constants `true` and `false` (formats.md §2).
bool is_predicate(std::string_view text);

class Catalog {
  public:
    int64_t generation = -1;   // Counter::definitions when it was read
    std::shared_ptr<const Settings> settings;
    Definition settings_definition;
    std::map<std::string, StoredSegment, std::less<>> segments;
    std::map<std::string, StoredTemplate, std::less<>> templates;
    std::map<std::string, StoredMailing, std::less<>> mailings;

    // A predicate over this catalog's segments and settings.
    Result<segment::Compiled> compile_predicate(std::string_view json, const Compiling &with) const;
    Result<StoredTemplate> compile_template(std::string_view json, const Compiling &with) const;
    Result<StoredMailing> compile_mailing(std::string_view json, const Compiling &with) const;
};

struct Sources {  // the definitions of one generation as stored
    Definition settings;
    Definitions segments, templates, mailings;
};
// The newest version of the settings; default_settings() if none was ever put.
Result<std::shared_ptr<const Settings>> read_stored_settings(const Definition &stored);
Result<Sources> load_sources(store::Transaction &transaction);

// Compiles everything. Errors carry in `pointer` what is wrong with which definition: "/segments/<code>/...". `cycle` names the path of a
// segment that reaches itself.
Result<std::shared_ptr<const Catalog>> build_catalog(const Sources &sources, std::shared_ptr<const Settings> settings,
                                                     int64_t generation, const Compiling &with);

}  // namespace cartbell::engine
