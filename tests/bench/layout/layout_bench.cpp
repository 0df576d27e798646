// Which layout of an SQLite file takes orders fastest and gives them back in customer order: candidates beside the obvious tables, batch by
// batch in turn, so that whatever else the machine does meets all alike. Prints ratios; docs/decisions/0001-sqlite-layout.md quotes them.
//
//   layout_bench ORDERS [--only name,name] [--dir folder] [--ids sequential|random] [--check]
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "candidate.hpp"

namespace layout_bench {

void stop(const char *what, const char *why) {
    std::fprintf(stderr, "layout_bench: %s %s\n", what, why);
    std::exit(1);
}

}  // namespace layout_bench

using namespace layout_bench;

namespace {

constexpr size_t batch_orders = 1000;

double seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double processor_seconds() {  // user and system, of this thread: what others run on the machine counts less
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Contender {
    std::string name, path;
    std::unique_ptr<Candidate> candidate;
    double first = 0, last = 0, total = 0;           // processor seconds: of the first tenth, the last tenth, all
    double wall = 0;                                 // seconds of all
    double scan = 0, warm = 0, cold = 0;             // a full scan; one customer, mean
    ReadResult read{};
};

void forget_cached(const std::string &path) {
    for (const char *suffix : {"", "-wal"}) {
        int file = ::open((path + suffix).c_str(), O_RDONLY);
        if (file < 0) continue;
        ::fdatasync(file);
        ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
        ::close(file);
    }
}

void write_all(std::vector<Contender> &contenders, Generator &generator, size_t operations) {
    std::vector<Operation> batch;
    for (size_t done = 0; done < operations; done += batch.size()) {
        batch.clear();
        while (batch.size() < std::min(batch_orders, operations - done)) batch.push_back(generator.next());
        for (Contender &contender : contenders) {
            double begin_wall = seconds(), begin = processor_seconds();
            contender.candidate->apply(batch);
            double took = processor_seconds() - begin;
            contender.wall += seconds() - begin_wall;
            contender.total += took;
            if (done < operations / 10) contender.first += took;
            if (done >= operations - operations / 10) contender.last += took;
        }
        if (done % 100'000 == 0) std::fprintf(stderr, "%zu\n", done);
    }
}

void read_all(Contender &contender, const Generator &generator) {
    constexpr uint64_t customers = 2000, cold_customers = 100;
    contender.candidate->reopen();
    double begin = seconds();
    contender.read = contender.candidate->scan_all();
    contender.scan = seconds() - begin;
    begin = seconds();
    for (uint64_t i = 0; i < customers; ++i) contender.candidate->scan_customer(generator.some_customer(i));
    contender.warm = (seconds() - begin) / customers;
    contender.candidate->reopen();
    forget_cached(contender.path);
    begin = seconds();
    for (uint64_t i = 0; i < cold_customers; ++i) contender.candidate->scan_customer(generator.some_customer(i + customers));
    contender.cold = (seconds() - begin) / cold_customers;
}

}  // namespace

int main(int count, char **arguments) {
    size_t operations = 0;
    std::string only, folder = "/tmp/cartbell-layout-bench";
    bool random_ids = false, check = false;
    for (int i = 1; i < count; ++i) {
        std::string argument = arguments[i];
        if (argument == "--only" && i + 1 < count) only = "," + std::string(arguments[++i]) + ",";
        else if (argument == "--dir" && i + 1 < count) folder = arguments[++i];
        else if (argument == "--ids" && i + 1 < count) random_ids = std::string(arguments[++i]) == "random";
        else if (argument == "--check") check = true;
        else operations = std::strtoull(argument.c_str(), nullptr, 10);
    }
    if (operations == 0) stop("usage: layout_bench ORDERS [--only name,name] [--dir folder] [--ids sequential|random] [--check]");
    ::mkdir(folder.c_str(), 0755);

    std::vector<Contender> contenders;
    for (const auto &[name, make] : candidates()) {
        if (!only.empty() && name != "plain" && only.find("," + name + ",") == std::string::npos) continue;
        std::string path = folder + "/" + name + ".db";
        for (const char *suffix : {"", "-wal", "-shm", "-lock"}) ::unlink((path + suffix).c_str());
        Contender contender;
        contender.name = name;
        contender.path = path;
        contender.candidate = make(path);
        contenders.push_back(std::move(contender));
    }

    Generator generator(operations, random_ids);
    write_all(contenders, generator, operations);
    for (Contender &contender : contenders) read_all(contender, generator);

    const Contender &plain = contenders.front();
    auto count_ = static_cast<double>(operations);
    std::printf("%zu operations of 1000 a batch, %zu orders, order ids %s; the peer: %.0f operations/s, %.0f per processor second\n", operations,
                static_cast<size_t>(generator.orders()), random_ids ? "random" : "sequential", count_ / plain.wall, count_ / plain.total);
    std::printf("%-22s %10s %10s %10s %10s %10s %10s %10s\n", "", "writes", "writes", "last tenth", "file", "scan all", "one warm", "one cold");
    std::printf("%-22s %10s %10s %10s %10s %10s %10s %10s\n", "", "x peer", "x peer cpu", ": first cpu", "MB", "x peer", "us", "us");
    for (const Contender &c : contenders) {
        struct stat info{};
        ::stat(c.path.c_str(), &info);
        std::printf("%-22s %10.2f %10.2f %10.2f %10.0f %10.2f %10.1f %10.1f\n", c.name.c_str(), plain.wall / c.wall, plain.total / c.total,
                    c.first / c.last, static_cast<double>(info.st_size) / 1e6, plain.scan / c.scan, c.warm * 1e6, c.cold * 1e6);
        if (c.read.rows != generator.orders()) stop("a candidate lost orders");
        if (check)
            for (const char *suffix : {"", "-wal", "-shm", "-lock"}) ::unlink((c.path + suffix).c_str());
    }
    return 0;
}
