#include "warehouse/table_reads.h"

#include <algorithm>

#include <fmt/format.h>

namespace hanse::warehouse {
namespace {

constexpr const char* kBegin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

bool IsSnapshot(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f') || c == '-';
  });
}

}  // namespace

TableReads::~TableReads() {
  stop_.request_stop();
  reads_.clear();  // Waits for them.
}

Result<void> TableReads::Start(std::string schema, std::string table, std::vector<std::string> columns,
                               std::unique_ptr<RowSink> sink) {
  if (reads_.size() >= kReadsMax) {
    return Fail(ErrorCode::kLimitExceeded, fmt::format("a query reads a warehouse at most {} times", kReadsMax));
  }
  reads_.emplace_back([this, schema = std::move(schema), table = std::move(table), columns = std::move(columns),
                       sink = std::move(sink)] { sink->Ended(Read(schema, table, columns, *sink)); });
  return {};
}

// With mutex_ held.
Result<void> TableReads::Begin(Session& session) {
  TRY(session.Command(kBegin));
  if (snapshot_) {
    if (snapshot_->empty()) return {};
    if (session.Command(fmt::format("SET TRANSACTION SNAPSHOT '{}'", *snapshot_))) return {};
    return Fail(ErrorCode::kUnavailable, "another read of the warehouse failed");  // The one whose snapshot it was.
  }
  auto exported = session.Query("SELECT pg_catalog.pg_export_snapshot()");
  if (exported && exported->size() == 1 && exported->front().size() == 1 && IsSnapshot(exported->front()[0].value_or(""))) {
    snapshot_ = *exported->front()[0];
    return {};
  }
  TRY(session.Command("ROLLBACK"));
  TRY(session.Command(kBegin));
  snapshot_.emplace();
  return {};
}

Result<Session> TableReads::Take() {
  std::lock_guard lock(mutex_);
  if (!idle_.empty()) {
    Session session = std::move(idle_.back());
    idle_.pop_back();
    return session;
  }
  TRY_ASSIGN(Session session, Session::Open(address_, certificates_, stop_.get_token()));
  TRY(Begin(session));
  return session;
}

Result<void> TableReads::Read(const std::string& schema, const std::string& table, const std::vector<std::string>& columns,
                              RowSink& sink) {
  TRY_ASSIGN(Session session, Take());
  TRY_ASSIGN(TableCopy copy, PlanCopy(session, schema, table, columns));
  TRY(sink.Types(copy.types));
  TRY(session.CopyOut(copy.sql, [&](std::string_view bytes) { return sink.Bytes(bytes); }));
  std::lock_guard lock(mutex_);
  idle_.push_back(std::move(session));
  return {};
}

}  // namespace hanse::warehouse
