#pragma once
#include <string>
#include <vector>

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

// A question to plain DuckDB, with the rules written into it by hand, and the same one to the governed tables.
struct ScanQuery {
  std::string name, plain, governed;
};
// Those of the engine's prototype (shapes and rules), over the retail data's columns, and three that join rules.
const std::vector<ScanQuery>& ScanQueries();

// Questions that try to learn something hidden of a table over `sales`.
std::vector<std::string> Probes(const std::string& table);

}  // namespace hanse::bench
