#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "gate/sources.h"
#include "policy/document_cache.h"

namespace hanse::objects {

// What the gate asks about buckets and objects: whose they are, and the bucket's policy. The policy of a bucket that restricts
// public access counts for nobody outside the owner's account while it is public; the owner's root can always read, replace and
// delete it. Any thread.
class BucketPolicies final : public gate::ResourcePolicySource {
 public:
  Result<std::optional<Found>> PolicyOf(store::Transaction& tx, const Caller& caller, std::string_view action,
                                        std::string_view resource_arn) override;

 private:
  policy::DocumentCache documents_;
};

// The document as it is kept: checked (MalformedPolicy: its language, actions of S3 alone, resources of this bucket alone) and
// with the principals bound to those who have these names now.
Result<std::string> KeptPolicy(store::Transaction& tx, std::string_view bucket, std::string_view document);
// And back, as GetBucketPolicy shows it.
Result<std::string> ShownPolicy(store::Transaction& tx, std::string_view kept);
Result<bool> IsPublicPolicy(std::string_view document);

}  // namespace hanse::objects
