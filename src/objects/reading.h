#pragma once
#include <memory>
#include <string>

#include "base/result.h"
#include "base/stream.h"
#include "blob/blobs.h"
#include "crypto/key.h"
#include "gate/gate.h"
#include "objects/data_keys.h"
#include "objects/version.h"
#include "wire/s3.h"

// How operations find and open what a reader asks for.
namespace hanse::objects {

struct Asked {
  Bucket bucket;
  Version version;
};

// The version that a reader means. NoSuchKey (or NoSuchVersion) only to whoever may list the bucket, else AccessDenied: nobody
// learns from an error which keys exist. A delete marker is NoSuchKey, named itself MethodNotAllowed.
Result<Asked> FindAsked(const gate::Call& call, const std::optional<std::string>& bucket, const std::optional<std::string>& key,
                        const std::optional<std::string>& version);
// The same decision where there is no call any more: without the right to list.
Result<Asked> FindNamed(store::Transaction& tx, const std::string& bucket, const std::string& key,
                        const std::optional<std::string>& version);

struct OpenedBytes {
  std::shared_ptr<blob::Reader> reader;
  crypto::Key key;  // Of this blob alone.
};
// Opens what is sealed in a bucket of `account`, if its key can be used now. That the caller may use the key, it was asked before.
Result<OpenedBytes> OpenSealed(blob::Blobs& blobs, DataKeys& keys, store::Transaction& tx, const AccountId& account,
                               const Sealed& sealed);

// A part of a blob as a stream.
class BlobSource final : public ByteSource {
 public:
  BlobSource(std::shared_ptr<blob::Reader> reader, std::uint64_t offset, std::uint64_t size)
      : reader_(std::move(reader)), at_(offset), left_(size), size_(size) {}
  std::optional<std::uint64_t> size() const override { return size_; }
  Result<std::size_t> Read(std::span<char> into) override;

 private:
  std::shared_ptr<blob::Reader> reader_;
  std::uint64_t at_, left_;
  const std::uint64_t size_;
};

}  // namespace hanse::objects
