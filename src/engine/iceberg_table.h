#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "duckdb.hpp"
#include "duckdb/planner/tableref/bound_at_clause.hpp"
#include "engine/iceberg_condition.h"
#include "engine/iceberg_deletes.h"
#include "engine/query_job.h"
#include "engine/session.h"

namespace hanse::engine {

// The files that an Iceberg table's metadata names, as the server numbers them for this query. Any thread.
class IcebergPlaces {
 public:
  IcebergPlaces(Session& session, std::uint64_t metadata) : session_(session), metadata_(metadata) {}
  // Who may not read one is told when it is opened.
  std::vector<std::uint64_t> Locate(const std::vector<std::string>& places) const;
  // What the engine opens an object by.
  std::string PathOf(std::uint64_t object) const;
  std::string PathOf(const std::string& place) const { return PathOf(Locate({place}).at(0)); }
  std::uint64_t metadata() const { return metadata_; }

 private:
  Session& session_;
  const std::uint64_t metadata_;
};

// One snapshot of an Iceberg table as its scans read it: what the metadata says at once, the files when a scan knows what it asks.
// Its columns are those of the current schema, whatever snapshot is read: rules name current columns, and a name that once was
// another column's must not show that one. The session outlives it. Any thread. Throws; errors tell no value.
class IcebergTable {
 public:
  struct Chosen {
    IcebergFile file;
    std::uint64_t object = 0;
  };
  // `snapshot`: nothing where the table has no rows. `parquet`: the engine's scan.
  IcebergTable(duckdb::ClientContext& context, Session& session, std::uint64_t metadata_object, IcebergMetadata metadata,
               std::optional<std::int64_t> snapshot, duckdb::TableFunction parquet);

  const FieldColumns& columns() const { return columns_; }
  bool has_deletes() const { return has_deletes_; }
  std::uint64_t rows_about() const;  // As the manifests count them: deleted ones too.

  // The numbers of the files that may hold rows for which all conditions hold. Reads the manifests that may name such files.
  std::vector<std::uint32_t> Choose(const std::vector<IcebergCondition>& conditions);
  const Chosen& At(duckdb::idx_t file) const;
  // Fields that a file may leave to its partition.
  std::set<std::int32_t> PartitionFieldsOf(duckdb::idx_t file) const;
  // Nothing where no row of the file is deleted.
  duckdb::unique_ptr<duckdb::DeleteFilter> DeletedRowsOf(duckdb::ClientContext& context, duckdb::idx_t file);

 private:
  void ReadManifests(const std::string& list);
  void ReadDeletes();
  std::vector<IcebergFile> FilesFor(const std::vector<IcebergCondition>& conditions) const;

  duckdb::ClientContext& context_;
  const IcebergPlaces places_;
  const IcebergMetadata metadata_;
  const duckdb::TableFunction parquet_;
  FieldColumns columns_;
  std::vector<IcebergManifest> manifests_;
  std::vector<std::uint64_t> manifest_objects_;
  bool has_deletes_ = false;

  mutable std::mutex mutex_;
  std::deque<Chosen> files_;                                // Of all scans of this query; never moved.
  std::unordered_map<std::string, std::uint32_t> numbers_;  // Place -> number of the file.
  IcebergDeletes deletes_;
  bool deletes_read_ = false;
};

// The files of one scan, read of the manifests when they are first asked for. Any thread.
class IcebergChoice {
 public:
  IcebergChoice(std::shared_ptr<IcebergTable> table, std::vector<IcebergCondition> conditions)
      : table_(std::move(table)), conditions_(std::move(conditions)) {}
  const std::vector<std::uint32_t>& files();
  std::shared_ptr<IcebergChoice> With(std::vector<IcebergCondition> more) const;

 private:
  const std::shared_ptr<IcebergTable> table_;
  const std::vector<IcebergCondition> conditions_;
  std::mutex mutex_;
  std::optional<std::vector<std::uint32_t>> files_;
};

// What the metadata file of `table` says.
IcebergMetadata ReadIcebergMetadata(duckdb::ClientContext& context, const IcebergPlaces& places, const TableSource& table);

struct PlannedIceberg {
  TableSource source;
  std::shared_ptr<IcebergTable> table;
};

// Makes of an Iceberg table (`source.files` holds the metadata file alone) a table of Parquet files, as it is now or was.
PlannedIceberg PlanIceberg(duckdb::ClientContext& context, Session& session, TableSource source,
                           duckdb::optional_ptr<duckdb::BoundAtClause> at, const duckdb::TableFunction& parquet);

}  // namespace hanse::engine
