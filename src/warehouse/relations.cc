#include "warehouse/relations.h"

#include <charconv>
#include <limits>
#include <map>

#include <fmt/format.h>

namespace hanse::warehouse {
namespace {

constexpr std::int64_t kPageBytes = 8192, kPagesMax = std::numeric_limits<std::int64_t>::max() / kPageBytes;
constexpr int kPrecisionMax = 38;

// Partitions are read through their table.
constexpr const char* kRelations =
    "SELECT n.nspname, c.relname, c.relkind IN ('v', 'm'), c.reltuples::bigint, c.relpages::bigint, a.attname, "
    "coalesce(b.typname, t.typname), CASE WHEN b.oid IS NULL THEN a.atttypmod ELSE t.typtypmod END "
    "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
    "JOIN pg_catalog.pg_type t ON t.oid = a.atttypid LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype "
    "WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND NOT c.relispartition AND n.nspname LIKE $1 AND c.relname LIKE $2 "
    "AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') AND n.nspname NOT LIKE 'pg\\_temp\\_%' "
    "AND has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT') "
    "ORDER BY n.nspname, c.relname, a.attnum";

std::string LikePattern(const std::string& pattern) {
  std::string like;
  for (char c : pattern) {
    if (c == '_' || c == '\\') like += '\\';
    like += c;
  }
  return like;
}

std::int64_t NumberOf(const std::optional<std::string>& text) {
  std::int64_t number = -1;
  if (text) std::from_chars(text->data(), text->data() + text->size(), number);
  return number;
}

}  // namespace

std::string HiveTypeOf(const std::string& type, std::int64_t modifier) {
  static const std::map<std::string, std::string> kTypes{
      {"bool", "boolean"},  {"int2", "smallint"}, {"int4", "int"},     {"int8", "bigint"},         {"float4", "float"},
      {"float8", "double"}, {"date", "date"},     {"bytea", "binary"}, {"timestamp", "timestamp"}, {"timestamptz", "timestamp"}};
  if (auto found = kTypes.find(type); found != kTypes.end()) return found->second;
  if (type != "numeric") return "string";
  if (modifier < 0) return "decimal(38,18)";
  const std::int64_t packed = modifier - 4, precision = (packed >> 16) & 0xffff, scale = packed & 0x7ff;
  if (precision > kPrecisionMax || scale > precision) return "string";
  return fmt::format("decimal({},{})", precision, scale);
}

Result<std::vector<Relation>> ListRelations(Session& session, const std::string& schemas, const std::string& tables) {
  TRY_ASSIGN(auto rows, session.Query(kRelations, {LikePattern(schemas), LikePattern(tables)}));
  std::vector<Relation> relations;
  for (const Session::Row& row : rows) {
    if (row.size() != 8) return Fail(ErrorCode::kUnavailable, "the warehouse misbehaves");
    const std::string schema = row[0].value_or(""), name = row[1].value_or("");
    if (relations.empty() || relations.back().schema != schema || relations.back().name != name) {
      relations.push_back({.schema = schema, .name = name, .view = row[2] == "t", .rows = NumberOf(row[3])});
      const std::int64_t pages = NumberOf(row[4]);
      if (relations.back().rows >= 0 && pages >= 0 && pages <= kPagesMax) relations.back().bytes = pages * kPageBytes;
    }
    relations.back().columns.push_back({row[5].value_or(""), HiveTypeOf(row[6].value_or(""), NumberOf(row[7]))});
  }
  return relations;
}

}  // namespace hanse::warehouse
