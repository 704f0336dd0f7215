#pragma once
#include "policy/principals.h"
#include "store/directory.h"

// Users and roles by ARN and by unique id, for the policies of resources (policy/principals.h).
namespace hanse::gate {

inline policy::PrincipalLookup PrincipalIds(store::Transaction& tx) {
  return [&tx](std::string_view arn) -> Result<std::optional<std::string>> {
    TRY_ASSIGN(auto found, store::FindPrincipalByArn(tx, arn));
    return found ? std::optional(found->unique_id) : std::nullopt;
  };
}

inline policy::PrincipalLookup PrincipalArns(store::Transaction& tx) {
  return [&tx](std::string_view unique_id) -> Result<std::optional<std::string>> {
    TRY_ASSIGN(auto row, tx.Maybe("SELECT arn FROM principals WHERE unique_id = ?", {std::string(unique_id)}));
    return row ? std::optional(row->Text(0)) : std::nullopt;
  };
}

}  // namespace hanse::gate
