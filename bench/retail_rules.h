#pragma once
#include <string>
#include <vector>

#include "bench/scan_queries.h"
#include "bench/sealed_lake.h"

namespace hanse::bench {

// Partitions of the base table `sales`, each the whole data once: 32 times 541,909 rows.
inline constexpr int kCopies = 32;

// Which tables of the retail data stand behind the governed names.
enum class Lake {
  kTruth,    // The data as it is.
  kChanged,  // What the rules hide is other: cells have other values, a third of the hidden rows is gone.
};

// Loads DIRECTORY/online_retail.parquet as table `retail` of engine::SampleData. kNotFound, and says so, where it is missing.
Result<void> ReadRetail(const std::string& directory);

// The base tables' files, and a governed table over them for each of TableRules().
Result<void> AddGovernedTables(SealedLake& lake);
// For each of TableRules() a file COPY/NAME/… that holds what the rule shows and nothing else.
Result<void> AddFilteredCopies(SealedLake& lake);
// For each rule over `sales` a table of its own over a part of the data; what the rule hides is as `which` says. `rules_in_force`
// false: the same files with everything shown, for the control that the difference is there to be seen.
Result<void> AddLeakTables(SealedLake& lake, Lake which, bool rules_in_force);

}  // namespace hanse::bench
