#pragma once
#include "base/random.h"
#include "base/result.h"
#include "crypto/key.h"
#include "gate/gate.h"
#include "objects/bucket_operations.h"
#include "objects/data_keys.h"
#include "policy/document_cache.h"

namespace hanse::objects {

// Buckets and their configurations. Any thread; everything that it is given outlives it. `token_key` seals page tokens: the same
// one after a restart.
class Buckets {
 public:
  Buckets(DataKeys& keys, Random& random, const crypto::Key& token_key) : keys_(keys), random_(random), token_key_(token_key) {}

  Result<s3::CreateBucketOutput> Do(const gate::Authorized<CreateBucket>& call);
  Result<s3::ListBucketsOutput> Do(const gate::Authorized<ListBuckets>& call);
  Result<s3::HeadBucketOutput> Do(const gate::Authorized<HeadBucket>& call);
  Result<wire::Empty> Do(const gate::Authorized<DeleteBucket>& call);
  Result<s3::GetBucketLocationOutput> Do(const gate::Authorized<GetBucketLocation>& call);

  Result<wire::Empty> Do(const gate::Authorized<PutBucketVersioning>& call);
  Result<s3::GetBucketVersioningOutput> Do(const gate::Authorized<GetBucketVersioning>& call);
  Result<wire::Empty> Do(const gate::Authorized<PutBucketTagging>& call);
  Result<s3::GetBucketTaggingOutput> Do(const gate::Authorized<GetBucketTagging>& call);
  Result<wire::Empty> Do(const gate::Authorized<DeleteBucketTagging>& call);

  Result<wire::Empty> Do(const gate::Authorized<PutBucketPolicy>& call);
  Result<s3::GetBucketPolicyOutput> Do(const gate::Authorized<GetBucketPolicy>& call);
  Result<wire::Empty> Do(const gate::Authorized<DeleteBucketPolicy>& call);
  Result<s3::GetBucketPolicyStatusOutput> Do(const gate::Authorized<GetBucketPolicyStatus>& call);
  Result<wire::Empty> Do(const gate::Authorized<PutPublicAccessBlock>& call);
  Result<s3::GetPublicAccessBlockOutput> Do(const gate::Authorized<GetPublicAccessBlock>& call);
  Result<wire::Empty> Do(const gate::Authorized<DeletePublicAccessBlock>& call);

  Result<wire::Empty> Do(const gate::Authorized<PutBucketEncryption>& call);
  Result<s3::GetBucketEncryptionOutput> Do(const gate::Authorized<GetBucketEncryption>& call);
  Result<wire::Empty> Do(const gate::Authorized<DeleteBucketEncryption>& call);
  Result<wire::Empty> Do(const gate::Authorized<PutBucketOwnershipControls>& call);
  Result<s3::GetBucketOwnershipControlsOutput> Do(const gate::Authorized<GetBucketOwnershipControls>& call);
  Result<wire::Empty> Do(const gate::Authorized<DeleteBucketOwnershipControls>& call);

 private:
  DataKeys& keys_;
  Random& random_;
  const crypto::Key token_key_;
  policy::DocumentCache documents_;
};

}  // namespace hanse::objects
