#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/query_job.h"
#include "store/store.h"
#include "wire/athena.h"

namespace hanse::query {

// An execution as it is kept.
struct Execution {
  std::string id, account, region, workgroup, state, caller;
  wire::athena::QueryExecution definition;
  std::vector<wire::athena::ColumnInfo> columns;
  std::int64_t output_rows = -1, output_bytes = 0;
  bool filtered = false;

  bool ended() const { return state == "SUCCEEDED" || state == "FAILED" || state == "CANCELLED"; }
};

Result<std::optional<Execution>> FindExecution(store::Transaction& tx, const std::string& id);
Result<void> InsertExecution(store::Transaction& tx, const Execution& execution, const std::string& token);
// Writes state, definition, columns and counts; `state` and the definition's status agree. kConflict where the row has ended.
Result<void> UpdateExecution(store::Transaction& tx, const Execution& execution);
// Sets state, reason and the moment; ends are final.
void SetState(Execution* execution, const std::string& state, TimeMs now_ms, const std::string& reason = {});

// What the engine says of how it ended: state, statistics, error.
void SetOutcome(Execution* execution, const engine::QueryOutcome& outcome, TimeMs now_ms);

}  // namespace hanse::query
