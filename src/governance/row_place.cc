#include "governance/row_place.h"

#include "governance/office.h"
#include "governance/refusals.h"
#include "governance/rights.h"
#include "governance/visibility.h"
#include "policy/lake_decide.h"

namespace hanse::governance {
namespace {

namespace lf = wire::lakeformation;
using policy::Permission;
using policy::PermissionSet;

const std::string& RegionOfLink(const store::LinkTarget& link, const std::string& otherwise) {
  return link.region.empty() ? otherwise : link.region;
}

Result<store::DatabaseRow> DatabaseAt(const gate::Call& call, const store::LinkTarget& link, const std::string& region) {
  TRY_ASSIGN(auto database, store::FindDatabase(call.tx(), link.account, RegionOfLink(link, region), link.database));
  if (!database || database->target) return NoSuch(kNoEntity);
  return std::move(*database);
}

// The thing, and the link that leads to it, must be the caller's to see.
Result<void> CheckSeen(const gate::Call& call, const RowPlace& place) {
  std::vector<const store::DatabaseRow*> databases;
  std::vector<const store::TableRow*> tables;
  if (place.through_database) databases.push_back(&*place.through_database);
  if (place.through_table) tables.push_back(&*place.through_table);
  if (place.target.table) tables.push_back(&*place.target.table);
  if (!place.target.table) databases.push_back(&*place.target.database);
  for (const store::DatabaseRow* database : databases) {
    TRY_ASSIGN(policy::DatabaseAccess access, AccessToDatabase(call.tx(), call.caller(), *database));
    if (!access.visible) return NoSuch(kNoEntity);
  }
  for (const store::TableRow* table : tables) {
    TRY_ASSIGN(policy::TableAccess access, RightsOnTable(call.tx(), call.caller(), *table, Which::kHeld));
    if (!access.visible) return NoSuch(kNoEntity);
  }
  return {};
}

// A table of the catalog, or one to which a link there leads.
Result<RowPlace> FindPlaceOfTables(const gate::Call& call, const lf::TableResource& in) {
  const Caller& caller = call.caller();
  bool all = in.table_wildcard.has_value();
  bool named = in.name && !in.name->empty() && !(all && *in.name == "ALL_TABLES");
  if (all == named) return Invalid("Exactly one of Name and TableWildcard must be present.");
  RowPlace place;
  place.target.kind = all ? GrantKind::kAllTables : GrantKind::kTable;
  TRY_ASSIGN(auto database, store::FindDatabase(call.tx(), caller.account, call.info().region, in.database_name.value_or("")));
  if (!database) return NoSuch(kNoEntity);
  place.target.database = *database;
  if (database->target) {
    place.through_database = *database;
    TRY_ASSIGN(place.target.database, DatabaseAt(call, database->target, database->region));
  }
  if (!all) {
    TRY_ASSIGN(place.target.table, store::FindTable(call.tx(), place.target.database->id, *in.name));
    if (!place.target.table) return NoSuch(kNoEntity);
    if (place.target.table->target) {
      if (place.through_database) return NoSuch(kNoEntity);  // One link is followed, never two (lakeformation.md, section 5.5).
      place.through_table = *place.target.table;
      const store::LinkTarget& link = place.through_table->target;
      TRY_ASSIGN(place.target.database, DatabaseAt(call, link, place.through_table->region));
      TRY_ASSIGN(place.target.table, store::FindTable(call.tx(), place.target.database->id, link.table));
      if (!place.target.table || place.target.table->target) return NoSuch(kNoEntity);
    }
  }
  place.target.owner = place.target.database->account;
  place.target.region = place.target.database->region;
  return place;
}

Result<PermissionSet> HeldAt(const gate::Call& call, const Target& target, Which which) {
  if (target.kind == GrantKind::kAllTables) return RightsOnAllTables(call.tx(), call.caller(), *target.database, which);
  if (target.table) {
    TRY_ASSIGN(policy::TableAccess access, RightsOnTable(call.tx(), call.caller(), *target.table, which));
    return access.permissions;
  }
  TRY_ASSIGN(Holdings rows, HoldingsOf(call.tx(), call.caller(), target.owner, target.region, {0}, which));
  std::string key = target.Rows().front().resource_key;
  return United(rows, policy::TablePermissions(), [&](const GrantRow& row) { return row.resource_key == key; });
}

}  // namespace

AttachmentRow RowPlace::Row(std::string_view keeper) const {
  GrantRow like = target.Rows().front();
  AttachmentRow row;
  row.keeper = AccountId(keeper);
  row.owner = target.owner;
  row.region = target.region;
  row.kind = target.kind;
  row.resource_key = like.resource_key + (link() == 0 ? "" : ":through:" + std::to_string(link()));
  row.object = like.object;
  row.link = link();
  row.expression = like.expression;
  row.detail = like.detail;
  return row;
}

Result<RowPlace> FindRowPlace(const gate::Call& call, const lf::Resource& resource) {
  const AccountId& account = call.caller().account;
  if (resource.table) {
    if (resource.table->catalog_id.value_or(account) != account) return NoSuch(kNoEntity);
    TRY_ASSIGN(RowPlace place, FindPlaceOfTables(call, *resource.table));
    TRY(CheckSeen(call, place));
    return place;
  }
  if (!resource.lf_tag_policy || resource.lf_tag_policy->resource_type != "TABLE") {
    return Invalid("A row-level security policy is attached to a table, all tables of a database, or an LF-Tag policy for tables");
  }
  if (resource.lf_tag_policy->catalog_id.value_or(account) != account) return NoSuch(kNoEntity);
  auto target = FindTarget(call.tx(), call.caller(), call.info().region, std::nullopt, resource);
  if (target) return RowPlace{std::move(*target), {}, {}};
  TRY_ASSIGN(Office office, OfficeOf(call.tx(), call.caller(), account, call.info().region));
  // Only who sees all tags is told that one is missing.
  if (target.error().code == ErrorCode::kNotFound && office == Office::kNone) return NotYours();
  return std::unexpected(std::move(target).error());
}

Result<void> MayActThere(const gate::Call& call, const RowPlace& place, RowAct act) {
  TRY_ASSIGN(Office office, OfficeOf(call.tx(), call.caller(), call.caller().account, call.info().region));
  if (office == Office::kAdmin) return {};
  if (!place.foreign(call.caller().account)) {
    TRY_ASSIGN(PermissionSet held, HeldAt(call, place.target, Which::kHeld));
    if (held.Grants(Permission::kAlter)) return {};
    TRY_ASSIGN(PermissionSet may, HeldAt(call, place.target, Which::kGrantable));
    if (may.Has(Permission::kAll)) return {};
  }
  if (place.target.kind == GrantKind::kTablesByTag) return NotYours();
  return Insufficient(act == RowAct::kAttach ? "Alter on the resource to attach to" : "Alter on the resource to detach from");
}

}  // namespace hanse::governance
