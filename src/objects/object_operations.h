#pragma once
#include "base/result.h"
#include "gate/gate.h"
#include "objects/bucket_operations.h"
#include "objects/needs.h"
#include "wire/s3.h"

// The operations on objects.
namespace hanse::objects {

// Writing asks for s3:PutObject, and for s3:PutObjectTagging where it brings tags; a copy asks for its source as a reader does.
struct PutObject : OnObject<s3::op::PutObject, "s3:PutObject", "s3:PutObject", gate::Record::kUpload> {
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
};
struct CopyObject : OnObject<s3::op::CopyObject, "s3:PutObject", "s3:PutObject", gate::Record::kUpload> {
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
};

struct GetObject : OnObject<s3::op::GetObject, "s3:GetObject", "s3:GetObjectVersion", kRead> {};
struct HeadObject : OnObject<s3::op::HeadObject, "s3:GetObject", "s3:GetObjectVersion", kRead> {};
struct GetObjectAttributes : OnObject<s3::op::GetObjectAttributes, "s3:GetObject", "s3:GetObjectVersion", kRead> {
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
};

struct DeleteObject : OnObject<s3::op::DeleteObject, "s3:DeleteObject", "s3:DeleteObjectVersion", kWrite> {};
// Each key is asked about by itself: what is refused is told in the answer's errors.
struct DeleteObjects {
  static constexpr gate::Rule kRule{"s3", "DeleteObjects", gate::Record::kWrite, "Data"};
  using Wire = s3::op::DeleteObjects;
  using Answer = Wire::Output;
  Wire::Input in;
  Result<Needs> On(const gate::Context&, store::Transaction&) const { return Needs{}; }
};

struct PutObjectTagging : OnObject<s3::op::PutObjectTagging, "s3:PutObjectTagging", "s3:PutObjectVersionTagging", kWrite> {};
struct GetObjectTagging : OnObject<s3::op::GetObjectTagging, "s3:GetObjectTagging", "s3:GetObjectVersionTagging", kRead> {};
struct DeleteObjectTagging
    : OnObject<s3::op::DeleteObjectTagging, "s3:DeleteObjectTagging", "s3:DeleteObjectVersionTagging", kWrite> {};

struct ListObjects : OnBucket<s3::op::ListObjects, "s3:ListBucket", kRead> {};
struct ListObjectsV2 : OnBucket<s3::op::ListObjectsV2, "s3:ListBucket", kRead> {};
struct ListObjectVersions : OnBucket<s3::op::ListObjectVersions, "s3:ListBucketVersions", kRead> {};

using ObjectOperations =
    gate::List<PutObject, CopyObject, GetObject, HeadObject, GetObjectAttributes, DeleteObject, DeleteObjects, PutObjectTagging,
               GetObjectTagging, DeleteObjectTagging, ListObjects, ListObjectsV2, ListObjectVersions>;

}  // namespace hanse::objects
