#include "governance/opt_in_rows.h"

#include <algorithm>

#include "governance/grantee.h"
#include "governance/restrictions.h"
#include "policy/lake_condition.h"

namespace hanse::governance {
namespace {

constexpr std::string_view kSelectOptIn =
    "SELECT id, keeper, owner, region, kind, resource_key, object, principal, principal_id, shown, condition, updated_ms, "
    "updated_by "
    "FROM lf_opt_ins ";
// Principals of a project count as opted in to everything (section 2.10).
constexpr std::string_view kProjectTag = "AmazonDataZoneProject";

GrantKind OptedKind(const std::string& kind) {
  for (GrantKind one : {GrantKind::kDatabase, GrantKind::kAllTables}) {
    if (KindName(one) == kind) return one;
  }
  return GrantKind::kTable;
}

Result<std::vector<OptInRow>> OptIns(store::Transaction& tx, std::string_view where, std::span<const store::Value> parameters) {
  TRY_ASSIGN(auto rows, tx.Query(std::string(kSelectOptIn) + std::string(where), parameters));
  std::vector<OptInRow> opt_ins;
  for (const store::Row& row : rows) {
    opt_ins.push_back({row.Int(0), row.Text(1), row.Text(2), row.Text(3), OptedKind(row.Text(4)), row.Text(5), row.Int(6),
                       row.Text(7), row.Int(8), row.Text(9), row.Text(10), row.Int(11), row.Text(12)});
  }
  return opt_ins;
}

// A condition that cannot be read holds: an opt-in only takes.
bool Governs(const OptInRow& row, const Caller& caller, const std::vector<std::string>& keys) {
  if (std::ranges::find(keys, row.principal) == keys.end()) return false;
  if (row.condition.empty()) return true;
  auto holds = policy::ConditionHolds(row.condition, caller.principal_tags);
  return !holds || *holds;
}

}  // namespace

Result<std::vector<OptInRow>> OptInsOf(store::Transaction& tx, std::string_view keeper, std::string_view region, Id after,
                                       std::int64_t limit) {
  store::Value parameters[] = {std::string(keeper), std::string(region), after, limit};
  return OptIns(tx, "WHERE keeper = ? AND region = ? AND id > ? ORDER BY id LIMIT ?", parameters);
}

Result<void> AddOptIn(store::Transaction& tx, const OptInRow& row) {
  TRY_ASSIGN(Id id, tx.NewId());
  TRY(
      tx.Execute("INSERT INTO lf_opt_ins (id, keeper, owner, region, kind, resource_key, object, principal, principal_id, shown, "
                 "condition, updated_ms, updated_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                 "ON CONFLICT (principal, owner, region, resource_key, keeper, condition) DO UPDATE SET updated_ms = "
                 "excluded.updated_ms, updated_by = excluded.updated_by",
                 {id, row.keeper, row.owner, row.region, std::string(KindName(row.kind)), row.resource_key, row.object,
                  row.principal, row.principal_id == 0 ? store::Value() : store::Value(row.principal_id), row.shown, row.condition,
                  row.updated_ms, row.updated_by}));
  return {};
}

Result<bool> DropOptIn(store::Transaction& tx, const OptInRow& like) {
  TRY_ASSIGN(
      std::int64_t gone,
      tx.Execute("DELETE FROM lf_opt_ins WHERE principal = ? AND owner = ? AND region = ? AND resource_key = ? AND keeper = ? "
                 "AND condition = ?",
                 {like.principal, like.owner, like.region, like.resource_key, like.keeper, like.condition}));
  return gone != 0;
}

Result<void> ForgetIamWhereOptedIn(store::Transaction& tx, const Caller& caller, const std::vector<Id>& objects,
                                   std::vector<GrantRow>* rows) {
  auto by_iam = [](const GrantRow& row) { return row.principal == kIamAllowedPrincipals && row.object != 0; };
  if (std::ranges::none_of(*rows, by_iam)) return {};
  bool database = caller.principal_tags.contains(std::string(kProjectTag)), tables = database;
  TRY_ASSIGN(auto any, tx.RecallMaybe("SELECT 1 FROM lf_opt_ins LIMIT 1"));
  if (any) {
    std::string marks;
    std::vector<store::Value> parameters;
    for (Id object : objects) {
      marks += marks.empty() ? "?" : ", ?";
      parameters.emplace_back(object);
    }
    std::vector<std::string> keys = NamingKeys(caller);
    TRY_ASSIGN(auto opt_ins, OptIns(tx, "WHERE object IN (" + marks + ")", parameters));
    for (const OptInRow& row : opt_ins) {
      if (!Governs(row, caller, keys)) continue;
      tables = true;
      database = database || row.kind == GrantKind::kDatabase;
    }
  }
  std::erase_if(*rows, [&](const GrantRow& row) { return by_iam(row) && (row.kind == GrantKind::kDatabase ? database : tables); });
  return {};
}

}  // namespace hanse::governance
