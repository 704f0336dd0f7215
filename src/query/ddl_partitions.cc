// Statements about partitions (ddl.h).
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "query/ddl.h"

namespace hanse::query {
namespace {

namespace glue = wire::glue;

constexpr std::size_t kCreatedAtOnce = 100;  // Glue's limits of its batches.
constexpr std::size_t kDeletedAtOnce = 25;
constexpr std::size_t kShownMax = 100'000;
using Values = std::vector<std::string>;

// A table's partition keys and where it lies.
struct Partitioned {
  glue::Table table;
  Values keys;
  std::string location;  // Ends with '/'.
};

Result<Partitioned> OpenPartitioned(const DdlCall& call) {
  Partitioned opened;
  TRY_ASSIGN(opened.table, call.Table());
  for (const glue::Column& key : opened.table.partition_keys.value_or(std::vector<glue::Column>{}))
    opened.keys.push_back(Lower(*key.name));
  if (opened.keys.empty()) {
    return FailAs(ErrorCode::kInvalidArgument, "SYNTAX_ERROR",
                  fmt::format("SYNTAX_ERROR: {} is not a partitioned table", call.ddl.table));
  }
  if (opened.table.storage_descriptor) opened.location = opened.table.storage_descriptor->location.value_or("");
  if (!opened.location.ends_with('/')) opened.location += '/';
  return opened;
}

// As Hive writes names and values into paths.
std::string PathPart(std::string_view text) {
  std::string part;
  for (unsigned char c : text) {
    bool escaped =
        c < 0x20 || c == 0x7f || std::string_view("\"#%'*/:=?\\{[]^").find(static_cast<char>(c)) != std::string_view::npos;
    if (escaped) {
      part += fmt::format("%{:02X}", c);
    } else {
      part += static_cast<char>(c);
    }
  }
  return part;
}

std::string PathOf(const Values& keys, const Values& values) {
  std::string path;
  for (std::size_t i = 0; i < keys.size() && i < values.size(); ++i)
    path += fmt::format("{}{}={}", i == 0 ? "" : "/", PathPart(keys[i]), PathPart(values[i]));
  return path;
}

// The values of a specification in the order of the keys. Fails where it names a key that is none, or leaves one out.
Result<Values> WholeValues(const Partitioned& opened, const PartitionSpec& spec) {
  Values values;
  for (const std::string& key : opened.keys) {
    auto found = spec.values.find(key);
    if (found != spec.values.end()) values.push_back(found->second);
  }
  if (values.size() == opened.keys.size() && values.size() == spec.values.size()) return values;
  return FailAs(ErrorCode::kInvalidArgument, "SYNTAX_ERROR",
                fmt::format("SYNTAX_ERROR: the partition must name each of {}, and nothing else", Join(opened.keys, ", ")));
}

glue::PartitionInput InputOf(const Partitioned& opened, const Values& values, std::string location) {
  glue::PartitionInput input{.values = values, .storage_descriptor = opened.table.storage_descriptor, .parameters = Properties{}};
  if (!input.storage_descriptor) input.storage_descriptor.emplace();
  input.storage_descriptor->location =
      location.empty() ? fmt::format("{}{}/", opened.location, PathOf(opened.keys, values)) : std::move(location);
  return input;
}

// One error of a batch ends the statement; `expected` is none.
Result<void> CheckBatch(const std::optional<std::vector<glue::PartitionError>>& errors, std::string_view expected) {
  if (!errors) return {};
  for (const glue::PartitionError& error : *errors) {
    const glue::ErrorDetail detail = error.error_detail.value_or(glue::ErrorDetail{});
    if (detail.error_code.value_or("") == expected) continue;
    return FailAs(ErrorCode::kConflict, detail.error_code.value_or(""), detail.error_message.value_or("the batch failed"));
  }
  return {};
}

Result<void> Create(const DdlCall& call, std::vector<glue::PartitionInput> inputs, std::string_view expected) {
  for (std::size_t at = 0; at < inputs.size(); at += kCreatedAtOnce) {
    auto begin = inputs.begin() + static_cast<std::ptrdiff_t>(at);
    auto end = inputs.begin() + static_cast<std::ptrdiff_t>(std::min(at + kCreatedAtOnce, inputs.size()));
    glue::BatchCreatePartitionRequest request{.database_name = call.database, .table_name = call.ddl.table};
    request.partition_input_list.emplace(std::make_move_iterator(begin), std::make_move_iterator(end));
    TRY_ASSIGN(auto answer, call.world.Call(call.as, std::move(request)));
    TRY(CheckBatch(answer.errors, expected));
  }
  return {};
}

Result<std::vector<glue::Partition>> All(const DdlCall& call) {
  std::vector<glue::Partition> all;
  std::optional<std::string> token;
  do {
    TRY_ASSIGN(auto page, call.world.Call(call.as, glue::GetPartitionsRequest{.catalog_id = call.catalog_id,
                                                                              .database_name = call.database,
                                                                              .table_name = call.ddl.table,
                                                                              .next_token = token,
                                                                              .exclude_column_schema = true}));
    for (glue::Partition& partition : *page.partitions) all.push_back(std::move(partition));
    if (all.size() > kShownMax) {
      return FailAs(ErrorCode::kLimitExceeded, "NOT_SUPPORTED", fmt::format("more than {} partitions", kShownMax));
    }
    token = page.next_token;
  } while (token);
  return all;
}

Result<DdlAnswer> ShowPartitions(const DdlCall& call) {
  TRY_ASSIGN(Partitioned opened, OpenPartitioned(call));
  TRY_ASSIGN(auto all, All(call));
  DdlAnswer answer{{{"partition", "string"}}, {}};
  for (const glue::Partition& partition : all) answer.lines.push_back(PathOf(opened.keys, *partition.values));
  return answer;
}

Result<DdlAnswer> AddPartitions(const DdlCall& call) {
  TRY_ASSIGN(Partitioned opened, OpenPartitioned(call));
  std::vector<glue::PartitionInput> inputs;
  for (const PartitionSpec& spec : call.ddl.partitions) {
    TRY_ASSIGN(Values values, WholeValues(opened, spec));
    inputs.push_back(InputOf(opened, values, spec.location));
  }
  TRY(Create(call, std::move(inputs), call.ddl.tolerant ? "AlreadyExistsException" : " none "));
  return DdlAnswer{};
}

bool Matches(const Partitioned& opened, const PartitionSpec& spec, const Values& values) {
  for (std::size_t i = 0; i < opened.keys.size() && i < values.size(); ++i) {
    auto wanted = spec.values.find(opened.keys[i]);
    if (wanted != spec.values.end() && wanted->second != values[i]) return false;
  }
  return true;
}

// A specification that leaves keys out takes every partition that it fits.
Result<DdlAnswer> DropPartitions(const DdlCall& call) {
  TRY_ASSIGN(Partitioned opened, OpenPartitioned(call));
  TRY_ASSIGN(auto all, All(call));
  std::set<Values> gone;
  for (const PartitionSpec& spec : call.ddl.partitions) {
    for (const auto& [key, value] : spec.values) {
      if (Contains(opened.keys, key)) continue;
      return FailAs(ErrorCode::kInvalidArgument, "SYNTAX_ERROR", fmt::format("SYNTAX_ERROR: {} is not a partition key", key));
    }
    bool found = false;
    for (const glue::Partition& partition : all) {
      if (!Matches(opened, spec, *partition.values)) continue;
      gone.insert(*partition.values);
      found = true;
    }
    if (!found && !call.ddl.tolerant) {
      return FailAs(ErrorCode::kNotFound, "EntityNotFoundException", "Partition not found.");
    }
  }
  std::vector<glue::PartitionValueList> batch;
  auto flush = [&]() -> Result<void> {
    glue::BatchDeletePartitionRequest request{
        .database_name = call.database, .table_name = call.ddl.table, .partitions_to_delete = std::exchange(batch, {})};
    TRY_ASSIGN(auto answer, call.world.Call(call.as, std::move(request)));
    return CheckBatch(answer.errors, "EntityNotFoundException");
  };
  for (const Values& values : gone) {
    batch.push_back({.values = values});
    if (batch.size() == kDeletedAtOnce) TRY(flush());
  }
  if (!batch.empty()) TRY(flush());
  return DdlAnswer{};
}

// RENAME: other values, the same place. SET LOCATION: another place.
Result<DdlAnswer> ChangePartition(const DdlCall& call) {
  TRY_ASSIGN(Partitioned opened, OpenPartitioned(call));
  TRY_ASSIGN(Values values, WholeValues(opened, call.ddl.partitions.front()));
  glue::GetPartitionRequest get{.database_name = call.database, .table_name = call.ddl.table, .partition_values = values};
  TRY_ASSIGN(auto got, call.world.Call(call.as, std::move(get)));
  glue::Partition& before = *got.partition;
  glue::PartitionInput input{.values = values,
                             .last_access_time = before.last_access_time,
                             .storage_descriptor = std::move(before.storage_descriptor),
                             .parameters = std::move(before.parameters),
                             .last_analyzed_time = before.last_analyzed_time};
  if (!input.storage_descriptor) input = InputOf(opened, values, "");
  if (call.ddl.verb == DdlVerb::kRenamePartition) {
    TRY_ASSIGN(input.values, WholeValues(opened, call.ddl.partitions.back()));
  } else {
    input.storage_descriptor->location = call.ddl.location;
  }
  TRY(call.world.Call(call.as, glue::UpdatePartitionRequest{.database_name = call.database,
                                                            .table_name = call.ddl.table,
                                                            .partition_value_list = values,
                                                            .partition_input = std::move(input)}));
  return DdlAnswer{};
}

// The values in "day=1/hour=2/file": nothing where its folders are not those of the keys.
std::optional<Values> ValuesOfPath(const Values& keys, const std::string& path) {
  std::vector<std::string> parts = Split(path, '/');
  if (parts.size() <= keys.size()) return std::nullopt;
  Values values;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    std::size_t equals = parts[i].find('=');
    std::string value;
    if (equals == std::string::npos || !EqualsIgnoreCase(std::string_view(parts[i]).substr(0, equals), keys[i]))
      return std::nullopt;
    if (!PercentDecode(std::string_view(parts[i]).substr(equals + 1), &value) || value.empty()) return std::nullopt;
    values.push_back(std::move(value));
  }
  return values;
}

// MSCK REPAIR TABLE: folders below the table that no partition is registered for.
Result<DdlAnswer> RepairTable(const DdlCall& call) {
  TRY_ASSIGN(Partitioned opened, OpenPartitioned(call));
  TRY_ASSIGN(auto all, All(call));
  std::set<Values> known;
  for (const glue::Partition& partition : all) known.insert(*partition.values);
  TRY_ASSIGN(auto paths, call.world.DataBelow(call.as, call.query_id, opened.table));
  std::vector<glue::PartitionInput> inputs;
  std::string missing = "Partitions not in metastore:";
  DdlAnswer answer{{{"result", "string"}}, {}};
  for (const std::string& path : paths) {
    auto values = ValuesOfPath(opened.keys, path);
    if (!values || !known.insert(*values).second) continue;
    // The place is the folder as it is spelt, not as it would be.
    std::size_t end = 0;
    for (std::size_t i = 0; i < opened.keys.size(); ++i) end = path.find('/', end) + 1;
    inputs.push_back(InputOf(opened, *values, opened.location + path.substr(0, end)));
    std::string name = fmt::format("{}:{}", call.ddl.table, PathOf(opened.keys, *values));
    missing += "\t" + name;
    answer.lines.push_back("Repair: Added partition to metastore " + name);
  }
  if (inputs.empty()) return answer;
  answer.lines.insert(answer.lines.begin(), missing);
  TRY(Create(call, std::move(inputs), "AlreadyExistsException"));
  return answer;
}

}  // namespace

Result<DdlAnswer> RunPartitions(const DdlCall& call) {
  switch (call.ddl.verb) {
    case DdlVerb::kShowPartitions: return ShowPartitions(call);
    case DdlVerb::kAddPartitions: return AddPartitions(call);
    case DdlVerb::kDropPartitions: return DropPartitions(call);
    case DdlVerb::kRepairTable: return RepairTable(call);
    default: return ChangePartition(call);
  }
}

}  // namespace hanse::query
