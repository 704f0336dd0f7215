#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "model/caller.h"
#include "store/store.h"

// Whom grants name (lakeformation.md, section 2.4), and which of those a caller is.
namespace hanse::governance {

inline constexpr std::string_view kIamAllowedPrincipals = "IAM_ALLOWED_PRINCIPALS";

enum class GranteeKind { kPrincipal, kSaml, kAccount, kEveryPrincipal, kOrganization, kUnit, kIamAllowed };

struct Grantee {
  GranteeKind kind = GranteeKind::kPrincipal;
  // As the store keeps it: "#ID", "saml:ID:user/NAME", "saml:ID:group/NAME", "ACCOUNT", "ACCOUNT:IAMPrincipals", "o:…", "ou:…",
  // IAM_ALLOWED_PRINCIPALS.
  std::string key;
  Id principal = 0;   // Of kPrincipal; of kSaml the provider, with which all that names its users and groups goes.
  std::string shown;  // As clients write it.
  AccountId account;  // Of principals and accounts; empty for organisations, units and IAM_ALLOWED_PRINCIPALS.
  // Whether a grant by `owner` leaves its account.
  bool leaves(std::string_view owner) const { return kind != GranteeKind::kIamAllowed && account != owner; }
};

// kInvalidArgument "Invalid principal, arn: …" where there is none such. Organisations and units: the caller's own alone.
Result<Grantee> FindGrantee(store::Transaction& tx, const Caller& caller, std::string_view identifier);

std::string PrincipalKey(Id principal);  // "#12"
std::string EveryPrincipalKey(std::string_view account);
// Of a SAML provider by its id: its user or its group (`who`: "user/ana", "group/analysts"), as its assertions call them.
std::string SamlKey(Id provider, std::string_view who);
// The keys of a session that AssumeDecoratedRoleWithSAML began: its user's and groups'. None of any other.
std::vector<std::string> SamlKeys(const Caller& caller);

// The keys under which grants reach a caller: its own (itself, whom it is decorated as, everybody in its account), and its
// account's (the account, its organisation and units), which are a ceiling and no right of the caller's.
std::vector<std::string> OwnKeys(const Caller& caller);
std::vector<std::string> AccountKeys(const Caller& caller);

}  // namespace hanse::governance
