#include "objects/bucket_policy.h"
#include "objects/buckets.h"
#include "objects/errors.h"

// Policies of buckets and Block Public Access.
namespace hanse::objects {

Result<wire::Empty> Buckets::Do(const gate::Authorized<PutBucketPolicy>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->in.bucket));
  TRY_ASSIGN(std::string kept, KeptPolicy(call.tx(), bucket.name, call->in.policy.value_or("")));
  TRY_ASSIGN(bool open, IsPublicPolicy(kept));
  if (open && bucket.public_access && bucket.public_access->block_policy) {
    return Fail(ErrorCode::kAccessDenied,
                "The policy is public and the bucket's public access block (BlockPublicPolicy) forbids that");
  }
  bucket.policy = std::move(kept);
  TRY(UpdateBucket(call.tx(), bucket));
  return wire::Empty{};
}

Result<s3::GetBucketPolicyOutput> Buckets::Do(const gate::Authorized<GetBucketPolicy>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->in.bucket));
  if (bucket.policy.empty()) return Refuse(ErrorCode::kNotFound, "NoSuchBucketPolicy", "The bucket policy does not exist");
  TRY_ASSIGN(std::string shown, ShownPolicy(call.tx(), bucket.policy));
  return s3::GetBucketPolicyOutput{.policy = std::move(shown)};
}

Result<wire::Empty> Buckets::Do(const gate::Authorized<DeleteBucketPolicy>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->in.bucket));
  bucket.policy.clear();
  TRY(UpdateBucket(call.tx(), bucket));
  return wire::Empty{};
}

Result<s3::GetBucketPolicyStatusOutput> Buckets::Do(const gate::Authorized<GetBucketPolicyStatus>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->in.bucket));
  if (bucket.policy.empty()) return Refuse(ErrorCode::kNotFound, "NoSuchBucketPolicy", "The bucket policy does not exist");
  TRY_ASSIGN(bool open, IsPublicPolicy(bucket.policy));
  s3::GetBucketPolicyStatusOutput answer;
  answer.policy_status.emplace().is_public = open;
  return answer;
}

Result<wire::Empty> Buckets::Do(const gate::Authorized<PutPublicAccessBlock>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->in.bucket));
  auto wanted = call->in.public_access_block_configuration.value_or(s3::PublicAccessBlockConfiguration());
  bucket.public_access = PublicAccess{wanted.block_public_acls.value_or(false), wanted.ignore_public_acls.value_or(false),
                                      wanted.block_public_policy.value_or(false), wanted.restrict_public_buckets.value_or(false)};
  TRY(UpdateBucket(call.tx(), bucket));
  return wire::Empty{};
}

Result<s3::GetPublicAccessBlockOutput> Buckets::Do(const gate::Authorized<GetPublicAccessBlock>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->in.bucket));
  if (!bucket.public_access) {
    return Refuse(ErrorCode::kNotFound, "NoSuchPublicAccessBlockConfiguration",
                  "The public access block configuration was not found");
  }
  const PublicAccess& has = *bucket.public_access;
  return s3::GetPublicAccessBlockOutput{.public_access_block_configuration =
                                            s3::PublicAccessBlockConfiguration{.block_public_acls = has.block_acls,
                                                                               .ignore_public_acls = has.ignore_acls,
                                                                               .block_public_policy = has.block_policy,
                                                                               .restrict_public_buckets = has.restrict_buckets}};
}

Result<wire::Empty> Buckets::Do(const gate::Authorized<DeletePublicAccessBlock>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->in.bucket));
  bucket.public_access.reset();
  TRY(UpdateBucket(call.tx(), bucket));
  return wire::Empty{};
}

}  // namespace hanse::objects
