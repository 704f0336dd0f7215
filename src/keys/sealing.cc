#include "keys/sealing.h"

#include <openssl/crypto.h>

#include "base/text.h"
#include "crypto/aead.h"

namespace hanse::keys {
namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::string_view kPurpose = "hanse sealed key 1";
constexpr char kNonce[crypto::kNonceBytes] = {};  // The derived key seals one thing only.

std::string_view Nonce() { return {kNonce, sizeof kNonce}; }

}  // namespace

std::string SealKey(const crypto::Key& outer, Random& random, std::string_view context, const crypto::Key& inner) {
  std::string salt = random.Bytes(kSaltBytes);
  return Base64(salt + crypto::Seal(outer.Derive(kPurpose, salt), Nonce(), context, inner.bytes()));
}

Result<crypto::Key> OpenKey(const crypto::Key& outer, std::string_view context, std::string_view sealed) {
  std::string bytes;
  if (!UnBase64(sealed, &bytes) || bytes.size() < kSaltBytes) return Fail(ErrorCode::kInternal, "a sealed key is damaged");
  std::string_view salt = std::string_view(bytes).substr(0, kSaltBytes);
  auto opened = crypto::Open(outer.Derive(kPurpose, salt), Nonce(), context, std::string_view(bytes).substr(kSaltBytes));
  if (!opened) return Fail(ErrorCode::kInternal, "a sealed key is damaged");
  auto key = crypto::Key::FromBytes(*opened);
  OPENSSL_cleanse(opened->data(), opened->size());
  return key;
}

}  // namespace hanse::keys
