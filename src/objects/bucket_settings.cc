#include <fmt/format.h>

#include "model/arn.h"
#include "objects/acl.h"
#include "objects/buckets.h"
#include "objects/errors.h"
#include "wire/json.h"

// Versioning, tags, encryption and ownership of buckets.
namespace hanse::objects {
namespace {

constexpr std::string_view kAes = "AES256", kKms = "aws:kms";

// A key of another account is taken as it is named: whether it is there, its owner says to whoever may write under it.
Result<std::string> DefaultKey(DataKeys& keys, const gate::Call& call, const std::string& name, const std::string& region) {
  std::optional<Arn> arn = ParseArn(name);
  if (arn && arn->service != "kms") return InvalidArgument("KMSMasterKeyID must be a key's id, ARN or alias.");
  if (arn && arn->account != call.caller().account) return name;
  TRY_ASSIGN(auto found, keys.Find(call.tx(), name, call.caller().account, region));
  if (!found) return Refuse(ErrorCode::kNotFound, "KMS.NotFoundException", fmt::format("Key '{}' does not exist", name));
  return *std::move(found);
}

}  // namespace

Result<wire::Empty> Buckets::Do(const gate::Authorized<PutBucketVersioning>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->in.bucket));
  const auto& wanted = call->in.versioning_configuration;
  if (!wanted || !wanted->status) {
    return Refuse(ErrorCode::kInvalidArgument, "IllegalVersioningConfigurationException",
                  "The versioning configuration must say Status: Enabled or Suspended.");
  }
  if (wanted->mfa_delete.value_or("Disabled") == "Enabled") return NotBuilt("MFA Delete");
  bucket.versioning = *wanted->status;
  TRY(UpdateBucket(call.tx(), bucket));
  return wire::Empty{};
}

Result<s3::GetBucketVersioningOutput> Buckets::Do(const gate::Authorized<GetBucketVersioning>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->in.bucket));
  s3::GetBucketVersioningOutput answer;
  if (!bucket.versioning.empty()) answer.status = bucket.versioning;
  return answer;
}

Result<wire::Empty> Buckets::Do(const gate::Authorized<PutBucketTagging>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->in.bucket));
  s3::Tagging tags = call->in.tagging.value_or(s3::Tagging());
  TRY(CheckTags(tags, kBucketTagsMax));
  TRY(WriteSetting(call.tx(), bucket.id, "tagging", wire::ToJson(tags)));
  return wire::Empty{};
}

Result<s3::GetBucketTaggingOutput> Buckets::Do(const gate::Authorized<GetBucketTagging>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->in.bucket));
  TRY_ASSIGN(std::string json, ReadSetting(call.tx(), bucket.id, "tagging"));
  if (json.empty()) return Refuse(ErrorCode::kNotFound, "NoSuchTagSet", "The TagSet does not exist");
  TRY_ASSIGN(auto tags, wire::FromJson<s3::Tagging>(json));
  return s3::GetBucketTaggingOutput{.tag_set = tags.tag_set};
}

Result<wire::Empty> Buckets::Do(const gate::Authorized<DeleteBucketTagging>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->in.bucket));
  TRY(DeleteSetting(call.tx(), bucket.id, "tagging"));
  return wire::Empty{};
}

Result<wire::Empty> Buckets::Do(const gate::Authorized<PutBucketEncryption>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->in.bucket));
  auto wanted = call->in.server_side_encryption_configuration;
  bool one =
      wanted && wanted->rules && wanted->rules->size() == 1 && wanted->rules->front().apply_server_side_encryption_by_default;
  if (!one)
    return Refuse(ErrorCode::kInvalidArgument, "MalformedXML", "The configuration must have exactly one rule with a default.");
  s3::ServerSideEncryptionByDefault& how = *wanted->rules->front().apply_server_side_encryption_by_default;
  std::string algorithm = how.sse_algorithm.value_or("");
  if (algorithm != kAes && algorithm != kKms) return NotBuilt("Encryption by " + algorithm);
  bucket.key_arn.clear();
  if (how.kms_master_key_id && algorithm == kAes) {
    return InvalidArgument("a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse");
  }
  if (how.kms_master_key_id) {
    TRY_ASSIGN(bucket.key_arn, DefaultKey(keys_, call, *how.kms_master_key_id, bucket.region));
  }
  TRY(UpdateBucket(call.tx(), bucket));
  TRY(WriteSetting(call.tx(), bucket.id, "encryption", wire::ToJson(*wanted)));
  return wire::Empty{};
}

Result<s3::GetBucketEncryptionOutput> Buckets::Do(const gate::Authorized<GetBucketEncryption>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->in.bucket));
  TRY_ASSIGN(std::string json, ReadSetting(call.tx(), bucket.id, "encryption"));
  s3::GetBucketEncryptionOutput answer;
  if (!json.empty()) {
    TRY_ASSIGN(answer.server_side_encryption_configuration, wire::FromJson<s3::ServerSideEncryptionConfiguration>(json));
    return answer;
  }
  TRY_ASSIGN(std::string domain, keys_.Domain(call.tx(), bucket.account, bucket.region, call.now_ms()));
  s3::ServerSideEncryptionRule rule;
  rule.apply_server_side_encryption_by_default = {.sse_algorithm = std::string(kKms), .kms_master_key_id = domain};
  rule.bucket_key_enabled = true;
  answer.server_side_encryption_configuration.emplace().rules = {rule};
  return answer;
}

Result<wire::Empty> Buckets::Do(const gate::Authorized<DeleteBucketEncryption>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->in.bucket));
  bucket.key_arn.clear();  // Back to the account's own key: nothing is ever stored in the clear.
  TRY(UpdateBucket(call.tx(), bucket));
  TRY(DeleteSetting(call.tx(), bucket.id, "encryption"));
  return wire::Empty{};
}

Result<wire::Empty> Buckets::Do(const gate::Authorized<PutBucketOwnershipControls>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->in.bucket));
  auto wanted = call->in.ownership_controls;
  bool one = wanted && wanted->rules && wanted->rules->size() == 1;
  if (!one) return Refuse(ErrorCode::kInvalidArgument, "MalformedXML", "The controls must have exactly one rule.");
  std::string ownership = wanted->rules->front().object_ownership.value_or("");
  if (ownership != kOwnerEnforced) return NotBuilt("Object ownership " + ownership + " (access lists)");
  TRY(DeleteSetting(call.tx(), bucket.id, "ownership"));
  return wire::Empty{};
}

Result<s3::GetBucketOwnershipControlsOutput> Buckets::Do(const gate::Authorized<GetBucketOwnershipControls>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->in.bucket));
  TRY_ASSIGN(std::string removed, ReadSetting(call.tx(), bucket.id, "ownership"));
  if (!removed.empty()) {
    return Refuse(ErrorCode::kNotFound, "OwnershipControlsNotFoundError", "The bucket ownership controls were not found");
  }
  s3::GetBucketOwnershipControlsOutput answer;
  answer.ownership_controls.emplace().rules = {s3::OwnershipControlsRule{.object_ownership = std::string(kOwnerEnforced)}};
  return answer;
}

Result<wire::Empty> Buckets::Do(const gate::Authorized<DeleteBucketOwnershipControls>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->in.bucket));
  // Told as taken away; access lists stay off all the same.
  TRY(WriteSetting(call.tx(), bucket.id, "ownership", "\"removed\""));
  return wire::Empty{};
}

}  // namespace hanse::objects
