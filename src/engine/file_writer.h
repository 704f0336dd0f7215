#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "duckdb.hpp"
#include "duckdb/function/copy_function.hpp"
#include "engine/output_columns.h"

namespace hanse::engine {

// Writes rows to one file after the other's end. One thread. Throws.
class FileWriter {
 public:
  virtual ~FileWriter() = default;
  virtual void Write(duckdb::DataChunk& rows) = 0;
  // The file is whole, its bytes are on their way. Nothing is written after it.
  virtual void Finish() = 0;
};

// Makes writers of one format for files of the same columns. What it is given outlives it.
class FileFormat {
 public:
  virtual ~FileFormat() = default;
  // Writes to a path of output_files.h.
  virtual std::unique_ptr<FileWriter> Begin(const std::string& path) = 0;
};

// `columns`: without the partition keys. NOT_SUPPORTED is thrown where the format or its compression cannot hold them.
std::unique_ptr<FileFormat> MakeFileFormat(duckdb::ClientContext& context, const duckdb::CopyFunction& parquet,
                                           const OutputPlan& plan, const std::vector<OutputColumn>& columns);
// text_writer.cc
std::unique_ptr<FileFormat> MakeTextFormat(duckdb::ClientContext& context, const OutputPlan& plan,
                                           const std::vector<OutputColumn>& columns);
// orc_writer.cc
std::unique_ptr<FileFormat> MakeOrcFormat(duckdb::ClientContext& context, const OutputPlan& plan,
                                          const std::vector<OutputColumn>& columns);

}  // namespace hanse::engine
