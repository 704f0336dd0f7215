#include "query/ddl_clauses.h"

#include <fmt/format.h>

#include "base/text.h"

namespace hanse::query {
namespace {

constexpr int kTypeDepthMax = 32;

constexpr std::string_view kPlainTypes[] = {"boolean", "tinyint", "smallint", "int",    "integer", "bigint",   "float",
                                            "double",  "real",    "string",   "binary", "date",    "timestamp"};

Result<std::string> ReadTypeAt(TokenReader& reader, int depth);

// struct<name:type [COMMENT text], …>
Result<std::string> ReadStruct(TokenReader& reader, int depth) {
  TRY(reader.Expect("<"));
  std::string fields;
  do {
    TRY_ASSIGN(std::string name, reader.Name("a field's name"));
    TRY(reader.Expect(":"));
    TRY_ASSIGN(std::string type, ReadTypeAt(reader, depth + 1));
    if (reader.Take("COMMENT")) TRY(reader.Text("a comment"));
    fields += fmt::format("{}{}:{}", fields.empty() ? "" : ",", name, type);
  } while (reader.Take(","));
  TRY(reader.Expect(">"));
  return fmt::format("struct<{}>", fields);
}

// varchar(n), char(n), decimal(p[, s])
Result<std::string> ReadSized(TokenReader& reader, const std::string& name) {
  if (!reader.Take("(")) return name;
  std::string sizes;
  do {
    TRY_ASSIGN(std::string number, reader.Name("a number"));
    if (number.find_first_not_of("0123456789") != std::string::npos || number.size() > 5) {
      return Mismatched(fmt::format("{} stands where a number is expected", number));
    }
    sizes += (sizes.empty() ? "" : ",") + number;
  } while (reader.Take(","));
  TRY(reader.Expect(")"));
  return fmt::format("{}({})", name, sizes);
}

Result<std::string> ReadTypeAt(TokenReader& reader, int depth) {
  if (depth > kTypeDepthMax) return Mismatched("a type is nested too deeply");
  TRY_ASSIGN(std::string name, reader.Name("a type"));
  if (name == "struct") return ReadStruct(reader, depth);
  if (name == "array" || name == "map") {
    TRY(reader.Expect("<"));
    TRY_ASSIGN(std::string inner, ReadTypeAt(reader, depth + 1));
    if (name == "map") {
      TRY(reader.Expect(","));
      TRY_ASSIGN(std::string value, ReadTypeAt(reader, depth + 1));
      inner += "," + value;
    }
    TRY(reader.Expect(">"));
    return fmt::format("{}<{}>", name, inner);
  }
  if (name == "decimal" || name == "varchar" || name == "char") return ReadSized(reader, name);
  if (!Contains(kPlainTypes, name)) return Mismatched(fmt::format("{} is no type of a column", name));
  return name == "integer" ? "int" : name == "real" ? "float" : name;
}

}  // namespace

Result<void> ReadTable(TokenReader& reader, Ddl* ddl) {
  std::vector<std::string> parts;
  do {
    TRY_ASSIGN(parts.emplace_back(), reader.Name("a table's name"));
  } while (reader.Take("."));
  if (parts.size() > 3) return Mismatched("a table's name has at most three parts");
  ddl->table = parts.back();
  if (parts.size() > 1) ddl->database = parts[parts.size() - 2];
  if (parts.size() > 2) ddl->catalog = parts.front();
  return {};
}

Result<void> ReadDatabase(TokenReader& reader, Ddl* ddl) {
  TRY_ASSIGN(ddl->database, reader.Name("a database's name"));
  if (!reader.Take(".")) return {};
  ddl->catalog = std::move(ddl->database);
  TRY_ASSIGN(ddl->database, reader.Name("a database's name"));
  return {};
}

Result<std::string> ReadType(TokenReader& reader) { return ReadTypeAt(reader, 0); }

Result<wire::glue::Column> ReadColumn(TokenReader& reader) {
  wire::glue::Column column;
  TRY_ASSIGN(column.name, reader.Name("a column's name"));
  TRY_ASSIGN(column.type, ReadType(reader));
  if (!reader.Take("COMMENT")) return column;
  TRY_ASSIGN(column.comment, reader.Text("a comment"));
  return column;
}

Result<std::vector<wire::glue::Column>> ReadColumns(TokenReader& reader) {
  TRY(reader.Expect("("));
  std::vector<wire::glue::Column> columns;
  do {
    TRY_ASSIGN(columns.emplace_back(), ReadColumn(reader));
  } while (reader.Take(","));
  TRY(reader.Expect(")"));
  return columns;
}

Result<std::vector<std::string>> ReadNames(TokenReader& reader) {
  TRY(reader.Expect("("));
  std::vector<std::string> names;
  do {
    TRY_ASSIGN(names.emplace_back(), reader.Name("a column's name"));
  } while (reader.Take(","));
  TRY(reader.Expect(")"));
  return names;
}

Result<Properties> ReadProperties(TokenReader& reader) {
  TRY(reader.Expect("("));
  Properties properties;
  do {
    TRY_ASSIGN(std::string key, reader.Text("a property's name"));
    TRY(reader.Expect("="));
    TRY_ASSIGN(properties[key], reader.Text("a property's value"));
  } while (reader.Take(","));
  TRY(reader.Expect(")"));
  return properties;
}

Result<PartitionSpec> ReadPartition(TokenReader& reader) {
  PartitionSpec partition;
  TRY(reader.Expect("PARTITION"));
  TRY(reader.Expect("("));
  do {
    TRY_ASSIGN(std::string key, reader.Name("a partition key"));
    TRY(reader.Expect("="));
    bool date = reader.Take("DATE");  // DATE '2024-01-01'
    bool negative = !date && reader.Take("-");
    std::string value;
    if (reader.AtText()) {
      TRY_ASSIGN(value, reader.Text("a value"));
    } else {
      TRY_ASSIGN(value, reader.Name("a value"));
      if (value.find_first_not_of("0123456789") != std::string::npos) {
        return Mismatched(fmt::format("{} stands where a number or a text in quotes is expected", value));
      }
    }
    partition.values[key] = (negative ? "-" : "") + value;
  } while (reader.Take(","));
  TRY(reader.Expect(")"));
  return partition;
}

}  // namespace hanse::query
