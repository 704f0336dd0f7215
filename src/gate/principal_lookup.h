#pragma once
#include "policy/principals.h"
#include "store/directory.h"

// Users, roles and SAML providers by ARN and by unique id, for the policies of resources (policy/principals.h).
namespace hanse::gate {

inline policy::PrincipalLookup PrincipalIds(store::Transaction& tx) {
  return [&tx](std::string_view arn) -> Result<std::optional<std::string>> {
    TRY_ASSIGN(auto found, store::FindPrincipalByArn(tx, arn));
    if (found) return std::optional(found->unique_id);
    TRY_ASSIGN(auto provider, store::FindSamlProviderByArn(tx, arn));
    return provider ? std::optional(provider->unique_id) : std::nullopt;
  };
}

inline policy::PrincipalLookup PrincipalArns(store::Transaction& tx) {
  return [&tx](std::string_view unique_id) -> Result<std::optional<std::string>> {
    TRY_ASSIGN(auto row, tx.Maybe("SELECT arn FROM principals WHERE unique_id = ?", {std::string(unique_id)}));
    if (row) return std::optional(row->Text(0));
    TRY_ASSIGN(auto provider, store::FindSamlProviderByUniqueId(tx, unique_id));
    return provider ? std::optional(provider->arn) : std::nullopt;
  };
}

}  // namespace hanse::gate
