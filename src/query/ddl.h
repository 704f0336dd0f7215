#pragma once
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "engine/query_job.h"
#include "query/ddl_parse.h"
#include "query/world.h"

namespace hanse::query {

// What a statement that is not the engine's answered: lines of the .txt and how they are described.
struct DdlAnswer {
  std::vector<engine::ResultColumn> columns;
  std::vector<std::string> lines;
};

// A statement about the catalog and the one who runs it. What it refers to outlives the call.
struct DdlCall {
  World& world;
  const gate::Context& as;
  const Ddl& ddl;
  std::string query_id;
  std::string database;                   // That of the statement, else of its unqualified names; may be empty.
  std::string session_database;           // Of unqualified names; may be empty.
  std::optional<std::string> catalog_id;  // Of all names; nothing: AwsDataCatalog.
  // The columns of a query, each with its whole type in Trino's words ("array(integer)"), and the tables that it names; unqualified
  // names are of `database`.
  struct Analyzed {
    std::vector<engine::ResultColumn> columns;
    std::vector<std::pair<std::string, std::string>> tables;  // Database (engine/database_name.h) and name, in lower case.
  };
  std::function<Result<Analyzed>(const std::string& sql, const std::string& database)> analyze;

  Result<wire::glue::Table> Table() const;  // The one that the statement names.
};

// Runs it through the catalog's own operations, as the caller.
Result<DdlAnswer> RunDdl(const DdlCall& call);

// The groups of statements, each in a file of its own: ddl_show.cc, ddl_alter.cc, ddl_partitions.cc, ddl_view.cc.
Result<DdlAnswer> RunShow(const DdlCall& call);
Result<DdlAnswer> RunAlterTable(const DdlCall& call);
Result<DdlAnswer> RunPartitions(const DdlCall& call);
Result<DdlAnswer> RunView(const DdlCall& call);

// A table as one sends it back to change it.
wire::glue::TableInput InputOf(wire::glue::Table table);
// Names of the tables of a database, views alone or all.
enum class Listed { kAll, kViews };
Result<std::vector<std::string>> NamesOfTables(const DdlCall& call, Listed listed);

// PREPARE and DEALLOCATE PREPARE in a workgroup, as the caller.
Result<DdlAnswer> RunPrepare(World& world, const gate::Context& as, const std::string& workgroup, const std::string& sql);

}  // namespace hanse::query
