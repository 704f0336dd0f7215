#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "governance/grant_rows.h"
#include "governance/location_rows.h"
#include "governance/share_rows.h"
#include "governance/shown_grants.h"
#include "steward/doctor.h"

namespace hanse::steward {
namespace {

namespace lake = governance;

constexpr std::int64_t kRowsRead = 10'000;

// The accounts that a share reaches: those it names, or the whole organisation's.
Result<std::set<AccountId>> Receivers(const Examined& examined, Id share) {
  std::set<AccountId> accounts;
  TRY_ASSIGN(auto principals, lake::PrincipalsOf(examined.tx, share));
  bool everybody = false;
  for (const auto& one : principals) {
    if (one.account.empty()) everybody = true;
    if (!one.account.empty()) accounts.insert(one.account);
  }
  if (!everybody) return accounts;
  TRY_ASSIGN(auto rows, examined.tx.Query("SELECT account FROM accounts WHERE parent <> ''"));
  for (const store::Row& row : rows) accounts.insert(row.Text(0));
  return accounts;
}

std::string DenyDirectReads(const store::Principal& who, const std::set<std::string>& arns) {
  std::string resources;
  for (const std::string& arn : arns) resources += fmt::format("{}\"{}*\"", resources.empty() ? "" : ",", arn);
  return fmt::format(
      "aws iam put-{0}-policy --{0}-name {1} --policy-name no-direct-reads --policy-document "
      "'{{\"Version\":\"2012-10-17\",\"Statement\":"
      "[{{\"Effect\":\"Deny\",\"Action\":\"s3:GetObject*\",\"Resource\":[{2}]}}]}}'",
      who.kind, who.name, resources);
}

// "arn:aws:s3:::bucket/prefix" as an ARN that ends where objects' names begin.
std::string FolderArn(const lake::LocationRow& location) { return "arn:aws:s3:::" + location.path; }

}  // namespace

Result<void> CheckShares(Examined* examined) {
  TRY_ASSIGN(auto shares, lake::SharesOf(examined->tx, examined->account, examined->now.region, 0, kRowsRead));
  TimeMs since = examined->now.now_ms - Doctor::kIdleMs;
  for (const lake::ShareRow& share : shares) {
    if (share.status != "ACTIVE" || share.created_ms > since) continue;
    TRY_ASSIGN(std::set<AccountId> receivers, Receivers(*examined, share.id));
    bool used = false;
    for (const AccountId& receiver : receivers) {
      if (receiver == examined->account || used) continue;
      TRY_ASSIGN(auto reads, examined->past.Of(receiver, examined->now.region, since));
      used = std::ranges::any_of(reads, [&](const PastRead& read) { return read.table.starts_with(examined->account + "/"); });
    }
    if (used) continue;
    examined->Add("SHARE_NEVER_USED", "LOW", share.name, "Nobody has read anything of this catalog through the share for 90 days.",
                  fmt::format("aws ram delete-resource-share --resource-share-arn {}", share.arn));
  }
  return {};
}

Result<void> CheckBypass(Examined* examined) {
  store::Transaction& tx = examined->tx;
  TRY_ASSIGN(auto locations, lake::ListLocations(tx, examined->account, examined->now.region, 0, kRowsRead));
  if (locations.empty()) return {};
  Id after = 0;
  for (bool more = true; more;) {
    TRY_ASSIGN(auto principals, ListSubjects(tx, examined->account, after, kRowsRead));
    more = principals.size() == static_cast<std::size_t>(kRowsRead);
    for (store::Principal& principal : principals) {
      after = principal.id;
      TRY_ASSIGN(Subject subject, SubjectOf(tx, examined->doors.policies, std::move(principal)));
      if (!subject.active) continue;
      std::vector<gate::Need> needs;
      for (const lake::LocationRow& location : locations) {
        if (location.role == subject.principal.id) continue;  // It reads for Lake Formation.
        needs.push_back({.action = "s3:GetObject", .resource = FolderArn(location) + "any", .owner = examined->account});
      }
      TRY_ASSIGN(auto decisions, examined->doors.gate.Explain(tx, {subject.caller, examined->now}, needs));
      std::set<std::string> open;
      for (std::size_t i = 0; i < needs.size(); ++i) {
        const std::string& object = needs[i].resource;
        if (decisions[i].allowed()) open.insert(object.substr(0, object.size() - std::string_view("any").size()));
      }
      if (open.empty()) continue;
      examined->Add("BYPASS", "MEDIUM", subject.principal.arn,
                    fmt::format("Its policies let it read {} registered place{} straight from S3, past every grant and filter.",
                                open.size(), open.size() == 1 ? "" : "s"),
                    DenyDirectReads(subject.principal, open));
    }
  }
  return {};
}

Result<void> CheckAdmins(Examined* examined) {
  store::Transaction& tx = examined->tx;
  TRY_ASSIGN(auto rows, tx.Query("SELECT principal_id, role FROM lf_admins WHERE account = ? AND region = ? ORDER BY principal_id",
                                 {examined->account, examined->now.region}));
  TimeMs since = examined->now.now_ms - Doctor::kIdleMs;
  for (const store::Row& row : rows) {
    TRY_ASSIGN(auto who, store::FindPrincipalById(tx, row.Int(0)));
    if (!who || who->created_ms > since) continue;
    TRY_ASSIGN(bool acted, examined->past.Acted(*who, examined->now.region, since));
    if (acted) continue;
    examined->Add(
        "STALE_ADMIN", "MEDIUM", who->arn, "An administrator of the catalog that has done nothing for 90 days.",
        "hanse export --account " + examined->account + " > mesh.yaml  # take it out of admins, then: hanse apply -f mesh.yaml");
  }
  return {};
}

}  // namespace hanse::steward
