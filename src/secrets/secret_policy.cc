#include "secrets/secret_policy.h"

#include "gate/principal_lookup.h"
#include "model/arn.h"
#include "policy/document.h"
#include "secrets/keeper.h"

namespace hanse::secrets {
namespace {

std::unexpected<Error> MalformedPolicy(std::string why) {
  return FailAs(ErrorCode::kInvalidArgument, "MalformedPolicyDocumentException", std::move(why));
}

}  // namespace

Result<std::string> KeptPolicy(store::Transaction& tx, std::string_view document) {
  auto parsed = policy::ParseDocument(document, policy::DocumentKind::kResource);
  if (!parsed) return MalformedPolicy(parsed.error().message);
  auto bound = policy::BindPrincipals(document, gate::PrincipalIds(tx));
  if (!bound && bound.error().code == ErrorCode::kInvalidArgument) return MalformedPolicy(bound.error().message);
  return bound;
}

Result<std::string> ShownPolicy(store::Transaction& tx, std::string_view kept) {
  return policy::ShowPrincipals(kept, gate::PrincipalArns(tx));
}

Result<bool> IsPublicPolicy(std::string_view document) {
  auto parsed = policy::ParseDocument(document, policy::DocumentKind::kResource);
  if (!parsed) return MalformedPolicy(parsed.error().message);
  return policy::IsPublic(**parsed);
}

Result<std::optional<gate::ResourcePolicySource::Found>> SecretPolicies::PolicyOf(store::Transaction& tx, const Caller& caller,
                                                                                  std::string_view action,
                                                                                  std::string_view resource_arn) {
  std::optional<Arn> arn = ParseArn(resource_arn);
  if (!arn) return std::optional<Found>();
  if (action == kForgetAction) return OfServiceAlone(&documents_, arn->account);
  TRY_ASSIGN(auto row, tx.RecallMaybe("SELECT account, policy FROM secrets WHERE arn = ?", {std::string(resource_arn)}));
  if (!row && arn->account == caller.account) return std::optional<Found>();  // Its own account's policies decide who learns that.
  Found found{.owner = row ? row->Text(0) : arn->account};
  if (!row || row->Text(1).empty()) return std::optional(std::move(found));
  TRY_ASSIGN(policy::DocumentPtr document, documents_.Parse(row->Text(1), policy::DocumentKind::kResource));
  found.document = policy::NamedDocument{"secret policy of " + std::string(resource_arn), std::move(document)};
  return std::optional(std::move(found));
}

}  // namespace hanse::secrets
