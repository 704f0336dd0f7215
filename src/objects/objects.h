#pragma once
#include <optional>
#include <string>

#include "base/random.h"
#include "base/result.h"
#include "blob/blobs.h"
#include "crypto/key.h"
#include "gate/gate.h"
#include "objects/copy_source.h"
#include "objects/data_keys.h"
#include "objects/object_operations.h"
#include "objects/received.h"
#include "objects/version.h"
#include "objects/writing.h"
#include "store/store.h"

namespace hanse::objects {

// What the services of this folder are made of; all of it outlives them. `token_key` seals page tokens: the same one after a
// restart.
struct Parts {
  store::Store& store;
  blob::Blobs& blobs;
  DataKeys& keys;
  Random& random;
  crypto::Key token_key;
};

// Objects: their bytes, versions, tags and lists. Bytes are received with no transaction open, durable before the row that names
// them is. Any thread.
class Objects {
 public:
  explicit Objects(Parts parts) : parts_(std::move(parts)) {}

  Result<Received> Receive(const PutObject& op, const gate::Context& context);
  Result<s3::PutObjectOutput> Do(const gate::Authorized<PutObject>& call, Received received);
  Result<CopiedBytes> Receive(const CopyObject& op, const gate::Context& context);
  Result<s3::CopyObjectOutput> Do(const gate::Authorized<CopyObject>& call, CopiedBytes received);

  Result<s3::GetObjectOutput> Do(const gate::Authorized<GetObject>& call);
  Result<s3::HeadObjectOutput> Do(const gate::Authorized<HeadObject>& call);
  Result<s3::GetObjectAttributesOutput> Do(const gate::Authorized<GetObjectAttributes>& call);

  Result<s3::DeleteObjectOutput> Do(const gate::Authorized<DeleteObject>& call);
  Result<s3::DeleteObjectsOutput> Do(const gate::Authorized<DeleteObjects>& call);

  Result<s3::PutObjectTaggingOutput> Do(const gate::Authorized<PutObjectTagging>& call);
  Result<s3::GetObjectTaggingOutput> Do(const gate::Authorized<GetObjectTagging>& call);
  Result<s3::DeleteObjectTaggingOutput> Do(const gate::Authorized<DeleteObjectTagging>& call);

  Result<s3::ListObjectsOutput> Do(const gate::Authorized<ListObjects>& call);
  Result<s3::ListObjectsV2Output> Do(const gate::Authorized<ListObjectsV2>& call);
  Result<s3::ListObjectVersionsOutput> Do(const gate::Authorized<ListObjectVersions>& call);

 private:
  Parts parts_;
};

}  // namespace hanse::objects
