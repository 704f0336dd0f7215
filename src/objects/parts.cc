#include "objects/conditions.h"
#include "objects/key_use.h"
#include "objects/range.h"
#include "objects/reading.h"
#include "objects/uploads.h"

// Beginning an upload, its parts, and its end without an object.
namespace hanse::objects {
namespace {

constexpr std::string_view kIdLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

Result<void> CheckPartNumber(const std::optional<std::int32_t>& number) {
  if (number.value_or(0) >= 1 && *number <= kPartNumberMax) return {};
  return InvalidArgument("Part number must be an integer between 1 and 10000, inclusive");
}

// What a part's checksum is computed by: what the part says, else what the upload was begun with.
Result<void> Announce(const Upload& upload, const std::optional<std::string>& algorithm, Announced* announced) {
  if (announced->checksum) return {};
  std::string name = algorithm.value_or(upload.checksum);
  if (!name.empty()) {
    TRY_ASSIGN(announced->wanted, ChecksumKind(name));
  }
  return {};
}

}  // namespace

Result<Needs> CreateMultipartUpload::On(const gate::Context& context, store::Transaction& tx) const {
  TRY_ASSIGN(Needs needs, OnObject::On(context, tx));
  if (in.tagging) {
    needs.push_back(needs.front());
    needs.back().action = "s3:PutObjectTagging";
  }
  return needs;
}

Result<s3::CreateMultipartUploadOutput> Uploads::Do(const gate::Authorized<CreateMultipartUpload>& call) {
  const s3::CreateMultipartUploadRequest& in = call->in;
  TRY(CheckWritable(in));
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), in.bucket));
  Upload upload;
  upload.id = parts_.random.Text(64, kIdLetters);
  upload.bucket = bucket.id;
  upload.key = *in.key;
  upload.begun_ms = call.now_ms() / 1000 * 1000;
  upload.initiator = call.caller().arn;
  if (in.checksum_algorithm) {
    TRY_ASSIGN(crypto::DigestKind kind, ChecksumKind(*in.checksum_algorithm));
    upload.checksum = *in.checksum_algorithm;
    bool whole_only = kind == crypto::DigestKind::kCrc64Nvme;
    upload.checksum_type = in.checksum_type.value_or(whole_only ? "FULL_OBJECT" : "COMPOSITE");
    bool sha = kind == crypto::DigestKind::kSha1 || kind == crypto::DigestKind::kSha256;
    if ((whole_only && upload.checksum_type == "COMPOSITE") || (sha && upload.checksum_type == "FULL_OBJECT")) {
      return InvalidRequest("The " + upload.checksum_type + " checksum type cannot be used with the " + upload.checksum +
                            " checksum algorithm.");
    }
  }
  TRY_ASSIGN(upload.key_arn, SealingKey(parts_.keys, call, bucket, in.ssekms_key_id));
  upload.details = wire::ToJson(KeptHeaders(in));
  TRY_ASSIGN(upload.tags, KeptTags(in.tagging));
  TRY(InsertUpload(call.tx(), upload));

  s3::CreateMultipartUploadOutput out{.bucket = bucket.name, .key = upload.key, .upload_id = upload.id};
  out.server_side_encryption = "aws:kms";
  out.ssekms_key_id = upload.key_arn;
  out.bucket_key_enabled = true;
  out.checksum_algorithm = in.checksum_algorithm;
  if (in.checksum_algorithm) out.checksum_type = upload.checksum_type;
  return out;
}

Result<Received> Uploads::Receive(const UploadPart& op, const gate::Context&) {
  const s3::UploadPartRequest& in = op.in;
  TRY(CheckPartNumber(in.part_number));
  if (in.sse_customer_algorithm) return NotBuilt("Server-side encryption with customer-provided keys");
  Announced announced;
  TRY_ASSIGN(announced.checksum, ChecksumIn(in));
  {
    TRY_ASSIGN(auto tx, parts_.store.BeginRead());
    TRY_ASSIGN(Bucket bucket, FindBucket(*tx, in.bucket));
    TRY_ASSIGN(Upload upload, FindUpload(*tx, bucket.id, *in.key, in.upload_id));
    TRY(Announce(upload, in.checksum_algorithm, &announced));
  }
  announced.md5 = in.content_md5;
  ByteSource* body = in.body ? in.body->get() : nullptr;
  if (body != nullptr) announced.bytes = body->size();
  return ReceiveBody(parts_.blobs, parts_.random, body, announced);
}

Result<UploadedPart> Uploads::Store(const gate::Call& call, const Bucket& bucket, const Upload& upload, std::int32_t number,
                                    Received received) {
  UploadedPart part;
  part.number = number;
  part.size = static_cast<std::int64_t>(received.size);
  part.etag = received.etag();
  part.modified_ms = call.now_ms() / 1000 * 1000;
  part.checksum = received.checksum;
  TRY(RequireKey(call, kSealKey, upload.key_arn, bucket));
  TRY_ASSIGN(part.sealed, SealBytes(parts_.keys, call, bucket, upload.key_arn, received));
  TRY(PutPart(call.tx(), upload.id, part, call.now_ms()));
  received.Keep();
  return part;
}

Result<s3::UploadPartOutput> Uploads::Do(const gate::Authorized<UploadPart>& call, Received received) {
  const s3::UploadPartRequest& in = call->in;
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), in.bucket));
  TRY_ASSIGN(Upload upload, FindUpload(call.tx(), bucket.id, *in.key, in.upload_id));
  TRY_ASSIGN(UploadedPart part, Store(call, bucket, upload, *in.part_number, std::move(received)));
  s3::UploadPartOutput out;
  out.e_tag = part.etag;
  out.server_side_encryption = "aws:kms";
  out.ssekms_key_id = part.sealed.key_arn;
  SetChecksum(part.checksum, &out);
  return out;
}

Result<Needs> UploadPartCopy::On(const gate::Context& context, store::Transaction& tx) const {
  TRY_ASSIGN(Needs needs, OnObject::On(context, tx));
  TRY_ASSIGN(CopySource source, ParseCopySource(in.copy_source));
  TRY_ASSIGN(Needs more, NeedsOnSource(context, tx, source, in.expected_source_bucket_owner, false));
  needs.insert(needs.end(), more.begin(), more.end());
  return needs;
}

Result<CopiedBytes> Uploads::Receive(const UploadPartCopy& op, const gate::Context&) {
  const s3::UploadPartCopyRequest& in = op.in;
  TRY(CheckPartNumber(in.part_number));
  if (in.sse_customer_algorithm || in.copy_source_sse_customer_algorithm) {
    return NotBuilt("Server-side encryption with customer-provided keys");
  }
  TRY_ASSIGN(CopySource source, ParseCopySource(in.copy_source));
  TRY_ASSIGN(auto tx, parts_.store.BeginRead());
  TRY_ASSIGN(Bucket bucket, FindBucket(*tx, in.bucket));
  TRY_ASSIGN(Upload upload, FindUpload(*tx, bucket.id, *in.key, in.upload_id));
  TRY_ASSIGN(Asked asked, FindNamed(*tx, source.bucket, source.key, source.version));
  ReadConditions conditions{in.copy_source_if_match, in.copy_source_if_none_match, in.copy_source_if_modified_since,
                            in.copy_source_if_unmodified_since};
  TRY(conditions.CheckSource(asked.version));
  TRY_ASSIGN(Part part, ReadCopyRange(in.copy_source_range, static_cast<std::uint64_t>(asked.version.size)));
  TRY_ASSIGN(OpenedBytes opened, OpenSealed(parts_.blobs, parts_.keys, *tx, asked.bucket.account, asked.version.sealed));
  tx.reset();
  BlobSource body(opened.reader, part.offset, part.size);
  Announced announced{.bytes = static_cast<std::int64_t>(part.size)};
  TRY(Announce(upload, std::nullopt, &announced));
  TRY_ASSIGN(Received bytes, ReceiveBody(parts_.blobs, parts_.random, &body, announced));
  return CopiedBytes{std::move(bytes), std::move(asked.version), std::move(asked.bucket)};
}

Result<s3::UploadPartCopyOutput> Uploads::Do(const gate::Authorized<UploadPartCopy>& call, CopiedBytes copied) {
  const s3::UploadPartCopyRequest& in = call->in;
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), in.bucket));
  TRY_ASSIGN(Upload upload, FindUpload(call.tx(), bucket.id, *in.key, in.upload_id));
  TRY(RequireCopied(call, copied));
  TRY_ASSIGN(UploadedPart part, Store(call, bucket, upload, *in.part_number, std::move(copied.bytes)));
  s3::UploadPartCopyOutput out;
  if (copied.source.version != kNullVersion) out.copy_source_version_id = copied.source.version;
  out.copy_part_result.emplace();
  out.copy_part_result->e_tag = part.etag;
  out.copy_part_result->last_modified = wire::Timestamp{part.modified_ms};
  SetChecksum(part.checksum, &*out.copy_part_result);
  out.server_side_encryption = "aws:kms";
  out.ssekms_key_id = part.sealed.key_arn;
  return out;
}

Result<s3::AbortMultipartUploadOutput> Uploads::Do(const gate::Authorized<AbortMultipartUpload>& call) {
  const s3::AbortMultipartUploadRequest& in = call->in;
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), in.bucket));
  TRY_ASSIGN(Upload upload, FindUpload(call.tx(), bucket.id, *in.key, in.upload_id));
  if (in.if_match_initiated_time && in.if_match_initiated_time->ms / 1000 != upload.begun_ms / 1000) {
    return PreconditionFailed("x-amz-if-match-initiated-time");
  }
  TRY_ASSIGN(std::vector<UploadedPart> parts, PartsOf(call.tx(), upload.id, 0, kPartNumberMax));
  for (const UploadedPart& part : parts) TRY(Discard(call.tx(), part.sealed.blob, call.now_ms()));
  TRY(DeleteUpload(call.tx(), upload.id));
  return s3::AbortMultipartUploadOutput{};
}

}  // namespace hanse::objects
