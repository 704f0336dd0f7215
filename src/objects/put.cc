#include "objects/conditions.h"
#include "objects/objects.h"

namespace hanse::objects {

Result<Needs> PutObject::On(const gate::Context& context, store::Transaction& tx) const {
  TRY_ASSIGN(Needs needs, OnObject::On(context, tx));
  if (in.tagging) {
    needs.push_back(needs.front());
    needs.back().action = "s3:PutObjectTagging";
  }
  return needs;
}

Result<Received> Objects::Receive(const PutObject& op, const gate::Context&) {
  const s3::PutObjectRequest& in = op.in;
  TRY(CheckWritable(in));
  if (in.write_offset_bytes) return NotBuilt("x-amz-write-offset-bytes");
  {
    TRY_ASSIGN(auto tx, parts_.store.BeginRead());
    TRY(FindBucket(*tx, in.bucket));  // Before anything is stored for nothing.
  }
  Announced announced;
  TRY_ASSIGN(announced.checksum, ChecksumIn(in));
  if (in.checksum_algorithm && !announced.checksum) {
    TRY_ASSIGN(announced.wanted, ChecksumKind(*in.checksum_algorithm));
  }
  announced.md5 = in.content_md5;
  ByteSource* body = in.body ? in.body->get() : nullptr;
  if (body != nullptr) announced.bytes = body->size();
  return ReceiveBody(parts_.blobs, parts_.random, body, announced);
}

Result<s3::PutObjectOutput> Objects::Do(const gate::Authorized<PutObject>& call, Received received) {
  const s3::PutObjectRequest& in = call->in;
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), in.bucket));
  if (in.if_match || in.if_none_match) {
    TRY_ASSIGN(std::optional<Version> there, LookForVisible(call.tx(), bucket.id, *in.key));
    TRY(CheckWrite(in.if_match, in.if_none_match, there));
  }
  Version version;
  version.key = *in.key;
  version.size = static_cast<std::int64_t>(received.size);
  version.etag = received.etag();
  version.modified_ms = call.now_ms() / 1000 * 1000;
  s3::HeadObjectOutput kept = KeptHeaders(in);
  SetChecksum(received.checksum, &kept);
  if (received.checksum) kept.checksum_type = "FULL_OBJECT";
  version.details = wire::ToJson(kept);
  TRY_ASSIGN(version.tags, KeptTags(in.tagging));
  TRY_ASSIGN(std::string key_arn, SealingKey(parts_.keys, call, bucket, in.ssekms_key_id));
  TRY_ASSIGN(version.sealed, SealBytes(parts_.keys, call, bucket, key_arn, received));
  TRY(PutOnTop(call.tx(), bucket, parts_.random, call.now_ms(), &version));
  received.Keep();

  s3::PutObjectOutput answer;
  TellWritten(call, bucket, version, received.checksum, kept.checksum_type, &answer);
  return answer;
}

}  // namespace hanse::objects
