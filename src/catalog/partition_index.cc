#include "catalog/partition_index.h"

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/partition_rows.h"

namespace hanse::catalog {
namespace {

using wire::glue::PartitionIndexDescriptor;

// As Split, but nothing gives no part.
std::vector<std::string> KeyNames(const std::string& joined) { return Split(joined, '\n'); }

Result<OpenedTable> IndexedTable(const Access& access, const gate::Call& call, Intent intent, std::string_view action,
                                 const std::optional<std::string>& catalog, const std::string& database, const std::string& table) {
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), catalog));
  TRY_ASSIGN(OpenedTable opened, access.OpenTarget(call, intent, action, account, database, table));
  if (intent == Intent::kChange) TRY(Access::Demand(opened.access.permissions, policy::Permission::kAlter, table));
  return opened;
}

}  // namespace

Result<std::vector<gate::Need>> CreatePartitionIndex::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:CreatePartitionIndex", context, in.catalog_id, in.database_name, in.table_name);
}
Result<std::vector<gate::Need>> GetPartitionIndexes::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:GetPartitionIndexes", context, in.catalog_id, in.database_name, in.table_name);
}
Result<std::vector<gate::Need>> DeletePartitionIndex::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:DeletePartitionIndex", context, in.catalog_id, in.database_name, in.table_name);
}

Result<void> PartitionIndexes::Add(store::Transaction& tx, const store::TableRow& table, const wire::glue::PartitionIndex& index) {
  TRY_ASSIGN(std::string name, FoldName("PartitionIndex.IndexName", index.index_name.value_or("")));
  std::vector<std::string> keys;
  for (const std::string& key : index.keys.value_or(std::vector<std::string>())) {
    std::string folded = Lower(key);
    if (!Contains(table.keys, folded) || Contains(keys, folded)) {
      return Fail(ErrorCode::kInvalidArgument, fmt::format("PartitionIndex.Keys: {} is no partition key, or named twice.", key));
    }
    keys.push_back(std::move(folded));
  }
  if (keys.empty()) return Fail(ErrorCode::kInvalidArgument, "PartitionIndex.Keys must name at least one partition key.");
  TRY_ASSIGN(auto rows, tx.Query("SELECT name, keys FROM catalog_partition_indexes WHERE table_id = ?", {table.id}));
  for (const store::Row& row : rows) {
    if (row.Text(0) == name || KeyNames(row.Text(1)) == keys) {
      return Fail(ErrorCode::kAlreadyExists, "Partition index already exists.");
    }
  }
  if (rows.size() >= kIndexesMax) {
    return FailAs(ErrorCode::kLimitExceeded, "ResourceNumberLimitExceededException",
                  fmt::format("A table has at most {} partition indexes.", kIndexesMax));
  }
  TRY(tx.Execute("INSERT INTO catalog_partition_indexes (table_id, name, keys) VALUES (?, ?, ?)",
                 {table.id, name, Join(keys, "\n")}));
  return {};
}

Result<CreatePartitionIndex::Answer> PartitionIndexes::Do(const gate::Authorized<CreatePartitionIndex>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(auto opened, IndexedTable(access_, call, Intent::kChange, "glue:CreatePartitionIndex", in.catalog_id,
                                       *in.database_name, *in.table_name));
  TRY(Add(call.tx(), opened.table, *in.partition_index));
  return CreatePartitionIndex::Answer();
}

Result<GetPartitionIndexes::Answer> PartitionIndexes::Do(const gate::Authorized<GetPartitionIndexes>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(auto opened, IndexedTable(access_, call, Intent::kRead, "glue:GetPartitionIndexes", in.catalog_id, *in.database_name,
                                       *in.table_name));
  TRY_ASSIGN(auto keys, KeysOf(opened.table));
  TRY_ASSIGN(auto rows, call.tx().Query("SELECT name, keys FROM catalog_partition_indexes WHERE table_id = ? ORDER BY name",
                                        {opened.table.id}));
  GetPartitionIndexes::Answer answer{.partition_index_descriptor_list = std::vector<PartitionIndexDescriptor>()};
  for (const store::Row& row : rows) {
    PartitionIndexDescriptor shown{
        .index_name = row.Text(0), .keys = std::vector<wire::glue::KeySchemaElement>(), .index_status = "ACTIVE"};
    std::vector<std::string> names = KeyNames(row.Text(1));
    for (const std::string& name : names) {
      // An index over a key that the caller may not know is not there for it.
      if (!Contains(opened.access.described_columns, name)) break;
      for (const PartitionKey& key : keys) {
        if (key.name == name) shown.keys->push_back({.name = name, .type = key.type});
      }
    }
    if (shown.keys->size() == names.size()) answer.partition_index_descriptor_list->push_back(std::move(shown));
  }
  return answer;
}

Result<DeletePartitionIndex::Answer> PartitionIndexes::Do(const gate::Authorized<DeletePartitionIndex>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(auto opened, IndexedTable(access_, call, Intent::kChange, "glue:DeletePartitionIndex", in.catalog_id,
                                       *in.database_name, *in.table_name));
  TRY_ASSIGN(auto gone, call.tx().Execute("DELETE FROM catalog_partition_indexes WHERE table_id = ? AND name = ?",
                                          {opened.table.id, Lower(*in.index_name)}));
  if (gone == 0) return Fail(ErrorCode::kNotFound, fmt::format("Partition index {} not found.", *in.index_name));
  return DeletePartitionIndex::Answer();
}

}  // namespace hanse::catalog
