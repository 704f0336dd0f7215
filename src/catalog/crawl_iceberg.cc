// Iceberg tables of a crawl (crawl_run.h): a folder that holds a folder "metadata" with metadata files is a table. The catalog gets
// the newest of them and the columns of its current schema; data files are neither listed nor read.
#include <deque>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/crawl_run.h"
#include "catalog/iceberg_metadata.h"

namespace hanse::catalog {
namespace {

constexpr std::size_t kIcebergFoldersMax = 100'000;  // That one target's search looks into.
constexpr std::string_view kMetadataLocation = "metadata_location";

std::string_view LastOf(std::string_view folder) {
  folder.remove_suffix(folder.ends_with('/') ? 1 : 0);
  return folder.substr(folder.rfind('/') + 1);
}

bool IsExcluded(const std::vector<std::string>& exclusions, std::string_view path) {
  return Excluded(exclusions, path) || Excluded(exclusions, path.substr(0, path.size() - 1));
}

}  // namespace

Result<void> CrawlRun::FindIceberg(const Target& target) {
  struct Folder {
    std::string prefix;
    std::size_t depth;
  };
  std::deque<Folder> folders{{target.prefix, 0}};
  std::size_t seen = 0;
  for (; !folders.empty(); folders.pop_front()) {
    if (++seen > kIcebergFoldersMax) {
      return Fail(ErrorCode::kLimitExceeded,
                  fmt::format("A crawl looks into no more than {} folders for Iceberg.", kIcebergFoldersMax));
    }
    const Folder folder = folders.front();
    TRY_ASSIGN(CrawlStorage::Listed listed, ListWhole(target.bucket, folder.prefix));
    if (Contains(listed.folders, folder.prefix + "metadata/")) {
      TRY_ASSIGN(std::vector<std::string> metadata, NewestMetadata(target.bucket, folder.prefix + "metadata/"));
      if (!metadata.empty()) {
        found_iceberg_.push_back({target.bucket, folder.prefix, std::move(metadata), target.database, target.table});
        continue;
      }
    }
    if (folder.depth == target.depth) continue;
    for (const std::string& below : listed.folders) {
      if (IsExcluded(target.exclusions, std::string_view(below).substr(target.prefix.size()))) continue;
      folders.push_back({below, folder.depth + 1});
    }
  }
  return {};
}

// Those of the highest version: writers that came together leave several of one, of which the one written last counts.
Result<std::vector<std::string>> CrawlRun::NewestMetadata(const std::string& bucket, const std::string& folder) {
  TRY_ASSIGN(CrawlStorage::Listed listed, ListWhole(bucket, folder));
  std::vector<std::string> newest;
  std::int64_t version = -1;
  for (const CrawlStorage::File& file : listed.files) {
    const std::int64_t own = IcebergVersionOf(LastOf(file.key));
    if (own < 0 || own < version) continue;
    if (own > version) newest.clear();
    version = own;
    newest.push_back(file.key);
  }
  return newest;
}

Result<void> CrawlRun::WriteIceberg(const FoundIceberg& found) {
  IcebergMetadata metadata;
  std::string key;
  for (const std::string& candidate : found.metadata) {
    TRY(Ended());
    TRY_ASSIGN(auto files, parts_.storage.Open(Context(), found.bucket, {candidate}));
    RandomAccessFile& file = *files.front();
    if (file.bytes() > kIcebergMetadataBytesMax) return Fail(ErrorCode::kUnsupported, "Iceberg metadata of more than 64 MiB");
    TRY_ASSIGN(std::string text, file.Read(0, static_cast<std::size_t>(file.bytes())));
    TRY_ASSIGN(IcebergMetadata read, ReadIcebergMetadata(text));
    if (!key.empty() && read.last_updated_ms < metadata.last_updated_ms) continue;
    metadata = std::move(read);
    key = candidate;
  }
  database_ = found.database;
  const std::string location = fmt::format("s3://{}/{}", found.bucket, found.folder);
  Named named;
  if (found.table) {
    named = {*found.table->name, found.table};
  } else {
    TRY_ASSIGN(named, NameFor(std::string(found.folder.empty() ? found.bucket : LastOf(found.folder)), location));
  }
  wire::glue::TableInput input{.name = named.name, .owner = "owner", .retention = 0, .table_type = "EXTERNAL_TABLE"};
  input.storage_descriptor = wire::glue::StorageDescriptor{
      .columns = std::move(metadata.columns), .location = location.substr(0, location.size() - 1), .compressed = false};
  input.parameters =
      std::map<std::string, std::string>{{"table_type", std::string(kIceberg)},
                                         {std::string(kMetadataLocation), fmt::format("s3://{}/{}", found.bucket, key)},
                                         {std::string(kCrawledBy), crawler_.name}};
  if (named.existing) {
    TRY(RefreshIceberg(*named.existing, std::move(input)));
  } else {
    TRY(Create(input));
  }
  written_.push_back(named.name);
  return {};
}

Result<void> CrawlRun::RefreshIceberg(const wire::glue::Table& existing, wire::glue::TableInput input) {
  if (!ChangesSchemas()) return {};
  const auto before = existing.parameters.value_or(std::map<std::string, std::string>());
  const auto known = before.find(std::string(kMetadataLocation));
  const std::string& now = input.parameters->at(std::string(kMetadataLocation));
  if (known != before.end()) {
    if (known->second == now && !before.contains(std::string(kDeprecatedBy))) return {};
    if (known->second != now) (*input.parameters)["previous_metadata_location"] = known->second;
  }
  // What people have written beside the crawler's own stays.
  for (const auto& [name, text] : before) input.parameters->emplace(name, text);
  input.parameters->erase(std::string(kDeprecatedBy));
  input.description = existing.description;
  input.owner = existing.owner;
  if (existing.storage_descriptor && existing.storage_descriptor->location) {
    input.storage_descriptor->location = existing.storage_descriptor->location;
  }
  TRY(Ask(UpdateTable{.in = {.database_name = database_, .table_input = std::move(input)}}, parts_.tables));
  ++summary_.tables_updated;
  return {};
}

}  // namespace hanse::catalog
