#include "query/result_text.h"

namespace hanse::query {
namespace {

// Protocol buffers' wire format: varints, and fields of bytes.
void AppendVarint(std::uint64_t value, std::string* out) {
  for (; value >= 0x80; value >>= 7) out->push_back(static_cast<char>(value | 0x80));
  out->push_back(static_cast<char>(value));
}

void AppendNumber(int field, std::uint64_t value, std::string* out) {
  AppendVarint(static_cast<std::uint64_t>(field) << 3, out);
  AppendVarint(value, out);
}

void AppendBytes(int field, std::string_view bytes, std::string* out) {
  AppendVarint(static_cast<std::uint64_t>(field) << 3 | 2, out);
  AppendVarint(bytes.size(), out);
  out->append(bytes);
}

}  // namespace

void AppendCsv(const engine::ResultRow& row, std::string* text) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) text->push_back(',');
    if (!row[i]) continue;
    text->push_back('"');
    for (char c : *row[i]) {
      if (c == '"') text->push_back('"');
      text->push_back(c);
    }
    text->push_back('"');
  }
  text->push_back('\n');
}

bool ReadCsv(std::string_view text, std::size_t* at, engine::ResultRow* row) {
  row->clear();
  std::size_t i = *at;
  if (i < text.size() && text[i] == '\n') {
    row->push_back(std::nullopt);
    *at = i + 1;
    return true;
  }
  while (i < text.size()) {
    engine::Cell cell;
    if (text[i] == '"') {
      cell.emplace();
      for (++i;; ++i) {
        if (i >= text.size()) return false;
        if (text[i] != '"') {
          cell->push_back(text[i]);
        } else if (i + 1 < text.size() && text[i + 1] == '"') {
          cell->push_back('"');
          ++i;
        } else {
          ++i;
          break;
        }
      }
    }
    row->push_back(std::move(cell));
    if (i >= text.size()) return false;
    char next = text[i++];
    if (next == '\n') {
      *at = i;
      return true;
    }
    if (next != ',') return false;
    if (i < text.size() && text[i] == '\n') {
      // The last field of a record is NULL.
      row->push_back(std::nullopt);
      *at = i + 1;
      return true;
    }
  }
  return false;
}

std::string MetadataFile(const std::string& query_id, const std::vector<wire::athena::ColumnInfo>& columns) {
  std::string file;
  AppendBytes(1, query_id, &file);
  for (const wire::athena::ColumnInfo& column : columns) {
    std::string message;
    AppendBytes(1, column.catalog_name.value_or(""), &message);
    AppendBytes(4, column.name.value_or(""), &message);
    AppendBytes(5, column.label.value_or(""), &message);
    AppendBytes(6, column.type.value_or(""), &message);
    AppendNumber(7, static_cast<std::uint64_t>(column.precision.value_or(0)), &message);
    AppendNumber(8, static_cast<std::uint64_t>(column.scale.value_or(0)), &message);
    AppendNumber(9, 3, &message);  // Nullable: unknown.
    AppendNumber(10, column.case_sensitive.value_or(false) ? 1 : 0, &message);
    AppendBytes(4, message, &file);
  }
  return file;
}

std::vector<wire::athena::ColumnInfo> ColumnInfos(const std::vector<engine::ResultColumn>& columns) {
  std::vector<wire::athena::ColumnInfo> infos;
  for (const engine::ResultColumn& column : columns) {
    infos.push_back({.catalog_name = "hive",
                     .schema_name = "",
                     .table_name = "",
                     .name = column.name,
                     .label = column.name,
                     .type = column.type,
                     .precision = column.precision,
                     .scale = column.scale,
                     .nullable = "UNKNOWN",
                     .case_sensitive = column.type == "varchar" || column.type == "char"});
  }
  return infos;
}

}  // namespace hanse::query
