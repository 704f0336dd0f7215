#pragma once
#include <string>
#include <vector>

#include "engine/query_job.h"
#include "query/world.h"
#include "query/write_statement.h"

// How the files of a statement are written: its WITH (…), or the table that it inserts into. Pure. (Athena User Guide: "CTAS table
// properties", "UNLOAD", "Athena compression support")
namespace hanse::query {

// What is not built (AVRO, bucketing, other compressions) is NOT_SUPPORTED by name; what no property is, is refused.
Result<engine::OutputPlan> PlanOf(const WriteStatement& statement);
Result<engine::OutputPlan> PlanOf(const WriteStatement& statement, const QueryOutput::Target& target);
// The end of a file's name.
std::string ExtensionOf(const engine::OutputPlan& plan);
// The table that CREATE TABLE AS makes. `columns`: as the engine wrote them, keys last.
wire::glue::TableInput TableOf(const WriteStatement& statement, const engine::OutputPlan& plan,
                               const std::vector<engine::ColumnSource>& columns, const std::string& location);

}  // namespace hanse::query
