#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/random.h"
#include "base/result.h"
#include "base/stream.h"
#include "blob/blobs.h"
#include "crypto/key.h"
#include "objects/checksum.h"

namespace hanse::objects {

inline constexpr std::uint64_t kPutBytesMax = std::uint64_t{5} << 30;  // Of one PUT or part.

// What a request says about its body, each to be verified.
struct Announced {
  std::optional<std::int64_t> bytes;
  std::optional<std::string> md5;  // Base64, of Content-MD5.
  std::optional<Checksum> checksum;
  std::optional<crypto::DigestKind> wanted;  // To be computed although nothing was given.
  std::uint64_t bytes_max = kPutBytesMax;
};

// Bytes that are durable in a blob but that no row names yet. Deleted again unless Keep() is called: from then on a row of a
// transaction names the blob (where that does not commit, the sweep at the next start takes it). Moves; one thread.
class Received {
 public:
  Received(blob::Blobs& blobs, blob::BlobId blob, const crypto::Key& key) : blobs_(&blobs), blob_(std::move(blob)), key_(key) {}
  Received(Received&& other) noexcept;
  Received& operator=(Received&&) = delete;
  ~Received();

  const blob::BlobId& blob() const { return blob_; }
  const crypto::Key& key() const { return key_; }
  std::string etag() const;  // The MD5 in hexadecimal, quoted.
  void Keep() { blobs_ = nullptr; }

  std::uint64_t size = 0;
  std::string md5;  // 16 bytes.
  std::optional<Checksum> checksum;

 private:
  blob::Blobs* blobs_;  // Null: kept, or moved from.
  blob::BlobId blob_;
  crypto::Key key_;
};

// Streams a body into a new blob. BadDigest, IncompleteBody, EntityTooLarge where it is not what was announced; nothing of it
// stays then. `body` may be null: no bytes.
Result<Received> ReceiveBody(blob::Blobs& blobs, Random& random, ByteSource* body, const Announced& announced);

}  // namespace hanse::objects
