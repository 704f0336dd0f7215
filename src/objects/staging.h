#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "blob/blobs.h"
#include "crypto/digest.h"
#include "gate/gate.h"
#include "objects/needs.h"
#include "objects/objects.h"

// Objects that work inside the server writes piece by piece and shows all at once: a query's files. Bytes are sealed as they come,
// under a data key of their own; until a StoreObjects names them no row does, and what is dropped before it leaves nothing behind.
namespace hanse::objects {

// One object on its way in. One thread.
class StagedObject {
 public:
  static Result<std::unique_ptr<StagedObject>> Begin(const Parts& parts);
  // kLimitExceeded beyond kPutBytesMax.
  Result<void> Append(std::string_view bytes);
  Result<void> Finish();  // The bytes are durable.
  // After Finish().
  const Received& received() const { return *received_; }
  void Keep() { received_->Keep(); }

 private:
  StagedObject(blob::Blobs& blobs, const crypto::Key& key, std::unique_ptr<blob::Writer> writer)
      : blobs_(blobs), key_(key), writer_(std::move(writer)) {}
  blob::Blobs& blobs_;
  crypto::Key key_;
  std::unique_ptr<blob::Writer> writer_;
  crypto::Digest md5_{crypto::DigestKind::kMd5};
  std::optional<Received> received_;
};

// Puts finished objects in one bucket, all or none; needs s3:PutObject on each and, through S3, the key of the bucket.
struct StoreObjects {
  static constexpr gate::Rule kRule{"s3", "PutObject", gate::Record::kWrite, "Data"};
  using Answer = void;
  struct Object {
    std::string key;
    std::shared_ptr<StagedObject> staged;
  };
  std::string bucket;
  std::vector<Object> objects;              // At least one.
  std::optional<std::string> kms_key = {};  // Seals them; nothing: the key of the bucket.
  // A change of the work that they are of, in the same transaction: where it fails nothing is there. May be empty.
  std::function<Result<void>(store::Transaction&)> also = {};
  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const;
  std::string Parameters() const;
};

// Any thread.
class Staging {
 public:
  explicit Staging(Parts parts) : parts_(std::move(parts)) {}
  Result<std::unique_ptr<StagedObject>> Begin() { return StagedObject::Begin(parts_); }
  Result<void> Do(const gate::Authorized<StoreObjects>& call);

 private:
  Parts parts_;
};

}  // namespace hanse::objects
