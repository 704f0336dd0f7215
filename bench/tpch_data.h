#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "engine/query_job.h"

namespace hanse::bench {

// The eight tables of TPC-H (specification 3.0.1, section 4.2.3) at a scale, made by SQL from hashes of the keys: the same on every
// machine. Keys, prices, dates, flags and word lists are the specification's; comments are of its words, but shorter.
class TpchData {
 public:
  explicit TpchData(double scale);
  // Orders are made, with their lines, in so many parts: a whole scale in memory is nobody's wish.
  int parts() const { return parts_; }
  // Makes all tables but `orders` and `lineitem`, with engine::SampleData.
  std::vector<std::string> SmallTables() const;
  // Makes `lineitem` and `orders` of one part.
  std::vector<std::string> OrdersOf(int part) const;

 private:
  std::int64_t suppliers_, part_count_, customers_, orders_, clerks_;
  int parts_;
};

// The tables with the rules of the benchmark: columns that no query needs are hidden, rows of lineitem and orders filtered, cells
// of customer, supplier and lineitem shown in some rows alone. No files yet.
std::vector<engine::TableSource> TpchTables();

struct TpchQuery {
  std::string name, sql;
};
// The 22 queries with the specification's validation parameters; intervals are dates that were counted beforehand, so that plain
// DuckDB and Trino's dialect read the same text.
const std::vector<TpchQuery>& TpchQueries();

}  // namespace hanse::bench
