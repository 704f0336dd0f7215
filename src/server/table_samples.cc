#include "server/table_samples.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/statistics_sql.h"
#include "server/one_table.h"

namespace hanse::server {
namespace {

// A few of the files: the first, the last and those between.
void KeepFew(std::vector<engine::FileSource>* files) {
  constexpr std::size_t kMost = steward::Samples::kFilesMax;
  if (files->size() <= kMost) return;
  for (std::size_t i = 0; i < kMost; ++i) (*files)[i] = (*files)[i * (files->size() - 1) / (kMost - 1)];
  files->resize(kMost);
}

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
    asked.push_back(catalog::QuotedName(columns[i]));
  }
  if (places.empty()) return Fail(ErrorCode::kAccessDenied, "no column in question is to be seen");
  engine::QueryJob job{.id = id};
  job.sql = fmt::format("SELECT {} FROM {}.{} LIMIT {}", Join(asked, ", "), catalog::QuotedName(table.database_name),
                        catalog::QuotedName(table.name), kRowsMax);
  job.limits.time_ms = kTimeMs;
  job.limits.scanned_bytes_max = kScannedBytesMax;
  KeepFew(&source.files);
  OneTable one(*tables, std::move(source));
  Told told(std::move(places), visit);
  engine::QueryOutcome outcome = engine_.Run(job, one, told, {});
  // Its text may quote a value that could not be read.
  if (outcome.state != engine::QueryState::kSucceeded) return Fail(ErrorCode::kUnavailable, "the table could not be scanned");
  return {};
}

}  // namespace hanse::server
