#include "identity/attaching.h"

#include <fmt/format.h>

#include "identity/limits.h"
#include "identity/managed.h"

namespace hanse::identity {

Result<void> Attach(store::Transaction& tx, const store::Principal& to, std::string_view policy_arn) {
  TRY_ASSIGN(ManagedPolicy policy, FindPolicy(tx, to.account, policy_arn));
  TRY_ASSIGN(auto count,
             tx.One("SELECT count(*) FROM iam_attachments WHERE principal = ? AND usage = 'attached' AND policy_arn <> ?",
                    {to.id, policy.arn}));
  if (count.Int(0) >= kMaxAttachedPolicies) return OverQuota("PoliciesPerPrincipal", kMaxAttachedPolicies);
  TRY(tx.Execute("INSERT INTO iam_attachments (principal, usage, policy_arn) VALUES (?, 'attached', ?) ON CONFLICT DO NOTHING",
                 {to.id, policy.arn}));
  return {};
}

Result<void> Detach(store::Transaction& tx, const store::Principal& from, std::string_view policy_arn) {
  TRY_ASSIGN(std::int64_t gone,
             tx.Execute("DELETE FROM iam_attachments WHERE principal = ? AND usage = 'attached' AND policy_arn = ?",
                        {from.id, std::string(policy_arn)}));
  if (gone == 0) return FailAs(ErrorCode::kNotFound, "NoSuchEntity", fmt::format("Policy {} was not found.", policy_arn));
  return {};
}

Result<void> SetBoundary(store::Transaction& tx, const store::Principal& on, const std::optional<std::string>& policy_arn) {
  if (policy_arn) TRY(FindPolicy(tx, on.account, *policy_arn));
  TRY_ASSIGN(std::int64_t gone, tx.Execute("DELETE FROM iam_attachments WHERE principal = ? AND usage = 'boundary'", {on.id}));
  if (!policy_arn) {
    if (gone == 0) return FailAs(ErrorCode::kNotFound, "NoSuchEntity", fmt::format("{} has no permissions boundary.", on.name));
    return {};
  }
  TRY(tx.Execute("INSERT INTO iam_attachments (principal, usage, policy_arn) VALUES (?, 'boundary', ?)", {on.id, *policy_arn}));
  return {};
}

Result<void> CheckBare(store::Transaction& tx, const store::Principal& principal) {
  TRY_ASSIGN(auto inline_policy, tx.Maybe("SELECT name FROM iam_inline_policies WHERE principal = ? LIMIT 1", {principal.id}));
  if (inline_policy) return DeleteConflict("Cannot delete entity, must delete policies first.");
  TRY_ASSIGN(auto attached,
             tx.Maybe("SELECT policy_arn FROM iam_attachments WHERE principal = ? AND usage = 'attached' LIMIT 1", {principal.id}));
  if (attached) return DeleteConflict("Cannot delete entity, must detach all policies first.");
  return {};
}

}  // namespace hanse::identity
