#include "catalog/crawl_run.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/definition.h"
#include "catalog/iceberg_metadata.h"
#include "catalog/names.h"
#include "catalog/passed_role.h"
#include "crypto/digest.h"

namespace hanse::catalog {
namespace {

// Ends a run that was told to stop; no caller ever sees it.
constexpr std::string_view kStopped = "CrawlStopped";
constexpr std::int32_t kIcebergDepth = 10;  // Where the target does not say.

std::string NameOf(const Error& error) {
  switch (error.code) {
    case ErrorCode::kAccessDenied: return "AccessDeniedException";
    default: return GlueErrorCode(error);
  }
}

bool Skippable(std::string_view key) {
  std::size_t slash = key.rfind('/');
  std::string_view name = slash == std::string_view::npos ? key : key.substr(slash + 1);
  return name.empty() || name.starts_with('_') || name.starts_with('.');
}

}  // namespace

gate::Context CrawlRun::Context() const {
  return ContextOfRole(role_, "StartCrawler", crawler_.region, parts_.random, parts_.clock);
}

Result<void> CrawlRun::Ended() const {
  if (!stop_.stop_requested()) return {};
  return FailAs(ErrorCode::kTimeout, std::string(kStopped), "The crawl was stopped.");
}

CrawlSummary CrawlRun::Run() {
  Result<void> done = Crawl();
  if (done) return summary_;
  const Error& error = done.error();
  if (error.name == kStopped) {
    summary_.end = CrawlEnd::kCancelled;
    return summary_;
  }
  summary_.end = CrawlEnd::kFailed;
  summary_.message = fmt::format("{}: {}", NameOf(error), error.message);
  return summary_;
}

Result<void> CrawlRun::Crawl() {
  TRY(ReadClassifiers());
  TRY(FindAll());
  TRY(CheckTableThreshold());
  for (const Found& found : found_) TRY(WriteFound(found));
  for (const FoundIceberg& found : found_iceberg_) TRY(WriteIceberg(found));
  for (const auto& target : crawler_.definition.targets->jdbc_targets.value_or(std::vector<wire::glue::JdbcTarget>())) {
    TRY(CrawlWarehouse(target));
  }
  return RemoveGone();
}

Result<void> CrawlRun::FindAll() {
  const wire::glue::CrawlerTargets& targets = *crawler_.definition.targets;
  const std::string database = database_;
  for (const auto& s3 : targets.s3_targets.value_or(std::vector<wire::glue::S3Target>())) {
    Target target{.exclusions = s3.exclusions.value_or(std::vector<std::string>()), .database = database};
    if (!ParseS3Location(s3.path.value_or(""), &target.bucket, &target.prefix)) continue;
    if (!target.prefix.empty() && !target.prefix.ends_with('/')) target.prefix += '/';
    target.sample_size = static_cast<std::size_t>(s3.sample_size.value_or(0));
    target.place = fmt::format("s3 {} {}/{}", found_.size(), target.bucket, target.prefix);
    roots_.push_back(fmt::format("s3://{}/{}", target.bucket, target.prefix));
    TRY(FindTables(std::move(target)));
  }
  for (const auto& iceberg : targets.iceberg_targets.value_or(std::vector<wire::glue::IcebergTarget>())) {
    for (const std::string& path : iceberg.paths.value_or(std::vector<std::string>())) {
      Target target{.exclusions = iceberg.exclusions.value_or(std::vector<std::string>()), .database = database};
      if (!ParseS3Location(path, &target.bucket, &target.prefix)) continue;
      if (!target.prefix.empty() && !target.prefix.ends_with('/')) target.prefix += '/';
      target.depth = static_cast<std::size_t>(iceberg.maximum_traversal_depth.value_or(kIcebergDepth));
      roots_.push_back(fmt::format("s3://{}/{}", target.bucket, target.prefix));
      TRY(FindIceberg(target));
    }
  }
  return FindCatalogTargets();
}

Result<void> CrawlRun::FindCatalogTargets() {
  for (const auto& named : crawler_.definition.targets->catalog_targets.value_or(std::vector<wire::glue::CatalogTarget>())) {
    database_ = named.database_name.value_or("");
    for (const std::string& name : named.tables.value_or(std::vector<std::string>())) {
      TRY_ASSIGN(auto table, Find(name));
      if (!table) return Fail(ErrorCode::kNotFound, fmt::format("Table {}.{} not found.", database_, name));
      Target target{.database = database_};
      const std::string location = table->storage_descriptor ? table->storage_descriptor->location.value_or("") : "";
      if (!ParseS3Location(location, &target.bucket, &target.prefix)) {
        return Fail(ErrorCode::kUnsupported, fmt::format("Table {}.{} does not lie in S3.", database_, name));
      }
      if (!target.prefix.empty() && !target.prefix.ends_with('/')) target.prefix += '/';
      target.place = fmt::format("table {} {} {}/{}", database_, name, target.bucket, target.prefix);
      const auto& parameters = table->parameters;
      const bool iceberg =
          parameters && parameters->contains("table_type") && EqualsIgnoreCase(parameters->at("table_type"), kIceberg);
      target.table = std::move(table);
      TRY(iceberg ? FindIceberg(target) : FindTables(std::move(target)));
    }
  }
  return {};
}

Result<void> CrawlRun::CheckTableThreshold() const {
  std::size_t tables = found_iceberg_.size();
  for (const Found& found : found_) tables += found.tables.size();
  if (configuration_.table_threshold == 0 || tables <= configuration_.table_threshold) return {};
  return Fail(ErrorCode::kLimitExceeded,
              fmt::format("The number of tables detected by crawler: {} is greater than the table threshold value provided: {}.",
                          tables, configuration_.table_threshold));
}

Result<void> CrawlRun::ReadClassifiers() {
  for (const std::string& name : crawler_.definition.classifiers.value_or(std::vector<std::string>())) {
    GetClassifier get;
    get.in.name = name;
    TRY_ASSIGN(auto found, Ask(get, parts_.classifiers));
    custom_.push_back(std::move(*found.classifier));
  }
  return {};
}

Result<void> CrawlRun::FindTables(Target target) {
  Found found{.target = std::move(target)};
  const std::string& prefix = found.target.prefix;
  std::vector<CrawledFile> files;
  if (crawler_.definition.recrawl_policy->recrawl_behavior.value_or("") == kEventMode) {
    TRY_ASSIGN(files, FollowChanges(&found));
  } else {
    TRY_ASSIGN(files, ReadFiles(found.target));
  }
  std::string_view folder = prefix;
  if (folder.ends_with('/')) folder.remove_suffix(1);
  std::size_t slash = folder.rfind('/');
  std::string_view name =
      folder.empty() ? std::string_view(found.target.bucket) : folder.substr(slash == std::string_view::npos ? 0 : slash + 1);
  std::optional<std::size_t> level;
  Grouping grouping = configuration_.grouping;
  if (found.target.table) {
    level = 0;  // Whatever lies there is the one table.
    grouping = Grouping::kAllCompatible;
  } else if (configuration_.table_level > 0) {
    // Counted from the bucket; no table lies above the target.
    const auto above = static_cast<std::size_t>(std::count(prefix.begin(), prefix.end(), '/'));
    level = configuration_.table_level > above ? configuration_.table_level - above : 0;
  }
  found.tables = PlanTables(name, files, grouping, level);
  found_.push_back(std::move(found));
  return {};
}

Result<std::vector<CrawledFile>> CrawlRun::ReadFiles(const Target& target) {
  std::vector<CrawledFile> files;
  std::map<std::string, std::size_t> read;  // Of each folder.
  std::string from;
  do {
    TRY(Ended());
    TRY_ASSIGN(auto page, parts_.storage.List(Context(), target.bucket, target.prefix, from));
    std::erase_if(page.files, [&](const CrawlStorage::File& file) {
      return !Takes(target, file, &read[file.key.substr(0, file.key.rfind('/') + 1)]);
    });
    TRY(ReadAll(target, page.files, &files));
    from = page.next;
  } while (!from.empty());
  return files;
}

bool CrawlRun::Takes(const Target& target, const CrawlStorage::File& file, std::size_t* of_folder) {
  if (file.bytes == 0 || Skippable(file.key) || file.key.size() < target.prefix.size()) return false;
  if (Excluded(target.exclusions, std::string_view(file.key).substr(target.prefix.size()))) return false;
  if (target.sample_size > 0 && *of_folder >= target.sample_size) return false;
  ++*of_folder;
  return true;
}

Result<void> CrawlRun::ReadAll(const Target& target, std::span<const CrawlStorage::File> taken, std::vector<CrawledFile>* files) {
  if (taken.size() > kCrawledFilesMax - std::min(files->size(), kCrawledFilesMax)) {
    return Fail(ErrorCode::kLimitExceeded, fmt::format("A crawl looks at no more than {} files.", kCrawledFilesMax));
  }
  while (!taken.empty()) {
    const auto some = taken.first(std::min(taken.size(), CrawlStorage::kOpenAtOnce));
    TRY_ASSIGN(CrawlStorage::Files opened, Open(target.bucket, some));
    for (std::size_t i = 0; i < some.size(); ++i) {
      if (!opened[i]) continue;
      TRY_ASSIGN(auto schema, ReadFileSchema(*opened[i], custom_));
      if (!schema) continue;
      files->push_back({.path = some[i].key.substr(target.prefix.size()), .bytes = some[i].bytes, .schema = std::move(*schema)});
    }
    taken = taken.subspan(some.size());
  }
  return {};
}

// All at once; where one was deleted since it was listed, each half by itself.
Result<CrawlStorage::Files> CrawlRun::Open(const std::string& bucket, std::span<const CrawlStorage::File> files) {
  TRY(Ended());
  std::vector<std::string> keys;
  for (const CrawlStorage::File& file : files) keys.push_back(file.key);
  auto opened = parts_.storage.Open(Context(), bucket, std::move(keys));
  if (opened || opened.error().code != ErrorCode::kNotFound) return opened;
  CrawlStorage::Files rest(1);
  if (files.size() == 1) return rest;
  TRY_ASSIGN(CrawlStorage::Files all, Open(bucket, files.first(files.size() / 2)));
  TRY_ASSIGN(rest, Open(bucket, files.subspan(files.size() / 2)));
  std::ranges::move(rest, std::back_inserter(all));
  return all;
}

Result<std::optional<wire::glue::Table>> CrawlRun::Find(const std::string& name) {
  GetTable op{.in = {.database_name = database_, .name = name}};
  auto found = Ask(op, parts_.tables);
  if (found) return std::move(found->table);
  if (found.error().code == ErrorCode::kNotFound) return std::optional<wire::glue::Table>();
  return std::unexpected(std::move(found).error());
}

Result<void> CrawlRun::WriteFound(const Found& found) {
  database_ = found.target.database;
  if (found.target.table) return WriteKnown(found);
  for (const PlannedTable& planned : found.tables) TRY(Write(found, planned));
  return {};
}

Result<CrawlRun::Named> CrawlRun::NameFor(const std::string& folder_name, const std::string& location) {
  Named named{.name = FoldFolderName(crawler_.definition.table_prefix.value_or("") + folder_name)};
  TRY_ASSIGN(named.existing, Find(named.name));
  auto elsewhere = [&](const wire::glue::Table& table) {
    std::string place = table.storage_descriptor ? table.storage_descriptor->location.value_or("") : "";
    while (place.ends_with('/')) place.pop_back();
    return place + "/" != location;
  };
  if (!named.existing || !elsewhere(*named.existing)) return named;
  named.name += "_" + crypto::Sha256Hex(location).substr(0, 32);
  TRY_ASSIGN(named.existing, Find(named.name));
  return named;
}

Result<void> CrawlRun::Write(const Found& found, const PlannedTable& planned) {
  const std::string location = fmt::format("s3://{}/{}{}", found.target.bucket, found.target.prefix, planned.path);
  TRY_ASSIGN(Named named, NameFor(planned.name, location));
  wire::glue::TableInput input = CrawledTable(crawler_.name, named.name, location, planned);
  if (named.existing) {
    TRY(Update(*named.existing, input));
  } else {
    TRY(Create(input));
  }
  written_.push_back(named.name);
  if (planned.keys.empty()) return {};
  return WritePartitions(found, named.name, planned, !named.existing);
}

// A table that the catalog named keeps its name, its place and its keys.
Result<void> CrawlRun::WriteKnown(const Found& found) {
  const wire::glue::Table& table = *found.target.table;
  if (found.tables.empty()) return {};
  if (found.tables.size() > 1 || !found.tables.front().path.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("The folder of table {}.{} holds more than one table.", database_, *table.name));
  }
  PlannedTable planned = found.tables.front();
  const auto keys = table.partition_keys.value_or(std::vector<wire::glue::Column>());
  if (!keys.empty() && keys.size() != planned.keys.size()) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("Table {}.{} has {} partition keys, but its folders lie {} deep.",
                                                         database_, *table.name, keys.size(), planned.keys.size()));
  }
  wire::glue::TableInput input = CrawledTable(crawler_.name, *table.name, *table.storage_descriptor->location, planned);
  if (!keys.empty()) input.partition_keys = keys;
  TRY(Update(table, input));
  if (planned.keys.empty()) return {};
  return WritePartitions(found, *table.name, planned, false);
}

Result<void> CrawlRun::Create(const wire::glue::TableInput& input) {
  CreateTable op{.in = {.database_name = database_, .table_input = input}};
  auto created = Ask(op, parts_.tables);
  if (!created && created.error().code == ErrorCode::kNotFound) {
    // To a role without rights a database of that name does not exist.
    return Fail(ErrorCode::kAccessDenied,
                fmt::format("Insufficient Lake Formation permission(s) on database {}, or it does not exist.", database_));
  }
  if (!created) return std::unexpected(std::move(created).error());
  ++summary_.tables_created;
  if (!configuration_.partition_index || !input.partition_keys || input.partition_keys->empty()) return {};
  CreatePartitionIndex index;
  index.in.database_name = database_;
  index.in.table_name = input.name;
  index.in.partition_index =
      wire::glue::PartitionIndex{.keys = std::vector<std::string>(), .index_name = "crawler_partition_index"};
  for (const auto& key : *input.partition_keys) index.in.partition_index->keys->push_back(*key.name);
  TRY(Ask(index, parts_.indexes));
  return {};
}

bool CrawlRun::ChangesSchemas() const {
  return crawler_.definition.schema_change_policy->update_behavior.value_or("") != "LOG" &&
         crawler_.definition.recrawl_policy->recrawl_behavior.value_or("") != "CRAWL_NEW_FOLDERS_ONLY";
}

Result<void> CrawlRun::Update(const wire::glue::Table& existing, const wire::glue::TableInput& input) {
  if (!ChangesSchemas()) return {};
  auto changed = UpdatedTable(existing, input, configuration_.tables);
  if (!changed) return {};
  UpdateTable op{.in = {.database_name = database_, .table_input = std::move(*changed)}};
  TRY(Ask(op, parts_.tables));
  ++summary_.tables_updated;
  return {};
}

}  // namespace hanse::catalog
