#include "objects/buckets.h"

#include <algorithm>

#include <fmt/format.h>

#include "crypto/sealed.h"
#include "model/arn.h"
#include "objects/acl.h"
#include "objects/errors.h"
#include "objects/version.h"

namespace hanse::objects {
namespace {

constexpr std::string_view kFirstRegion = "us-east-1";
constexpr std::string_view kTokenPurpose = "s3 list buckets";
constexpr std::int32_t kBucketsMax = 10'000;

// The region that a new bucket is to lie in.
Result<std::string> RegionFor(const s3::CreateBucketRequest& in, const std::string& signed_region) {
  std::string wanted(kFirstRegion);
  if (in.create_bucket_configuration) wanted = in.create_bucket_configuration->location_constraint.value_or(wanted);
  if (wanted == "EU") wanted = "eu-west-1";
  if (wanted != signed_region && signed_region != kFirstRegion) {
    return Refuse(
        ErrorCode::kInvalidArgument, "IllegalLocationConstraintException",
        fmt::format("The {} location constraint is incompatible for the region specific endpoint this request was sent to.",
                    in.create_bucket_configuration ? wanted : "unspecified"));
  }
  return wanted;
}

}  // namespace

Result<Needs> CreateBucket::On(const gate::Context& context, store::Transaction&) const {
  ConditionKeys keys;
  std::string region(kFirstRegion);
  if (in.create_bucket_configuration) region = in.create_bucket_configuration->location_constraint.value_or(region);
  keys["s3:locationconstraint"] = {region};
  if (in.object_ownership) keys["s3:x-amz-object-ownership"] = {*in.object_ownership};
  if (in.acl) keys["s3:x-amz-acl"] = {*in.acl};
  return Needs{{"s3:CreateBucket", S3Arn(in.bucket.value_or("")), context.caller.account, std::move(keys)}};
}

Result<Needs> ListBuckets::On(const gate::Context&, store::Transaction&) const { return Needs{{"s3:ListAllMyBuckets", "*", {}}}; }

Result<s3::CreateBucketOutput> Buckets::Do(const gate::Authorized<CreateBucket>& call) {
  const s3::CreateBucketRequest& in = call->in;
  Bucket bucket;
  bucket.name = in.bucket.value_or("");
  TRY(CheckBucketName(bucket.name));
  TRY(CheckNoAcl(in));
  if (in.object_lock_enabled_for_bucket.value_or(false)) return NotBuilt("Object Lock");
  if (in.object_ownership && *in.object_ownership != kOwnerEnforced)
    return NotBuilt("Object ownership other than " + std::string(kOwnerEnforced));
  TRY_ASSIGN(bucket.region, RegionFor(in, call.info().region));
  s3::CreateBucketOutput answer{.location = "/" + bucket.name, .bucket_arn = S3Arn(bucket.name)};

  TRY_ASSIGN(std::optional<Bucket> there, LookForBucket(call.tx(), bucket.name));
  if (there && there->account != call.caller().account) {
    return Refuse(ErrorCode::kAlreadyExists, "BucketAlreadyExists",
                  "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
                  "Please select a different name and try again.");
  }
  if (there && bucket.region == kFirstRegion && there->region == kFirstRegion) return answer;  // As S3 does in that region alone.
  if (there) {
    return Refuse(ErrorCode::kAlreadyExists, "BucketAlreadyOwnedByYou",
                  "Your previous request to create the named bucket succeeded and you already own it.");
  }
  TRY_ASSIGN(bucket.id, call.tx().NewId());
  bucket.account = call.caller().account;
  bucket.created_ms = call.now_ms() / 1000 * 1000;
  bucket.public_access = PublicAccess{};
  TRY(keys_.Domain(call.tx(), bucket.account, bucket.region, call.now_ms()));
  TRY(InsertBucket(call.tx(), bucket));
  if (in.create_bucket_configuration && in.create_bucket_configuration->tags) {
    s3::Tagging tags{.tag_set = in.create_bucket_configuration->tags};
    TRY(CheckTags(tags, kBucketTagsMax));
    TRY(WriteSetting(call.tx(), bucket.id, "tagging", wire::ToJson(tags)));
  }
  call.NoteResource("AWS::S3::Bucket", S3Arn(bucket.name));
  return answer;
}

Result<s3::ListBucketsOutput> Buckets::Do(const gate::Authorized<ListBuckets>& call) {
  const s3::ListBucketsRequest& in = call->in;
  std::int32_t limit = in.max_buckets.value_or(kBucketsMax);
  if (limit < 1 || limit > kBucketsMax) return InvalidArgument(fmt::format("max-buckets must be between 1 and {}", kBucketsMax));
  std::string after;
  std::string purpose = fmt::format("{} {}", kTokenPurpose, call.caller().account);
  if (in.continuation_token) {
    auto opened = crypto::OpenToken(token_key_, purpose, *in.continuation_token);
    if (!opened) return InvalidArgument("The continuation token provided is incorrect");
    after = *opened;
  }
  TRY_ASSIGN(std::vector<Bucket> found,
             BucketsOf(call.tx(), call.caller().account, in.prefix.value_or(""), after, std::int64_t{limit} + 1));
  s3::ListBucketsOutput answer{.buckets = std::vector<s3::Bucket>(), .owner = OwnerOf(call.caller().account)};
  answer.prefix = in.prefix;
  if (found.size() > static_cast<std::size_t>(limit)) {
    found.pop_back();
    answer.continuation_token = crypto::SealToken(token_key_, random_, purpose, found.back().name);
  }
  for (const Bucket& bucket : found) {
    if (in.bucket_region && *in.bucket_region != bucket.region) continue;
    answer.buckets->push_back({.name = bucket.name,
                               .creation_date = wire::Timestamp{bucket.created_ms},
                               .bucket_region = bucket.region,
                               .bucket_arn = S3Arn(bucket.name)});
  }
  return answer;
}

Result<s3::HeadBucketOutput> Buckets::Do(const gate::Authorized<HeadBucket>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->in.bucket));
  return s3::HeadBucketOutput{.bucket_arn = S3Arn(bucket.name), .bucket_region = bucket.region, .access_point_alias = false};
}

Result<wire::Empty> Buckets::Do(const gate::Authorized<DeleteBucket>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->in.bucket));
  TRY_ASSIGN(bool used, HasVersions(call.tx(), bucket.id));
  if (used)
    return Refuse(ErrorCode::kConflict, "BucketNotEmpty",
                  "The bucket you tried to delete is not empty. You must delete all versions in the bucket.");
  // Uploads that were never completed go with the bucket, and their bytes.
  TRY(call.tx().Execute(
      "INSERT INTO blob_trash (blob, since_ms) SELECT multipart_parts.blob, ? FROM multipart_parts "
      "JOIN multipart_uploads ON multipart_uploads.id = multipart_parts.upload WHERE multipart_uploads.bucket = ?",
      {call.now_ms(), bucket.id}));
  TRY(DeleteBucketRow(call.tx(), bucket.id));
  call.NoteResource("AWS::S3::Bucket", S3Arn(bucket.name));
  return wire::Empty{};
}

Result<s3::GetBucketLocationOutput> Buckets::Do(const gate::Authorized<GetBucketLocation>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->in.bucket));
  s3::GetBucketLocationOutput answer;
  if (bucket.region != kFirstRegion) answer.location_constraint = bucket.region;
  return answer;
}

}  // namespace hanse::objects
