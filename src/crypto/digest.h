#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

// Digests and checksums: SHA-256, SHA-1, MD5 (RFC 6234, RFC 3174, RFC 1321) by OpenSSL, and the CRCs with which S3's clients check
// bodies. All values are raw bytes, CRCs big-endian as S3 writes them before base64. MD5, SHA-1 and CRCs find accidents, not
// attackers.
namespace hanse::crypto {

enum class DigestKind { kMd5, kSha1, kSha256, kCrc32, kCrc32c, kCrc64Nvme };
std::size_t DigestBytes(DigestKind kind);

// A digest of bytes that come in pieces. One thread at a time; Finish ends it.
class Digest {
 public:
  explicit Digest(DigestKind kind);
  Digest(Digest&&) noexcept;
  Digest& operator=(Digest&&) noexcept;
  ~Digest();

  DigestKind kind() const { return kind_; }
  void Update(std::string_view bytes);
  std::string Finish();

 private:
  struct Free {
    void operator()(void* context) const;
  };
  DigestKind kind_;
  std::uint64_t crc_ = 0;
  std::unique_ptr<void, Free> context_;  // EVP_MD_CTX; none for CRCs.
};

std::string DigestOf(DigestKind kind, std::string_view bytes);
std::string Sha256(std::string_view bytes);
std::string Sha256Hex(std::string_view bytes);  // Lower case.
std::string Md5(std::string_view bytes);

// Whether both are the same, in a time that tells only their lengths: for everything that proves who somebody is.
bool SameSecret(std::string_view a, std::string_view b);

}  // namespace hanse::crypto
