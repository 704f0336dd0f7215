#pragma once
#include <optional>
#include <string>

#include "base/result.h"
#include "gate/gate.h"
#include "model/arn.h"
#include "objects/acl.h"
#include "objects/bucket.h"
#include "objects/checksum.h"
#include "objects/data_keys.h"
#include "objects/received.h"
#include "objects/version.h"
#include "wire/json.h"
#include "wire/s3.h"

// What every write of an object has in common: headers that are kept, headers that are refused, the key that seals.
namespace hanse::objects {

// MetadataTooLarge beyond 2 KB of names and values.
Result<void> CheckMetadata(const std::map<std::string, std::string>& metadata);
// "aws-chunked" is how the body travelled, not what the object is.
std::optional<std::string> WithoutChunking(const std::optional<std::string>& content_encoding);

// Features that are not built are refused by name: whoever asks for a lock must not believe that there is one.
template <class Input>
Result<void> CheckWritable(const Input& in) {
  TRY(CheckNoAcl(in));
  if (in.sse_customer_algorithm || in.sse_customer_key) return NotBuilt("Server-side encryption with customer-provided keys");
  if (in.object_lock_mode || in.object_lock_retain_until_date || in.object_lock_legal_hold_status || in.object_lock_event_hold) {
    return NotBuilt("Object Lock");
  }
  if (in.website_redirect_location) return NotBuilt("x-amz-website-redirect-location");
  if (in.ssekms_encryption_context) return NotBuilt("x-amz-server-side-encryption-context");
  const std::string sse = in.server_side_encryption.value_or("aws:kms");
  if (sse != "aws:kms" && sse != "AES256") return NotBuilt("Encryption by " + sse);
  if (sse == "AES256" && in.ssekms_key_id) return InvalidArgument("A key is not applicable where the encryption is AES256.");
  const std::string storage = in.storage_class.value_or("STANDARD");
  if (storage.find("GLACIER") != std::string::npos || storage == "DEEP_ARCHIVE" || storage == "OUTPOSTS") {
    return NotBuilt("The storage class " + storage);
  }
  return CheckMetadata(in.metadata.value_or(std::map<std::string, std::string>()));
}
// The headers that come back with the object, in the form in which they are stored.
template <class Input>
wire::s3::HeadObjectOutput KeptHeaders(const Input& in) {
  wire::s3::HeadObjectOutput kept;
  kept.cache_control = in.cache_control;
  kept.content_disposition = in.content_disposition;
  kept.content_encoding = WithoutChunking(in.content_encoding);
  kept.content_language = in.content_language;
  kept.content_type = in.content_type.value_or("binary/octet-stream");
  kept.expires = in.expires;
  kept.storage_class = in.storage_class;
  kept.metadata = in.metadata;
  return kept;
}
// The key that seals a new object of the bucket: the one that the request names, else the bucket's, else the account's own. The
// caller may use it, or AccessDenied.
Result<std::string> SealingKey(DataKeys& keys, const gate::Call& call, const Bucket& bucket,
                               const std::optional<std::string>& named);
// Wraps the data key of received bytes, which the caller may have under this key.
Result<Sealed> SealBytes(DataKeys& keys, const gate::Call& call, const Bucket& bucket, const std::string& key_arn,
                         const Received& received);

// Which tags a write brings, as they are stored.
Result<std::string> KeptTags(const std::optional<std::string>& header);

// Fills what every answer tells of a stored version.
template <class Output>
void TellSealed(const Version& version, Output* out) {
  out->server_side_encryption = "aws:kms";
  out->ssekms_key_id = version.sealed.key_arn;
  out->bucket_key_enabled = true;
  if constexpr (requires { out->version_id; }) {
    if (version.version != kNullVersion) out->version_id = version.version;
  }
}

// The answer to a write, and the object in its record.
template <class Output>
void TellWritten(const gate::Call& call, const Bucket& bucket, const Version& version, const std::optional<Checksum>& checksum,
                 const std::optional<std::string>& checksum_type, Output* out) {
  out->e_tag = version.etag;
  TellSealed(version, out);
  SetChecksum(checksum, out);
  out->checksum_type = checksum_type;
  call.NoteResource("AWS::S3::Object", S3Arn(bucket.name, version.key));
}

}  // namespace hanse::objects
