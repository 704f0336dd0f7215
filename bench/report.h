#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace hanse::bench {

// What one benchmark measured: figures by name, the unit in the name ("p50_us", "puts_per_s").
using Metrics = std::vector<std::pair<std::string, double>>;

// The value below which `share` of the samples lie (nearest rank). Sorts `samples`.
double Percentile(std::vector<double>& samples, double share);
// Seconds that `work` took.
double Seconds(const std::function<void()>& work);

// What the command line says.
struct Options {
  std::string data = "../shared/data";   // --data: the folder of the real data, which no repository carries.
  int rounds = 5;                        // --rounds: of each pair that is raced; 0: tpch and wide-scan check their answers alone.
  std::int64_t partitions = 10'000'000;  // --partitions: of the table that is asked.
  std::string query;                     // --query: the only one that is raced.
  double scale = 1;                      // --scale: of generated data, TPC-H's scale factor.
};

// One benchmark: side by side with its reference in one run, where it has one. Errors say what is missing.
struct Benchmark {
  std::string name, what;
  std::function<Result<Metrics>()> run;
};
std::vector<Benchmark> All(const Options& options);

Result<Metrics> Catalog();
Result<Metrics> Grants();
Result<Metrics> Objects();
Result<Metrics> Story();
Result<Metrics> Memory();
Result<Metrics> Journal();
Result<Metrics> GovernedScan(const Options& options);

}  // namespace hanse::bench
