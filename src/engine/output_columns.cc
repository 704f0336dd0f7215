#include "engine/output_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "engine/hive_types.h"
#include "engine/trino_rewrite.h"

namespace hanse::engine {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;

namespace {

// Integers of the dialect by their digits; 0 of what is none. Sums are wider inside and bigint outside.
int IntegerDigits(LogicalTypeId id) {
  switch (id) {
    case LogicalTypeId::TINYINT: return 3;
    case LogicalTypeId::UTINYINT:
    case LogicalTypeId::SMALLINT: return 5;
    case LogicalTypeId::USMALLINT:
    case LogicalTypeId::INTEGER: return 10;
    case LogicalTypeId::UINTEGER:
    case LogicalTypeId::UBIGINT:
    case LogicalTypeId::HUGEINT:
    case LogicalTypeId::UHUGEINT:
    case LogicalTypeId::BIGINT: return 19;
    default: return 0;
  }
}

bool IsInstant(LogicalTypeId id) {
  return id == LogicalTypeId::TIMESTAMP || id == LogicalTypeId::TIMESTAMP_MS || id == LogicalTypeId::TIMESTAMP_NS ||
         id == LogicalTypeId::TIMESTAMP_SEC;
}

bool FieldsCoerce(const LogicalType& from, const LogicalType& to) {
  const auto& a = duckdb::StructType::GetChildTypes(from);
  const auto& b = duckdb::StructType::GetChildTypes(to);
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](const auto& x, const auto& y) { return Coerces(x.second, y.second); });
}

bool DecimalCoerces(const LogicalType& from, const LogicalType& to) {
  int scale = duckdb::DecimalType::GetScale(to), whole = duckdb::DecimalType::GetWidth(to) - scale;
  if (int digits = IntegerDigits(from.id()); digits > 0) return whole >= digits;
  if (from.id() != LogicalTypeId::DECIMAL) return false;
  int from_scale = duckdb::DecimalType::GetScale(from);
  return scale >= from_scale && whole >= duckdb::DecimalType::GetWidth(from) - from_scale;
}

[[noreturn]] void Mismatched(const OutputPlan& plan, const duckdb::vector<LogicalType>& types) {
  std::string table, query;
  for (const std::string& name : plan.filled) {
    auto column = std::find_if(plan.columns.begin(), plan.columns.end(), [&](const ColumnSource& c) { return c.name == name; });
    auto type = TypeOfHive(column->hive_type);
    table += (table.empty() ? "" : ", ") + (type ? TrinoType(*type) : column->hive_type);
  }
  for (const LogicalType& type : types) query += (query.empty() ? "" : ", ") + TrinoType(type);
  throw duckdb::InvalidInputException("TYPE_MISMATCH: line 1:1: Insert query has mismatched column types: Table: [%s], Query: [%s]",
                                      table, query);
}

std::vector<OutputColumn> OfTable(const OutputPlan& plan, const duckdb::vector<LogicalType>& types) {
  if (types.size() != plan.filled.size()) Mismatched(plan, types);
  std::vector<OutputColumn> columns;
  for (const ColumnSource& source : plan.columns) {
    auto type = TypeOfHive(source.hive_type);
    if (!type) throw duckdb::InvalidInputException("NOT_SUPPORTED: %s", type.error().message);
    OutputColumn column{source, *type, std::nullopt};
    auto filled = std::find(plan.filled.begin(), plan.filled.end(), source.name);
    if (filled != plan.filled.end()) {
      column.from = static_cast<duckdb::idx_t>(filled - plan.filled.begin());
      if (!Coerces(types[*column.from], column.type)) Mismatched(plan, types);
    }
    columns.push_back(std::move(column));
  }
  return columns;
}

}  // namespace

std::string HiveTypeOf(const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::VARCHAR:
      if (type.GetAlias() == "JSON") break;
      return "string";
    case LogicalTypeId::BLOB: return "binary";
    case LogicalTypeId::FLOAT: return "float";
    case LogicalTypeId::DOUBLE: return "double";
    case LogicalTypeId::BOOLEAN: return "boolean";
    case LogicalTypeId::DATE: return "date";
    case LogicalTypeId::DECIMAL:
      return fmt::format("decimal({},{})", duckdb::DecimalType::GetWidth(type), duckdb::DecimalType::GetScale(type));
    case LogicalTypeId::LIST: return fmt::format("array<{}>", HiveTypeOf(duckdb::ListType::GetChildType(type)));
    case LogicalTypeId::MAP:
      return fmt::format("map<{},{}>", HiveTypeOf(duckdb::MapType::KeyType(type)), HiveTypeOf(duckdb::MapType::ValueType(type)));
    case LogicalTypeId::STRUCT: {
      std::string fields;
      for (const auto& [name, child] : duckdb::StructType::GetChildTypes(type)) {
        if (name.empty() || name.find_first_of(":,<>() ") != std::string::npos) {
          throw duckdb::InvalidInputException("NOT_SUPPORTED: a row whose fields have no plain names cannot be written: cast it");
        }
        fields += fmt::format("{}{}:{}", fields.empty() ? "" : ",", Lower(name), HiveTypeOf(child));
      }
      return "struct<" + fields + ">";
    }
    default:
      if (IsInstant(type.id())) return "timestamp";
      switch (IntegerDigits(type.id())) {
        case 3: return "tinyint";
        case 5: return "smallint";
        case 10: return "int";
        case 19: return "bigint";
        default: break;
      }
  }
  throw duckdb::InvalidInputException("NOT_SUPPORTED: Unsupported Hive type: %s", TrinoType(type));
}

bool Coerces(const LogicalType& from, const LogicalType& to) {
  LogicalTypeId a = from.id(), b = to.id();
  if (a == LogicalTypeId::SQLNULL) return true;
  if (int digits = IntegerDigits(b); digits > 0) return IntegerDigits(a) > 0 && IntegerDigits(a) <= digits;
  if (b == LogicalTypeId::DECIMAL) return DecimalCoerces(from, to);
  if (b == LogicalTypeId::FLOAT || b == LogicalTypeId::DOUBLE) {
    return IntegerDigits(a) > 0 || a == LogicalTypeId::DECIMAL || a == b || a == LogicalTypeId::FLOAT;
  }
  if (b == LogicalTypeId::TIMESTAMP) return IsInstant(a) || a == LogicalTypeId::DATE;
  if (a != b) return false;
  if (b == LogicalTypeId::VARCHAR) return from.GetAlias() == to.GetAlias();
  if (b == LogicalTypeId::LIST) return Coerces(duckdb::ListType::GetChildType(from), duckdb::ListType::GetChildType(to));
  if (b == LogicalTypeId::MAP) {
    return Coerces(duckdb::MapType::KeyType(from), duckdb::MapType::KeyType(to)) &&
           Coerces(duckdb::MapType::ValueType(from), duckdb::MapType::ValueType(to));
  }
  return b != LogicalTypeId::STRUCT || FieldsCoerce(from, to);
}

std::vector<OutputColumn> OutputColumnsOf(const OutputPlan& plan, const duckdb::vector<std::string>& names,
                                          const duckdb::vector<LogicalType>& types) {
  if (!plan.columns.empty()) return OfTable(plan, types);
  std::vector<OutputColumn> columns;
  std::set<std::string> seen;
  for (duckdb::idx_t i = 0; i < names.size(); ++i) {
    std::string name = Lower(names[i]);
    if (IsUnnamed(names[i])) {
      throw duckdb::InvalidInputException("MISSING_COLUMN_NAME: line 1:1: Column name not specified at position %d",
                                          static_cast<int>(i + 1));
    }
    if (!seen.insert(name).second) {
      throw duckdb::InvalidInputException("DUPLICATE_COLUMN_NAME: line 1:1: Column name '%s' specified more than once", name);
    }
    if (types[i].id() == LogicalTypeId::SQLNULL) {
      throw duckdb::InvalidInputException("COLUMN_TYPE_UNKNOWN: line 1:1: Column type is unknown at position %d",
                                          static_cast<int>(i + 1));
    }
    std::string hive = HiveTypeOf(types[i]);
    auto type = TypeOfHive(hive);
    if (!type) throw duckdb::InvalidInputException("NOT_SUPPORTED: %s", type.error().message);
    columns.push_back({{name, hive}, *type, i});
  }
  bool keys_last = columns.size() > plan.keys.size();
  for (std::size_t i = 0; keys_last && i < plan.keys.size(); ++i) {
    keys_last = columns[columns.size() - plan.keys.size() + i].source.name == plan.keys[i];
  }
  if (!keys_last) {
    throw duckdb::InvalidInputException(
        "HIVE_COLUMN_ORDER_MISMATCH: Partition keys must be the last columns in the table and in the same order as the table "
        "properties: [%s]",
        Join(plan.keys, ", "));
  }
  return columns;
}

}  // namespace hanse::engine
