#pragma once
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "duckdb.hpp"
#include "duckdb/execution/expression_executor.hpp"
#include "duckdb/planner/expression.hpp"

namespace hanse::engine {

// Decides which rows of a chunk a row filter shows, above the reader of the file and below everything of the user's. A part of the
// filter that asks one column asks each value of a dictionary once, not each row: readers hand most columns of few values on as
// dictionaries. Owned by one thread's scan.
//
// Why not in the reader itself, which would also spare it the cells of hidden rows: with a filter that is an OR, DuckDB 1.5.6 hands
// its rows on out of order where another filter ran first (that of a top-n, say), and then fails or reads other rows' cells.
class RowSelector {
 public:
  // `filters` are ANDed, over BoundReferences to the columns of the chunks.
  RowSelector(duckdb::ClientContext& context, const duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters);

  // Puts the rows that pass, ascending, into `selection` (room for a vector's rows) and returns how many they are.
  duckdb::idx_t Select(duckdb::DataChunk& chunk, duckdb::SelectionVector& selection);

 private:
  enum class Verdict : std::uint8_t { kUnknown, kHidden, kShown };
  // A part of one column. Its expression is over column 0 of `values`.
  struct ColumnPart {
    duckdb::idx_t column = 0;
    duckdb::unique_ptr<duckdb::Expression> expression;
    duckdb::unique_ptr<duckdb::ExpressionExecutor> executor;
    duckdb::DataChunk values;
    std::string dictionary;         // Of which `verdicts` are; empty: of none.
    std::vector<Verdict> verdicts;  // By place in the dictionary.
  };

  // Each narrows the `count` rows of `selection`, or all `count` rows where `all`.
  static duckdb::idx_t SelectValues(ColumnPart& part, duckdb::Vector& column, bool all, duckdb::idx_t count,
                                    duckdb::SelectionVector& selection);
  static duckdb::idx_t SelectEntries(ColumnPart& part, duckdb::Vector& column, bool all, duckdb::idx_t count,
                                     duckdb::SelectionVector& selection);
  static void Judge(ColumnPart& part, duckdb::Vector& column, bool all, duckdb::idx_t count,
                    const duckdb::SelectionVector& selection);

  std::deque<ColumnPart> column_parts_;
  duckdb::unique_ptr<duckdb::Expression> rest_;  // What asks several columns, ANDed; may be nothing.
  duckdb::unique_ptr<duckdb::ExpressionExecutor> rest_executor_;
};

}  // namespace hanse::engine
