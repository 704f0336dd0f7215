// hanse-bench NAME… | all [--json] [--data DIRECTORY] [--rounds N] [--query NAME] [--partitions N] [--scale F]: measures, side by
// side with a reference in the same run where there is one.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include "bench/report.h"

namespace hanse::bench {

double Percentile(std::vector<double>& samples, double share) {
  if (samples.empty()) return 0;
  std::sort(samples.begin(), samples.end());
  auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(samples.size())));
  return samples[std::min(samples.size(), std::max<std::size_t>(rank, 1)) - 1];
}

double Seconds(const std::function<void()>& work) {
  auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

namespace {

void Print(const Benchmark& benchmark, const Metrics& metrics, bool json) {
  if (!json) {
    fmt::print("{}: {}\n", benchmark.name, benchmark.what);
    for (const auto& [key, value] : metrics) fmt::print("  {:<32} {:.4g}\n", key, value);
    return;
  }
  std::string figures;
  for (const auto& [key, value] : metrics) figures += fmt::format("{}\"{}\": {:.6g}", figures.empty() ? "" : ", ", key, value);
  fmt::print("{{\"name\": \"{}\", \"metrics\": {{{}}}}}\n", benchmark.name, figures);
}

int Usage() {
  std::fputs(
      "usage: hanse-bench NAME… | all [--json] [--data DIRECTORY] [--rounds N] [--query NAME] [--partitions N] [--scale F]\n",
      stderr);
  for (const Benchmark& benchmark : All({})) fmt::print(stderr, "  {:<15} {}\n", benchmark.name, benchmark.what);
  return 2;
}

int Main(int argc, char** argv) {
  bool json = false;
  Options options;
  std::vector<std::string> names;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--json") == 0) {
      json = true;
    } else if (std::strcmp(argv[i], "--data") == 0 && i + 1 < argc) {
      options.data = argv[++i];
    } else if (std::strcmp(argv[i], "--rounds") == 0 && i + 1 < argc) {
      options.rounds = std::max(0, std::atoi(argv[++i]));
    } else if (std::strcmp(argv[i], "--query") == 0 && i + 1 < argc) {
      options.query = argv[++i];
    } else if (std::strcmp(argv[i], "--partitions") == 0 && i + 1 < argc) {
      options.partitions = std::max(100'000L, std::atol(argv[++i]));
    } else if (std::strcmp(argv[i], "--scale") == 0 && i + 1 < argc) {
      options.scale = std::max(0.01, std::atof(argv[++i]));
    } else {
      names.emplace_back(argv[i]);
    }
  }
  if (names.empty()) return Usage();
  int failures = 0;
  for (const std::string& name : names) {
    bool known = name == "all";
    for (const Benchmark& benchmark : All(options)) {
      if (name != "all" && name != benchmark.name) continue;
      known = true;
      auto metrics = benchmark.run();
      if (metrics) {
        Print(benchmark, *metrics, json);
      } else {
        fmt::print(stderr, "hanse-bench {}: {}\n", benchmark.name, metrics.error().message);
        ++failures;
      }
      std::fflush(stdout);
    }
    if (!known) return Usage();
  }
  return failures == 0 ? 0 : 1;
}

}  // namespace
}  // namespace hanse::bench

int main(int argc, char** argv) { return hanse::bench::Main(argc, argv); }
