#pragma once
#include "bench/report.h"

// Lake Formation at a million tables (large_lake.h).
namespace hanse::bench {

Result<Metrics> Decisions();
Result<Metrics> List();
Result<Metrics> LargeServer();
Result<Metrics> Partitions(const Options& options);

}  // namespace hanse::bench
