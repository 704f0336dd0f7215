#include "keys/ciphertext.h"

#include <algorithm>

#include "crypto/aead.h"
#include "keys/errors.h"
#include "model/arn.h"

namespace hanse::keys {
namespace {

constexpr char kCiphertextVersion = 1;
constexpr std::size_t kVersionBytes = 4, kCiphertextSaltBytes = 16, kArnBytesMax = 255;
constexpr std::string_view kCiphertextPurpose = "hanse ciphertext 1";
constexpr char kZeroNonce[crypto::kNonceBytes] = {};  // The derived key seals one thing only.

std::string BigEndian(std::uint32_t number) {
  return {static_cast<char>(number >> 24), static_cast<char>(number >> 16), static_cast<char>(number >> 8),
          static_cast<char>(number)};
}

// Every text with its length, in the order of names: no two contexts are written alike.
std::string Associated(std::string_view header, const EncryptionContext& context) {
  std::string text(header);
  for (const auto& [name, value] : context) {
    text += BigEndian(static_cast<std::uint32_t>(name.size())) + name;
    text += BigEndian(static_cast<std::uint32_t>(value.size())) + value;
  }
  return text;
}

bool IsKeyArn(std::string_view text) {
  const bool plain = std::ranges::all_of(
      text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ':' || c == '/' || c == '-'; });
  std::optional<Arn> arn = plain ? ParseArn(text) : std::nullopt;
  return arn && arn->service == "kms" && arn->resource.starts_with("key/");
}

}  // namespace

Result<Ciphertext> ParseCiphertext(std::string_view blob) {
  if (blob.size() < 2 || blob[0] != kCiphertextVersion) return InvalidCiphertext();
  const std::size_t arn_bytes = static_cast<unsigned char>(blob[1]);
  const std::size_t header_bytes = 2 + arn_bytes + kVersionBytes + kCiphertextSaltBytes;
  if (blob.size() < header_bytes + crypto::kTagBytes) return InvalidCiphertext();
  Ciphertext made;
  made.key_arn = blob.substr(2, arn_bytes);
  if (!IsKeyArn(made.key_arn)) return InvalidCiphertext();
  for (char c : blob.substr(2 + arn_bytes, kVersionBytes)) made.version = made.version * 256 + static_cast<unsigned char>(c);
  made.salt = blob.substr(header_bytes - kCiphertextSaltBytes, kCiphertextSaltBytes);
  made.header = blob.substr(0, header_bytes);
  made.sealed = blob.substr(header_bytes);
  return made;
}

std::string Encipher(const Materials::Material& material, Random& random, std::string_view key_arn,
                     const EncryptionContext& context, std::string_view plaintext) {
  const std::string salt = random.Bytes(kCiphertextSaltBytes);
  std::string header{kCiphertextVersion, static_cast<char>(std::min(key_arn.size(), kArnBytesMax))};
  header += key_arn;
  header += BigEndian(static_cast<std::uint32_t>(material.version)) + salt;
  return header + crypto::Seal(material.key.Derive(kCiphertextPurpose, salt), {kZeroNonce, sizeof kZeroNonce},
                               Associated(header, context), plaintext);
}

Result<std::string> Decipher(const crypto::Key& material, const Ciphertext& ciphertext, const EncryptionContext& context) {
  auto opened = crypto::Open(material.Derive(kCiphertextPurpose, ciphertext.salt), {kZeroNonce, sizeof kZeroNonce},
                             Associated(ciphertext.header, context), ciphertext.sealed);
  if (!opened) return InvalidCiphertext();
  return opened;
}

}  // namespace hanse::keys
