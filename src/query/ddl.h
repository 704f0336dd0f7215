#pragma once
#include <string>
#include <vector>

#include "engine/query_job.h"
#include "query/statement.h"
#include "query/world.h"

namespace hanse::query {

// What a statement that is not the engine's answered: lines of the .txt and how they are described.
struct DdlAnswer {
  std::vector<engine::ResultColumn> columns;
  std::vector<std::string> lines;
};

// SHOW, DESCRIBE, CREATE and DROP through the catalog's own operations, as the caller; `database` is that of unqualified names.
// What is not built fails with kUnsupported and says which statement.
Result<DdlAnswer> RunDdl(World& world, const gate::Context& as, const Statement& statement, const std::string& database);

// PREPARE and DEALLOCATE PREPARE in a workgroup, as the caller.
Result<DdlAnswer> RunPrepare(World& world, const gate::Context& as, const std::string& workgroup, const std::string& sql);

}  // namespace hanse::query
