#include "crypto/key.h"

#include <cstring>

#include <openssl/crypto.h>

#include "crypto/hmac.h"

namespace hanse::crypto {

Key Key::Draw(Random& random) {
  Key key;
  random.Fill(key.bytes_.data(), kBytes);
  return key;
}

Result<Key> Key::FromBytes(std::string_view bytes) {
  if (bytes.size() != kBytes) return Fail(ErrorCode::kInvalidArgument, "a key is 32 bytes");
  Key key;
  std::memcpy(key.bytes_.data(), bytes.data(), kBytes);
  return key;
}

Key::~Key() { OPENSSL_cleanse(bytes_.data(), kBytes); }

Key Key::Derive(std::string_view purpose, std::string_view salt) const {
  // The length in front keeps purpose and salt apart: ("ab", "c") is not ("a", "bc").
  std::string text = std::to_string(purpose.size()) + ':';
  text.append(purpose).append(salt);
  std::string derived = HmacSha256(bytes(), text);
  Key key;
  std::memcpy(key.bytes_.data(), derived.data(), kBytes);
  OPENSSL_cleanse(derived.data(), derived.size());
  return key;
}

void Wipe(std::string* secret) {
  OPENSSL_cleanse(secret->data(), secret->size());
  secret->clear();
}

}  // namespace hanse::crypto
