#include "query/ddl.h"

#include <fmt/format.h>

#include "query/prepared_sql.h"

namespace hanse::query {
namespace {

namespace glue = wire::glue;

constexpr int kPageSize = 100;

Result<DdlAnswer> ShowDatabases(World& world, const gate::Context& as) {
  DdlAnswer answer{{{"database_name", "string"}}, {}};
  std::optional<std::string> token;
  do {
    TRY_ASSIGN(auto page, world.Call(as, glue::GetDatabasesRequest{.next_token = token, .max_results = kPageSize}));
    for (const glue::Database& database : page.database_list.value_or(std::vector<glue::Database>{}))
      answer.lines.push_back(*database.name);
    token = page.next_token;
  } while (token);
  return answer;
}

Result<DdlAnswer> ShowTables(World& world, const gate::Context& as, const std::string& database) {
  DdlAnswer answer{{{"tab_name", "string"}}, {}};
  std::optional<std::string> token;
  do {
    TRY_ASSIGN(auto page,
               world.Call(as, glue::GetTablesRequest{.database_name = database, .next_token = token, .max_results = kPageSize}));
    for (const glue::Table& table : page.table_list.value_or(std::vector<glue::Table>{})) answer.lines.push_back(*table.name);
    token = page.next_token;
  } while (token);
  return answer;
}

std::string Line(const glue::Column& column) {
  return fmt::format("{:<20}\t{:<20}\t{:<20}", column.name.value_or(""), column.type.value_or(""), column.comment.value_or(""));
}

Result<DdlAnswer> Describe(World& world, const gate::Context& as, const std::string& database, const std::string& table) {
  DdlAnswer answer{{{"col_name", "string"}, {"data_type", "string"}, {"comment", "string"}}, {}};
  TRY_ASSIGN(auto got, world.Call(as, glue::GetTableRequest{.database_name = database, .name = table}));
  const glue::Table& found = *got.table;
  if (found.storage_descriptor && found.storage_descriptor->columns) {
    for (const glue::Column& column : *found.storage_descriptor->columns) answer.lines.push_back(Line(column));
  }
  if (!found.partition_keys || found.partition_keys->empty()) return answer;
  for (const glue::Column& key : *found.partition_keys) answer.lines.push_back(Line(key));
  answer.lines.insert(answer.lines.end(), {"\t \t ", "# Partition Information\t \t ",
                                           fmt::format("{:<20}\t{:<20}\t{:<20}", "# col_name", "data_type", "comment"), "\t \t "});
  for (const glue::Column& key : *found.partition_keys) answer.lines.push_back(Line(key));
  return answer;
}

// IF EXISTS and IF NOT EXISTS: the error that the words speak of is none.
template <class T>
Result<DdlAnswer> Tolerate(Result<T> done, const Statement& statement, ErrorCode expected) {
  if (!done && !(statement.tolerant && done.error().code == expected)) return std::unexpected(std::move(done).error());
  return DdlAnswer{};
}

Result<DdlAnswer> DropDatabase(World& world, const gate::Context& as, const Statement& statement) {
  if (!statement.cascade) {
    auto tables = ShowTables(world, as, statement.database);
    if (tables && !tables->lines.empty()) {
      return FailAs(ErrorCode::kConflict, "SYNTAX_ERROR",
                    fmt::format("Database {} is not empty. One or more tables exist.", statement.database));
    }
  }
  return Tolerate(world.Call(as, glue::DeleteDatabaseRequest{.name = statement.database}), statement, ErrorCode::kNotFound);
}

}  // namespace

Result<DdlAnswer> RunDdl(World& world, const gate::Context& as, const Statement& statement, const std::string& database) {
  std::string in = statement.database.empty() ? database : statement.database;
  bool needs_database = statement.kind == StatementKind::kShowTables || !statement.table.empty();
  if (needs_database && in.empty())
    return FailAs(ErrorCode::kInvalidArgument, "SYNTAX_ERROR", "SYNTAX_ERROR: no database is named: give one, as in db.table");
  switch (statement.kind) {
    case StatementKind::kShowDatabases: return ShowDatabases(world, as);
    case StatementKind::kShowTables: return ShowTables(world, as, in);
    case StatementKind::kDescribe: return Describe(world, as, in, statement.table);
    case StatementKind::kCreateDatabase:
      return Tolerate(
          world.Call(as, glue::CreateDatabaseRequest{.database_input = glue::DatabaseInput{.name = statement.database}}), statement,
          ErrorCode::kAlreadyExists);
    case StatementKind::kDropDatabase: return DropDatabase(world, as, statement);
    case StatementKind::kDropTable:
      return Tolerate(world.Call(as, glue::DeleteTableRequest{.database_name = in, .name = statement.table}), statement,
                      ErrorCode::kNotFound);
    default: break;
  }
  return FailAs(
      ErrorCode::kUnsupported, "NOT_SUPPORTED",
      fmt::format(
          "NOT_SUPPORTED: {} statements are not supported yet: SELECT, EXPLAIN, SHOW, DESCRIBE, CREATE DATABASE and DROP are",
          statement.first));
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
