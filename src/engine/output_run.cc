#include "engine/output_run.h"

#include <map>
#include <optional>

#include "duckdb/common/vector_operations/vector_operations.hpp"
#include "duckdb/main/pending_query_result.hpp"
#include "engine/codec.h"
#include "engine/file_writer.h"
#include "engine/output_files.h"
#include "engine/render.h"

namespace hanse::engine {

namespace {

constexpr std::size_t kPartitionsMax = 100;         // Athena's, of one statement.
constexpr std::uint64_t kFileRowsMax = 20'000'000;  // Then the next file begins.
constexpr const char* kNullPartition = "__HIVE_DEFAULT_PARTITION__";

using PartitionValues = std::vector<std::string>;

// The files of one query, by the values of their partition keys.
class Router {
 public:
  Router(Instance& instance, duckdb::ClientContext& context, Session& session, const std::vector<OutputColumn>& columns)
      : session_(session), data_columns_(columns.size() - session.job.output->keys.size()), keys_(columns.size() - data_columns_) {
    std::vector<OutputColumn> data(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(data_columns_));
    for (const OutputColumn& column : data) types_.push_back(column.type);
    format_ = MakeFileFormat(context, instance.parquet_writer(), *session.job.output, data);
  }

  void Write(duckdb::DataChunk& rows) {
    if (keys_ == 0) return WriteTo({}, rows);
    std::map<PartitionValues, std::vector<duckdb::idx_t>> parted;
    for (duckdb::idx_t row = 0; row < rows.size(); ++row) parted[ValuesOf(rows, row)].push_back(row);
    for (const auto& [values, chosen] : parted) {
      duckdb::DataChunk part;
      part.InitializeEmpty(types_);
      for (duckdb::idx_t i = 0; i < data_columns_; ++i) part.data[i].Reference(rows.data[i]);
      part.SetCardinality(rows.size());
      duckdb::SelectionVector selection(chosen.size());
      for (std::size_t i = 0; i < chosen.size(); ++i) selection.set_index(i, chosen[i]);
      part.Slice(selection, chosen.size());
      part.Flatten();
      WriteTo(values, part);
    }
  }

  void Finish() {
    for (auto& [values, file] : files_) End(file);
    files_.clear();
  }

 private:
  struct File {
    std::uint64_t number = 0, rows = 0;
    std::unique_ptr<FileWriter> writer;
  };

  PartitionValues ValuesOf(const duckdb::DataChunk& rows, duckdb::idx_t row) const {
    PartitionValues values;
    for (duckdb::idx_t i = data_columns_; i < data_columns_ + keys_; ++i) {
      duckdb::Value value = rows.GetValue(i, row);
      std::string text = value.IsNull() ? "" : Render(value);
      values.push_back(text.empty() ? kNullPartition : text);
    }
    return values;
  }

  void WriteTo(const PartitionValues& values, duckdb::DataChunk& rows) {
    auto at = files_.find(values);
    if (at == files_.end()) {
      if (keys_ > 0 && files_.size() == kPartitionsMax) {
        throw duckdb::InvalidInputException("HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of %d open writers for partitions",
                                            static_cast<int>(kPartitionsMax));
      }
      at = files_.emplace(values, Begin(values)).first;
    } else if (at->second.rows >= kFileRowsMax) {
      End(at->second);
      at->second = Begin(values);
    }
    at->second.writer->Write(rows);
    at->second.rows += rows.size();
  }

  File Begin(const PartitionValues& values) {
    std::uint64_t number = ++last_file_;
    Tell(MessageType::kFile, EncodeFile(number, values));
    return {number, 0, format_->Begin(OutputPath(session_.nonce, number))};
  }

  void End(File& file) {
    file.writer->Finish();
    file.writer.reset();
    Encoder number;
    number.Number(file.number);
    Tell(MessageType::kFileEnd, number.Take());
  }

  void Tell(MessageType type, const std::string& payload) {
    auto sent = session_.server.Send(type, payload);
    if (!sent) throw duckdb::IOException("%s", sent.error().message);
  }

  Session& session_;
  const duckdb::idx_t data_columns_, keys_;
  duckdb::vector<duckdb::LogicalType> types_;
  std::unique_ptr<FileFormat> format_;
  std::map<PartitionValues, File> files_;
  std::uint64_t last_file_ = 0;
};

// The columns of the files, of the query's.
class Shaper {
 public:
  Shaper(duckdb::ClientContext& context, const std::vector<OutputColumn>& columns) : context_(context), columns_(columns) {
    duckdb::vector<duckdb::LogicalType> types;
    for (const OutputColumn& column : columns) types.push_back(column.type);
    shaped_.Initialize(duckdb::Allocator::Get(context), types);
  }

  duckdb::DataChunk& Shape(duckdb::DataChunk& rows) {
    shaped_.Reset();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const OutputColumn& column = columns_[i];
      duckdb::Vector& to = shaped_.data[i];
      if (!column.from) {
        to.Reference(duckdb::Value(column.type));
      } else if (rows.data[*column.from].GetType() == column.type) {
        to.Reference(rows.data[*column.from]);
      } else {
        duckdb::VectorOperations::Cast(context_, rows.data[*column.from], to, rows.size());
      }
    }
    shaped_.SetCardinality(rows.size());
    shaped_.Flatten();
    return shaped_;
  }

 private:
  duckdb::ClientContext& context_;
  const std::vector<OutputColumn>& columns_;
  duckdb::DataChunk shaped_;
};

}  // namespace

namespace {

// A query that was planned is under way: whoever does not want its rows ends it before its connection goes.
class Planned {
 public:
  Planned(duckdb::ClientContext& context, duckdb::PendingQueryResult& pending) : context_(context), pending_(pending) {}
  ~Planned() {
    if (taken_) return;
    try {
      context_.Interrupt();
      pending_.Execute();
    } catch (const std::exception&) {  // That it was interrupted.
    }
  }
  duckdb::unique_ptr<duckdb::QueryResult> Execute() {
    taken_ = true;
    return pending_.Execute();
  }

 private:
  duckdb::ClientContext& context_;
  duckdb::PendingQueryResult& pending_;
  bool taken_ = false;
};

}  // namespace

void RunOutput(Instance& instance, duckdb::ClientContext& context, Session& session, duckdb::PendingQueryResult& pending,
               QueryOutcome& outcome) {
  const OutputPlan& plan = *session.job.output;
  Planned planned(context, pending);
  const auto columns = OutputColumnsOf(plan, pending.names, pending.types);
  std::vector<ColumnSource> sources;
  for (const OutputColumn& column : columns) sources.push_back(column.source);
  if (auto sent = session.server.Send(MessageType::kOutput, EncodeOutput(sources)); !sent) {
    throw duckdb::IOException("%s", sent.error().message);
  }
  if (plan.no_rows) return;
  auto result = planned.Execute();
  if (result->HasError()) result->ThrowError();
  Router router(instance, context, session, columns);
  Shaper shaper(context, columns);
  while (auto chunk = result->Fetch()) {
    if (chunk->size() == 0) break;
    outcome.rows += chunk->size();
    router.Write(shaper.Shape(*chunk));
  }
  if (result->HasError()) result->ThrowError();
  router.Finish();
}

}  // namespace hanse::engine
