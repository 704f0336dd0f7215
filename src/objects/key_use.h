#pragma once
#include <string_view>

#include "base/result.h"
#include "gate/gate.h"
#include "objects/bucket.h"

// The right to use a key through S3: asked for besides the right on the object, of the key's policy and, where that leaves it to
// them or lies in another account, of the caller's own. Source: S3 User Guide, "Using server-side encryption with AWS KMS keys".
namespace hanse::objects {

inline constexpr std::string_view kOpenKey = "kms:Decrypt", kSealKey = "kms:GenerateDataKey";

// The need for `action` (kms:Decrypt, kms:GenerateDataKey) on the key, for bytes of this bucket. `named`: how the request called
// the key, where it did.
gate::Need NeedOnKey(std::string_view action, std::string_view key_arn, const Bucket& bucket, const AccountId& caller,
                     std::string_view named = {});
// The same as a question of the act. AccessDenied, also where the key is of another account and is not there.
Result<void> RequireKey(const gate::Call& call, std::string_view action, std::string_view key_arn, const Bucket& bucket,
                        std::string_view named = {});

}  // namespace hanse::objects
