#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "duckdb.hpp"
#include "duckdb/common/multi_file/multi_file_data.hpp"
#include "duckdb/planner/tableref/bound_at_clause.hpp"
#include "engine/query_job.h"
#include "engine/session.h"

namespace hanse::engine {

// What a scan needs to know of an Iceberg table beyond its TableSource, by the numbers of its columns and files. Immutable.
struct IcebergScan {
  struct Range {
    duckdb::Value least, greatest;
  };
  duckdb::vector<duckdb::MultiFileColumnDefinition> columns;  // Found in files by field id.
  std::vector<std::set<std::int32_t>> partition_fields;       // Of a file: fields that it may leave to its partition.
  std::vector<std::map<duckdb::idx_t, Range>> ranges;         // Of a file: by column.

  // Whether a file may hold rows for which all of these hold; only comparisons of a column with a constant tell.
  // `column_of`: the table's column that a reference means.
  bool MayHold(duckdb::idx_t file, const duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters,
               const std::function<duckdb::optional_idx(const duckdb::Expression& reference)>& column_of) const;
};

struct PlannedIceberg {
  TableSource source;
  std::shared_ptr<const IcebergScan> scan;
};

// Reads the metadata of an Iceberg table (`source.files` holds the metadata file alone) and makes a table of Parquet files of it,
// as it is now or was. Its columns are those of the current schema, whatever snapshot is read: rules name current columns, and a
// name that once was another column's must not show that one. Throws; errors tell no value.
PlannedIceberg PlanIceberg(duckdb::ClientContext& context, Session& session, TableSource source,
                           duckdb::optional_ptr<duckdb::BoundAtClause> at);

}  // namespace hanse::engine
