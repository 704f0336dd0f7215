#include "doors/pgwire/scram.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/hmac.h"
#include "crypto/key.h"

namespace hanse::pgwire {
namespace {

constexpr std::size_t kNonceBytesMax = 256;

std::unexpected<Error> Malformed() { return Fail(ErrorCode::kInvalidArgument, "malformed SCRAM message"); }
std::unexpected<Error> Refused() { return Fail(ErrorCode::kUnauthenticated, "the proof is wrong"); }

// "r=…" -> "…"; nothing where the attribute is another.
bool TakeAttribute(std::string_view text, char name, std::string_view* value) {
  if (text.size() < 2 || text[0] != name || text[1] != '=') return false;
  *value = text.substr(2);
  return true;
}

std::string Salted(std::string_view secret, std::string_view salt, int iterations) {
  std::string salted(32, '\0');
  PKCS5_PBKDF2_HMAC(secret.data(), static_cast<int>(secret.size()), reinterpret_cast<const unsigned char*>(salt.data()),
                    static_cast<int>(salt.size()), iterations, EVP_sha256(), static_cast<int>(salted.size()),
                    reinterpret_cast<unsigned char*>(salted.data()));
  return salted;
}

}  // namespace

Result<std::string> Scram::First(bool plus, std::string_view client_first) {
  const std::size_t flag_end = client_first.find(',');
  const std::size_t header_end = flag_end == std::string_view::npos ? flag_end : client_first.find(',', flag_end + 1);
  if (header_end == std::string_view::npos) return Malformed();
  const std::string_view flag = client_first.substr(0, flag_end);
  if (header_end != flag_end + 1) return Fail(ErrorCode::kInvalidArgument, "SCRAM authorization identities are not supported");
  plus_ = plus;
  if (plus ? flag != "p=tls-server-end-point" || parts_.certificate.empty() : flag != "n" && flag != "y") return Malformed();
  // The client could have bound the channel and was told that we cannot: somebody stands between.
  if (flag == "y" && !parts_.certificate.empty()) return Fail(ErrorCode::kUnauthenticated, "channel binding was taken away");
  header_ = client_first.substr(0, header_end + 1);
  bare_ = client_first.substr(header_end + 1);
  std::string_view name, nonce;
  const auto attributes = Split(bare_, ',');
  if (attributes.size() < 2 || !TakeAttribute(attributes[0], 'n', &name) || !TakeAttribute(attributes[1], 'r', &nonce))
    return Malformed();
  if (nonce.empty() || nonce.size() > kNonceBytesMax) return Malformed();
  nonce_ = std::string(nonce) + parts_.nonce;
  first_ = fmt::format("r={},s={},i={}", nonce_, Base64(parts_.salt), parts_.iterations);
  return first_;
}

Result<std::string> Scram::Final(std::string_view client_final, std::string_view secret) {
  const auto attributes = Split(client_final, ',');
  std::string_view binding, nonce, proof_text;
  if (attributes.size() < 3 || !TakeAttribute(attributes.front(), 'c', &binding) || !TakeAttribute(attributes[1], 'r', &nonce) ||
      !TakeAttribute(attributes.back(), 'p', &proof_text)) {
    return Malformed();
  }
  std::string bound, proof;
  if (!UnBase64(binding, &bound) || !UnBase64(proof_text, &proof) || proof.size() != 32) return Malformed();
  if (!crypto::SameSecret(nonce, nonce_) || bound != header_ + (plus_ ? parts_.certificate : "")) return Refused();
  const std::string_view without_proof = client_final.substr(0, client_final.rfind(",p="));
  const std::string told = fmt::format("{},{},{}", bare_, first_, without_proof);
  std::string salted = Salted(secret, parts_.salt, parts_.iterations);
  const std::string stored = crypto::Sha256(crypto::HmacSha256(salted, "Client Key"));
  const std::string server = crypto::HmacSha256(crypto::HmacSha256(salted, "Server Key"), told);
  crypto::Wipe(&salted);
  const std::string signature = crypto::HmacSha256(stored, told);
  for (std::size_t i = 0; i < proof.size(); ++i) proof[i] = static_cast<char>(proof[i] ^ signature[i]);
  if (!crypto::SameSecret(crypto::Sha256(proof), stored)) return Refused();
  return "v=" + Base64(server);
}

}  // namespace hanse::pgwire
