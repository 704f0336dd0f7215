#pragma once
#include "bench/report.h"

// Queries and crawls of a running server, and the engine by itself over generated data.
namespace hanse::bench {

Result<Metrics> Queries();
Result<Metrics> Crawl();
Result<Metrics> Tpch(const Options& options);
Result<Metrics> WideScan(const Options& options);

}  // namespace hanse::bench
