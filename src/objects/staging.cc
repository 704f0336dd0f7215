#include "objects/staging.h"

#include <fmt/format.h>

#include "objects/errors.h"
#include "objects/writing.h"

namespace hanse::objects {

Result<std::unique_ptr<StagedObject>> StagedObject::Begin(const Parts& parts) {
  crypto::Key key = crypto::Key::Draw(parts.random);
  TRY_ASSIGN(std::unique_ptr<blob::Writer> writer, parts.blobs.Create(key));
  return std::unique_ptr<StagedObject>(new StagedObject(parts.blobs, key, std::move(writer)));
}

Result<void> StagedObject::Append(std::string_view bytes) {
  if (writer_->plain_bytes() + bytes.size() > kPutBytesMax) {
    return Fail(ErrorCode::kLimitExceeded, fmt::format("an object holds at most {} bytes", kPutBytesMax));
  }
  md5_.Update(bytes);
  return writer_->Append(bytes);
}

Result<void> StagedObject::Finish() {
  TRY(writer_->Finish());
  received_.emplace(blobs_, writer_->id(), key_);
  received_->size = writer_->plain_bytes();
  received_->md5 = md5_.Finish();
  writer_.reset();
  return {};
}

Result<Needs> StoreObjects::On(const gate::Context&, store::Transaction& tx) const {
  if (objects.empty()) return InvalidArgument("objects: at least one");
  ConditionKeys keys;
  if (kms_key) keys["s3:x-amz-server-side-encryption-aws-kms-key-id"] = {*kms_key};
  Needs needs;
  for (const Object& object : objects) {
    TRY_ASSIGN(gate::Need need, NeedOnObject(tx, "s3:PutObject", bucket, object.key, std::nullopt, {}, keys));
    needs.push_back(std::move(need));
  }
  return needs;
}

std::string StoreObjects::Parameters() const {
  return wire::ToRecord(wire::s3::PutObjectRequest{
      .bucket = bucket, .key = objects.size() == 1 ? objects.front().key : fmt::format("{} keys", objects.size())});
}

Result<void> Staging::Do(const gate::Authorized<StoreObjects>& call) {
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), call->bucket));
  TRY_ASSIGN(std::string key_arn, SealingKey(parts_.keys, call, bucket, call->kms_key));
  for (const StoreObjects::Object& object : call->objects) {
    TRY(CheckKey(object.key));
    const Received& received = object.staged->received();
    Version version;
    version.key = object.key;
    version.size = static_cast<std::int64_t>(received.size);
    version.etag = received.etag();
    version.modified_ms = call.now_ms() / 1000 * 1000;
    version.details = wire::ToJson(KeptHeaders(wire::s3::PutObjectRequest{}));
    TRY_ASSIGN(version.tags, KeptTags(std::nullopt));
    TRY_ASSIGN(version.sealed, SealBytes(parts_.keys, call, bucket, key_arn, received));
    TRY(PutOnTop(call.tx(), bucket, parts_.random, call.now_ms(), &version));
    call.NoteResource("AWS::S3::Object", S3Arn(bucket.name, version.key));
  }
  if (call->also) TRY(call->also(call.tx()));
  // Were the commit to fail, the sweep takes the bytes.
  for (const StoreObjects::Object& object : call->objects) object.staged->Keep();
  return {};
}

}  // namespace hanse::objects
