#include "governance/share_rows.h"

#include <algorithm>

#include "store/directory.h"

namespace hanse::governance {
namespace {

constexpr std::string_view kShare =
    "SELECT s.id, s.arn, s.owner, s.region, s.name, s.kind, s.external, s.status, s.created_ms, s.updated_ms FROM ram_shares s ";
constexpr std::string_view kInvitation = "SELECT id, share_id, arn, principal, receiver, status, invited_ms FROM ram_invitations ";

Result<std::vector<ShareRow>> Shares(store::Transaction& tx, std::string_view where, std::span<const store::Value> parameters) {
  TRY_ASSIGN(auto rows, tx.Query(std::string(kShare) + std::string(where), parameters));
  std::vector<ShareRow> shares;
  for (const store::Row& row : rows) {
    shares.push_back({row.Int(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5) == "lake", row.Int(6) != 0,
                      row.Text(7), row.Int(8), row.Int(9)});
  }
  return shares;
}

Result<std::vector<InvitationRow>> SelectInvitations(store::Transaction& tx, std::string_view where,
                                                     std::span<const store::Value> parameters) {
  TRY_ASSIGN(auto rows, tx.Query(std::string(kInvitation) + std::string(where), parameters));
  std::vector<InvitationRow> invitations;
  for (const store::Row& row : rows) {
    invitations.push_back({row.Int(0), row.Int(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Int(6)});
  }
  return invitations;
}

template <class T>
Result<std::optional<T>> First(Result<std::vector<T>> rows) {
  if (!rows) return std::unexpected(std::move(rows).error());
  if (rows->empty()) return std::optional<T>();
  return std::optional<T>(std::move(rows->front()));
}

}  // namespace

std::string InvitationRow::StatusAt(TimeMs now_ms) const {
  return status == "PENDING" && now_ms - invited_ms > kInvitationLifeMs ? "EXPIRED" : status;
}

Result<std::optional<ShareRow>> FindShare(store::Transaction& tx, std::string_view arn) {
  store::Value parameters[] = {std::string(arn)};
  return First(Shares(tx, "WHERE s.arn = ?", parameters));
}

Result<std::optional<ShareRow>> FindShareById(store::Transaction& tx, Id id) {
  store::Value parameters[] = {id};
  return First(Shares(tx, "WHERE s.id = ?", parameters));
}

// A share that a grant made is there while a grant goes through it.
constexpr std::string_view kLive = "(s.kind = 'own' OR EXISTS (SELECT 1 FROM lf_grants g WHERE g.share_id = s.id)) ";

Result<std::vector<ShareRow>> SharesOf(store::Transaction& tx, std::string_view owner, std::string_view region, Id after,
                                       std::int64_t limit) {
  store::Value parameters[] = {std::string(owner), std::string(region), after, limit};
  return Shares(tx, "WHERE s.owner = ? AND s.region = ? AND s.id > ? AND " + std::string(kLive) + "ORDER BY s.id LIMIT ?",
                parameters);
}

Result<std::vector<ShareRow>> SharesTo(store::Transaction& tx, const std::vector<std::string>& keys, std::string_view account,
                                       std::string_view region, Id after, std::int64_t limit) {
  std::string marks;
  std::vector<store::Value> parameters = {std::string(region), after, std::string(account), std::string(account)};
  for (const std::string& key : keys) {
    marks += marks.empty() ? "?" : ", ?";
    parameters.emplace_back(key);
  }
  parameters.emplace_back(limit);
  return Shares(
      tx,
      "WHERE s.region = ? AND s.id > ? AND s.owner <> ? AND EXISTS (SELECT 1 FROM ram_principals p WHERE p.share_id = s.id "
      "AND p.open = 1 AND (p.account = ? OR p.principal IN (" +
          marks + "))) AND " + std::string(kLive) + "ORDER BY s.id LIMIT ?",
      parameters);
}

Result<std::vector<SharePrincipalRow>> PrincipalsOf(store::Transaction& tx, Id share) {
  TRY_ASSIGN(auto rows, tx.Query("SELECT share_id, principal, shown, account, status, open, external, created_ms, updated_ms "
                                 "FROM ram_principals WHERE share_id = ? ORDER BY principal",
                                 {share}));
  std::vector<SharePrincipalRow> principals;
  for (const store::Row& row : rows) {
    principals.push_back(
        {row.Int(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Int(5) != 0, row.Int(6) != 0, row.Int(7), row.Int(8)});
  }
  return principals;
}

Result<std::optional<InvitationRow>> FindInvitation(store::Transaction& tx, std::string_view arn) {
  store::Value parameters[] = {std::string(arn)};
  return First(SelectInvitations(tx, "WHERE arn = ?", parameters));
}

Result<std::vector<InvitationRow>> InvitationsTo(store::Transaction& tx, std::string_view account, Id after, std::int64_t limit) {
  store::Value parameters[] = {std::string(account), after, limit};
  return SelectInvitations(tx, "WHERE receiver = ? AND id > ? ORDER BY id LIMIT ?", parameters);
}

Result<void> StoreShare(store::Transaction& tx, const ShareRow& share) {
  TRY(tx.Execute("UPDATE ram_shares SET name = ?, external = ?, status = ?, updated_ms = ? WHERE id = ?",
                 {share.name, std::int64_t{share.external}, share.status, share.updated_ms, share.id}));
  return {};
}

Result<ShareRow> NewShare(store::Transaction& tx, Random& random, std::string_view owner, std::string_view region, std::string name,
                          bool by_grant, TimeMs now_ms) {
  TRY_ASSIGN(Id id, tx.NewId());
  ShareRow share{id,
                 "arn:aws:ram:" + std::string(region) + ":" + std::string(owner) + ":resource-share/" + random.Uuid(),
                 AccountId(owner),
                 std::string(region),
                 std::move(name),
                 by_grant,
                 true,
                 "ACTIVE",
                 now_ms,
                 now_ms};
  TRY(
      tx.Execute("INSERT INTO ram_shares (id, arn, owner, region, name, kind, external, status, created_ms, updated_ms) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                 {id, share.arn, share.owner, share.region, share.name, std::string(by_grant ? "lake" : "own"),
                  std::int64_t{share.external}, share.status, now_ms, now_ms}));
  return share;
}

Result<void> AddPrincipal(store::Transaction& tx, Random& random, const Caller& owner_caller, const ShareRow& share,
                          const Grantee& grantee, TimeMs now_ms) {
  TRY_ASSIGN(bool shares, OrganizationShares(tx));
  bool inside = grantee.account.empty();
  if (!inside) {
    TRY_ASSIGN(inside, SameOrganization(tx, owner_caller, grantee.account));
  }
  bool open = shares && inside;
  if (!open && grantee.account.empty()) {
    return FailAs(ErrorCode::kInvalidArgument, "",
                  "Sharing with the organisation is not enabled (EnableSharingWithAwsOrganization)");
  }
  TRY(
      tx.Execute("INSERT INTO ram_principals (share_id, principal, shown, account, status, open, external, created_ms, updated_ms) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (share_id, principal) DO UPDATE SET status = excluded.status, "
                 "open = excluded.open, updated_ms = excluded.updated_ms",
                 {share.id, grantee.key, grantee.shown, grantee.account, std::string(open ? "ASSOCIATED" : "ASSOCIATING"),
                  std::int64_t{open}, std::int64_t{!inside}, now_ms, now_ms}));
  if (open) return {};
  TRY_ASSIGN(Id id, tx.NewId());
  std::string arn = "arn:aws:ram:" + share.region + ":" + share.owner + ":resource-share-invitation/" + random.Uuid();
  TRY(tx.Execute(
      "INSERT INTO ram_invitations (id, arn, share_id, principal, receiver, status, invited_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
      {id, std::move(arn), share.id, grantee.key, grantee.account, std::string("PENDING"), now_ms}));
  return {};
}

Result<void> SetPrincipal(store::Transaction& tx, Id share, std::string_view principal, std::string_view status, bool open,
                          TimeMs now_ms) {
  TRY(tx.Execute("UPDATE ram_principals SET status = ?, open = ?, updated_ms = ? WHERE share_id = ? AND principal = ?",
                 {std::string(status), std::int64_t{open}, now_ms, share, std::string(principal)}));
  if (!open) {
    TRY(tx.Execute("DELETE FROM ram_invitations WHERE share_id = ? AND principal = ? AND status = 'PENDING'",
                   {share, std::string(principal)}));
  }
  return {};
}

Result<Id> ShareFor(store::Transaction& tx, Random& random, const Caller& grantor, std::string_view owner, std::string_view region,
                    const Grantee& grantee, TimeMs now_ms) {
  TRY_ASSIGN(auto standing,
             tx.Maybe("SELECT s.id FROM ram_shares s JOIN ram_principals p ON p.share_id = s.id "
                      "LEFT JOIN ram_invitations i ON i.share_id = s.id AND i.principal = p.principal "
                      "WHERE s.owner = ? AND s.region = ? AND s.kind = 'lake' AND s.status = 'ACTIVE' AND p.principal = ? "
                      "AND (p.open = 1 OR (p.status = 'ASSOCIATING' AND i.invited_ms > ?)) ORDER BY s.id LIMIT 1",
                      {std::string(owner), std::string(region), grantee.key, now_ms - kInvitationLifeMs}));
  if (standing) return standing->Int(0);
  std::string name = "LakeFormation-" + random.Text(11, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
  TRY_ASSIGN(ShareRow share, NewShare(tx, random, owner, region, std::move(name), true, now_ms));
  TRY(AddPrincipal(tx, random, grantor, share, grantee, now_ms));
  return share.id;
}

Result<bool> OrganizationShares(store::Transaction& tx) {
  TRY_ASSIGN(auto row, tx.Maybe("SELECT service FROM organization_services WHERE service = 'ram.amazonaws.com'"));
  return row != nullptr;
}

Result<bool> SameOrganization(store::Transaction& tx, const Caller& caller, std::string_view account) {
  if (caller.organization.empty()) return false;
  TRY_ASSIGN(auto found, store::FindAccount(tx, account));
  return found && !found->parent.empty();
}

}  // namespace hanse::governance
