#include "crypto/sealed.h"

#include <algorithm>
#include <cassert>

#include "base/text.h"
#include "crypto/aead.h"

namespace hanse::crypto {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHeadBytes = 1 + kSaltBytes + kNonceBytes;
constexpr std::size_t kTokenCharsMax = (kHeadBytes + kSealedPayloadBytesMax + kTagBytes + 2) / 3 * 4;

std::string Associated(std::string_view purpose) {
  std::string text = "hanse sealed token ";
  text.push_back(kVersion);
  return text.append(purpose);
}

// RFC 4648, section 5, without padding: fit for headers, forms and addresses.
std::string UrlText(std::string_view bytes) {
  std::string text = Base64(bytes);
  while (!text.empty() && text.back() == '=') text.pop_back();
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  return text;
}

bool UrlBytes(std::string_view token, std::string* bytes) {
  if (token.find_first_of("+/=") != token.npos) return false;
  std::string text(token);
  std::ranges::replace(text, '-', '+');
  std::ranges::replace(text, '_', '/');
  text.append((4 - text.size() % 4) % 4, '=');
  return UnBase64(text, bytes);
}

}  // namespace

std::string SealToken(const Key& key, Random& random, std::string_view purpose, std::string_view payload) {
  assert(payload.size() <= kSealedPayloadBytesMax);
  std::string bytes(kHeadBytes + payload.size() + kTagBytes, '\0');
  bytes[0] = kVersion;
  random.Fill(bytes.data() + 1, kSaltBytes + kNonceBytes);
  const std::string_view salt(bytes.data() + 1, kSaltBytes);
  const std::string_view nonce(bytes.data() + 1 + kSaltBytes, kNonceBytes);
  SealInto(key.Derive(purpose, salt), nonce, Associated(purpose), payload, std::span(bytes).subspan(kHeadBytes));
  return UrlText(bytes);
}

Result<std::string> OpenToken(const Key& key, std::string_view purpose, std::string_view token) {
  std::string bytes;
  if (token.size() > kTokenCharsMax || !UrlBytes(token, &bytes) || bytes.size() < kHeadBytes + kTagBytes || bytes[0] != kVersion) {
    return Fail(ErrorCode::kInvalidArgument, "not a token of this server");
  }
  const std::string_view view(bytes);
  auto payload = Open(key.Derive(purpose, view.substr(1, kSaltBytes)), view.substr(1 + kSaltBytes, kNonceBytes),
                      Associated(purpose), view.substr(kHeadBytes));
  // The last character of a token has bits that carry nothing: only the one spelling that we write counts.
  if (!payload || UrlText(bytes) != token) return Fail(ErrorCode::kInvalidArgument, "not a token of this server");
  return payload;
}

}  // namespace hanse::crypto
