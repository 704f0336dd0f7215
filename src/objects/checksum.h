#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/digest.h"
#include "objects/errors.h"

// The additional checksums of S3 (User Guide, "Checking object integrity"): an object has at most one, given by the client and
// verified, or computed because the client asked for it.
namespace hanse::objects {

struct Checksum {
  crypto::DigestKind kind = crypto::DigestKind::kCrc32;
  std::string value;  // Base64; of parts together "BASE64-N".
};

// By S3's names: CRC32, CRC32C, CRC64NVME, SHA1, SHA256. NotImplemented for the others that the model knows.
Result<crypto::DigestKind> ChecksumKind(std::string_view algorithm);
std::string ChecksumName(crypto::DigestKind kind);

// The checksum that a request or a description carries. InvalidRequest where there are two.
template <class T>
Result<std::optional<Checksum>> ChecksumIn(const T& t) {
  std::optional<Checksum> found;
  bool doubled = false;
  auto take = [&](crypto::DigestKind kind, const std::optional<std::string>& value) {
    if (!value) return;
    doubled = doubled || found;
    found = Checksum{kind, *value};
  };
  take(crypto::DigestKind::kCrc32, t.checksum_crc32);
  take(crypto::DigestKind::kCrc32c, t.checksum_crc32_c);
  take(crypto::DigestKind::kCrc64Nvme, t.checksum_crc64_nvme);
  take(crypto::DigestKind::kSha1, t.checksum_sha1);
  take(crypto::DigestKind::kSha256, t.checksum_sha256);
  if (doubled) return InvalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
  if (t.checksum_sha512 || t.checksum_md5 || t.checksum_xxhash64 || t.checksum_xxhash3 || t.checksum_xxhash128) {
    return NotBuilt("This x-amz-checksum- header");
  }
  return found;
}

template <class T>
void SetChecksum(const std::optional<Checksum>& checksum, T* t) {
  if (!checksum) return;
  switch (checksum->kind) {
    case crypto::DigestKind::kCrc32: t->checksum_crc32 = checksum->value; break;
    case crypto::DigestKind::kCrc32c: t->checksum_crc32_c = checksum->value; break;
    case crypto::DigestKind::kCrc64Nvme: t->checksum_crc64_nvme = checksum->value; break;
    case crypto::DigestKind::kSha1: t->checksum_sha1 = checksum->value; break;
    case crypto::DigestKind::kSha256: t->checksum_sha256 = checksum->value; break;
    case crypto::DigestKind::kMd5: break;
  }
}

}  // namespace hanse::objects
