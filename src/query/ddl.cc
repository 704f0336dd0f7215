#include "query/ddl.h"

#include <fmt/format.h>

#include "base/text.h"
#include "query/prepared_sql.h"

namespace hanse::query {
namespace {

namespace glue = wire::glue;

// IF EXISTS and IF NOT EXISTS: the error that the words speak of is none.
template <class T>
Result<DdlAnswer> Tolerate(Result<T> done, const Ddl& ddl, ErrorCode expected) {
  if (!done && !(ddl.tolerant && done.error().code == expected)) return std::unexpected(std::move(done).error());
  return DdlAnswer{};
}

Result<DdlAnswer> CreateDatabase(const DdlCall& call) {
  const Ddl& ddl = call.ddl;
  glue::DatabaseInput input{.name = call.database, .description = ddl.comment, .location_uri = ddl.location};
  if (!ddl.properties.empty()) input.parameters = ddl.properties;
  return Tolerate(call.world.Call(call.as, glue::CreateDatabaseRequest{.database_input = std::move(input)}), ddl,
                  ErrorCode::kAlreadyExists);
}

Result<DdlAnswer> AlterDatabase(const DdlCall& call) {
  TRY_ASSIGN(auto got, call.world.Call(call.as, glue::GetDatabaseRequest{.name = call.database}));
  glue::Database& database = *got.database;
  glue::DatabaseInput input{.name = call.database,
                            .description = std::move(database.description),
                            .location_uri = std::move(database.location_uri),
                            .parameters = std::move(database.parameters),
                            .create_table_default_permissions = std::move(database.create_table_default_permissions)};
  if (!input.parameters) input.parameters.emplace();
  for (const auto& [key, value] : call.ddl.properties) (*input.parameters)[key] = value;
  TRY(call.world.Call(call.as, glue::UpdateDatabaseRequest{.name = call.database, .database_input = std::move(input)}));
  return DdlAnswer{};
}

Result<DdlAnswer> DropDatabase(const DdlCall& call) {
  if (!call.ddl.cascade) {
    auto tables = NamesOfTables(call, Listed::kAll);
    if (tables && !tables->empty()) {
      return FailAs(ErrorCode::kConflict, "SYNTAX_ERROR",
                    fmt::format("Database {} is not empty. One or more tables exist.", call.database));
    }
  }
  return Tolerate(call.world.Call(call.as, glue::DeleteDatabaseRequest{.name = call.database}), call.ddl, ErrorCode::kNotFound);
}

Result<DdlAnswer> CreateTable(const DdlCall& call) {
  glue::CreateTableRequest request{.database_name = call.database, .table_input = call.ddl.definition};
  return Tolerate(call.world.Call(call.as, std::move(request)), call.ddl, ErrorCode::kAlreadyExists);
}

Result<DdlAnswer> DropTable(const DdlCall& call) {
  return Tolerate(call.world.Call(call.as, glue::DeleteTableRequest{.database_name = call.database, .name = call.ddl.table}),
                  call.ddl, ErrorCode::kNotFound);
}

bool NeedsDatabase(const Ddl& ddl) {
  return !ddl.table.empty() || ddl.verb == DdlVerb::kShowTables || ddl.verb == DdlVerb::kShowViews;
}

// Everything that does not only show.
Result<DdlAnswer> RunChange(const DdlCall& call) {
  if (call.catalog_id) {
    return FailAs(ErrorCode::kUnsupported, "NOT_SUPPORTED",
                  "NOT_SUPPORTED: statements change AwsDataCatalog alone: run this one in the account whose catalog it is");
  }
  switch (call.ddl.verb) {
    case DdlVerb::kCreateDatabase: return CreateDatabase(call);
    case DdlVerb::kAlterDatabase: return AlterDatabase(call);
    case DdlVerb::kDropDatabase: return DropDatabase(call);
    case DdlVerb::kCreateTable: return CreateTable(call);
    case DdlVerb::kDropTable: return DropTable(call);
    case DdlVerb::kAddColumns:
    case DdlVerb::kReplaceColumns:
    case DdlVerb::kChangeColumn:
    case DdlVerb::kDropColumn:
    case DdlVerb::kSetProperties:
    case DdlVerb::kUnsetProperties: return RunAlterTable(call);
    case DdlVerb::kSetLocation: return call.ddl.partitions.empty() ? RunAlterTable(call) : RunPartitions(call);
    case DdlVerb::kAddPartitions:
    case DdlVerb::kDropPartitions:
    case DdlVerb::kRenamePartition:
    case DdlVerb::kRepairTable: return RunPartitions(call);
    case DdlVerb::kCreateView:
    case DdlVerb::kCreateDefinerView:
    case DdlVerb::kAlterDialect:
    case DdlVerb::kDropView: return RunView(call);
    default: return Fail(ErrorCode::kInternal, "an unknown statement");
  }
}

}  // namespace

Result<glue::Table> DdlCall::Table() const {
  TRY_ASSIGN(auto got,
             world.Call(as, glue::GetTableRequest{.catalog_id = catalog_id, .database_name = database, .name = ddl.table}));
  return *std::move(got.table);
}

glue::TableInput InputOf(glue::Table table) {
  return {.name = std::move(table.name),
          .description = std::move(table.description),
          .owner = std::move(table.owner),
          .last_access_time = table.last_access_time,
          .last_analyzed_time = table.last_analyzed_time,
          .retention = table.retention,
          .storage_descriptor = std::move(table.storage_descriptor),
          .partition_keys = std::move(table.partition_keys),
          .view_original_text = std::move(table.view_original_text),
          .view_expanded_text = std::move(table.view_expanded_text),
          .table_type = std::move(table.table_type),
          .parameters = std::move(table.parameters)};
}

Result<DdlAnswer> RunDdl(const DdlCall& call) {
  if (NeedsDatabase(call.ddl) && call.database.empty())
    return FailAs(ErrorCode::kInvalidArgument, "SYNTAX_ERROR", "SYNTAX_ERROR: no database is named: give one, as in db.table");
  switch (call.ddl.verb) {
    case DdlVerb::kShowDatabases:
    case DdlVerb::kShowTables:
    case DdlVerb::kShowViews:
    case DdlVerb::kShowColumns:
    case DdlVerb::kShowCreateTable:
    case DdlVerb::kShowProperties:
    case DdlVerb::kShowFunctions:
    case DdlVerb::kDescribe: return RunShow(call);
    case DdlVerb::kShowPartitions: return RunPartitions(call);
    case DdlVerb::kShowCreateView:
    case DdlVerb::kDescribeView: return RunView(call);
    default: return RunChange(call);
  }
}

Result<DdlAnswer> RunPrepare(World& world, const gate::Context& as, const std::string& workgroup, const std::string& sql) {
  TRY_ASSIGN(PreparedSql parsed, ParsePreparedSql(sql));
  if (parsed.statement.empty()) {
    TRY(world.Call(as, wire::athena::DeletePreparedStatementInput{.statement_name = parsed.name, .work_group = workgroup}));
  } else {
    TRY(world.Call(as, wire::athena::CreatePreparedStatementInput{
                           .statement_name = parsed.name, .work_group = workgroup, .query_statement = parsed.statement}));
  }
  return DdlAnswer{};
}

}  // namespace hanse::query
