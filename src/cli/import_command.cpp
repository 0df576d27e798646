// import: operations from a file, in batches within the limits, the next one parsed while one is applied; or,
// with
// --print, only shown.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <future>
#include <map>
#include <memory>
#include <optional>

#include "cli/failure.hpp"
#include "cli/line_source.hpp"
#include "cli/mapped_source.hpp"
#include "cli/olist.hpp"
#include "cli/online_retail.hpp"
#include "cli/progress_bar.hpp"
#include "cli/session.hpp"

namespace cartbell::cli {
namespace {

constexpr size_t errors_told = 10;

struct ImportOptions {
    std::vector<std::string> files;
    std::string format = "ndjson", table, source, results;
    size_t batch = piece_operations;
    bool print = false, add_settings = false, skip_unmapped = false;
};

struct Parsed {
    Piece piece;
    std::optional<batch> operations;  // none: the piece is one line that no batch may hold, or the end
    std::string refused;              // why
};

struct Totals {
    int64_t operations = 0, accepted = 0, duplicate = 0, late = 0, rejected = 0;
    std::map<std::string, int64_t> warnings;
};

class Import {
  public:
    Import(Session &session, const ImportOptions &options, engine &shop, OperationSource &source)
        : session_(session),
          options_(options),
          shop_(shop),
          source_(source),
          progress_("import", source.size_bytes(), session.json) {
        if (!options.results.empty()) results_.reset(std::fopen(options.results.c_str(), "wb"));
        if (!options.results.empty() && !results_)
            throw Failure(exit_refused, "cannot write " + options.results);
    }

    void run() {
        std::future<Parsed> next = parse_ahead();
        for (;;) {
            Parsed parsed = next.get();
            if (parsed.piece.empty()) break;
            next = parse_ahead();
            apply(parsed);
            progress_.show(parsed.piece.read_bytes, totals_.operations, "operations");
        }
        while (shop_.maintain()) {
        }
        progress_.end();
    }

    const Totals &totals() const { return totals_; }
    double seconds() const { return progress_.seconds(); }

  private:
    struct CloseFile {
        void operator()(std::FILE *file) const { std::fclose(file); }
    };

    // The future waits for its thread when it goes, so the engine outlives the parsing.
    std::future<Parsed> parse_ahead() {
        return std::async(std::launch::async, [this] {
            Parsed parsed;
            parsed.piece = source_.next(options_.batch);
            if (parsed.piece.empty()) return parsed;
            try {
                parsed.operations.emplace(shop_.parse(form::ndjson, parsed.piece.ndjson, options_.source));
            } catch (const error &failed) {
                // A single line that is over the limits is its own fault; anything else is the import's.
                if (failed.status() != CARTBELL_LIMIT || parsed.piece.places.size() != 1) throw;
                parsed.refused = failed.what();
            }
            return parsed;
        });
    }

    void apply(Parsed &parsed) {
        if (!parsed.operations) {
            ++totals_.operations;
            ++totals_.rejected;
            return tell(parsed.piece.places.front(), parsed.refused);
        }
        const applied done = shop_.apply(*parsed.operations, session_.now_us());
        totals_.operations += static_cast<int64_t>(parsed.piece.places.size());
        totals_.accepted += done.accepted;
        totals_.duplicate += done.duplicate;
        totals_.late += done.late;
        totals_.rejected += done.rejected;
        const bool warned = done.results.find("\"warnings\":[{") != std::string::npos;
        if (done.rejected == 0 && !warned && !results_) return;
        const Json results = read_json(done.results);
        for (size_t at = 0; at < results.items.size(); ++at)
            look_at(results.items[at], parsed.piece.places[at]);
        if (results_) write_results(done.results);
    }

    void look_at(const Json &result, int64_t place) {
        for (const Json &warning : result["warnings"].items)
            ++totals_.warnings[warning["code"].shown()];
        for (const Json &failed : result["errors"].items)
            tell(place, failed["message"].shown() +
                            (failed["pointer"].text.empty() ? "" : " at " + failed["pointer"].text) + " (" +
                            failed["code"].shown() + ")");
    }

    void tell(int64_t place, const std::string &what) {
        if (++told_ > errors_told) return;
        progress_.end();
        std::fprintf(stderr, "%s: %s\n", source_.place(place).c_str(), plain_text(what).c_str());
        if (told_ == errors_told)
            std::fputs("… further errors are counted only; --results FILE keeps them all\n", stderr);
    }

    // The engine's array as NDJSON: between two results there is "},{" and nothing else could be, for their
    // strings are escaped.
    void write_results(const std::string &array) {
        int depth = 0;
        bool quoted = false;
        std::string line;
        for (size_t at = 1; at + 1 < array.size(); ++at) {
            const char c = array[at];
            if (depth == 0 && c == ',') continue;
            line += c;
            if (quoted && c == '\\')
                line += array[++at];
            else if (c == '"')
                quoted = !quoted;
            else if (!quoted && (c == '{' || c == '['))
                ++depth;
            else if (!quoted && (c == '}' || c == ']') && --depth == 0)
                line += '\n';
        }
        if (std::fwrite(line.data(), 1, line.size(), results_.get()) != line.size())
            throw Failure(exit_refused, "cannot write " + options_.results);
    }

    Session &session_;
    const ImportOptions &options_;
    engine &shop_;
    OperationSource &source_;
    Progress progress_;
    std::unique_ptr<std::FILE, CloseFile> results_;
    Totals totals_;
    size_t told_ = 0;
};

std::string totals_json(const Totals &totals) {
    std::string json = "{\"operations\":" + std::to_string(totals.operations) +
                       ",\"accepted\":" + std::to_string(totals.accepted) +
                       ",\"duplicate\":" + std::to_string(totals.duplicate) +
                       ",\"late\":" + std::to_string(totals.late) +
                       ",\"rejected\":" + std::to_string(totals.rejected) + ",\"warnings\":{";
    for (const auto &[code, count] : totals.warnings) {
        if (json.back() != '{') json += ',';
        append_quoted(json, code);
        json += ":" + std::to_string(count);
    }
    return json + "}}";
}

void show_totals(const Session &session, const Totals &totals, double seconds) {
    const Screen &screen = session.screen;
    const auto rate = static_cast<int64_t>(static_cast<double>(totals.operations) / std::max(seconds, 0.001));
    screen.line(screen.bold(plural(totals.operations, "operation", "operations")) +
                screen.dim(" in " + format_seconds(seconds) + ", " + grouped(rate) + " a second"));
    const auto count = [&](std::string_view name, int64_t number) {
        if (number > 0) screen.line("  " + padded(name, 10) + "  " + grouped(number));
    };
    count("accepted", totals.accepted);
    count("late", totals.late);
    count("duplicate", totals.duplicate);
    if (totals.rejected > 0)
        screen.line("  " + screen.bad(padded("rejected", 10)) + "  " + grouped(totals.rejected));
    for (const auto &[code, number] : totals.warnings)
        screen.line(screen.dim("  warning     " + grouped(number) + " " + code));
}

std::unique_ptr<OperationSource> open_source(Session &session, const ImportOptions &options) {
    const std::string &file = options.files.front();
    session.input = file == "-" ? "standard input" : file;
    if (options.format == "olist") return std::make_unique<OlistSource>(options.files);
    if (options.files.size() > 1) throw Failure(exit_usage, "--format " + options.format + " takes one file");
    if (options.format == "ndjson") return std::make_unique<LineSource>(file);
    if (options.format == "online-retail") return std::make_unique<OnlineRetailSource>(file);
    const MappedFormat format{options.format, options.table.empty() ? std::string() : session.read(options.table),
                              options.skip_unmapped};
    MappedSource::check(format);
    return std::make_unique<MappedSource>(session.read(file), session.input, format);
}

// The batch is all that is kept in memory, so a pipe gets what there is as it comes.
void print(OperationSource &source, const ImportOptions &options) {
    for (Piece piece = source.next(options.batch); !piece.empty(); piece = source.next(options.batch))
        if (std::fwrite(piece.ndjson.data(), 1, piece.ndjson.size(), stdout) != piece.ndjson.size())
            throw Failure(exit_refused, "cannot write to the standard output");
}

void import(Session &session, const ImportOptions &options) {
    const std::unique_ptr<OperationSource> source = open_source(session, options);
    if (const std::string warning = source->warning(); !warning.empty())
        std::fprintf(stderr, "warning: %s\n", warning.c_str());
    if (options.print) return print(*source, options);
    const std::string summary = source->summary();
    if (!session.json && !summary.empty()) session.screen.line("Read " + summary + ".");
    engine shop = session.open_or_make();
    provide_settings(shop, source->settings(), options.add_settings, session.now_us());
    Import work(session, options, shop, *source);
    work.run();
    if (session.json)
        session.screen.line(totals_json(work.totals()));
    else
        show_totals(session, work.totals(), work.seconds());
    if (work.totals().rejected > 0)
        throw Failure(exit_refused,
                      plural(work.totals().rejected, "operation was", "operations were") + " rejected");
}

}  // namespace

void add_import_command(CLI::App &app, Session &session) {
    const auto options = std::make_shared<ImportOptions>();
    CLI::App *command = app.add_subcommand(
        "import",
        "Bring operations in: NDJSON, one operation a line, or the files of others; makes the store if "
        "there is none");
    command
        ->add_option(
            "file", options->files,
            "The file, or - for the standard input (xzcat orders.xz | cartbell import -); of Olist the "
            "folder, or its two files")
        ->required();
    command
        ->add_option("--format", options->format,
                     "ndjson; shopify, woocommerce: their order JSON; segment, ga4, codes: JSON of events; "
                     "olist: the CSV files of orders and payments; online-retail: the UCI Online Retail CSV; or "
                     "one of --table")
        ->capture_default_str();
    command->add_option("--table", options->table,
                        "A mapping table of your own, for JSON: its rules come before the built-in ones");
    command->add_flag("--skip-unmapped", options->skip_unmapped,
                      "Leave out JSON documents that no rule is for, instead of refusing the file");
    command->add_option("--batch", options->batch, "Operations in one transaction, at most")
        ->capture_default_str()
        ->check(CLI::Range(1, 10'000));
    command->add_flag("--print", options->print,
                      "Print the operations as NDJSON instead of importing them; no store is touched");
    command->add_flag(
        "--add-settings", options->add_settings,
        "Add the statuses and fields that the file needs to the store's settings; a new store gets "
        "them without this");
    command->add_option("--source", options->source,
                        "The source of operations that name none; the system if not given");
    command->add_option("--results", options->results,
                        "Write every operation's result to this file, as NDJSON");
    command->callback([&session, options] { import(session, *options); });
}

}  // namespace cartbell::cli
