#include "governance/tag_rows.h"

namespace hanse::governance {
namespace {

TagRow ReadTag(const store::Row& row) { return {row.Int(0), row.Text(1), row.Text(2), row.Text(3)}; }

Result<std::optional<TagRow>> FirstTag(Result<std::vector<store::Row>> rows) {
  if (!rows) return std::unexpected(std::move(rows).error());
  if (rows->empty()) return std::optional<TagRow>();
  return std::optional<TagRow>(ReadTag(rows->front()));
}

}  // namespace

Result<std::optional<TagRow>> FindTag(store::Transaction& tx, std::string_view account, std::string_view region,
                                      std::string_view key) {
  return FirstTag(tx.Query("SELECT id, account, region, tag_key FROM lf_tags WHERE account = ? AND region = ? AND tag_key = ?",
                           {std::string(account), std::string(region), std::string(key)}));
}

Result<std::optional<TagRow>> FindTagById(store::Transaction& tx, Id id) {
  return FirstTag(tx.Query("SELECT id, account, region, tag_key FROM lf_tags WHERE id = ?", {id}));
}

Result<std::vector<TagRow>> ListTags(store::Transaction& tx, std::string_view account, std::string_view region,
                                     std::string_view after, std::int64_t limit) {
  TRY_ASSIGN(auto rows,
             tx.Query("SELECT id, account, region, tag_key FROM lf_tags WHERE account = ? AND region = ? AND tag_key > ? "
                      "ORDER BY tag_key LIMIT ?",
                      {std::string(account), std::string(region), std::string(after), limit}));
  std::vector<TagRow> tags;
  for (const store::Row& row : rows) tags.push_back(ReadTag(row));
  return tags;
}

Result<std::vector<std::string>> TagValues(store::Transaction& tx, Id tag) {
  TRY_ASSIGN(auto rows, tx.Query("SELECT tag_value FROM lf_tag_values WHERE tag_id = ? ORDER BY tag_value", {tag}));
  std::vector<std::string> values;
  for (const store::Row& row : rows) values.push_back(row.Text(0));
  return values;
}

Result<policy::Tags> DatabaseTags(store::Transaction& tx, Id database) {
  TRY_ASSIGN(auto rows,
             tx.Query("SELECT tag_id, tag_value FROM lf_assignments WHERE thing_id = ? AND column_name = ''", {database}));
  policy::Tags tags;
  for (const store::Row& row : rows) tags[row.Int(0)] = row.Text(1);
  return tags;
}

Result<TableTags> TagsOfTable(store::Transaction& tx, const store::TableRow& table) {
  TRY_ASSIGN(auto rows, tx.Query("SELECT thing_id, column_name, tag_id, tag_value FROM lf_assignments WHERE thing_id IN (?, ?)",
                                 {table.database, table.id}));
  TableTags tags;
  for (const store::Row& row : rows) {
    bool of_database = row.Int(0) == table.database;
    policy::Tags& level = of_database ? tags.database : row.Text(1).empty() ? tags.table : tags.columns[row.Text(1)];
    level[row.Int(2)] = row.Text(3);
  }
  return tags;
}

}  // namespace hanse::governance
