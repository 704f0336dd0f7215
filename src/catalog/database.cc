#include "catalog/database.h"

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/definition.h"
#include "catalog/rows.h"
#include "wire/json.h"

namespace hanse::catalog {
namespace {

using policy::Permission;
using wire::glue::DatabaseInput;
using wire::glue::PrincipalPermissions;

constexpr std::string_view kEverybody = "IAM_ALLOWED_PRINCIPALS";

// What tables of the database get when they are made: what the request says, or what the account's settings say now.
Result<void> FillTableDefaults(const gate::Call& call, gate::Lake& lake, const AccountId& account, DatabaseInput* input) {
  if (!input->create_table_default_permissions) {
    TRY_ASSIGN(bool everybody, lake.TableDefaultsAllowIam(call.tx(), account, call.info().region));
    input->create_table_default_permissions.emplace();
    if (everybody) {
      input->create_table_default_permissions->push_back(
          {.principal = wire::glue::DataLakePrincipal{std::string(kEverybody)}, .permissions = std::vector<std::string>{"ALL"}});
    }
    return {};
  }
  for (const PrincipalPermissions& entry : *input->create_table_default_permissions) {
    std::string principal = entry.principal ? entry.principal->data_lake_principal_identifier.value_or("") : "";
    bool all = entry.permissions.value_or(std::vector<std::string>()) == std::vector<std::string>{"ALL"};
    if (!EqualsIgnoreCase(principal, kEverybody) || !all) {
      return Fail(ErrorCode::kInvalidArgument, "CreateTableDefaultPermissions may only give ALL to IAM_ALLOWED_PRINCIPALS.");
    }
  }
  return {};
}

}  // namespace

Result<std::vector<gate::Need>> CreateDatabase::On(const gate::Context& context, store::Transaction&) const {
  std::optional<std::string> name = in.database_input ? in.database_input->name : std::nullopt;
  TRY_ASSIGN(auto needs, NeedOnDatabase("glue:CreateDatabase", context, in.catalog_id, name));
  if (in.tags && !in.tags->empty()) {
    TRY_ASSIGN(auto tagging, NeedOnDatabase("glue:TagResource", context, in.catalog_id, name));
    needs.push_back(tagging.back());
  }
  return needs;
}

Result<std::vector<gate::Need>> GetDatabase::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnDatabase("glue:GetDatabase", context, in.catalog_id, in.name);
}

Result<std::vector<gate::Need>> GetDatabases::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnDatabase("glue:GetDatabases", context, in.catalog_id, "*");
}

Result<std::vector<gate::Need>> UpdateDatabase::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnDatabase("glue:UpdateDatabase", context, in.catalog_id, in.name);
}

Result<std::vector<gate::Need>> DeleteDatabase::On(const gate::Context& context, store::Transaction&) const {
  return NeedOnTable("glue:DeleteDatabase", context, in.catalog_id, in.name, "*");
}

Result<CreateDatabase::Answer> Databases::Do(const gate::Authorized<CreateDatabase>& call) const {
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), call->in.catalog_id));
  DatabaseInput input = call->in.database_input.value_or(DatabaseInput());
  TRY_ASSIGN(auto held, access_.lake().OnCatalog(call.tx(), call.caller(), account, call.info().region));
  TRY(Access::Demand(held, Permission::kCreateDatabase, "Catalog"));
  TRY(FillTableDefaults(call, access_.lake(), account, &input));
  TRY_ASSIGN(store::DatabaseRow row, NewDatabaseRow(account, call.info().region, input, call.now_ms()));
  TRY(access_.DemandLocation(call, account, call.info().region, row.location, nullptr));
  TRY_ASSIGN(row, InsertDatabase(call.tx(), std::move(row)));
  if (call->in.tags) TRY(PutTags(call.tx(), row.id, *call->in.tags));
  TRY(access_.lake().DatabaseCreated(call.tx(), call.caller(), row));
  call.NoteResource("AWS::Glue::Database", DatabaseArn(row.region, row.account, row.name));
  return CreateDatabase::Answer();
}

Result<GetDatabase::Answer> Databases::Do(const gate::Authorized<GetDatabase>& call) const {
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), call->in.catalog_id));
  std::string name = call->in.name.value_or("");
  TRY_ASSIGN(Place place, access_.Find(call, Intent::kRead, "glue:GetDatabase", account, name));
  if (!place.through_link()) TRY(access_.VisibleDatabase(call, place.named, name));
  bool followed = false;
  if (place.through_link() && place.home) {
    TRY_ASSIGN(auto target, access_.lake().OnDatabase(call.tx(), call.caller(), *place.home));
    followed = target.visible;
  }
  TRY_ASSIGN(auto shown, ShownDatabase(place.named, followed ? &*place.home : nullptr));
  return GetDatabase::Answer{.database = std::move(shown)};
}

Result<UpdateDatabase::Answer> Databases::Do(const gate::Authorized<UpdateDatabase>& call) const {
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), call->in.catalog_id));
  std::string name = call->in.name.value_or("");
  TRY_ASSIGN(Place place, access_.Find(call, Intent::kChange, "glue:UpdateDatabase", account, name));
  if (!place.home) return Refuse(NoDatabase(name));
  store::DatabaseRow& home = *place.home;
  TRY_ASSIGN(auto held, access_.VisibleDatabase(call, home, name));
  TRY(Access::Demand(held.permissions, Permission::kAlter, name));
  DatabaseInput input = call->in.database_input.value_or(DatabaseInput());
  if (Lower(input.name.value_or("")) != place.named.name) {
    return Fail(ErrorCode::kInvalidArgument, "DatabaseInput.Name must be the database's name: it cannot be renamed.");
  }
  if (input.target_database && !place.through_link()) {
    return Fail(ErrorCode::kInvalidArgument, "A database cannot become a resource link.");
  }
  TRY_ASSIGN(auto before, wire::FromJson<wire::glue::Database>(home.definition));
  if (!input.create_table_default_permissions) input.create_table_default_permissions = before.create_table_default_permissions;
  TRY(FillTableDefaults(call, access_.lake(), home.account, &input));
  input.target_database.reset();
  input.name = home.name;
  TRY_ASSIGN(store::DatabaseRow next,
             NewDatabaseRow(home.account, home.region, input, before.create_time.value_or(wire::Timestamp()).ms));
  next.id = home.id;
  if (next.location != home.location) TRY(access_.DemandLocation(call, home.account, home.region, next.location, nullptr));
  TRY(ReplaceDatabase(call.tx(), next));
  call.NoteResource("AWS::Glue::Database", DatabaseArn(home.region, home.account, home.name));
  return UpdateDatabase::Answer();
}

Result<DeleteDatabase::Answer> Databases::Do(const gate::Authorized<DeleteDatabase>& call) const {
  TRY_ASSIGN(AccountId account, CatalogOf(call.context(), call->in.catalog_id));
  std::string name = call->in.name.value_or("");
  TRY_ASSIGN(auto row, store::FindDatabase(call.tx(), account, call.info().region, name));
  if (!row) return Refuse(NoDatabase(name));
  TRY_ASSIGN(auto held, access_.VisibleDatabase(call, *row, name));
  TRY(Access::Demand(held.permissions, Permission::kDrop, name));
  TRY(DeleteDatabaseRows(call.tx(), row->id));
  call.NoteResource("AWS::Glue::Database", DatabaseArn(row->region, row->account, row->name));
  return DeleteDatabase::Answer();
}

}  // namespace hanse::catalog
