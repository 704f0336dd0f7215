#include "model/arn.h"
#include "objects/conditions.h"
#include "objects/objects.h"
#include "objects/reading.h"

namespace hanse::objects {
namespace {

bool Replaces(const std::optional<std::string>& directive) { return directive.value_or("COPY") == "REPLACE"; }

// A copy onto itself must change something.
Result<void> CheckChanges(const s3::CopyObjectRequest& in, const CopySource& source) {
  bool itself = source.bucket == in.bucket.value_or("") && source.key == in.key.value_or("") && !source.version;
  if (!itself || Replaces(in.metadata_directive) || Replaces(in.tagging_directive) || in.storage_class || in.ssekms_key_id)
    return {};
  return InvalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's "
      "metadata, storage class, website redirect location or encryption attributes.");
}

}  // namespace

Result<Needs> CopyObject::On(const gate::Context& context, store::Transaction& tx) const {
  TRY_ASSIGN(CopySource source, ParseCopySource(in.copy_source));
  bool keeps_tags = !Replaces(in.tagging_directive);
  TRY_ASSIGN(std::optional<Bucket> from, LookForBucket(tx, source.bucket));
  bool tagged = false;
  if (from) {
    TRY_ASSIGN(std::string tags, TagsOf(tx, from->id, source.key, source.version));
    tagged = tags.size() > 2;
  }
  TRY_ASSIGN(Needs needs, OnObject::On(context, tx));
  if (keeps_tags ? tagged : in.tagging.has_value()) {
    needs.push_back(needs.front());
    needs.back().action = "s3:PutObjectTagging";
  }
  TRY_ASSIGN(Needs more, NeedsOnSource(context, tx, source, in.expected_source_bucket_owner, keeps_tags && tagged));
  needs.insert(needs.end(), more.begin(), more.end());
  return needs;
}

Result<CopiedBytes> Objects::Receive(const CopyObject& op, const gate::Context&) {
  const s3::CopyObjectRequest& in = op.in;
  TRY(CheckWritable(in));
  if (in.copy_source_sse_customer_algorithm) return NotBuilt("Server-side encryption with customer-provided keys");
  TRY_ASSIGN(CopySource source, ParseCopySource(in.copy_source));
  TRY(CheckChanges(in, source));
  TRY_ASSIGN(auto tx, parts_.store.BeginRead());
  TRY(FindBucket(*tx, in.bucket));
  TRY_ASSIGN(Asked asked, FindNamed(*tx, source.bucket, source.key, source.version));
  ReadConditions conditions{in.copy_source_if_match, in.copy_source_if_none_match, in.copy_source_if_modified_since,
                            in.copy_source_if_unmodified_since};
  TRY(conditions.CheckSource(asked.version));
  if (static_cast<std::uint64_t>(asked.version.size) > kPutBytesMax) {
    return InvalidRequest("The specified copy source is larger than the maximum allowable size for a copy source: 5368709120");
  }
  TRY_ASSIGN(OpenedBytes opened, OpenSealed(parts_.blobs, parts_.keys, *tx, asked.bucket.account, asked.version.sealed));
  tx.reset();
  Announced announced;
  TRY_ASSIGN(auto kept, wire::FromJson<s3::HeadObjectOutput>(asked.version.details));
  TRY_ASSIGN(std::optional<Checksum> had, ChecksumIn(kept));
  if (had) announced.wanted = had->kind;
  if (in.checksum_algorithm) {
    TRY_ASSIGN(announced.wanted, ChecksumKind(*in.checksum_algorithm));
  }
  BlobSource body(opened.reader, 0, opened.reader->size());
  announced.bytes = opened.reader->size();
  TRY_ASSIGN(Received bytes, ReceiveBody(parts_.blobs, parts_.random, &body, announced));
  return CopiedBytes{std::move(bytes), std::move(asked.version), std::move(asked.bucket)};
}

Result<s3::CopyObjectOutput> Objects::Do(const gate::Authorized<CopyObject>& call, CopiedBytes copied) {
  const s3::CopyObjectRequest& in = call->in;
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), in.bucket));
  TRY_ASSIGN(std::optional<Version> there, LookForVisible(call.tx(), bucket.id, *in.key));
  TRY(CheckWrite(in.if_match, in.if_none_match, there));
  TRY(RequireCopied(call, copied));
  Version version;
  version.key = *in.key;
  version.size = static_cast<std::int64_t>(copied.bytes.size);
  version.etag = copied.bytes.etag();
  version.modified_ms = call.now_ms() / 1000 * 1000;
  s3::HeadObjectOutput kept = KeptHeaders(in);
  if (!Replaces(in.metadata_directive)) {
    TRY_ASSIGN(kept, wire::FromJson<s3::HeadObjectOutput>(copied.source.details));
    kept.storage_class = in.storage_class;
    kept.checksum_crc32 = kept.checksum_crc32_c = kept.checksum_crc64_nvme = kept.checksum_sha1 = kept.checksum_sha256 =
        std::nullopt;
    kept.checksum_type.reset();
  }
  SetChecksum(copied.bytes.checksum, &kept);
  if (copied.bytes.checksum) kept.checksum_type = "FULL_OBJECT";
  version.details = wire::ToJson(kept);
  version.tags = copied.source.tags;
  if (Replaces(in.tagging_directive)) {
    TRY_ASSIGN(version.tags, KeptTags(in.tagging));
  }
  TRY_ASSIGN(std::string key_arn, SealingKey(parts_.keys, call, bucket, in.ssekms_key_id));
  TRY_ASSIGN(version.sealed, SealBytes(parts_.keys, call, bucket, key_arn, copied.bytes));
  TRY(PutOnTop(call.tx(), bucket, parts_.random, call.now_ms(), &version));
  copied.bytes.Keep();

  s3::CopyObjectOutput answer;
  TellSealed(version, &answer);
  if (copied.source.version != kNullVersion) answer.copy_source_version_id = copied.source.version;
  answer.copy_object_result.emplace();
  answer.copy_object_result->e_tag = version.etag;
  answer.copy_object_result->last_modified = wire::Timestamp{version.modified_ms};
  SetChecksum(copied.bytes.checksum, &*answer.copy_object_result);
  answer.copy_object_result->checksum_type = kept.checksum_type;
  call.NoteResource("AWS::S3::Object", S3Arn(bucket.name, version.key));
  return answer;
}

}  // namespace hanse::objects
