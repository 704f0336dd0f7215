#include "catalog/partition.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/definition.h"
#include "catalog/partition_order.h"
#include "catalog/partition_rows.h"
#include "wire/json.h"

namespace hanse::catalog {
namespace {

using wire::glue::PartitionInput;

constexpr std::size_t kScannedRowsMax = 1'000'000;

std::unexpected<Error> NoPartition() { return Fail(ErrorCode::kNotFound, "Cannot find partition."); }

template <class Input>
Result<std::vector<gate::Need>> Needs(std::string_view action, const gate::Context& context, const Input& in) {
  return NeedOnTable(action, context, in.catalog_id, in.database_name, in.table_name);
}

Result<void> CheckValues(const store::TableRow& table, const std::vector<std::string>& values) {
  if (values.size() == table.keys.size() && !values.empty()) return {};
  return Fail(
      ErrorCode::kInvalidArgument,
      fmt::format("The number of partition keys ({}) does not match the number of values ({}).", table.keys.size(), values.size()));
}

struct PartitionRow {
  std::string location, definition;
};

Result<PartitionRow> RowOf(const PartitionInput& input, TimeMs created_ms) {
  wire::glue::Partition partition{.values = input.values,
                                  .creation_time = wire::Timestamp{created_ms},
                                  .last_access_time = input.last_access_time,
                                  .storage_descriptor = input.storage_descriptor,
                                  .parameters = input.parameters,
                                  .last_analyzed_time = input.last_analyzed_time};
  if (partition.storage_descriptor) TRY(NormalizeStorage(&*partition.storage_descriptor));
  std::string location;
  if (partition.storage_descriptor) location = NormalLocation(partition.storage_descriptor->location.value_or(""));
  return PartitionRow{std::move(location), wire::ToJson(partition)};
}

Result<void> Erase(store::Transaction& tx, Id table, const std::vector<std::string>& values) {
  TRY_ASSIGN(auto gone,
             tx.Execute("DELETE FROM catalog_partitions WHERE table_id = ? AND values_key = ?", {table, ValuesKey(values)}));
  if (gone == 0) return NoPartition();
  return {};
}

// Whether a batch goes on after the error of one of its items.
bool OfOneItem(const Error& error) {
  return error.code == ErrorCode::kInvalidArgument || error.code == ErrorCode::kNotFound ||
         error.code == ErrorCode::kAlreadyExists || error.code == ErrorCode::kAccessDenied;
}

}  // namespace

Result<std::vector<gate::Need>> CreatePartition::On(const gate::Context& context, store::Transaction&) const {
  return Needs("glue:CreatePartition", context, in);
}
Result<std::vector<gate::Need>> GetPartition::On(const gate::Context& context, store::Transaction&) const {
  return Needs("glue:GetPartition", context, in);
}
Result<std::vector<gate::Need>> GetPartitions::On(const gate::Context& context, store::Transaction&) const {
  return Needs("glue:GetPartitions", context, in);
}
Result<std::vector<gate::Need>> UpdatePartition::On(const gate::Context& context, store::Transaction&) const {
  return Needs("glue:UpdatePartition", context, in);
}
Result<std::vector<gate::Need>> DeletePartition::On(const gate::Context& context, store::Transaction&) const {
  return Needs("glue:DeletePartition", context, in);
}
Result<std::vector<gate::Need>> BatchCreatePartition::On(const gate::Context& context, store::Transaction&) const {
  return Needs("glue:BatchCreatePartition", context, in);
}
Result<std::vector<gate::Need>> BatchGetPartition::On(const gate::Context& context, store::Transaction&) const {
  return Needs("glue:BatchGetPartition", context, in);
}
Result<std::vector<gate::Need>> BatchUpdatePartition::On(const gate::Context& context, store::Transaction&) const {
  return Needs("glue:BatchUpdatePartition", context, in);
}
Result<std::vector<gate::Need>> BatchDeletePartition::On(const gate::Context& context, store::Transaction&) const {
  return Needs("glue:BatchDeletePartition", context, in);
}

template <class Input>
Result<OpenedTable> Partitions::ForChange(const gate::Call& call, std::string_view action, const Input& in) const {
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), in.catalog_id));
  std::string name = in.table_name.value_or("");
  TRY_ASSIGN(OpenedTable opened, access_.OpenTarget(call, Intent::kChange, action, account, in.database_name.value_or(""), name));
  TRY(Access::Demand(opened.access.permissions, policy::Permission::kAlter, name));
  call.NoteResource("AWS::Glue::Table",
                    TableArn(opened.table.region, opened.table.account, opened.table.database_name, opened.table.name));
  return opened;
}

Result<void> Partitions::Insert(const gate::Call& call, const OpenedTable& opened, const std::vector<PartitionKey>& keys,
                                const PartitionInput& input) const {
  const std::vector<std::string> values = input.values.value_or(std::vector<std::string>());
  TRY(CheckValues(opened.table, values));
  TRY_ASSIGN(auto taken, FindPartition(call.tx(), opened.table.id, values));
  if (taken) return Fail(ErrorCode::kAlreadyExists, "Partition already exists.");
  for (const std::string& place : LocationsOf(input.storage_descriptor)) {
    TRY(access_.DemandLocation(call, opened.table.account, opened.table.region, place, &opened.home));
  }
  TRY_ASSIGN(PartitionRow row, RowOf(input, call.now_ms()));
  const PartitionOrder order = OrderOf(keys, values);
  TRY(call.tx().Execute(
      "INSERT INTO catalog_partitions (table_id, values_key, location, definition, sorted, sorted_1, sorted_2, "
      "sorted_3, sorted_4) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {opened.table.id, ValuesKey(values), row.location, row.definition, order[0], order[1], order[2], order[3], order[4]}));
  return {};
}

Result<void> Partitions::Replace(const gate::Call& call, const OpenedTable& opened, const std::vector<PartitionKey>& keys,
                                 const std::vector<std::string>& values, const PartitionInput& input) const {
  TRY_ASSIGN(auto text, FindPartition(call.tx(), opened.table.id, values));
  if (!text) return NoPartition();
  TRY_ASSIGN(auto before, wire::FromJson<wire::glue::Partition>(*text));
  PartitionInput next = input;
  if (!next.values || next.values->empty()) next.values = values;
  TRY(CheckValues(opened.table, *next.values));
  if (*next.values != values) {
    TRY_ASSIGN(auto taken, FindPartition(call.tx(), opened.table.id, *next.values));
    if (taken) return Fail(ErrorCode::kAlreadyExists, "Partition already exists.");
  }
  std::vector<std::string> known = LocationsOf(before.storage_descriptor);
  for (const std::string& place : LocationsOf(next.storage_descriptor)) {
    if (std::find(known.begin(), known.end(), place) != known.end()) continue;
    TRY(access_.DemandLocation(call, opened.table.account, opened.table.region, place, &opened.home));
  }
  TRY_ASSIGN(PartitionRow row, RowOf(next, before.creation_time.value_or(wire::Timestamp{call.now_ms()}).ms));
  const PartitionOrder order = OrderOf(keys, *next.values);
  TRY(
      call.tx().Execute("UPDATE catalog_partitions SET values_key = ?, location = ?, definition = ?, sorted = ?, sorted_1 = ?, "
                        "sorted_2 = ?, sorted_3 = ?, sorted_4 = ? WHERE table_id = ? AND values_key = ?",
                        {ValuesKey(*next.values), row.location, row.definition, order[0], order[1], order[2], order[3], order[4],
                         opened.table.id, ValuesKey(values)}));
  return {};
}

Result<CreatePartition::Answer> Partitions::Do(const gate::Authorized<CreatePartition>& call) const {
  TRY_ASSIGN(OpenedTable opened, ForChange(call, "glue:CreatePartition", call->in));
  TRY_ASSIGN(auto keys, KeysOf(opened.table));
  TRY(Insert(call, opened, keys, call->in.partition_input.value_or(PartitionInput())));
  return CreatePartition::Answer();
}

Result<UpdatePartition::Answer> Partitions::Do(const gate::Authorized<UpdatePartition>& call) const {
  TRY_ASSIGN(OpenedTable opened, ForChange(call, "glue:UpdatePartition", call->in));
  TRY_ASSIGN(auto keys, KeysOf(opened.table));
  TRY(Replace(call, opened, keys, call->in.partition_value_list.value_or(std::vector<std::string>()),
              call->in.partition_input.value_or(PartitionInput())));
  return UpdatePartition::Answer();
}

Result<DeletePartition::Answer> Partitions::Do(const gate::Authorized<DeletePartition>& call) const {
  TRY_ASSIGN(OpenedTable opened, ForChange(call, "glue:DeletePartition", call->in));
  TRY(Erase(call.tx(), opened.table.id, call->in.partition_values.value_or(std::vector<std::string>())));
  return DeletePartition::Answer();
}

Result<BatchCreatePartition::Answer> Partitions::Do(const gate::Authorized<BatchCreatePartition>& call) const {
  TRY_ASSIGN(OpenedTable opened, ForChange(call, "glue:BatchCreatePartition", call->in));
  TRY_ASSIGN(auto keys, KeysOf(opened.table));
  BatchCreatePartition::Answer answer;
  for (const PartitionInput& input : call->in.partition_input_list.value_or(std::vector<PartitionInput>())) {
    auto done = Insert(call, opened, keys, input);
    if (done) continue;
    if (!OfOneItem(done.error())) return std::unexpected(std::move(done).error());
    if (!answer.errors) answer.errors.emplace();
    answer.errors->push_back({.partition_values = input.values, .error_detail = ErrorDetailOf(done.error())});
  }
  return answer;
}

Result<BatchUpdatePartition::Answer> Partitions::Do(const gate::Authorized<BatchUpdatePartition>& call) const {
  TRY_ASSIGN(OpenedTable opened, ForChange(call, "glue:BatchUpdatePartition", call->in));
  TRY_ASSIGN(auto keys, KeysOf(opened.table));
  BatchUpdatePartition::Answer answer;
  for (const auto& entry : call->in.entries.value_or(std::vector<wire::glue::BatchUpdatePartitionRequestEntry>())) {
    auto done = Replace(call, opened, keys, entry.partition_value_list.value_or(std::vector<std::string>()),
                        entry.partition_input.value_or(PartitionInput()));
    if (done) continue;
    if (!OfOneItem(done.error())) return std::unexpected(std::move(done).error());
    if (!answer.errors) answer.errors.emplace();
    answer.errors->push_back({.partition_value_list = entry.partition_value_list, .error_detail = ErrorDetailOf(done.error())});
  }
  return answer;
}

Result<BatchDeletePartition::Answer> Partitions::Do(const gate::Authorized<BatchDeletePartition>& call) const {
  TRY_ASSIGN(OpenedTable opened, ForChange(call, "glue:BatchDeletePartition", call->in));
  BatchDeletePartition::Answer answer;
  for (const auto& entry : call->in.partitions_to_delete.value_or(std::vector<wire::glue::PartitionValueList>())) {
    auto done = Erase(call.tx(), opened.table.id, entry.values.value_or(std::vector<std::string>()));
    if (done) continue;
    if (!OfOneItem(done.error())) return std::unexpected(std::move(done).error());
    if (!answer.errors) answer.errors.emplace();
    answer.errors->push_back({.partition_values = entry.values, .error_detail = ErrorDetailOf(done.error())});
  }
  return answer;
}

Result<GetPartition::Answer> Partitions::Do(const gate::Authorized<GetPartition>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), in.catalog_id));
  TRY_ASSIGN(OpenedTable opened, access_.OpenTarget(call, Intent::kRead, "glue:GetPartition", account,
                                                    in.database_name.value_or(""), in.table_name.value_or("")));
  TRY_ASSIGN(auto found, FindPartition(call.tx(), opened.table.id, in.partition_values.value_or(std::vector<std::string>())));
  if (!found) return NoPartition();
  TRY_ASSIGN(auto shown, ShownPartition(opened, *found, Schema::kShown));
  return GetPartition::Answer{.partition = std::move(shown)};
}

Result<BatchGetPartition::Answer> Partitions::Do(const gate::Authorized<BatchGetPartition>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), in.catalog_id));
  TRY_ASSIGN(OpenedTable opened, access_.OpenTarget(call, Intent::kRead, "glue:BatchGetPartition", account,
                                                    in.database_name.value_or(""), in.table_name.value_or("")));
  BatchGetPartition::Answer answer{.partitions = std::vector<wire::glue::Partition>()};
  for (const auto& entry : in.partitions_to_get.value_or(std::vector<wire::glue::PartitionValueList>())) {
    TRY_ASSIGN(auto found, FindPartition(call.tx(), opened.table.id, entry.values.value_or(std::vector<std::string>())));
    if (!found) continue;
    TRY_ASSIGN(auto shown, ShownPartition(opened, *found, Schema::kShown));
    answer.partitions->push_back(std::move(shown));
  }
  return answer;
}

Result<GetPartitions::Answer> Partitions::Do(const gate::Authorized<GetPartitions>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), in.catalog_id));
  TRY_ASSIGN(OpenedTable opened, access_.Open(call, Intent::kRead, Links::kFollow, "glue:GetPartitions", account,
                                              in.database_name.value_or(""), in.table_name.value_or("")));
  GetPartitions::Answer answer{.partitions = std::vector<wire::glue::Partition>()};
  if (opened.bare) {
    if (opened.twice_linked()) return answer;
    return Refuse(NoTable(in.table_name.value_or("")));
  }
  TRY_ASSIGN(Slice slice, SliceOf(in.segment));
  TRY_ASSIGN(auto keys, KeysOf(opened.table));
  TRY_ASSIGN(auto expression, PartitionExpression::Compile(in.expression.value_or(""), keys));
  const std::string list = fmt::format("GetPartitions/{}/{}", call.caller().unique_id, opened.table.id);
  TRY_ASSIGN(std::string after, pages_.Cursor(list, in.next_token));
  TRY_ASSIGN(auto page, ReadPartitions(call.tx(), opened.table, expression, slice, std::move(after),
                                       PageSize(in.max_results, kPageMax), kScannedRowsMax));
  Schema schema = in.exclude_column_schema.value_or(false) ? Schema::kLeftOut : Schema::kShown;
  for (const std::string& definition : page.definitions) {
    TRY_ASSIGN(auto shown, ShownPartition(opened, definition, schema));
    answer.partitions->push_back(std::move(shown));
  }
  if (!page.end) answer.next_token = pages_.Next(list, page.last);
  return answer;
}

}  // namespace hanse::catalog
