#include "objects/reading.h"

#include <algorithm>

#include "objects/errors.h"
#include "objects/needs.h"

namespace hanse::objects {
namespace {

Refusal MarkerAsked() {
  return Refuse(ErrorCode::kInvalidArgument, "MethodNotAllowed", "The specified method is not allowed against this resource.");
}

}  // namespace

Result<Asked> FindNamed(store::Transaction& tx, const std::string& bucket, const std::string& key,
                        const std::optional<std::string>& version) {
  Asked asked;
  TRY_ASSIGN(asked.bucket, FindBucket(tx, bucket));
  TRY_ASSIGN(std::optional<Version> found, LookFor(tx, asked.bucket.id, key, version));
  if (!found && version) return NoSuchVersion();
  if (!found) return NoSuchKey();
  if (found->marker) return MarkerAsked();  // Only a named version can be one.
  asked.version = *std::move(found);
  return asked;
}

Result<Asked> FindAsked(const gate::Call& call, const std::optional<std::string>& bucket, const std::optional<std::string>& key,
                        const std::optional<std::string>& version) {
  auto asked = FindNamed(call.tx(), bucket.value_or(""), key.value_or(""), version);
  if (asked || asked.error().code != ErrorCode::kNotFound || asked.error().name == "NoSuchBucket") return asked;
  TRY_ASSIGN(gate::Need list, NeedOnBucket(call.tx(), "s3:ListBucket", bucket, {}));
  TRY_ASSIGN(bool may_list, call.Allowed(list));
  if (!may_list) return AccessDenied();
  return asked;
}

Result<OpenedBytes> OpenSealed(blob::Blobs& blobs, DataKeys& keys, store::Transaction& tx, const AccountId& account,
                               const Sealed& sealed) {
  TRY_ASSIGN(crypto::Key key, keys.Unwrap(tx, sealed.key_arn, sealed.data_key, KeyContext(account, sealed.blob)));
  TRY_ASSIGN(std::shared_ptr<blob::Reader> reader, blobs.Open(sealed.blob, key));
  return OpenedBytes{std::move(reader), key};
}

Result<std::size_t> BlobSource::Read(std::span<char> into) {
  std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, into.size()));
  if (size == 0) return std::size_t{0};
  TRY(reader_->ReadAt(at_, into.first(size)));
  at_ += size;
  left_ -= size;
  return size;
}

}  // namespace hanse::objects
