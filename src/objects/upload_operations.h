#pragma once
#include "base/result.h"
#include "gate/gate.h"
#include "objects/bucket_operations.h"
#include "objects/needs.h"
#include "wire/s3.h"

// The operations on uploads in parts.
namespace hanse::objects {

struct CreateMultipartUpload : OnObject<s3::op::CreateMultipartUpload, "s3:PutObject", "s3:PutObject", kWrite> {
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
};
struct UploadPart : OnObject<s3::op::UploadPart, "s3:PutObject", "s3:PutObject", gate::Record::kUpload> {};
struct UploadPartCopy : OnObject<s3::op::UploadPartCopy, "s3:PutObject", "s3:PutObject", gate::Record::kUpload> {
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
};
struct CompleteMultipartUpload : OnObject<s3::op::CompleteMultipartUpload, "s3:PutObject", "s3:PutObject", gate::Record::kUpload> {
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
};
struct AbortMultipartUpload : OnObject<s3::op::AbortMultipartUpload, "s3:AbortMultipartUpload", "s3:AbortMultipartUpload", kWrite> {
};
struct ListParts : OnObject<s3::op::ListParts, "s3:ListMultipartUploadParts", "s3:ListMultipartUploadParts", kRead> {};
struct ListMultipartUploads : OnBucket<s3::op::ListMultipartUploads, "s3:ListBucketMultipartUploads", kRead> {};

using UploadOperations = gate::List<CreateMultipartUpload, UploadPart, UploadPartCopy, CompleteMultipartUpload,
                                    AbortMultipartUpload, ListParts, ListMultipartUploads>;

}  // namespace hanse::objects
