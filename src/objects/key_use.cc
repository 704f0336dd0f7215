#include "objects/key_use.h"

#include <fmt/format.h>

#include "model/arn.h"

namespace hanse::objects {

gate::Need NeedOnKey(std::string_view action, std::string_view key_arn, const Bucket& bucket, const AccountId& caller,
                     std::string_view named) {
  std::optional<Arn> arn = ParseArn(key_arn);
  gate::Need need{.action = std::string(action), .resource = std::string(key_arn), .owner = arn ? arn->account : AccountId()};
  need.context = {{"kms:viaservice", {fmt::format("s3.{}.amazonaws.com", bucket.region)}},
                  // One data key serves a bucket's objects: its context is the bucket.
                  {"kms:encryptioncontext:aws:s3:arn", {S3Arn(bucket.name)}},
                  {"kms:encryptioncontextkeys", {"aws:s3:arn"}},
                  {"aws:viaawsservice", {"true"}}};
  if (!caller.empty()) need.context["kms:calleraccount"] = {caller};
  if (need.owner != caller) need.shown = named;
  return need;
}

Result<void> RequireKey(const gate::Call& call, std::string_view action, std::string_view key_arn, const Bucket& bucket,
                        std::string_view named) {
  return call.Require(NeedOnKey(action, key_arn, bucket, call.caller().account, named));
}

}  // namespace hanse::objects
