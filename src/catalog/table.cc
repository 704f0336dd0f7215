#include "catalog/table.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/definition.h"
#include "catalog/partition_index.h"
#include "catalog/rows.h"
#include "catalog/warehouse.h"
#include "catalog/written_table.h"
#include "wire/json.h"

namespace hanse::catalog {
namespace {

using policy::Permission;
using wire::glue::TableInput;

std::optional<std::string> NameOf(const std::optional<TableInput>& input) { return input ? input->name : std::nullopt; }

void Note(const gate::Call& call, const store::TableRow& row) {
  call.NoteResource("AWS::Glue::Table", TableArn(row.region, row.account, row.database_name, row.name));
}

Author AuthorOf(const gate::Call& call) { return {call.caller().arn, call.now_ms()}; }

Result<void> DemandNewPlaces(const Access& access, const gate::Call& call, const store::DatabaseRow& home,
                             const std::optional<wire::glue::StorageDescriptor>& before,
                             const std::optional<wire::glue::StorageDescriptor>& after) {
  std::vector<std::string> known = LocationsOf(before);
  for (const std::string& place : LocationsOf(after)) {
    if (std::find(known.begin(), known.end(), place) != known.end()) continue;
    TRY(access.DemandLocation(call, home.account, home.region, place, &home));
  }
  return {};
}

// THE SECURITY RULE of warehouse.h: what leads to another place by a connection takes a right to that connection.
Result<void> DemandConnection(const gate::Call& call, const store::DatabaseRow& home, const std::optional<WarehousePlace>& before,
                              const std::optional<WarehousePlace>& after) {
  if (!after || after == before) return {};
  for (const gate::Need& need : NeedsOnConnection("glue:GetConnection", home.region, home.account, after->connection)) {
    TRY(call.Require(need));
  }
  return {};
}

}  // namespace

Result<std::vector<gate::Need>> CreateTable::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:CreateTable", context, in.catalog_id, in.database_name, NameOf(in.table_input));
}

Result<std::vector<gate::Need>> GetTable::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:GetTable", context, in.catalog_id, in.database_name, in.name);
}

Result<std::vector<gate::Need>> UpdateTable::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:UpdateTable", context, in.catalog_id, in.database_name, NameOf(in.table_input));
}

Result<std::vector<gate::Need>> DeleteTable::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:DeleteTable", context, in.catalog_id, in.database_name, in.name);
}

Result<std::vector<gate::Need>> BatchDeleteTable::On(const gate::Context& context, store::Transaction&) const {
  TRY_ASSIGN(auto needs, NeedOnDatabase("glue:BatchDeleteTable", context, in.catalog_id, in.database_name));
  for (const std::string& name : in.tables_to_delete.value_or(std::vector<std::string>())) {
    TRY_ASSIGN(auto one, NeedOnTable("glue:BatchDeleteTable", context, in.catalog_id, in.database_name, name));
    needs.push_back(std::move(one.back()));
  }
  return needs;
}

Result<CreateTable::Answer> Tables::Do(const gate::Authorized<CreateTable>& call) const {
  const CreateTable::Wire::Input& in = call->in;
  if (in.open_table_format_input) return Fail(ErrorCode::kUnsupported, "CreateTable with OpenTableFormatInput");
  if (!in.table_input) return Fail(ErrorCode::kInvalidArgument, "TableInput is missing.");
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), in.catalog_id));
  std::string database = in.database_name.value_or("");
  TRY_ASSIGN(Place place, access_.Find(call, Intent::kChange, "glue:CreateTable", account, database));
  if (!place.home) return Refuse(NoDatabase(database));
  const store::DatabaseRow& home = *place.home;
  if (place.through_link()) {
    if (in.table_input->target_table) {
      return Fail(ErrorCode::kInvalidArgument, "A resource link cannot be made through a link to a database.");
    }
    Names names{.database = home.name, .table = Lower(in.table_input->name.value_or(""))};
    for (const gate::Need& need : NeedsAt("glue:CreateTable", home.region, home.account, names)) TRY(call.Require(need));
  }
  TRY_ASSIGN(auto held, access_.VisibleDatabase(call, home, database));
  TRY(Access::Demand(held.permissions, Permission::kCreateTable, database));
  CheckedView view;
  if (in.table_input->view_definition) {
    TRY_ASSIGN(view, views_.Made(call, home, *in.table_input));
  }
  const bool definers = view.has_value();
  TRY_ASSIGN(store::TableRow row, NewTableRow(home, *in.table_input, AuthorOf(call), std::move(view)));
  TRY(DemandNewPlaces(access_, call, home, {}, in.table_input->storage_descriptor));
  TRY(DemandConnection(call, home, {}, WarehousePlaceOf(*in.table_input)));
  TRY_ASSIGN(row, InsertTable(call.tx(), std::move(row)));
  for (const auto& index : in.partition_indexes.value_or(std::vector<wire::glue::PartitionIndex>())) {
    TRY(PartitionIndexes::Add(call.tx(), row, index));
  }
  TRY(access_.lake().TableCreated(call.tx(), call.caller(), row, home));
  if (definers) TRY(views_.CheckClosed(call.tx(), home, row));
  Note(call, row);
  return CreateTable::Answer();
}

Result<Tables::Found> Tables::Find(const gate::Call& call, const GetTable::Wire::Input& in) const {
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), in.catalog_id));
  TRY_ASSIGN(OpenedTable opened, access_.Open(call, Intent::kRead, Links::kFollow, "glue:GetTable", account,
                                              in.database_name.value_or(""), in.name.value_or("")));
  Found found{.opened = std::move(opened)};
  const store::TableRow& table = found.opened.table;
  if (!table.location.empty()) {
    TRY_ASSIGN(auto registered, access_.lake().LocationOf(call.tx(), table.account, table.region, table.location));
    found.registered = gate::Counting(std::move(registered), found.opened.access).has_value();
  }
  return found;
}

Result<GetTable::Answer> Tables::Show(const Found& found, const GetTable::Wire::Input& in) {
  TRY_ASSIGN(auto shown, ShownTable(found.opened));
  if (found.registered) shown.is_registered_with_lake_formation = true;
  if (in.include_status_details.value_or(false) && shown.is_multi_dialect_view) {
    TRY_ASSIGN(auto whole, wire::FromJson<wire::glue::Table>(found.opened.table.definition));
    shown.status = std::move(whole.status);
  }
  return GetTable::Answer{.table = std::move(shown)};
}

Result<GetTable::Answer> Tables::Do(const gate::Authorized<GetTable>& call) const {
  TRY_ASSIGN(Found found, Find(call, call->in));
  return Show(found, call->in);
}

Result<std::string> Tables::Do(const gate::Authorized<AsText<GetTable>>& call) const {
  TRY_ASSIGN(Found found, Find(call, call->in));
  if (call->in.include_status_details.value_or(false)) {
    TRY_ASSIGN(auto answer, Show(found, call->in));
    return wire::ToJson(answer);
  }
  std::string json = R"({"Table":)";
  TRY(WriteTable(found.opened, found.registered ? Registered::kYes : Registered::kNo, &json));
  json += '}';
  return json;
}

Result<UpdateTable::Answer> Tables::Do(const gate::Authorized<UpdateTable>& call) const {
  const UpdateTable::Wire::Input& in = call->in;
  if (in.update_open_table_format_input) return Fail(ErrorCode::kUnsupported, "UpdateTable with UpdateOpenTableFormatInput");
  if (!in.table_input) return Fail(ErrorCode::kInvalidArgument, "TableInput is missing.");
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), in.catalog_id));
  std::string name = in.table_input->name.value_or("");
  TRY_ASSIGN(OpenedTable opened,
             access_.OpenTarget(call, Intent::kChange, "glue:UpdateTable", account, in.database_name.value_or(""), name));
  TRY(Access::Demand(opened.access.permissions, Permission::kAlter, name));
  const store::TableRow& row = opened.table;
  if (in.version_id && *in.version_id != std::to_string(row.version)) {
    return FailAs(ErrorCode::kConflict, "ConcurrentModificationException",
                  fmt::format("Update table failed due to concurrent modifications: the current version is {}.", row.version));
  }
  TableInput input = *in.table_input;
  if (opened.link) input.target_table.reset();  // Clients send back what they read through the link.
  TRY_ASSIGN(auto before, wire::FromJson<wire::glue::Table>(row.definition));
  CheckedView view;
  if (DefinerViewOf(before)) {
    TRY_ASSIGN(view, views_.Changed(call, opened.home, before, in));
  } else if (input.view_definition || in.view_update_action) {
    return Fail(ErrorCode::kInvalidArgument, "ViewDefinition and ViewUpdateAction are of Data Catalog views: create one.");
  }
  TRY_ASSIGN(store::TableRow next, NextTableRow(row, input, AuthorOf(call), std::move(view)));
  TRY(DemandNewPlaces(access_, call, opened.home, before.storage_descriptor, input.storage_descriptor));
  TRY(DemandConnection(call, opened.home, WarehousePlaceOf(before), WarehousePlaceOf(input)));
  if (!in.skip_archive.value_or(false)) {
    TRY(call.tx().Execute("INSERT INTO catalog_table_versions (table_id, version, definition) VALUES (?, ?, ?)",
                          {row.id, row.version, row.definition}));
  }
  TRY(ReplaceTable(call.tx(), next));
  Note(call, row);
  return UpdateTable::Answer();
}

Result<void> Tables::Drop(const gate::Call& call, std::string_view action, const AccountId& account, std::string_view database,
                          std::string_view table) const {
  TRY_ASSIGN(OpenedTable opened, access_.Open(call, Intent::kChange, Links::kStop, action, account, database, table));
  TRY(Access::Demand(opened.access.permissions, Permission::kDrop, table));
  TRY(store::DeleteThing(call.tx(), opened.table.id));
  Note(call, opened.table);
  return {};
}

Result<DeleteTable::Answer> Tables::Do(const gate::Authorized<DeleteTable>& call) const {
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), call->in.catalog_id));
  TRY(Drop(call, "glue:DeleteTable", account, call->in.database_name.value_or(""), call->in.name.value_or("")));
  return DeleteTable::Answer();
}

Result<BatchDeleteTable::Answer> Tables::Do(const gate::Authorized<BatchDeleteTable>& call) const {
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), call->in.catalog_id));
  std::string database = call->in.database_name.value_or("");
  TRY_ASSIGN(Place place, access_.Find(call, Intent::kChange, "glue:BatchDeleteTable", account, database));
  if (!place.home) return Refuse(NoDatabase(database));
  if (!place.through_link()) TRY(access_.VisibleDatabase(call, *place.home, database));
  BatchDeleteTable::Answer answer;
  for (const std::string& name : call->in.tables_to_delete.value_or(std::vector<std::string>())) {
    auto dropped = Drop(call, "glue:BatchDeleteTable", account, database, name);
    if (dropped) continue;
    if (dropped.error().code != ErrorCode::kNotFound && dropped.error().code != ErrorCode::kAccessDenied) {
      return std::unexpected(std::move(dropped).error());
    }
    if (!answer.errors) answer.errors.emplace();
    answer.errors->push_back({.table_name = name, .error_detail = ErrorDetailOf(dropped.error())});
  }
  return answer;
}

}  // namespace hanse::catalog
