#include "governance/invitations.h"

#include <algorithm>

#include "governance/page.h"
#include "governance/shown_shares.h"

namespace hanse::governance {
namespace {

namespace ram = wire::ram;

std::unexpected<Error> NoInvitation(const std::string& arn) {
  return FailAs(ErrorCode::kNotFound, "ResourceShareInvitationArnNotFoundException",
                "ResourceShareInvitation " + arn + " could not be found.");
}

Result<ram::ResourceShareInvitation> Shown(store::Transaction& tx, const InvitationRow& row, TimeMs now_ms) {
  TRY_ASSIGN(auto share, FindShareById(tx, row.share));
  ram::ResourceShareInvitation shown;
  shown.resource_share_invitation_arn = row.arn;
  if (share) {
    shown.resource_share_name = share->name;
    shown.resource_share_arn = share->arn;
    shown.sender_account_id = share->owner;
  }
  shown.receiver_account_id = row.receiver;
  shown.invitation_timestamp = wire::Timestamp{row.invited_ms};
  shown.status = row.StatusAt(now_ms);
  return shown;
}

// An invitation to the caller's account that still waits.
Result<InvitationRow> FindPending(const gate::Call& call, const std::optional<std::string>& arn) {
  TRY_ASSIGN(auto found, FindInvitation(call.tx(), arn.value_or("")));
  if (!found || found->receiver != call.caller().account) return NoInvitation(arn.value_or(""));
  std::string status = found->StatusAt(call.now_ms());
  if (status == "ACCEPTED") {
    return FailAs(ErrorCode::kConflict, "ResourceShareInvitationAlreadyAcceptedException", "The invitation was already accepted.");
  }
  if (status == "REJECTED") {
    return FailAs(ErrorCode::kConflict, "ResourceShareInvitationAlreadyRejectedException", "The invitation was already rejected.");
  }
  if (status == "EXPIRED") {
    return FailAs(ErrorCode::kConflict, "ResourceShareInvitationExpiredException", "The invitation has expired.");
  }
  return std::move(*found);
}

enum class Verdict { kAccept, kReject };

Result<ram::ResourceShareInvitation> Settle(const gate::Call& call, const std::optional<std::string>& arn, Verdict verdict) {
  TRY_ASSIGN(InvitationRow row, FindPending(call, arn));
  bool accepts = verdict == Verdict::kAccept;
  row.status = accepts ? "ACCEPTED" : "REJECTED";
  TRY(call.tx().Execute("UPDATE ram_invitations SET status = ? WHERE id = ?", {row.status, row.id}));
  TRY(SetPrincipal(call.tx(), row.share, row.principal, accepts ? "ASSOCIATED" : "FAILED", accepts, call.now_ms()));
  return Shown(call.tx(), row, call.now_ms());
}

}  // namespace

Result<GetResourceShareInvitations::Answer> Invitations::Do(const gate::Authorized<GetResourceShareInvitations>& call) {
  const auto& in = call->in;
  std::size_t most = PageSize(in.max_results, 500);
  TRY_ASSIGN(std::string cursor, PageCursor("GetResourceShareInvitations", in.next_token));
  TRY_ASSIGN(Id after, CursorId(cursor));
  GetResourceShareInvitations::Answer answer;
  answer.resource_share_invitations.emplace();
  TRY_ASSIGN(auto rows, InvitationsTo(call.tx(), call.caller().account, after, static_cast<std::int64_t>(most)));
  auto wanted = [](const std::optional<std::vector<std::string>>& names, const std::optional<std::string>& name) {
    return !names || names->empty() || std::ranges::find(*names, name.value_or("")) != names->end();
  };
  for (const InvitationRow& row : rows) {
    TRY_ASSIGN(auto shown, Shown(call.tx(), row, call.now_ms()));
    bool fits = wanted(in.resource_share_invitation_arns, shown.resource_share_invitation_arn) &&
                wanted(in.resource_share_arns, shown.resource_share_arn);
    if (fits) answer.resource_share_invitations->push_back(std::move(shown));
  }
  if (rows.size() == most) answer.next_token = PageToken("GetResourceShareInvitations", std::to_string(rows.back().id));
  return answer;
}

Result<AcceptResourceShareInvitation::Answer> Invitations::Do(const gate::Authorized<AcceptResourceShareInvitation>& call) {
  TRY_ASSIGN(auto shown, Settle(call, call->in.resource_share_invitation_arn, Verdict::kAccept));
  return AcceptResourceShareInvitation::Answer{.resource_share_invitation = std::move(shown),
                                               .client_token = call->in.client_token};
}

Result<RejectResourceShareInvitation::Answer> Invitations::Do(const gate::Authorized<RejectResourceShareInvitation>& call) {
  TRY_ASSIGN(auto shown, Settle(call, call->in.resource_share_invitation_arn, Verdict::kReject));
  return RejectResourceShareInvitation::Answer{.resource_share_invitation = std::move(shown),
                                               .client_token = call->in.client_token};
}

Result<ListPendingInvitationResources::Answer> Invitations::Do(const gate::Authorized<ListPendingInvitationResources>& call) {
  TRY_ASSIGN(InvitationRow row, FindPending(call, call->in.resource_share_invitation_arn));
  TRY_ASSIGN(auto share, FindShareById(call.tx(), row.share));
  ListPendingInvitationResources::Answer answer;
  answer.resources.emplace();
  if (!share) return answer;
  TRY_ASSIGN(auto resources, ResourcesOf(call.tx(), *share));
  for (const ShareResource& resource : resources) answer.resources->push_back(ListedResource(*share, resource));
  return answer;
}

}  // namespace hanse::governance
