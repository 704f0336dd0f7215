#include "governance/grantee.h"

#include <algorithm>

#include "base/text.h"
#include "governance/refusals.h"
#include "model/arn.h"
#include "store/directory.h"

namespace hanse::governance {
namespace {

bool IsAccountId(std::string_view text) {
  return text.size() == 12 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

constexpr std::string_view kSamlResource = "saml-provider/";

std::unexpected<Error> NoPrincipal(std::string_view identifier) {
  return Invalid("Invalid principal, arn: " + std::string(identifier));
}

Result<Grantee> FindAccountGrantee(store::Transaction& tx, const Caller& caller, std::string_view account, GranteeKind kind) {
  TRY_ASSIGN(auto found, store::FindAccount(tx, account));
  if (!found && account != caller.account) return NoPrincipal(account);
  std::string key = kind == GranteeKind::kAccount ? std::string(account) : EveryPrincipalKey(account);
  return Grantee{kind, key, 0, key, AccountId(account)};
}

// arn:aws:organizations::MANAGEMENT:organization/o-… or …:ou/o-…/ou-…
Result<Grantee> FindOrganization(const Caller& caller, const Arn& arn) {
  std::vector<std::string> parts = Split(arn.resource, '/');
  if (caller.organization.empty() || parts.size() < 2 || parts[1] != caller.organization) return NoPrincipal(arn.Text());
  if (parts[0] == "organization" && parts.size() == 2) {
    return Grantee{GranteeKind::kOrganization, "o:" + parts[1], 0, arn.Text(), {}};
  }
  if (parts[0] == "ou" && parts.size() == 3 && parts[2].starts_with("ou-")) {
    return Grantee{GranteeKind::kUnit, "ou:" + parts[2], 0, arn.Text(), {}};
  }
  return NoPrincipal(arn.Text());
}

// arn:aws:iam::ACCOUNT:saml-provider/PROVIDER:user/NAME or …:group/NAME. Whether the provider knows the name nobody can ask it.
Result<Grantee> FindSamlGrantee(store::Transaction& tx, const Arn& arn) {
  const std::size_t colon = arn.resource.find(':');
  const std::string who = colon == std::string::npos ? std::string() : arn.resource.substr(colon + 1);
  const std::size_t slash = who.find('/');
  const std::string kind = who.substr(0, slash);
  if ((kind != "user" && kind != "group") || slash == std::string::npos || slash + 1 == who.size()) return NoPrincipal(arn.Text());
  const std::string name = arn.resource.substr(kSamlResource.size(), colon - kSamlResource.size());
  TRY_ASSIGN(auto provider, store::FindSamlProviderByArn(tx, SamlProviderArn(arn.account, name)));
  if (!provider) return NoPrincipal(arn.Text());
  return Grantee{GranteeKind::kSaml, SamlKey(provider->id, who), provider->id, arn.Text(), provider->account};
}

}  // namespace

std::string SamlKey(Id provider, std::string_view who) { return "saml:" + std::to_string(provider) + ":" + std::string(who); }

std::vector<std::string> SamlKeys(const Caller& caller) {
  std::vector<std::string> keys;
  if (!caller.saml || caller.kind != CallerKind::kSession) return keys;
  if (!caller.saml->user.empty()) keys.push_back(SamlKey(caller.saml->provider, "user/" + caller.saml->user));
  for (const std::string& group : caller.saml->groups) keys.push_back(SamlKey(caller.saml->provider, "group/" + group));
  return keys;
}

std::string PrincipalKey(Id principal) { return "#" + std::to_string(principal); }
std::string EveryPrincipalKey(std::string_view account) { return std::string(account) + ":IAMPrincipals"; }

Result<Grantee> FindGrantee(store::Transaction& tx, const Caller& caller, std::string_view identifier) {
  constexpr std::string_view kEvery = ":IAMPrincipals";
  if (EqualsIgnoreCase(identifier, kIamAllowedPrincipals) || identifier == "EVERYONE") {
    return Grantee{GranteeKind::kIamAllowed, std::string(kIamAllowedPrincipals), 0, std::string(kIamAllowedPrincipals), {}};
  }
  if (IsAccountId(identifier)) return FindAccountGrantee(tx, caller, identifier, GranteeKind::kAccount);
  if (identifier.size() == 12 + kEvery.size() && identifier.ends_with(kEvery) && IsAccountId(identifier.substr(0, 12))) {
    return FindAccountGrantee(tx, caller, identifier.substr(0, 12), GranteeKind::kEveryPrincipal);
  }
  std::optional<Arn> arn = ParseArn(identifier);
  if (!arn) return NoPrincipal(identifier);
  if (arn->service == "organizations") return FindOrganization(caller, *arn);
  if (arn->service == "iam" && arn->resource.starts_with(kSamlResource)) return FindSamlGrantee(tx, *arn);
  TRY_ASSIGN(auto principal, store::FindPrincipalByArn(tx, identifier));
  if (!principal || (principal->kind != "user" && principal->kind != "role")) return NoPrincipal(identifier);
  return Grantee{GranteeKind::kPrincipal, PrincipalKey(principal->id), principal->id, principal->arn, principal->account};
}

std::vector<std::string> OwnKeys(const Caller& caller) {
  if (caller.principal == 0) return {};
  std::vector<std::string> keys = {PrincipalKey(caller.principal), EveryPrincipalKey(caller.account)};
  for (std::string& key : SamlKeys(caller)) keys.push_back(std::move(key));
  return keys;
}

std::vector<std::string> AccountKeys(const Caller& caller) {
  std::vector<std::string> keys = {caller.account};
  if (!caller.organization.empty()) keys.push_back("o:" + caller.organization);
  for (const std::string& unit : caller.organization_path) {
    if (unit.starts_with("ou-")) keys.push_back("ou:" + unit);
  }
  return keys;
}

}  // namespace hanse::governance
