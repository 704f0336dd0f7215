#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "governance/grantee.h"
#include "store/store.h"

// Resource shares in the store (lakeformation.md, sections 5.2, 5.3 and 5.8). A grant that leaves its account goes through a share,
// and reaches its principal only while the share is open to it.
namespace hanse::governance {

inline constexpr TimeMs kInvitationLifeMs = 12 * 60 * 60 * 1000;

struct ShareRow {
  Id id = 0;
  std::string arn;
  AccountId owner;
  std::string region, name;
  bool by_grant = false;
  bool external = true;  // allowExternalPrincipals
  std::string status;    // "ACTIVE", "DELETED"
  TimeMs created_ms = 0, updated_ms = 0;
};

struct SharePrincipalRow {
  Id share = 0;
  std::string principal;  // A key as grantee.h writes it.
  std::string shown;
  AccountId account;   // Empty for organisations and units.
  std::string status;  // "ASSOCIATING" (invited), "ASSOCIATED", "DISASSOCIATED", "FAILED"
  bool open = false, external = false;
  TimeMs created_ms = 0, updated_ms = 0;
};

struct InvitationRow {
  Id id = 0, share = 0;
  std::string arn, principal;
  AccountId receiver;
  std::string status;  // "PENDING", "ACCEPTED", "REJECTED"; an old one that is pending has expired.
  TimeMs invited_ms = 0;
  std::string StatusAt(TimeMs now_ms) const;
};

Result<std::optional<ShareRow>> FindShare(store::Transaction& tx, std::string_view arn);
Result<std::optional<ShareRow>> FindShareById(store::Transaction& tx, Id id);
// After `after` in the order of ids.
Result<std::vector<ShareRow>> SharesOf(store::Transaction& tx, std::string_view owner, std::string_view region, Id after,
                                       std::int64_t limit);
// That reach one of the principals, or anything of the account (a principal or an invitation accepted by it).
Result<std::vector<ShareRow>> SharesTo(store::Transaction& tx, const std::vector<std::string>& keys, std::string_view account,
                                       std::string_view region, Id after, std::int64_t limit);
Result<std::vector<SharePrincipalRow>> PrincipalsOf(store::Transaction& tx, Id share);
Result<std::optional<InvitationRow>> FindInvitation(store::Transaction& tx, std::string_view arn);
Result<std::vector<InvitationRow>> InvitationsTo(store::Transaction& tx, std::string_view account, Id after, std::int64_t limit);

Result<void> StoreShare(store::Transaction& tx, const ShareRow& share);
Result<ShareRow> NewShare(store::Transaction& tx, Random& random, std::string_view owner, std::string_view region, std::string name,
                          bool by_grant, TimeMs now_ms);
// Adds a principal: inside an organisation that shares, open at once; else an account is invited. `owner_caller`: somebody of the
// owner's account, whose organisation is the owner's.
Result<void> AddPrincipal(store::Transaction& tx, Random& random, const Caller& owner_caller, const ShareRow& share,
                          const Grantee& grantee, TimeMs now_ms);
// Of a principal: whether the share reaches it. All its invitations that wait go with a cut.
Result<void> SetPrincipal(store::Transaction& tx, Id share, std::string_view principal, std::string_view status, bool open,
                          TimeMs now_ms);

// The share through which a grant of `owner` reaches the principal: one that stands, or a new one.
Result<Id> ShareFor(store::Transaction& tx, Random& random, const Caller& grantor, std::string_view owner, std::string_view region,
                    const Grantee& grantee, TimeMs now_ms);
// Whether the organisation shares without invitations.
Result<bool> OrganizationShares(store::Transaction& tx);
Result<bool> SameOrganization(store::Transaction& tx, const Caller& caller, std::string_view account);

}  // namespace hanse::governance
