// The partitions of a crawled table, and what a crawl does about tables that are gone (crawl_run.h).
#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "catalog/crawl_run.h"
#include "catalog/names.h"
#include "catalog/partition_rows.h"

namespace hanse::catalog {
namespace {

constexpr std::size_t kCreatedAtOnce = 100;
constexpr std::size_t kDeletedAtOnce = 25;

}  // namespace

Result<CrawlRun::KnownPartitions> CrawlRun::ReadPartitions(const std::string& name) {
  KnownPartitions known;
  GetPartitions list{.in = {.database_name = database_, .table_name = name}};
  do {
    TRY_ASSIGN(auto page, Ask(list, parts_.partitions));
    for (wire::glue::Partition& partition : *page.partitions) {
      std::string key = ValuesKey(*partition.values);
      known.emplace(std::move(key), std::move(partition));
    }
    list.in.next_token = page.next_token;
  } while (list.in.next_token);
  return known;
}

Result<void> CrawlRun::AddPartitions(const std::string& name, std::vector<wire::glue::PartitionInput> batch) {
  if (batch.empty()) return {};
  BatchCreatePartition op{.in = {.database_name = database_, .table_name = name, .partition_input_list = std::move(batch)}};
  TRY_ASSIGN(auto answer, Ask(op, parts_.partitions));
  if (!answer.errors || answer.errors->empty()) return {};
  const wire::glue::ErrorDetail& error = *answer.errors->front().error_detail;
  if (error.error_code == "AlreadyExistsException") return {};
  return FailAs(ErrorCode::kAccessDenied, error.error_code.value_or(""), error.error_message.value_or(""));
}

// A partition whose columns are no longer those of its files, or of the table that it follows.
Result<void> CrawlRun::UpdateOne(const std::string& name, const wire::glue::Partition& before, wire::glue::PartitionInput input) {
  auto plain = [](const std::optional<wire::glue::StorageDescriptor>& storage) {
    std::vector<std::pair<std::string, std::string>> pairs;
    if (!storage || !storage->columns) return pairs;
    for (const auto& column : *storage->columns) pairs.emplace_back(column.name.value_or(""), column.type.value_or(""));
    return pairs;
  };
  if (plain(before.storage_descriptor) == plain(input.storage_descriptor)) return {};
  input.parameters = before.parameters;
  UpdatePartition op{.in = {.database_name = database_, .table_name = name}};
  op.in.partition_value_list = input.values;
  op.in.partition_input = std::move(input);
  TRY(Ask(op, parts_.partitions));
  return {};
}

Result<void> CrawlRun::DeletePartitions(const std::string& name, const std::vector<std::string>& gone) {
  for (std::size_t at = 0; at < gone.size(); at += kDeletedAtOnce) {
    std::vector<wire::glue::PartitionValueList> some;
    for (std::size_t i = at; i < std::min(at + kDeletedAtOnce, gone.size()); ++i) some.push_back({.values = ValuesOf(gone[i])});
    BatchDeletePartition op{.in = {.database_name = database_, .table_name = name, .partitions_to_delete = std::move(some)}};
    TRY(Ask(op, parts_.partitions));
  }
  return {};
}

Result<void> CrawlRun::WritePartitions(const Found& found_there, const std::string& name, const PlannedTable& planned, bool fresh) {
  const wire::glue::Crawler& definition = crawler_.definition;
  const Target& target = found_there.target;
  if (const auto& changed = found_there.changed; changed && !fresh) {
    auto first = changed->lower_bound(planned.path);
    if (first == changed->end() || !first->starts_with(planned.path)) return {};
  }
  KnownPartitions known;
  if (!fresh) {
    TRY_ASSIGN(known, ReadPartitions(name));
  }
  std::set<std::string> found;
  std::vector<wire::glue::PartitionInput> batch;
  for (const PlannedPartition& partition : planned.partitions) {
    const std::string key = ValuesKey(partition.values);
    found.insert(key);
    const std::string location = fmt::format("s3://{}/{}{}", target.bucket, target.prefix, partition.path);
    wire::glue::PartitionInput input{.values = partition.values};
    input.storage_descriptor =
        CrawledStorage(location, planned.schema, configuration_.partitions_inherit ? planned.schema.columns : partition.columns);
    input.parameters.emplace();
    if (auto before = known.find(key); before != known.end()) {
      if (ChangesSchemas()) TRY(UpdateOne(name, before->second, std::move(input)));
      continue;
    }
    batch.push_back(std::move(input));
    if (batch.size() == kCreatedAtOnce) TRY(AddPartitions(name, std::exchange(batch, {})));
  }
  TRY(AddPartitions(name, std::move(batch)));
  if (definition.schema_change_policy->delete_behavior.value_or("") != "DELETE_FROM_DATABASE" || target.table) return {};
  std::vector<std::string> gone;
  for (const auto& [key, partition] : known) {
    if (!found.contains(key)) gone.push_back(key);
  }
  return DeletePartitions(name, gone);
}

Result<void> CrawlRun::RemoveGone() {
  database_ = crawler_.definition.database_name.value_or("");
  const wire::glue::Crawler& definition = crawler_.definition;
  const std::string behavior = definition.schema_change_policy->delete_behavior.value_or("");
  bool only_new = definition.recrawl_policy->recrawl_behavior.value_or("") == "CRAWL_NEW_FOLDERS_ONLY";
  const bool warehouses = definition.targets->jdbc_targets && !definition.targets->jdbc_targets->empty();
  if (behavior == "LOG" || only_new || (roots_.empty() && !warehouses)) return {};
  std::vector<wire::glue::Table> gone;
  std::optional<std::string> token;
  do {
    GetTables op{.in = {.database_name = database_, .next_token = token}};
    auto page = Ask(op, parts_.tables);
    if (!page && page.error().code == ErrorCode::kNotFound) return {};
    if (!page) return std::unexpected(std::move(page).error());
    for (wire::glue::Table& table : *page->table_list) {
      auto by = table.parameters ? table.parameters->find(std::string(kCrawledBy)) : std::map<std::string, std::string>::iterator();
      bool mine = table.parameters && by != table.parameters->end() && by->second == crawler_.name && table.storage_descriptor;
      bool again = std::find(written_.begin(), written_.end(), *table.name) != written_.end();
      bool below = mine && std::any_of(roots_.begin(), roots_.end(), [&](const std::string& root) {
                     return LiesBelow(table.storage_descriptor->location.value_or(""), root);
                   });
      if (mine && (below || InWarehouseTarget(table)) && !again) gone.push_back(std::move(table));
    }
    token = page->next_token;
  } while (token);
  for (const wire::glue::Table& table : gone) {
    if (behavior == "DELETE_FROM_DATABASE") {
      TRY(Ask(DeleteTable{.in = {.database_name = database_, .name = table.name}}, parts_.tables));
      ++summary_.tables_deleted;
    } else if (!table.parameters->contains(std::string(kDeprecatedBy))) {
      wire::glue::TableInput input = InputOf(table);
      (*input.parameters)[std::string(kDeprecatedBy)] = std::to_string(parts_.clock.NowMs());
      TRY(Ask(UpdateTable{.in = {.database_name = database_, .table_input = std::move(input)}}, parts_.tables));
      ++summary_.tables_updated;
    }
  }
  return {};
}

}  // namespace hanse::catalog
