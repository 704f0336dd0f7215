#pragma once
#include <string>
#include <vector>

#include "bench/retail_lake.h"
#include "bench/scan_queries.h"

namespace hanse::bench {

// Partitions of the base table `sales`, each the whole data once: 32 times 541,909 rows.
inline constexpr int kCopies = 32;

// The base tables' files, and a governed table over them for each of TableRules().
Result<void> AddGovernedTables(RetailLake& lake);
// For each of TableRules() a file COPY/NAME/… that holds what the rule shows and nothing else.
Result<void> AddFilteredCopies(RetailLake& lake);
// For each rule over `sales` a table of its own over a part of the data; what the rule hides is as `which` says. `rules_in_force`
// false: the same files with everything shown, for the control that the difference is there to be seen.
Result<void> AddLeakTables(RetailLake& lake, Lake which, bool rules_in_force);

}  // namespace hanse::bench
