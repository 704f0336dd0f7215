#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "keys/materials.h"

// What Encrypt answers and Decrypt takes: it names the key, so that nobody must remember it.
//
//   version 1 | length of the ARN (1 byte) | ARN of the key | version of its material (4 bytes, big endian) | salt of 16 bytes
//   | AES-256-GCM of the plaintext, tag last, under a key derived from the material with the salt
//
// All before the ciphertext, and the encryption context, are associated data: changed in one bit, it does not open.
namespace hanse::keys {

struct Ciphertext {
  std::string key_arn;
  std::int64_t version = 0;
  std::string header, salt, sealed;
};
// InvalidCiphertextException for what this server never made. Whether it opens is not known yet.
Result<Ciphertext> ParseCiphertext(std::string_view blob);

using EncryptionContext = std::map<std::string, std::string>;

std::string Encipher(const Materials::Material& material, Random& random, std::string_view key_arn,
                     const EncryptionContext& context, std::string_view plaintext);
// InvalidCiphertextException where it was changed or the context is another one.
Result<std::string> Decipher(const crypto::Key& material, const Ciphertext& ciphertext, const EncryptionContext& context);

}  // namespace hanse::keys
