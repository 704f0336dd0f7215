#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "gate/gate.h"
#include "objects/needs.h"
#include "wire/s3.h"

// The operations on buckets.
namespace hanse::objects {

namespace s3 = wire::s3;
inline constexpr auto kRead = gate::Record::kRead;
inline constexpr auto kWrite = gate::Record::kWrite;

struct CreateBucket {
  static constexpr gate::Rule kRule{"s3", "CreateBucket", gate::Record::kWrite};
  using Wire = s3::op::CreateBucket;
  using Answer = Wire::Output;
  Wire::Input in;
  // On the caller's own account: the name is free, or who owns it says the act.
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
};

struct ListBuckets {
  static constexpr gate::Rule kRule{"s3", "ListBuckets", gate::Record::kRead};
  using Wire = s3::op::ListBuckets;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
};

struct HeadBucket : OnBucket<s3::op::HeadBucket, "s3:ListBucket", kRead> {};
struct DeleteBucket : OnBucket<s3::op::DeleteBucket, "s3:DeleteBucket", kWrite> {};
struct GetBucketLocation : OnBucket<s3::op::GetBucketLocation, "s3:GetBucketLocation", kRead> {};

struct PutBucketVersioning : OnBucket<s3::op::PutBucketVersioning, "s3:PutBucketVersioning", kWrite> {};
struct GetBucketVersioning : OnBucket<s3::op::GetBucketVersioning, "s3:GetBucketVersioning", kRead> {};

struct PutBucketTagging : OnBucket<s3::op::PutBucketTagging, "s3:PutBucketTagging", kWrite> {};
struct GetBucketTagging : OnBucket<s3::op::GetBucketTagging, "s3:GetBucketTagging", kRead> {};
struct DeleteBucketTagging : OnBucket<s3::op::DeleteBucketTagging, "s3:PutBucketTagging", kWrite> {};

struct PutBucketPolicy : OnBucket<s3::op::PutBucketPolicy, "s3:PutBucketPolicy", kWrite> {};
struct GetBucketPolicy : OnBucket<s3::op::GetBucketPolicy, "s3:GetBucketPolicy", kRead> {};
struct DeleteBucketPolicy : OnBucket<s3::op::DeleteBucketPolicy, "s3:DeleteBucketPolicy", kWrite> {};
struct GetBucketPolicyStatus : OnBucket<s3::op::GetBucketPolicyStatus, "s3:GetBucketPolicyStatus", kRead> {};

struct PutPublicAccessBlock : OnBucket<s3::op::PutPublicAccessBlock, "s3:PutBucketPublicAccessBlock", kWrite> {};
struct GetPublicAccessBlock : OnBucket<s3::op::GetPublicAccessBlock, "s3:GetBucketPublicAccessBlock", kRead> {};
struct DeletePublicAccessBlock : OnBucket<s3::op::DeletePublicAccessBlock, "s3:PutBucketPublicAccessBlock", kWrite> {};

struct PutBucketEncryption : OnBucket<s3::op::PutBucketEncryption, "s3:PutEncryptionConfiguration", kWrite> {};
struct GetBucketEncryption : OnBucket<s3::op::GetBucketEncryption, "s3:GetEncryptionConfiguration", kRead> {};
struct DeleteBucketEncryption : OnBucket<s3::op::DeleteBucketEncryption, "s3:PutEncryptionConfiguration", kWrite> {};

struct PutBucketOwnershipControls : OnBucket<s3::op::PutBucketOwnershipControls, "s3:PutBucketOwnershipControls", kWrite> {};
struct GetBucketOwnershipControls : OnBucket<s3::op::GetBucketOwnershipControls, "s3:GetBucketOwnershipControls", kRead> {};
struct DeleteBucketOwnershipControls : OnBucket<s3::op::DeleteBucketOwnershipControls, "s3:PutBucketOwnershipControls", kWrite> {};

using BucketOperations =
    gate::List<CreateBucket, ListBuckets, HeadBucket, DeleteBucket, GetBucketLocation, PutBucketVersioning, GetBucketVersioning,
               PutBucketTagging, GetBucketTagging, DeleteBucketTagging, PutBucketPolicy, GetBucketPolicy, DeleteBucketPolicy,
               GetBucketPolicyStatus, PutPublicAccessBlock, GetPublicAccessBlock, DeletePublicAccessBlock, PutBucketEncryption,
               GetBucketEncryption, DeleteBucketEncryption, PutBucketOwnershipControls, GetBucketOwnershipControls,
               DeleteBucketOwnershipControls>;

}  // namespace hanse::objects
