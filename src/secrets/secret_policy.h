#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "gate/sources.h"
#include "policy/document_cache.h"

// The policies of secrets. Source: Secrets Manager User Guide, "Resource-based policies".
namespace hanse::secrets {

// The document as it is kept: checked (MalformedPolicyDocumentException), with the principals bound to those who have these names
// now.
Result<std::string> KeptPolicy(store::Transaction& tx, std::string_view document);
// And back.
Result<std::string> ShownPolicy(store::Transaction& tx, std::string_view kept);
Result<bool> IsPublicPolicy(std::string_view document);

// What the gate asks about secrets: whose they are, and the policy. A secret of another account that is not there is as one that is
// closed. Any thread.
class SecretPolicies final : public gate::ResourcePolicySource {
 public:
  Result<std::optional<Found>> PolicyOf(store::Transaction& tx, const Caller& caller, std::string_view action,
                                        std::string_view resource_arn) override;

 private:
  policy::DocumentCache documents_;
};

}  // namespace hanse::secrets
