#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "duckdb.hpp"
#include "duckdb/common/multi_file/multi_file_data.hpp"
#include "duckdb/function/table_function.hpp"
#include "engine/iceberg_manifest.h"
#include "engine/iceberg_metadata.h"
#include "engine/parquet_fields.h"

namespace hanse::engine {

// An Iceberg field as a column that the engine's readers look for by its id.
duckdb::MultiFileColumnDefinition IcebergColumn(const IcebergField& field);

// A snapshot's deletes by row (Iceberg table specification, "Delete Formats", "Scan Planning"): which rows of a data file are gone.
// A position delete counts for data files of its partition that are as old as it or older; an equality delete for strictly older
// ones of its partition, or of all where its partition spec is empty. They count before every rule on rows, columns and cells, so
// columns that the caller may not see are read for them, in here alone. Deletes are read when a data file is opened that they may
// concern, and kept for the next. Any thread.
class IcebergDeletes {
 public:
  // What they are read with. `path_of`: what a place's object is opened by.
  struct Reading {
    const duckdb::TableFunction& parquet;
    std::function<std::string(const std::string& place)> path_of;
    std::uint64_t memory_bytes_max = 0;
  };
  IcebergDeletes(const IcebergMetadata& table, Reading reading) : table_(table), reading_(std::move(reading)) {}

  // One delete file. Before any call of RowsOf(). Throws NotImplementedException for equality deletes by columns that are not read.
  void Add(IcebergFile file);
  // The rows that are gone of the data file whose object is opened by `path`; nullptr where none are. `needed`: fields that it must
  // have if they are asked for.
  duckdb::unique_ptr<duckdb::DeleteFilter> RowsOf(duckdb::ClientContext& context, const IcebergFile& data, const std::string& path,
                                                  const std::set<std::int32_t>& needed);

 private:
  struct Positions {
    IcebergFile file;
    std::mutex mutex;
    bool read = false;
    std::unordered_map<std::string, std::vector<std::int64_t>> rows;  // By the data file's place.
  };
  // Equality deletes of the same columns and the same partition.
  struct Equal {
    std::vector<std::int32_t> fields;
    std::vector<IcebergFile> files;
    std::int64_t newest = 0;
    std::mutex mutex;
    bool read = false;
    std::unordered_map<std::string, std::int64_t> keys;  // Values of the fields -> the newest delete of them.
  };
  struct Scope {
    std::vector<std::unique_ptr<Positions>> positions;
    std::map<std::vector<std::int32_t>, std::unique_ptr<Equal>> equal;
  };

  std::string ScopeOf(const IcebergFile& file) const;
  bool IsUnpartitioned(std::int32_t spec) const;
  FieldColumns ColumnsOf(const std::vector<std::int32_t>& fields) const;
  void Read(duckdb::ClientContext& context, Positions& positions);
  void Read(duckdb::ClientContext& context, Equal& equal);
  void Keep(std::uint64_t bytes);
  std::vector<bool> RowsEqual(duckdb::ClientContext& context, const std::vector<Equal*>& deletes, const IcebergFile& data,
                              const std::string& path, const std::set<std::int32_t>& needed);

  const IcebergMetadata& table_;
  const Reading reading_;
  std::map<std::string, Scope> scopes_;  // By spec and partition; "" is the whole table.
  std::atomic<std::uint64_t> kept_bytes_ = 0;
};

}  // namespace hanse::engine
