#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "gate/sources.h"
#include "policy/document_cache.h"

// The policies of keys. Source: KMS Developer Guide, "Key policies in AWS KMS", "Default key policy".
namespace hanse::keys {

// Who makes a key and says nothing leaves it to the policies of the account.
std::string DefaultPolicy(std::string_view account);
// The domain key's: as the default one, and every principal of the account uses it through S3, Athena and Secrets Manager (as with
// the key aws/s3 of AWS), so that the rights on objects, results and secrets suffice inside the account.
std::string DomainPolicy(std::string_view account, std::string_view region);

// The document as it is kept: checked (MalformedPolicyDocumentException, LimitExceededException) and with the principals bound to
// those who have these names now.
Result<std::string> KeptPolicy(store::Transaction& tx, std::string_view document);
// And back, as GetKeyPolicy shows it.
Result<std::string> ShownPolicy(store::Transaction& tx, std::string_view kept);

// What the gate asks about keys: whose they are, and the key's policy, without which nobody may anything. A key of another account
// that is not there is as one that is closed. Any thread.
class KeyPolicies final : public gate::ResourcePolicySource {
 public:
  Result<std::optional<Found>> PolicyOf(store::Transaction& tx, const Caller& caller, std::string_view action,
                                        std::string_view resource_arn) override;

 private:
  Result<std::optional<Found>> OfService(const AccountId& owner);

  policy::DocumentCache documents_;
};

}  // namespace hanse::keys
