#include "server/table_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "server/one_table.h"

namespace hanse::server {
namespace {

// A row for each partition and one column for each number: far below this.
constexpr std::size_t kAnswerRowsMax = 100'000;

class KeptRows final : public engine::ResultSink {
 public:
  Result<void> Columns(const std::vector<engine::ResultColumn>&) override { return {}; }
  Result<void> Rows(std::vector<engine::ResultRow> more) override {
    if (rows.size() + more.size() > kAnswerRowsMax) return Fail(ErrorCode::kLimitExceeded, "the answer is too long");
    std::move(more.begin(), more.end(), std::back_inserter(rows));
    return {};
  }
  std::vector<engine::ResultRow> rows;
};

}  // namespace

Result<std::vector<catalog::AnswerRow>> TableReader::Ask(const gate::Context& as, const Question& question,
                                                         const std::stop_token& stop) {
  const std::string id = random_.Uuid();
  auto tables = world_.TablesFor(as, id);
  TRY_ASSIGN(engine::TableSource source, tables->Resolve(question.database, question.table));
  if (!source.row_filter.empty() || !source.masks.empty()) {
    return Fail(ErrorCode::kAccessDenied, fmt::format("The role reads {} under a filter of rows or cells.", question.table));
  }
  for (const std::string& column : question.columns) {
    if (Contains(source.visible, column)) continue;
    return Fail(ErrorCode::kAccessDenied, fmt::format("The role does not read column {}.", column));
  }
  OneTable one(*tables, std::move(source));
  KeptRows kept;
  engine::QueryOutcome outcome = engine_.Run({.id = id, .sql = question.sql}, one, kept, stop);
  if (outcome.state == engine::QueryState::kCancelled) return Fail(ErrorCode::kTimeout, "The task was stopped.");
  // The text of a failure may quote a value that could not be read; its type does not.
  if (outcome.state != engine::QueryState::kSucceeded) {
    return Fail(ErrorCode::kUnavailable, fmt::format("The table could not be scanned: {}", outcome.type));
  }
  return std::move(kept.rows);
}

}  // namespace hanse::server
