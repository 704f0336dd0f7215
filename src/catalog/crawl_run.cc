#include "catalog/crawl_run.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/crawl_table.h"
#include "catalog/definition.h"
#include "catalog/names.h"
#include "catalog/passed_role.h"
#include "crypto/digest.h"

namespace hanse::catalog {
namespace {

// Ends a run that was told to stop; no caller ever sees it.
constexpr std::string_view kStopped = "CrawlStopped";

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
  std::vector<Target> targets;
  for (const auto& s3 : crawler_.definition.targets->s3_targets.value_or(std::vector<wire::glue::S3Target>())) {
    Target target{.exclusions = s3.exclusions.value_or(std::vector<std::string>())};
    if (!ParseS3Location(s3.path.value_or(""), &target.bucket, &target.prefix)) continue;
    if (!target.prefix.empty() && !target.prefix.ends_with('/')) target.prefix += '/';
    target.sample_size = static_cast<std::size_t>(s3.sample_size.value_or(0));
    targets.push_back(std::move(target));
  }
  Result<void> done = ReadClassifiers();
  for (const Target& target : targets) {
    if (!done) break;
    done = CrawlTarget(target);
  }
  if (done) done = RemoveGone(targets);
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

Result<void> CrawlRun::ReadClassifiers() {
  for (const std::string& name : crawler_.definition.classifiers.value_or(std::vector<std::string>())) {
    GetClassifier get;
    get.in.name = name;
    TRY_ASSIGN(auto found, Ask(get, parts_.classifiers));
    custom_.push_back(std::move(*found.classifier));
  }
  return {};
}

Result<void> CrawlRun::CrawlTarget(const Target& target) {
  TRY_ASSIGN(std::vector<CrawledFile> files, ReadFiles(target));
  std::string_view folder = target.prefix;
  if (folder.ends_with('/')) folder.remove_suffix(1);
  std::size_t slash = folder.rfind('/');
  std::string_view name =
      folder.empty() ? std::string_view(target.bucket) : folder.substr(slash == std::string_view::npos ? 0 : slash + 1);
  CrawlConfiguration configuration = ReadConfiguration(crawler_.definition.configuration);
  std::optional<std::size_t> level;
  if (configuration.table_level > 0) {
    // Counted from the bucket; no table lies above the target.
    const auto above = static_cast<std::size_t>(std::count(target.prefix.begin(), target.prefix.end(), '/'));
    level = configuration.table_level > above ? configuration.table_level - above : 0;
  }
  for (const PlannedTable& planned : PlanTables(name, files, configuration.grouping, level)) TRY(Write(target, planned));
  return {};
}

Result<std::vector<CrawledFile>> CrawlRun::ReadFiles(const Target& target) {
  std::vector<CrawledFile> files;
  std::map<std::string, std::size_t> read;  // Of each folder.
  std::string from;
  do {
    TRY(Ended());
    TRY_ASSIGN(auto page, parts_.storage.List(Context(), target.bucket, target.prefix, from));
    for (const CrawlStorage::File& file : page.files) {
      if (file.bytes == 0 || Skippable(file.key) || file.key.size() < target.prefix.size()) continue;
      std::string path = file.key.substr(target.prefix.size());
      if (Excluded(target.exclusions, path)) continue;
      std::size_t slash = path.rfind('/');
      std::size_t& count = read[slash == std::string::npos ? "" : path.substr(0, slash)];
      if (target.sample_size > 0 && count >= target.sample_size) continue;
      ++count;
      if (files.size() == kCrawledFilesMax) {
        return Fail(ErrorCode::kLimitExceeded, fmt::format("A crawl looks at no more than {} files.", kCrawledFilesMax));
      }
      TRY(ReadOne(target, file, &files));
    }
    from = page.next;
  } while (!from.empty());
  return files;
}

Result<void> CrawlRun::ReadOne(const Target& target, const CrawlStorage::File& file, std::vector<CrawledFile>* files) {
  TRY(Ended());
  auto opened = parts_.storage.Open(Context(), target.bucket, file.key);
  if (!opened && opened.error().code == ErrorCode::kNotFound) return {};  // Deleted meanwhile.
  if (!opened) return std::unexpected(std::move(opened).error());
  TRY_ASSIGN(auto schema, ReadFileSchema(**opened, custom_));
  if (!schema) return {};
  files->push_back({.path = file.key.substr(target.prefix.size()), .bytes = file.bytes, .schema = std::move(*schema)});
  return {};
}

Result<std::optional<wire::glue::Table>> CrawlRun::Find(const std::string& name) {
  GetTable op{.in = {.database_name = crawler_.definition.database_name, .name = name}};
  auto found = Ask(op, parts_.tables);
  if (found) return std::move(found->table);
  if (found.error().code == ErrorCode::kNotFound) return std::optional<wire::glue::Table>();
  return std::unexpected(std::move(found).error());
}

Result<void> CrawlRun::Write(const Target& target, const PlannedTable& planned) {
  const std::string location = fmt::format("s3://{}/{}{}", target.bucket, target.prefix, planned.path);
  const std::string base = FoldFolderName(crawler_.definition.table_prefix.value_or("") + planned.name);
  std::string name = base;
  TRY_ASSIGN(auto existing, Find(name));
  auto elsewhere = [&](const wire::glue::Table& table) {
    std::string place = table.storage_descriptor ? table.storage_descriptor->location.value_or("") : "";
    while (place.ends_with('/')) place.pop_back();
    return place + "/" != location;
  };
  if (existing && elsewhere(*existing)) {
    // Another table has the name: this one gets the mark of its place, the same at every crawl.
    name = base + "_" + crypto::Sha256Hex(location).substr(0, 32);
    TRY_ASSIGN(existing, Find(name));
  }
  wire::glue::TableInput input = CrawledTable(crawler_.name, name, location, planned);
  if (existing) {
    TRY(Update(*existing, input));
  } else {
    TRY(Create(name, input));
  }
  written_.push_back(name);
  if (planned.keys.empty()) return {};
  return WritePartitions(target, name, planned, !existing);
}

Result<void> CrawlRun::Create(const std::string&, const wire::glue::TableInput& input) {
  CreateTable op{.in = {.database_name = crawler_.definition.database_name, .table_input = input}};
  auto created = Ask(op, parts_.tables);
  if (!created && created.error().code == ErrorCode::kNotFound) {
    // To a role without rights a database of that name does not exist.
    return Fail(ErrorCode::kAccessDenied,
                fmt::format("Insufficient Lake Formation permission(s) on database {}, or it does not exist.",
                            crawler_.definition.database_name.value_or("")));
  }
  if (!created) return std::unexpected(std::move(created).error());
  ++summary_.tables_created;
  return {};
}

bool CrawlRun::ChangesSchemas() const {
  return crawler_.definition.schema_change_policy->update_behavior.value_or("") != "LOG" &&
         crawler_.definition.recrawl_policy->recrawl_behavior.value_or("") != "CRAWL_NEW_FOLDERS_ONLY";
}

Result<void> CrawlRun::Update(const wire::glue::Table& existing, const wire::glue::TableInput& input) {
  const wire::glue::Crawler& definition = crawler_.definition;
  if (!ChangesSchemas()) return {};
  auto changed = UpdatedTable(existing, input, ReadConfiguration(definition.configuration).tables);
  if (!changed) return {};
  UpdateTable op{.in = {.database_name = definition.database_name, .table_input = std::move(*changed)}};
  TRY(Ask(op, parts_.tables));
  ++summary_.tables_updated;
  return {};
}

}  // namespace hanse::catalog
