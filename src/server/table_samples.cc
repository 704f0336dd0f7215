#include "server/table_samples.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::server {
namespace {

// The one table of a sample, opened once, with a few of its files: the first, the last and those between.
class OneTable final : public engine::TableResolver {
 public:
  OneTable(query::QueryTables& tables, engine::TableSource source) : tables_(tables), source_(std::move(source)) {
    std::vector<engine::FileSource>& files = source_.files;
    constexpr std::size_t kMost = steward::Samples::kFilesMax;
    if (files.size() <= kMost) return;
    for (std::size_t i = 0; i < kMost; ++i) files[i] = files[i * (files.size() - 1) / (kMost - 1)];
    files.resize(kMost);
  }
  Result<engine::TableSource> Resolve(std::string_view, std::string_view) override { return source_; }
  Result<engine::OpenObject> Open(std::uint64_t object) override { return tables_.Open(object); }
  Result<std::vector<std::uint64_t>> Locate(std::uint64_t metadata, const std::vector<std::string>& places) override {
    return tables_.Locate(metadata, places);
  }
  Result<std::vector<engine::ListedTable>> List() override { return std::vector<engine::ListedTable>(); }

 private:
  query::QueryTables& tables_;
  engine::TableSource source_;
};

// Tells values on, by the place of their column.
class Told final : public engine::ResultSink {
 public:
  Told(std::vector<std::size_t> places, const steward::Samples::Visit& visit) : places_(std::move(places)), visit_(visit) {}
  Result<void> Columns(const std::vector<engine::ResultColumn>&) override { return {}; }
  Result<void> Rows(std::vector<engine::ResultRow> rows) override {
    for (const engine::ResultRow& row : rows) {
      for (std::size_t i = 0; i < std::min(row.size(), places_.size()); ++i) {
        if (row[i]) visit_(places_[i], *row[i]);
      }
    }
    return {};
  }

 private:
  std::vector<std::size_t> places_;
  const steward::Samples::Visit& visit_;
};

std::string Quoted(std::string_view name) {
  std::string quoted = "\"";
  for (char c : name) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

struct Free {
  std::atomic<bool>& busy;
  ~Free() { busy = false; }
};

}  // namespace

Result<void> TableSamples::Take(const gate::Context& as, const store::TableRow& table, const std::vector<std::string>& columns,
                                const Visit& visit) {
  if (busy_.exchange(true)) return Fail(ErrorCode::kUnavailable, "another sample is being taken");
  Free free{busy_};
  gate::Context reader = as;
  reader.caller.invoked_by = "hanse.amazonaws.com";
  std::string id = random_.Uuid();
  auto tables = world_.TablesFor(reader, id);
  TRY_ASSIGN(engine::TableSource source, tables->Resolve(table.database_name, table.name));
  std::vector<std::size_t> places;
  std::vector<std::string> asked;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!Contains(source.visible, columns[i])) continue;
    places.push_back(i);
    asked.push_back(Quoted(columns[i]));
  }
  if (places.empty()) return Fail(ErrorCode::kAccessDenied, "no column in question is to be seen");
  engine::QueryJob job{.id = id};
  job.sql =
      fmt::format("SELECT {} FROM {}.{} LIMIT {}", Join(asked, ", "), Quoted(table.database_name), Quoted(table.name), kRowsMax);
  job.limits.time_ms = kTimeMs;
  job.limits.scanned_bytes_max = kScannedBytesMax;
  OneTable one(*tables, std::move(source));
  Told told(std::move(places), visit);
  engine::QueryOutcome outcome = engine_.Run(job, one, told, {});
  // Its text may quote a value that could not be read.
  if (outcome.state != engine::QueryState::kSucceeded) return Fail(ErrorCode::kUnavailable, "the table could not be scanned");
  return {};
}

}  // namespace hanse::server
