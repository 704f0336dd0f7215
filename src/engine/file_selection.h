#pragma once
#include <cstdint>
#include <string>

#include "duckdb.hpp"
#include "duckdb/common/types/data_chunk.hpp"
#include "duckdb/planner/expression.hpp"
#include "engine/query_job.h"

namespace hanse::engine {

class IcebergTable;  // iceberg_table.h
class IcebergChoice;
struct IcebergCondition;

// What the catalog says of a table's rows, in the engine's types: the columns of the data, then the partition keys. Immutable.
struct TableShape {
  TableSource source;
  duckdb::vector<std::string> names;
  duckdb::vector<duckdb::LogicalType> types;
  duckdb::idx_t data_columns = 0;         // Partition keys start here.
  std::string nonce;                      // Of the query's file names.
  std::shared_ptr<IcebergTable> iceberg;  // Of an Iceberg table, which has its own files; else nothing.

  // Partition values of all files, typed: key k of file i stands in chunk i / STANDARD_VECTOR_SIZE.
  duckdb::vector<duckdb::unique_ptr<duckdb::DataChunk>> partitions;

  bool IsKey(duckdb::idx_t column) const { return column >= data_columns; }
  duckdb::Value PartitionValue(duckdb::idx_t file, duckdb::idx_t key) const;
};

// Types the catalog's names and values. Throws where a type is unknown or a partition's value is not of its key's type.
// Of an Iceberg table its own metadata has the types.
duckdb::shared_ptr<const TableShape> ShapeOf(TableSource source, std::string nonce,
                                             std::shared_ptr<IcebergTable> iceberg = nullptr);

// The files of a table that a scan still has to read. A value; cheap to copy; 10,000 files are pruned in a millisecond, because
// predicates run over the typed partition values as vectors.
// Which files of an Iceberg table these are is read of its manifests when it is first asked, by all conditions at once.
class FileSelection {
 public:
  explicit FileSelection(duckdb::shared_ptr<const TableShape> table);

  duckdb::idx_t size() const;
  duckdb::idx_t FileAt(duckdb::idx_t i) const;
  std::uint64_t ObjectAt(duckdb::idx_t i) const;
  std::string PathAt(duckdb::idx_t i) const;
  std::uint64_t Bytes() const;
  const TableShape& table() const { return *table_; }
  // Keeps the files for which all of `predicates` hold. They are over BoundReferences to partition keys by number, and must be
  // unable to fail: they meet values of hidden partitions.
  FileSelection Where(duckdb::ClientContext& context,
                      const duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& predicates) const;
  // Keeps the files of an Iceberg table that may hold rows for which all of these hold.
  FileSelection MayHold(std::vector<IcebergCondition> conditions) const;

 private:
  duckdb::shared_ptr<const TableShape> table_;
  duckdb::shared_ptr<const duckdb::vector<std::uint32_t>> chosen_;  // Empty: all.
  std::shared_ptr<IcebergChoice> iceberg_;                          // Of an Iceberg table, instead.
};

// Whether an expression can neither fail nor call a function: columns, constants, comparisons, AND, OR, NOT, IN, BETWEEN, IS NULL.
bool CannotFail(const duckdb::Expression& expression);
// Turns a copy of `filter` into a predicate over partition keys, where it is of keys alone and cannot fail; else nothing.
// `column_of` says which column of the table a column reference of the filter is.
duckdb::unique_ptr<duckdb::Expression> PartitionPredicate(
    const duckdb::Expression& filter, const TableShape& table,
    const std::function<duckdb::optional_idx(const duckdb::Expression& reference)>& column_of);

}  // namespace hanse::engine
