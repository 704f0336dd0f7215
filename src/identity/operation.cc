#include "identity/operation.h"

#include <fmt/format.h>

#include "identity/definition.h"
#include "identity/managed.h"
#include "identity/saml_providers.h"
#include "model/arn.h"
#include "store/directory.h"

namespace hanse::identity {
namespace {

std::string_view KindOf(Target target) {
  switch (target) {
    case Target::kUser: return "user";
    case Target::kRole: return "role";
    case Target::kGroup: return "group";
    case Target::kPolicy: return "policy";
    case Target::kSamlProvider: return "saml-provider";
    case Target::kAccount: break;
  }
  return "";
}

void AddResourceTags(const Tags& tags, Keys* keys) {
  for (const auto& [key, value] : tags) {
    (*keys)["aws:resourcetag/" + Lower(key)] = {value};
    (*keys)["iam:resourcetag/" + Lower(key)] = {value};
  }
}

// The ARN of the principal, and what stands on it: its tags, and its boundary unless the request brings one.
Result<std::string> DescribePrincipal(store::Transaction& tx, const store::Principal& principal, Keys* keys) {
  AddResourceTags(Definition::FromJson(principal.definition).tags, keys);
  if (!keys->contains("iam:permissionsboundary")) {
    TRY_ASSIGN(auto row,
               tx.Maybe("SELECT policy_arn FROM iam_attachments WHERE principal = ? AND usage = 'boundary'", {principal.id}));
    if (row) (*keys)["iam:permissionsboundary"] = {row->Text(0)};
  }
  return principal.arn;
}

Result<std::string> ResourceOf(const gate::Context& context, store::Transaction& tx, Target target,
                               const std::optional<std::string>& name, const std::optional<std::string>& path, Keys* keys) {
  const AccountId& account = context.caller.account;
  if (target == Target::kAccount) return std::string("*");
  std::string_view kind = KindOf(target);
  if (!name) {
    if (target != Target::kUser || context.caller.kind != CallerKind::kUser)
      return fmt::format("arn:aws:iam::{}:{}/*", account, kind);
    TRY_ASSIGN(auto own, store::FindPrincipalById(tx, context.caller.principal));
    if (own) return DescribePrincipal(tx, *own, keys);
    return context.caller.principal_arn;
  }
  if (target == Target::kSamlProvider) {
    const std::string arn = name->starts_with("arn:") ? *name : SamlProviderArn(account, *name);
    TRY_ASSIGN(auto provider, store::FindSamlProviderByArn(tx, arn));
    if (provider && provider->account == account) {
      TRY_ASSIGN(Tags tags, SamlProviderTags(tx, provider->id));
      AddResourceTags(tags, keys);
    }
    return arn;
  }
  if (name->starts_with("arn:")) {
    auto policy = FindPolicy(tx, account, *name);
    if (policy) AddResourceTags(policy->tags, keys);
    return *name;
  }
  if (!path && target != Target::kPolicy) {
    TRY_ASSIGN(auto principal, store::FindPrincipalByName(tx, account, kind, *name));
    if (principal) return DescribePrincipal(tx, *principal, keys);
  }
  return fmt::format("arn:aws:iam::{}:{}{}{}", account, kind, path.value_or("/"), *name);
}

}  // namespace

Result<std::vector<gate::Need>> NeedOn(const gate::Context& context, store::Transaction& tx, std::string_view action, Target target,
                                       const std::optional<std::string>& name, const std::optional<std::string>& path, Keys keys) {
  TRY_ASSIGN(std::string resource, ResourceOf(context, tx, target, name, path, &keys));
  return std::vector<gate::Need>{{.action = std::string(action), .resource = std::move(resource), .context = std::move(keys)}};
}

}  // namespace hanse::identity
