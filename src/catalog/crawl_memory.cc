#include "catalog/crawl_memory.h"

#include <algorithm>

#include <boost/json.hpp>

namespace hanse::catalog {
namespace {

constexpr std::size_t kFoldersAtOnce = 500;  // Of one write: others wait for it.

std::string TextOf(const CrawledFile& found) {
  const FileSchema& schema = found.schema;
  boost::json::array columns;
  for (const InferredColumn& column : schema.columns) columns.push_back(boost::json::array{column.name, column.type});
  return boost::json::serialize(boost::json::object{{"files", found.files},
                                                    {"bytes", found.bytes},
                                                    {"classification", schema.classification},
                                                    {"compression", schema.compression},
                                                    {"columns", std::move(columns)},
                                                    {"delimiter", static_cast<int>(schema.delimiter)},
                                                    {"header", schema.header},
                                                    {"quoted", schema.quoted},
                                                    {"quote", static_cast<int>(schema.quote)},
                                                    {"rows", schema.rows},
                                                    {"grok", schema.grok_pattern},
                                                    {"grok_custom", schema.grok_custom_patterns},
                                                    {"row_tag", schema.row_tag}});
}

CrawledFile FoundIn(const std::string& folder, const std::string& json) {
  boost::json::parse_options options;
  options.allow_invalid_utf8 = true;  // Files name their columns as they like.
  const boost::json::value value = boost::json::parse(json, {}, options);
  auto text = [&](const char* name) { return std::string(value.at(name).as_string()); };
  auto letter = [&](const char* name) { return static_cast<char>(value.at(name).to_number<int>()); };
  CrawledFile found{.path = folder};
  found.files = value.at("files").to_number<std::uint64_t>();
  found.bytes = value.at("bytes").to_number<std::uint64_t>();
  FileSchema& schema = found.schema;
  schema.classification = text("classification");
  schema.compression = text("compression");
  for (const auto& column : value.at("columns").as_array()) {
    schema.columns.push_back({std::string(column.at(0).as_string()), std::string(column.at(1).as_string())});
  }
  schema.delimiter = letter("delimiter");
  schema.header = value.at("header").as_bool();
  schema.quoted = value.at("quoted").as_bool();
  schema.quote = letter("quote");
  schema.rows = value.at("rows").to_number<std::int64_t>();
  schema.grok_pattern = text("grok");
  schema.grok_custom_patterns = text("grok_custom");
  schema.row_tag = text("row_tag");
  return found;
}

}  // namespace

Result<Id> CrawlMemory::Mark(const std::string& place) const {
  TRY_ASSIGN(auto tx, store_.BeginRead());
  TRY_ASSIGN(auto row, tx->Maybe("SELECT mark FROM catalog_crawl_marks WHERE crawler_id = ? AND place = ?", {crawler_, place}));
  return row ? row->Int(0) : Id{0};
}

Result<CrawlMemory::Folders> CrawlMemory::Read(const std::string& place) const {
  TRY_ASSIGN(auto tx, store_.BeginRead());
  TRY_ASSIGN(auto rows,
             tx->Query("SELECT folder, found FROM catalog_crawl_folders WHERE crawler_id = ? AND place = ?", {crawler_, place}));
  Folders folders;
  try {
    for (const store::Row& row : rows) folders.emplace(row.Text(0), FoundIn(row.Text(0), row.Text(1)));
  } catch (const std::exception& error) {
    return Fail(ErrorCode::kInternal, error.what());
  }
  return folders;
}

Result<void> CrawlMemory::Write(const std::string& place, const std::vector<CrawledFile>& folders,
                                const std::vector<std::string>& gone) {
  for (std::size_t at = 0; at < folders.size(); at += kFoldersAtOnce) {
    TRY_ASSIGN(auto tx, store_.BeginWrite());
    for (std::size_t i = at; i < std::min(at + kFoldersAtOnce, folders.size()); ++i) {
      TRY(
          tx->Execute("INSERT INTO catalog_crawl_folders (crawler_id, place, folder, found) VALUES (?, ?, ?, ?) "
                      "ON CONFLICT (crawler_id, place, folder) DO UPDATE SET found = excluded.found",
                      {crawler_, place, folders[i].path, TextOf(folders[i])}));
    }
    TRY(tx->Commit());
  }
  if (gone.empty()) return {};
  TRY_ASSIGN(auto tx, store_.BeginWrite());
  for (const std::string& folder : gone) {
    TRY(tx->Execute("DELETE FROM catalog_crawl_folders WHERE crawler_id = ? AND place = ? AND folder = ?",
                    {crawler_, place, folder}));
  }
  return tx->Commit();
}

Result<void> CrawlMemory::Forget(const std::string& place) {
  TRY_ASSIGN(auto tx, store_.BeginWrite());
  TRY(tx->Execute("DELETE FROM catalog_crawl_folders WHERE crawler_id = ? AND place = ?", {crawler_, place}));
  TRY(tx->Execute("DELETE FROM catalog_crawl_marks WHERE crawler_id = ? AND place = ?", {crawler_, place}));
  return tx->Commit();
}

Result<void> ForgetMarks(store::Transaction& tx, Id crawler) {
  TRY(tx.Execute("DELETE FROM catalog_crawl_marks WHERE crawler_id = ?", {crawler}));
  return {};
}

}  // namespace hanse::catalog
