#include "engine/hive_types.h"

#include <fmt/format.h>

#include <charconv>
#include <map>

#include "base/text.h"

namespace hanse::engine {

namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;

constexpr int kTypeDepthMax = 32;

std::unexpected<Error> Unknown(std::string_view text) {
  return Fail(ErrorCode::kUnsupported, fmt::format("unknown column type: {}", text));
}

// "a,b<c,d>,e" at its outermost commas.
std::vector<std::string_view> SplitOutside(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && (text[i] == '<' || text[i] == '(')) ++depth;
    if (i < text.size() && (text[i] == '>' || text[i] == ')')) --depth;
    if (i == text.size() || (text[i] == separator && depth == 0)) {
      parts.push_back(Trim(text.substr(begin, i - begin)));
      begin = i + 1;
    }
  }
  return parts;
}

Result<LogicalType> Simple(const std::string& name) {
  static const std::map<std::string, LogicalTypeId> kTypes = {
      {"string", LogicalTypeId::VARCHAR},  {"varchar", LogicalTypeId::VARCHAR},   {"char", LogicalTypeId::VARCHAR},
      {"tinyint", LogicalTypeId::TINYINT}, {"smallint", LogicalTypeId::SMALLINT}, {"int", LogicalTypeId::INTEGER},
      {"integer", LogicalTypeId::INTEGER}, {"bigint", LogicalTypeId::BIGINT},     {"float", LogicalTypeId::FLOAT},
      {"real", LogicalTypeId::FLOAT},      {"double", LogicalTypeId::DOUBLE},     {"boolean", LogicalTypeId::BOOLEAN},
      {"binary", LogicalTypeId::BLOB},     {"date", LogicalTypeId::DATE},         {"timestamp", LogicalTypeId::TIMESTAMP}};
  auto found = kTypes.find(name);
  if (found == kTypes.end()) return Unknown(name);
  return LogicalType(found->second);
}

Result<LogicalType> Parse(std::string_view text, int depth);

Result<LogicalType> ParseStruct(std::string_view inside, int depth) {
  duckdb::child_list_t<LogicalType> children;
  for (std::string_view part : SplitOutside(inside, ',')) {
    auto colon = part.find(':');
    if (colon == std::string_view::npos) return Unknown(part);
    TRY_ASSIGN(LogicalType type, Parse(part.substr(colon + 1), depth + 1));
    children.emplace_back(std::string(Trim(part.substr(0, colon))), std::move(type));
  }
  return LogicalType::STRUCT(std::move(children));
}

Result<LogicalType> ParseDecimal(std::string_view inside) {
  auto parts = SplitOutside(inside, ',');
  int width = 10, scale = 0;
  auto number = [](std::string_view text, int* value) {
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
    return error == std::errc() && end == text.data() + text.size();
  };
  if (parts.size() > 2 || !number(parts[0], &width) || (parts.size() == 2 && !number(parts[1], &scale)) || width < 1 ||
      width > 38 || scale < 0 || scale > width) {
    return Unknown(inside);
  }
  return LogicalType::DECIMAL(static_cast<std::uint8_t>(width), static_cast<std::uint8_t>(scale));
}

Result<LogicalType> Parse(std::string_view text, int depth) {
  if (depth > kTypeDepthMax) return Unknown("nested too deeply");
  text = Trim(text);
  auto open = text.find_first_of("<(");
  std::string name = Lower(Trim(text.substr(0, open)));
  if (open == std::string_view::npos) {
    if (name == "decimal") return LogicalType::DECIMAL(10, 0);
    return Simple(name);
  }
  if (text.back() != '>' && text.back() != ')') return Unknown(text);
  std::string_view inside = text.substr(open + 1, text.size() - open - 2);
  if (name == "varchar" || name == "char") return LogicalType(LogicalTypeId::VARCHAR);
  if (name == "decimal") return ParseDecimal(inside);
  if (name == "struct") return ParseStruct(inside, depth);
  auto parts = SplitOutside(inside, ',');
  if (name == "array" && parts.size() == 1) {
    TRY_ASSIGN(LogicalType child, Parse(parts[0], depth + 1));
    return LogicalType::LIST(child);
  }
  if (name == "map" && parts.size() == 2) {
    TRY_ASSIGN(LogicalType key, Parse(parts[0], depth + 1));
    TRY_ASSIGN(LogicalType value, Parse(parts[1], depth + 1));
    return LogicalType::MAP(key, value);
  }
  return Unknown(text);
}

int IntegerWidth(LogicalTypeId id) {
  switch (id) {
    case LogicalTypeId::TINYINT: return 1;
    case LogicalTypeId::UTINYINT:
    case LogicalTypeId::SMALLINT: return 2;
    case LogicalTypeId::USMALLINT:
    case LogicalTypeId::INTEGER: return 4;
    case LogicalTypeId::UINTEGER:
    case LogicalTypeId::BIGINT: return 8;
    default: return 0;
  }
}

bool IsTimestamp(LogicalTypeId id) {
  return id == LogicalTypeId::TIMESTAMP || id == LogicalTypeId::TIMESTAMP_MS || id == LogicalTypeId::TIMESTAMP_NS ||
         id == LogicalTypeId::TIMESTAMP_SEC || id == LogicalTypeId::TIMESTAMP_TZ;
}

bool StructReadsAs(const LogicalType& from, const LogicalType& to) {
  for (const auto& [name, type] : duckdb::StructType::GetChildTypes(to)) {
    for (const auto& [file_name, file_type] : duckdb::StructType::GetChildTypes(from)) {
      if (EqualsIgnoreCase(name, file_name) && !ReadsAs(file_type, type)) return false;
    }
  }
  return true;
}

std::string RowType(const LogicalType& type) {
  std::string fields;
  for (const auto& [name, child] : duckdb::StructType::GetChildTypes(type)) {
    if (!fields.empty()) fields += ", ";
    fields += name.empty() ? TrinoType(child) : name + " " + TrinoType(child);
  }
  return "row(" + fields + ")";
}

}  // namespace

Result<LogicalType> TypeOfHive(std::string_view hive_type) { return Parse(hive_type, 0); }

bool ReadsAs(const LogicalType& from, const LogicalType& to) {
  if (from == to) return true;
  LogicalTypeId a = from.id(), b = to.id();
  if (IntegerWidth(a) && IntegerWidth(b)) return IntegerWidth(a) <= IntegerWidth(b);
  if (IntegerWidth(a) && b == LogicalTypeId::DOUBLE) return IntegerWidth(a) <= 4;
  if (a == LogicalTypeId::FLOAT && b == LogicalTypeId::DOUBLE) return true;
  if (IsTimestamp(a) && b == LogicalTypeId::TIMESTAMP) return true;
  if (b == LogicalTypeId::VARCHAR) return a == LogicalTypeId::BLOB ? false : !from.IsNested();
  if (b == LogicalTypeId::BLOB) return a == LogicalTypeId::VARCHAR;
  if (a == LogicalTypeId::DECIMAL && b == LogicalTypeId::DECIMAL) {
    auto aw = duckdb::DecimalType::GetWidth(from), as = duckdb::DecimalType::GetScale(from);
    auto bw = duckdb::DecimalType::GetWidth(to), bs = duckdb::DecimalType::GetScale(to);
    return bs >= as && bw - bs >= aw - as;
  }
  if (a == LogicalTypeId::MAP && b == LogicalTypeId::MAP) {
    return ReadsAs(duckdb::MapType::KeyType(from), duckdb::MapType::KeyType(to)) &&
           ReadsAs(duckdb::MapType::ValueType(from), duckdb::MapType::ValueType(to));
  }
  if (a == LogicalTypeId::LIST && b == LogicalTypeId::LIST) {
    return ReadsAs(duckdb::ListType::GetChildType(from), duckdb::ListType::GetChildType(to));
  }
  return a == LogicalTypeId::STRUCT && b == LogicalTypeId::STRUCT && StructReadsAs(from, to);
}

std::string TrinoType(const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::VARCHAR: return type.GetAlias() == "JSON" ? "json" : "varchar";
    case LogicalTypeId::BLOB: return "varbinary";
    case LogicalTypeId::TINYINT: return "tinyint";
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::UTINYINT: return "smallint";
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::USMALLINT: return "integer";
    // Sums of integers are wider inside; they are bigint outside (render.h refuses what does not fit).
    case LogicalTypeId::UINTEGER:
    case LogicalTypeId::HUGEINT:
    case LogicalTypeId::UBIGINT:
    case LogicalTypeId::UHUGEINT:
    case LogicalTypeId::BIGINT: return "bigint";
    case LogicalTypeId::FLOAT: return "real";
    case LogicalTypeId::DOUBLE: return "double";
    case LogicalTypeId::BOOLEAN: return "boolean";
    case LogicalTypeId::DATE: return "date";
    case LogicalTypeId::TIME: return "time(3)";
    case LogicalTypeId::TIMESTAMP_TZ: return "timestamp(3) with time zone";
    case LogicalTypeId::INTERVAL: return "interval day to second";
    case LogicalTypeId::UUID: return "uuid";
    case LogicalTypeId::SQLNULL: return "unknown";
    case LogicalTypeId::DECIMAL:
      return fmt::format("decimal({},{})", duckdb::DecimalType::GetWidth(type), duckdb::DecimalType::GetScale(type));
    case LogicalTypeId::LIST: return "array(" + TrinoType(duckdb::ListType::GetChildType(type)) + ")";
    case LogicalTypeId::MAP:
      return "map(" + TrinoType(duckdb::MapType::KeyType(type)) + ", " + TrinoType(duckdb::MapType::ValueType(type)) + ")";
    case LogicalTypeId::STRUCT: return RowType(type);
    default: return IsTimestamp(type.id()) ? "timestamp(3)" : Lower(type.ToString());
  }
}

ResultColumn DescribeColumn(const std::string& name, const LogicalType& type) {
  ResultColumn column{name, TrinoType(type), 0, 0};
  if (auto open = column.type.find('('); open != std::string::npos) {
    bool zoned = column.type.ends_with("with time zone");
    column.type = column.type.substr(0, open) + (zoned ? " with time zone" : "");
  }
  if (column.type == "real") column.type = "float";
  static const std::map<std::string, int> kPrecision = {{"varchar", 2147483647}, {"varbinary", 1073741824},
                                                        {"bigint", 19},          {"integer", 10},
                                                        {"smallint", 5},         {"tinyint", 3},
                                                        {"double", 17},          {"float", 17},
                                                        {"timestamp", 3}};
  if (auto found = kPrecision.find(column.type); found != kPrecision.end()) column.precision = found->second;
  if (type.id() == LogicalTypeId::DECIMAL) {
    column.precision = duckdb::DecimalType::GetWidth(type);
    column.scale = duckdb::DecimalType::GetScale(type);
  }
  return column;
}

}  // namespace hanse::engine
