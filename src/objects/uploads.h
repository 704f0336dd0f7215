#pragma once
#include <vector>

#include "objects/objects.h"
#include "objects/upload.h"
#include "objects/upload_operations.h"

namespace hanse::objects {

// Parts that became one: the bytes of the object, and what they were made of (still to be as it was when the row is written).
struct Assembled {
  Upload upload;
  std::vector<UploadedPart> parts;
  std::optional<Received> bytes;  // None: the object takes over the blob of its only part.
  std::string etag;
  std::optional<Checksum> checksum;
};

// Uploads in parts. Each part is a blob of its own; completing them writes one blob, so that readers know nothing of parts.
// Any thread.
class Uploads {
 public:
  explicit Uploads(Parts parts) : parts_(std::move(parts)) {}

  Result<s3::CreateMultipartUploadOutput> Do(const gate::Authorized<CreateMultipartUpload>& call);
  Result<Received> Receive(const UploadPart& op, const gate::Context& context);
  Result<s3::UploadPartOutput> Do(const gate::Authorized<UploadPart>& call, Received received);
  Result<CopiedBytes> Receive(const UploadPartCopy& op, const gate::Context& context);
  Result<s3::UploadPartCopyOutput> Do(const gate::Authorized<UploadPartCopy>& call, CopiedBytes copied);
  Result<Assembled> Receive(const CompleteMultipartUpload& op, const gate::Context& context);
  Result<s3::CompleteMultipartUploadOutput> Do(const gate::Authorized<CompleteMultipartUpload>& call, Assembled assembled);
  Result<s3::AbortMultipartUploadOutput> Do(const gate::Authorized<AbortMultipartUpload>& call);
  Result<s3::ListPartsOutput> Do(const gate::Authorized<ListParts>& call);
  Result<s3::ListMultipartUploadsOutput> Do(const gate::Authorized<ListMultipartUploads>& call);

 private:
  // The part's row, once its bytes are there.
  Result<UploadedPart> Store(const gate::Call& call, const Bucket& bucket, const Upload& upload, std::int32_t number,
                             Received received);

  Parts parts_;
};

}  // namespace hanse::objects
