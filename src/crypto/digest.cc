#include "crypto/digest.h"

#include <cassert>
#include <cstdlib>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/text.h"
#include "crypto/crc.h"

namespace hanse::crypto {
namespace {

// Looked up once: a lookup by name at every digest would cost more than a small digest itself.
const EVP_MD* Algorithm(DigestKind kind) {
  static const EVP_MD* const md5 = EVP_MD_fetch(nullptr, "MD5", nullptr);
  static const EVP_MD* const sha1 = EVP_MD_fetch(nullptr, "SHA1", nullptr);
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  switch (kind) {
    case DigestKind::kMd5: return md5;
    case DigestKind::kSha1: return sha1;
    case DigestKind::kSha256: return sha256;
    default: return nullptr;
  }
}

std::string BigEndian(std::uint64_t value, std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[size - 1 - i] = static_cast<char>(value >> (8 * i));
  return bytes;
}

// A digest that cannot be made would let anything pass: there is no going on without it.
void Demand(bool fine) {
  if (!fine) std::abort();
}

std::string OneShot(DigestKind kind, std::string_view bytes) {
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  thread_local const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  std::string out(DigestBytes(kind), '\0');
  Demand(EVP_DigestInit_ex2(context.get(), Algorithm(kind), nullptr) == 1 &&
         EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
         EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(out.data()), nullptr) == 1);
  return out;
}

}  // namespace

std::size_t DigestBytes(DigestKind kind) {
  switch (kind) {
    case DigestKind::kMd5: return 16;
    case DigestKind::kSha1: return 20;
    case DigestKind::kSha256: return 32;
    case DigestKind::kCrc32:
    case DigestKind::kCrc32c: return 4;
    case DigestKind::kCrc64Nvme: return 8;
  }
  return 0;
}

void Digest::Free::operator()(void* context) const { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context)); }

Digest::Digest(DigestKind kind) : kind_(kind) {
  const EVP_MD* algorithm = Algorithm(kind);
  if (algorithm == nullptr) return;
  context_.reset(EVP_MD_CTX_new());
  Demand(context_ && EVP_DigestInit_ex2(static_cast<EVP_MD_CTX*>(context_.get()), algorithm, nullptr) == 1);
}

Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;
Digest::~Digest() = default;

void Digest::Update(std::string_view bytes) {
  switch (kind_) {
    case DigestKind::kCrc32: crc_ = Crc32(static_cast<std::uint32_t>(crc_), bytes); return;
    case DigestKind::kCrc32c: crc_ = Crc32c(static_cast<std::uint32_t>(crc_), bytes); return;
    case DigestKind::kCrc64Nvme: crc_ = Crc64Nvme(crc_, bytes); return;
    default: break;
  }
  assert(context_);
  Demand(EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_.get()), bytes.data(), bytes.size()) == 1);
}

std::string Digest::Finish() {
  if (Algorithm(kind_) == nullptr) return BigEndian(crc_, DigestBytes(kind_));
  std::string out(DigestBytes(kind_), '\0');
  assert(context_);
  Demand(EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_.get()), reinterpret_cast<unsigned char*>(out.data()), nullptr) == 1);
  context_.reset();
  return out;
}

std::string DigestOf(DigestKind kind, std::string_view bytes) {
  if (Algorithm(kind) != nullptr) return OneShot(kind, bytes);
  Digest digest(kind);
  digest.Update(bytes);
  return digest.Finish();
}

std::string Sha256(std::string_view bytes) { return OneShot(DigestKind::kSha256, bytes); }
std::string Sha256Hex(std::string_view bytes) { return Hex(Sha256(bytes)); }
std::string Md5(std::string_view bytes) { return OneShot(DigestKind::kMd5, bytes); }

bool SameSecret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace hanse::crypto
