// One e-mail (performance.md: 3.5 KB, 63 tags, 5 lines) over the model's view and over JSON, beside mstch and, where it is
// installed, handlebars precompiled under node. All must write the same bytes.
//   render_bench <folder of this file> [--quick] [--handlebars <node_modules>]
//   render_bench <folder of this file> --ours <renders>     only ours over the model, for a profiler
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <sstream>
#include <vector>

#include "bench/render/email_order.hpp"
#include "bench/support/timing.hpp"
#include "codec/json_view.hpp"
#include "render/mstch_node.hpp"
#include "render/template.hpp"

using namespace cartbell;

namespace {

struct Contender {
    const char *name;
    std::function<double(double seconds)> measure;  // microseconds of one render
    std::vector<double> times_us;
};

std::string file_text(const std::string &path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

[[noreturn]] void give_up(const std::string &why) {
    std::fprintf(stderr, "render_bench: %s\n", why.c_str());
    std::exit(1);
}

// Processor time, so that busy neighbours do not count; node says its own.
double processor_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

template <typename Work>
double measure(double seconds, Work &&work) {
    long count = 0;
    const double start = processor_seconds();
    double spent = 0;
    while (spent < seconds) {
        for (int i = 0; i < 100; ++i) work();
        count += 100;
        spent = processor_seconds() - start;
    }
    return spent * 1e6 / static_cast<double>(count);
}

std::shared_ptr<const render::Text> compiled(const std::string &source) {
    auto text = render::compile(source, {}, {}, Limits{});
    if (!text) give_up(text.error().message);
    return *text;
}

void render_into(const render::Text &text, const render::Node &root, std::string &out) {
    out.clear();
    render::Context context;
    context.root = root;
    if (render::render(text, context, Limits{}, out).kind != render::Outcome::Kind::rendered) give_up("not rendered");
}

struct Handlebars {
    std::string command, output;

    Handlebars(const std::string &folder, const std::string &modules, const bench::Email &email) {
        const std::string data = modules + "/../email.json";
        output = modules + "/../email.html";
        std::ofstream(data) << email.texts.dump();
        command = "node '" + folder + "/handlebars_peer.js' '" + modules + "' '" + folder + "/email.mustache' '" + data + "' '" + output + "' ";
    }
    double run(double seconds) const {
        FILE *pipe = popen((command + std::to_string(seconds)).c_str(), "r");
        double us = 0;
        if (!pipe || std::fscanf(pipe, "%lf", &us) != 1) give_up("handlebars did not run");
        pclose(pipe);
        return us;
    }
};

void check_same(const std::string &ours, const std::string &theirs, const char *whose) {
    if (ours == theirs) return;
    const auto place = std::mismatch(ours.begin(), ours.end(), theirs.begin(), theirs.end());
    const auto at = static_cast<size_t>(place.first - ours.begin());
    give_up(std::string(whose) + " writes something else at byte " + std::to_string(at) + ": " +
            theirs.substr(at < 20 ? 0 : at - 20, 60) + "\nours: " + ours.substr(at < 20 ? 0 : at - 20, 60));
}

}  // namespace

int main(int argc, char **argv) {
    if (argc < 2) give_up("usage: render_bench <folder> [--quick] [--handlebars <node_modules>] [--ours <renders>]");
    const std::string folder = argv[1];
    std::string modules;
    bool quick = false;
    long ours_only = 0;
    for (int i = 2; i < argc; ++i) {
        const std::string_view word = argv[i];
        if (word == "--quick") quick = true;
        if (word == "--handlebars" && i + 1 < argc) modules = argv[++i];
        if (word == "--ours" && i + 1 < argc) ours_only = std::atol(argv[++i]);
    }
    const std::string source = file_text(folder + "/email.mustache");
    if (source.empty()) give_up("there is no email.mustache in " + folder);
    const bench::Email email(5);
    const auto text = compiled(source);

    std::string by_model, by_json;
    render::ModelView model(email.facts());
    const auto model_once = [&] {
        model.reset(email.facts());  // as a mailing does for each customer
        render_into(*text, model.root(), by_model);
    };
    const codec::JsonView json_view;
    const auto json_once = [&] { render_into(*text, json_view.node(email.texts), by_json); };
    if (ours_only > 0) {
        for (long i = 0; i < ours_only; ++i) model_once();
        return 0;
    }
    mstch::config::escape = test::escape_as_ours;
    const mstch::node their_root = test::mstch_node(email.texts);
    std::string by_mstch;
    const auto mstch_once = [&] { by_mstch = mstch::render(source, their_root); };

    model_once();
    json_once();
    mstch_once();
    check_same(by_model, by_json, "the JSON view");
    check_same(by_model, by_mstch, "mstch");
    std::vector<Contender> contenders{{"ours, model view", [&](double s) { return measure(s, model_once); }, {}},
                                      {"ours, JSON view", [&](double s) { return measure(s, json_once); }, {}},
                                      {"mstch", [&](double s) { return measure(s, mstch_once); }, {}}};
    std::unique_ptr<Handlebars> handlebars;
    if (!modules.empty()) {
        handlebars = std::make_unique<Handlebars>(folder, modules, email);
        handlebars->run(0.01);
        check_same(by_model, file_text(handlebars->output), "handlebars");
        contenders.push_back({"handlebars, precompiled", [&](double s) { return handlebars->run(s); }, {}});
    }
    const int rounds = quick ? 1 : 7;
    for (int round = 0; round < rounds; ++round)
        for (Contender &contender : contenders) contender.times_us.push_back(contender.measure(quick ? 0.01 : 0.5));

    size_t tags = 0;
    for (size_t at = source.find("{{"); at != source.npos; at = source.find("{{", at + 2)) ++tags;
    std::printf("render: e-mail of %zu bytes, %zu tags, %zu lines -> %zu bytes, the same from all; medians of %d interleaved rounds\n",
                source.size(), tags, email.order.lines.size(), by_model.size(), rounds);
    const double model_us = bench::median(contenders[0].times_us), json_us = bench::median(contenders[1].times_us);
    for (const Contender &contender : contenders) {
        const double us = bench::median(contender.times_us);
        std::printf("  %-24s %8.2f us   model view %6.2f x, JSON view %6.2f x faster\n", contender.name, us, us / model_us, us / json_us);
    }
    std::printf("  goals: mstch >= 20 x, handlebars >= 2 x\n");
    if (!handlebars) std::printf("  handlebars: NOT measured (no node_modules given)\n");
    return 0;
}
