#include "engine/pg_catalog.h"

#include <fmt/format.h>

#include <map>

#include "duckdb.hpp"
#include "duckdb/main/appender.hpp"
#include "engine/codec.h"
#include "engine/errors.h"
#include "engine/hive_types.h"
#include "engine/pg_dialect.h"
#include "engine/render.h"

namespace hanse::engine {

namespace {

constexpr std::uint32_t kFirstOid = 16'384;  // Below are PostgreSQL's own.
constexpr std::uint32_t kLastOid = 2'147'483'647;
constexpr std::uint64_t kRowsMax = 1'000'000;
constexpr std::uint64_t kInstanceBytesMax = 256ull << 20;

// Numbers that stay the same from one question to the next, for clients ask with the number that they were told: a hash of the
// name; where two names meet, the later takes the next free one.
class Oids {
 public:
  std::int64_t Of(const std::string& name) {
    std::uint32_t hash = 2'166'136'261;
    for (unsigned char c : name) hash = (hash ^ c) * 16'777'619;
    std::uint32_t oid = kFirstOid + hash % (kLastOid - kFirstOid);
    while (true) {
      auto [owner, fresh] = taken_.emplace(oid, name);
      if (fresh || owner->second == name) return oid;
      oid = oid == kLastOid ? kFirstOid : oid + 1;
    }
  }

 private:
  std::map<std::uint32_t, std::string> taken_;
};

struct PgType {
  std::int64_t oid = 25;
  std::int16_t size = -1;
  std::int32_t modifier = -1;
};

// As doors/pgwire tells the type of an answer's column.
PgType PgTypeOf(const std::string& hive_type) {
  auto type = TypeOfHive(hive_type);
  if (!type) return {};
  using duckdb::LogicalTypeId;
  switch (type->id()) {
    case LogicalTypeId::BOOLEAN: return {16, 1};
    case LogicalTypeId::TINYINT:
    case LogicalTypeId::SMALLINT: return {21, 2};
    case LogicalTypeId::INTEGER: return {23, 4};
    case LogicalTypeId::BIGINT: return {20, 8};
    case LogicalTypeId::FLOAT: return {700, 4};
    case LogicalTypeId::DOUBLE: return {701, 8};
    case LogicalTypeId::VARCHAR: return {1043};
    case LogicalTypeId::BLOB: return {17};
    case LogicalTypeId::DATE: return {1082, 4};
    case LogicalTypeId::TIMESTAMP: return {1114, 8};
    case LogicalTypeId::DECIMAL:
      return {1700, -1, ((duckdb::DecimalType::GetWidth(*type) << 16) | duckdb::DecimalType::GetScale(*type)) + 4};
    default: return {};
  }
}

void MustRun(duckdb::Connection& connection, const std::string& sql) {
  auto result = connection.Query(sql);
  if (result->HasError()) result->ThrowError();
}

void Fill(duckdb::Connection& connection, const std::vector<ListedTable>& listed, const QueryJob& job) {
  Oids oids;
  std::map<std::string, std::int64_t> schemas;
  duckdb::Appender schema_rows(connection, "hanse_schemas"), tables(connection, "hanse_tables"),
      columns(connection, "hanse_columns"), settings(connection, "hanse_settings");
  schema_rows.AppendRow(std::int64_t{11}, "pg_catalog");
  schema_rows.AppendRow(std::int64_t{13'000}, "information_schema");
  for (const ListedTable& table : listed) {
    auto [schema, fresh] = schemas.emplace(table.database, 0);
    if (fresh) {
      schema->second = oids.Of(table.database);
      schema_rows.AppendRow(schema->second, table.database.c_str());
    }
    if (table.name.empty()) continue;
    const std::int64_t oid = oids.Of(table.database + "." + table.name);
    tables.AppendRow(oid, schema->second, table.name.c_str(), table.type == "VIEW" ? "v" : "r");
    std::int16_t number = 0;
    for (const ColumnSource& column : table.columns) {
      const PgType type = PgTypeOf(column.hive_type);
      columns.AppendRow(oid, ++number, column.name.c_str(), type.oid, type.modifier, type.size);
    }
  }
  for (const auto& [name, value] : job.session) settings.AppendRow(name.c_str(), value.c_str());
  for (duckdb::Appender* rows : {&schema_rows, &tables, &columns, &settings}) rows->Close();
}

// "{a,\"b c\",NULL}" (PostgreSQL 15, section 8.15.6).
std::string PgArray(const duckdb::Value& list) {
  std::string text;
  for (const duckdb::Value& element : duckdb::ListValue::GetChildren(list)) {
    if (!text.empty()) text += ',';
    if (element.IsNull()) {
      text += "NULL";
      continue;
    }
    const std::string plain = Render(element);
    if (element.type().id() != duckdb::LogicalTypeId::VARCHAR) {
      text += plain;
      continue;
    }
    text += '"';
    for (char c : plain) text += c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
    text += '"';
  }
  return "{" + text + "}";
}

ResultColumn PgColumn(const std::string& name, const duckdb::LogicalType& type) {
  if (type.id() != duckdb::LogicalTypeId::LIST) return DescribeColumn(name, type);
  const std::string element = DescribeColumn(name, duckdb::ListType::GetChildType(type)).type;
  return {.name = name, .type = element + "[]"};
}

void EncodeRows(const duckdb::DataChunk& chunk, std::string& bytes) {
  for (duckdb::idx_t row = 0; row < chunk.size(); ++row) {
    for (duckdb::idx_t column = 0; column < chunk.ColumnCount(); ++column) {
      const duckdb::Value value = chunk.GetValue(column, row);
      if (value.IsNull()) {
        EncodeCell(bytes, nullptr);
        continue;
      }
      const std::string text = value.type().id() == duckdb::LogicalTypeId::LIST ? PgArray(value) : Render(value);
      EncodeCell(bytes, &text);
    }
  }
}

void SendOrThrow(ServerLink& server, MessageType type, const std::string& payload) {
  if (auto sent = server.Send(type, payload); !sent) throw duckdb::IOException("%s", sent.error().message);
}

void Answer(duckdb::PreparedStatement& prepared, ServerLink& server, const QueryJob& job, QueryOutcome& outcome) {
  std::vector<ResultColumn> columns;
  for (duckdb::idx_t i = 0; i < prepared.GetNames().size(); ++i) {
    columns.push_back(PgColumn(prepared.GetNames()[i], prepared.GetTypes()[i]));
  }
  SendOrThrow(server, MessageType::kColumns, Encode(columns));
  if (job.kind == JobKind::kPgCatalogColumns) return;
  duckdb::vector<duckdb::Value> none;
  auto result = prepared.Execute(none, true);
  if (result->HasError()) result->ThrowError();
  while (auto chunk = result->Fetch()) {
    if (chunk->size() == 0) break;
    outcome.rows += chunk->size();
    if (outcome.rows > kRowsMax) throw duckdb::OutOfRangeException("NOT_SUPPORTED: more than a million rows of the catalog");
    std::string rows;
    EncodeRows(*chunk, rows);
    SendOrThrow(server, MessageType::kRows, rows);
  }
  if (result->HasError()) result->ThrowError();
}

}  // namespace

duckdb::DuckDB& PgCatalog::Instance() {
  if (instance_) return *instance_;
  duckdb::DBConfig config;
  config.options.maximum_threads = 1;
  config.options.maximum_memory = kInstanceBytesMax;
  auto made = std::make_unique<duckdb::DuckDB>(nullptr, &config);
  duckdb::Connection connection(*made);
  MustRun(connection, kPgCatalogTables);
  // A folder for temporary files first of all: closing what is outside asks where that is, which a confined worker may not.
  for (const char* setting :
       {"temp_directory = ''", "TimeZone = 'UTC'", "enable_external_access = false", "autoinstall_known_extensions = false",
        "autoload_known_extensions = false", "lock_configuration = true"}) {
    MustRun(connection, fmt::format("SET GLOBAL {}", setting));
  }
  instance_ = std::move(made);
  return *instance_;
}

QueryOutcome PgCatalog::Ask(ServerLink& server, const QueryJob& job) {
  QueryOutcome outcome;
  try {
    PgQuestion question = ParsePgQuestion(job.sql, job.session);
    std::vector<ListedTable> listed;
    if (question.asks_tables) {
      auto answered = server.List();
      if (!answered) throw duckdb::InvalidInputException("%s", RefusalText(answered.error()));
      listed = *std::move(answered);
    }
    duckdb::Connection connection(Instance());
    connection.BeginTransaction();  // Never committed: it ends with its connection.
    Fill(connection, listed, job);
    auto prepared = connection.Prepare(std::move(question.select));
    if (prepared->HasError()) prepared->error.Throw();
    Answer(*prepared, server, job, outcome);
    outcome.state = QueryState::kSucceeded;
  } catch (const std::exception& error) {
    outcome = FailureOf(duckdb::ErrorData(error), job.sql);
  }
  return outcome;
}

}  // namespace hanse::engine
