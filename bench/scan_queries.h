#pragma once
#include <string>
#include <vector>

#include "bench/race.h"
#include "engine/query_job.h"

namespace hanse::bench {

// A governed table over one of the tables of the retail data: `sales` (the data, many times over, by partition p), `buyers` (one
// row a customer), `wide` (101 columns).
struct TableRule {
  std::string name, base, row_filter;
  std::vector<std::string> hidden;
  std::vector<engine::CellMask> masks;
};
const std::vector<TableRule>& TableRules();

// Those of the engine's prototype (shapes and rules), over the retail data's columns, and three that join rules.
const std::vector<ScanQuery>& ScanQueries();

// Questions that try to learn something hidden of a table over `sales`.
std::vector<std::string> Probes(const std::string& table);

}  // namespace hanse::bench
