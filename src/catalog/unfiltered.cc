#include "catalog/unfiltered.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/definer_view.h"
#include "catalog/definition.h"
#include "catalog/outside_reader.h"
#include "catalog/partition_rows.h"
#include "wire/json.h"

namespace hanse::catalog {
namespace {

using policy::Permission;

constexpr std::size_t kRowFilterCharsMax = 2048;  // PredicateString of the model.
constexpr std::size_t kUnfilteredPageMax = 1'000, kUnfilteredScannedMax = 1'000'000;

// Glue's own list of permissions has no DESCRIBE (lakeformation.md, section 7.1).
std::vector<std::string> ShownPermissions(const policy::TableAccess& access) {
  policy::PermissionSet held = access.permissions;
  held.Remove(Permission::kDescribe);
  if (access.readable) held.Add(Permission::kSelect);
  return policy::PermissionNames(held);
}

Result<void> CheckPermissions(const policy::TableAccess& access, const std::vector<std::string>& asked, std::string_view table) {
  for (const std::string& name : asked) {
    Permission one;
    if (!policy::ParsePermission(name, &one)) return Fail(ErrorCode::kInvalidArgument, "Permissions: unknown: " + name);
    if (one == Permission::kSelect && access.readable) continue;
    TRY(Access::Demand(access.permissions, one, table));
  }
  return {};
}

// An engine that is told a filter in part would show too much.
Result<void> CheckLength(const std::string& filter) {
  if (filter.size() <= kRowFilterCharsMax) return {};
  return Fail(ErrorCode::kAccessDenied, "The filters in force are too long for an engine outside.");
}

Result<std::vector<wire::glue::ColumnRowFilter>> CellFiltersOf(const policy::TableAccess& access) {
  std::vector<wire::glue::ColumnRowFilter> filters;
  for (const std::string& column : access.columns) {
    auto own = access.cell_filters.find(column);
    const std::string& rows = own == access.cell_filters.end() ? access.row_filter : own->second;
    TRY(CheckLength(rows));
    if (!rows.empty()) filters.push_back({.column_name = column, .row_filter_expression = rows});
  }
  return filters;
}

template <class Input>
wire::glue::GetUnfilteredTableMetadataRequest TableOf(const Input& in) {
  return {.catalog_id = in.catalog_id,
          .database_name = in.database_name,
          .name = in.table_name,
          .supported_permission_types = in.supported_permission_types};
}

}  // namespace

Result<std::vector<gate::Need>> GetUnfilteredTableMetadata::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:GetTable", context, in.catalog_id, in.database_name, in.name);
}
Result<std::vector<gate::Need>> GetUnfilteredPartitionMetadata::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:GetPartition", context, in.catalog_id, in.database_name, in.table_name);
}
Result<std::vector<gate::Need>> GetUnfilteredPartitionsMetadata::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:GetPartitions", context, in.catalog_id, in.database_name, in.table_name);
}

Result<Unfiltered::Opened> Unfiltered::OpenFor(const gate::Call& call, std::string_view action,
                                               const wire::glue::GetUnfilteredTableMetadataRequest& what) const {
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), what.catalog_id));
  const std::string name = what.name.value_or("");
  if (what.region && *what.region != call.info().region) return Refuse(NoTable(name));
  TRY_ASSIGN(OpenedTable table, access_.OpenTarget(call, Intent::kRead, action, account, what.database_name.value_or(""), name));
  Opened opened{std::move(table), {}};
  opened.access = opened.table.access;
  if (!opened.access.readable) opened.access.columns.clear();
  const store::TableRow& row = opened.table.table;
  TRY_ASSIGN(gate::OutsideReading may, access_.lake().OutsideReadingOf(call.tx(), call.caller(), row.account, row.region));
  const Finer finer = FinerThanTable(opened.access, row);
  TRY(CheckOutsideReader(may, finer, what.supported_permission_types.value_or(std::vector<std::string>())));
  if (!opened.access.readable && !may.filters) TRY(Access::Demand({}, Permission::kSelect, name));
  opened.table.access.described_columns = row.columns;
  for (const std::string& key : row.keys) opened.table.access.described_columns.push_back(key);
  TRY_ASSIGN(auto definition, wire::FromJson<wire::glue::Table>(row.definition));
  if (DefinerViewOf(definition)) return Fail(ErrorCode::kUnsupported, "A view with its definer's rights for an engine outside");
  call.NoteResource("AWS::Glue::Table", TableArn(row.region, row.account, row.database_name, row.name));
  for (const policy::LakeReason& reason : opened.access.reasons) call.NoteReason(reason.what);
  return opened;
}

Result<bool> Unfiltered::Registered(const gate::Call& call, const store::TableRow& table, const std::string& location) const {
  if (location.empty()) return false;
  TRY_ASSIGN(auto registered, access_.lake().LocationOf(call.tx(), table.account, table.region, location));
  return registered.has_value();
}

Result<GetUnfilteredTableMetadata::Answer> Unfiltered::Do(const gate::Authorized<GetUnfilteredTableMetadata>& call) const {
  const auto& in = call->in;
  TRY_ASSIGN(Opened opened, OpenFor(call, "glue:GetTable", in));
  const store::TableRow& row = opened.table.table;
  const policy::TableAccess& access = opened.access;
  TRY(CheckPermissions(access, in.permissions.value_or(std::vector<std::string>()), row.name));
  if (in.query_session_context && in.query_session_context->query_authorization_id &&
      !authorizations_.Fits(*in.query_session_context->query_authorization_id, call.caller(), row.id, access, call.now_ms())) {
    return Fail(ErrorCode::kAccessDenied, "QueryAuthorizationId is not of this caller, table and policy, or has ended.");
  }
  TRY(CheckLength(access.row_filter));
  GetUnfilteredTableMetadata::Answer answer;
  TRY_ASSIGN(answer.table, ShownTable(opened.table));
  TRY_ASSIGN(answer.cell_filters, CellFiltersOf(access));
  TRY_ASSIGN(bool registered, Registered(call, row, row.location));
  answer.table->is_registered_with_lake_formation = registered;
  answer.is_registered_with_lake_formation = registered;
  answer.authorized_columns = access.columns;
  if (!access.row_filter.empty()) answer.row_filter = access.row_filter;
  answer.query_authorization_id = authorizations_.Give(call.caller(), row.id, access, call.now_ms());
  answer.is_multi_dialect_view = false;
  answer.is_materialized_view = false;
  answer.is_protected = false;
  answer.resource_arn = TableArn(row.region, row.account, row.database_name, row.name);
  answer.permissions = ShownPermissions(access);
  return answer;
}

Result<GetUnfilteredPartitionMetadata::Answer> Unfiltered::Do(const gate::Authorized<GetUnfilteredPartitionMetadata>& call) const {
  const auto& in = call->in;
  auto what = TableOf(in);
  what.region = in.region;
  TRY_ASSIGN(Opened opened, OpenFor(call, "glue:GetPartition", what));
  TRY_ASSIGN(auto found, FindPartition(call.tx(), opened.table.table.id, in.partition_values.value_or(std::vector<std::string>())));
  if (!found) return Fail(ErrorCode::kNotFound, "Cannot find partition.");
  TRY_ASSIGN(auto shown, ShownPartition(opened.table, *found, Schema::kShown));
  GetUnfilteredPartitionMetadata::Answer answer;
  TRY_ASSIGN(answer.is_registered_with_lake_formation, Registered(call, opened.table.table, PlaceOf(opened.table.table, shown)));
  answer.partition = std::move(shown);
  answer.authorized_columns = opened.access.columns;
  return answer;
}

Result<GetUnfilteredPartitionsMetadata::Answer> Unfiltered::Do(
    const gate::Authorized<GetUnfilteredPartitionsMetadata>& call) const {
  const auto& in = call->in;
  auto what = TableOf(in);
  what.region = in.region;
  TRY_ASSIGN(Opened opened, OpenFor(call, "glue:GetPartitions", what));
  const store::TableRow& table = opened.table.table;
  TRY_ASSIGN(Slice slice, SliceOf(in.segment));
  TRY_ASSIGN(auto keys, KeysOf(table));
  TRY_ASSIGN(auto expression, PartitionExpression::Compile(in.expression.value_or(""), keys));
  const std::string list = fmt::format("GetUnfilteredPartitionsMetadata/{}/{}", call.caller().unique_id, table.id);
  TRY_ASSIGN(std::string after, pages_.Cursor(list, in.next_token));
  TRY_ASSIGN(auto page, ReadPartitions(call.tx(), table, expression, slice, std::move(after),
                                       PageSize(in.max_results, kUnfilteredPageMax), kUnfilteredScannedMax));
  GetUnfilteredPartitionsMetadata::Answer answer{.unfiltered_partitions = std::vector<wire::glue::UnfilteredPartition>()};
  for (const std::string& definition : page.definitions) {
    TRY_ASSIGN(auto shown, ShownPartition(opened.table, definition, Schema::kShown));
    TRY_ASSIGN(bool registered, Registered(call, table, PlaceOf(table, shown)));
    answer.unfiltered_partitions->push_back({.partition = std::move(shown),
                                             .authorized_columns = opened.access.columns,
                                             .is_registered_with_lake_formation = registered});
  }
  if (!page.end) answer.next_token = pages_.Next(list, page.last);
  return answer;
}

}  // namespace hanse::catalog
