#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/caller.h"
#include "store/store.h"
#include "wire/kms.h"

// Grants: what a key gives to one principal besides its policy. They only add. Source: KMS Developer Guide, "Grants in AWS KMS".
namespace hanse::keys {

// A row of `key_grants`. The principals are kept as in policies: a namesake inherits no grant.
struct KeyGrant {
  Id key = 0;
  std::string id;
  std::string grantee, retiring;  // Unique ids, or the number of an account; retiring may be "".
  TimeMs created_ms = 0;
  wire::kms::GrantListEntry told;  // Name, operations, constraints, the account that made it.
};

Result<std::optional<KeyGrant>> FindGrant(store::Transaction& tx, Id key, std::string_view grant_id);
// In the order of ids, after `after`; of one grantee alone where it is not empty.
Result<std::vector<KeyGrant>> GrantsOf(store::Transaction& tx, Id key, std::string_view grantee, std::string_view after,
                                       std::int64_t limit);
Result<std::vector<KeyGrant>> GrantsToRetire(store::Transaction& tx, std::string_view retiring, std::string_view after,
                                             std::int64_t limit);
Result<void> InsertGrant(store::Transaction& tx, const KeyGrant& grant);
Result<void> DeleteGrant(store::Transaction& tx, const KeyGrant& grant);

// The principal of a grant as it is kept, and back. InvalidArnException where there is no such principal.
Result<std::string> KeptPrincipal(store::Transaction& tx, const std::string& arn);
Result<std::string> ShownPrincipal(store::Transaction& tx, const std::string& kept);

// What a holder retires by: which key, which grant. It proves nothing; the grant says who may.
struct GrantToken {
  std::string key_arn, grant_id;
};
std::string WriteGrantToken(const GrantToken& token);
Result<GrantToken> ReadGrantToken(std::string_view text);  // InvalidGrantTokenException

// The key's policy with what its grants give to `caller`, as statements of a policy.
Result<std::string> WithGrants(store::Transaction& tx, Id key, const std::string& policy, const Caller& caller);

}  // namespace hanse::keys
