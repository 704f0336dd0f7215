#include "steward/mesh_change.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "governance/settings_rows.h"
#include "steward/actor.h"
#include "steward/mesh_names.h"
#include "steward/mesh_step.h"

namespace hanse::steward {
namespace {

constexpr const char* kSession = "hanse-apply";

}  // namespace

Result<void> MeshChange::Make(const MeshDocument& mesh) {
  TRY(Units(mesh));
  TRY(Accounts(mesh));
  for (const WrittenCatalog& written : mesh.catalogs) {
    TRY_ASSIGN(AccountId account, AccountNamed(call_.tx(), written.account));
    if (Contains(catalogs, account)) {
      return Fail(ErrorCode::kInvalidArgument, fmt::format("the catalog of {} stands twice in the document", written.account));
    }
    catalogs.push_back(account);
    TRY_ASSIGN(Caller as, ActorIn(call_, parts_.policies, account, written.as, kSession));
    TRY(Catalog(Site{account, std::move(as), &written}));
  }
  return {};
}

Result<void> MeshChange::Units(const MeshDocument& mesh) {
  for (const std::string& path : mesh.units) {
    TRY_ASSIGN(auto organization, organisation::ReadOrganization(call_.tx()));
    std::string parent = organization.root;
    for (const std::string& name : Split(path, '/')) {
      TRY_ASSIGN(auto there, call_.tx().Maybe("SELECT id FROM organizational_units WHERE parent = ? AND name = ?", {parent, name}));
      if (there) {
        parent = there->Text(0);
        continue;
      }
      organisation::CreateOrganizationalUnit op;
      op.in.parent_id = parent;
      op.in.name = name;
      TRY_ASSIGN(auto made,
                 Step({call_.caller().account, call_.caller()}, op, parts_.organisation, '+', fmt::format("unit {}", path)));
      parent = *made.organizational_unit->id;
    }
  }
  return {};
}

Result<void> MeshChange::Accounts(const MeshDocument& mesh) {
  for (const WrittenAccount& written : mesh.accounts) {
    TRY_ASSIGN(auto rows, call_.tx().Query("SELECT account FROM accounts WHERE name = ? LIMIT 2", {written.name}));
    if (rows.size() > 1) return Fail(ErrorCode::kInvalidArgument, fmt::format("two accounts are called {}", written.name));
    AccountId account;
    if (rows.empty()) {
      organisation::CreateAccount op;
      op.in.account_name = written.name;
      op.in.email = written.email;
      TRY_ASSIGN(auto made, Step({call_.caller().account, call_.caller()}, op, parts_.organisation, '+',
                                 fmt::format("account {}", written.name)));
      if (made.create_account_status->failure_reason) {
        return Fail(ErrorCode::kConflict, fmt::format("account {}: {}", written.name, *made.create_account_status->failure_reason));
      }
      account = *made.create_account_status->account_id;
    } else {
      account = rows.front().Text(0);
    }
    TRY_ASSIGN(auto found, store::FindAccount(call_.tx(), account));
    if (!written.email.empty() && !EqualsIgnoreCase(found->email, written.email)) {
      notes.push_back(fmt::format("account {} keeps its address {}", written.name, found->email));
    }
    if (!written.unit.empty()) TRY(PlaceAccount(*found, written.unit));
  }
  return {};
}

Result<void> MeshChange::PlaceAccount(const store::Account& account, const std::string& unit) {
  TRY_ASSIGN(auto organization, organisation::ReadOrganization(call_.tx()));
  std::string parent = organization.root;
  for (const std::string& name : Split(unit, '/')) {
    TRY_ASSIGN(auto there, call_.tx().Maybe("SELECT id FROM organizational_units WHERE parent = ? AND name = ?", {parent, name}));
    if (!there) return Fail(ErrorCode::kNotFound, fmt::format("There is no unit {}.", unit));
    parent = there->Text(0);
  }
  if (account.parent == parent) return {};
  organisation::MoveAccount op;
  op.in = {.account_id = account.account, .source_parent_id = account.parent, .destination_parent_id = parent};
  TRY(Step({call_.caller().account, call_.caller()}, op, parts_.organisation, '~',
           fmt::format("account {} moves to unit {}", account.name, unit)));
  return {};
}

Result<void> MeshChange::Catalog(const Site& site) {
  TRY(Administration(site));
  TRY(Taxonomy(site));
  TRY(Assignments(site));
  TRY(Expressions(site));
  TRY(Filters(site));
  TRY(RowPolicies(site));
  TRY(Grants(site));
  TRY(OptIns(site));
  TRY(DropFilters(site));
  TRY(DropExpressions(site));
  return DropTags(site);
}

Result<void> MeshChange::Administration(const Site& site) {
  const WrittenCatalog& written = *site.written;
  if (!written.admins && !written.open_to_iam) return {};
  governance::GetDataLakeSettings get;
  TRY_ASSIGN(auto found, call_.Perform(site.as, get, settings_));
  auto settings = *found.data_lake_settings;
  std::vector<std::string> changes;
  if (written.admins) {
    std::vector<std::string> wanted, there;
    for (const std::string& admin : *written.admins) {
      TRY_ASSIGN(std::string arn, PrincipalNamed(call_.tx(), site.account, admin));
      wanted.push_back(std::move(arn));
    }
    for (const auto& admin : settings.data_lake_admins.value_or(std::vector<wire::lakeformation::DataLakePrincipal>())) {
      there.push_back(*admin.data_lake_principal_identifier);
    }
    std::ranges::sort(wanted);
    std::ranges::sort(there);
    if (wanted != there) {
      changes.push_back(
          fmt::format("administrators are {} (were {})", Join(wanted, ", "), there.empty() ? "none" : Join(there, ", ")));
      settings.data_lake_admins.emplace();
      for (std::string& arn : wanted) settings.data_lake_admins->push_back({.data_lake_principal_identifier = std::move(arn)});
    }
  }
  if (written.open_to_iam) {
    std::vector<wire::lakeformation::PrincipalPermissions> open;
    if (*written.open_to_iam) {
      open.push_back({.principal = wire::lakeformation::DataLakePrincipal{"IAM_ALLOWED_PRINCIPALS"}, .permissions = {{"ALL"}}});
    }
    bool differs = governance::OpensToIam(settings.create_database_default_permissions) != *written.open_to_iam ||
                   governance::OpensToIam(settings.create_table_default_permissions) != *written.open_to_iam;
    if (differs)
      changes.push_back(*written.open_to_iam ? "what is created is open to IAM" : "what is created is shut to IAM alone");
    settings.create_database_default_permissions = open;
    settings.create_table_default_permissions = open;
  }
  if (changes.empty()) return {};
  governance::PutDataLakeSettings put;
  put.in.data_lake_settings = std::move(settings);
  TRY(Step(site, put, settings_, '~', Join(changes, "; ")));
  return {};
}

}  // namespace hanse::steward
