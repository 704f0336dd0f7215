#include "crypto/hmac.h"

#include <cstdlib>
#include <memory>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

namespace hanse::crypto {
namespace {

struct FreeMac {
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};

EVP_MAC_CTX* NewContext() {
  static EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  EVP_MAC_CTX* context = mac ? EVP_MAC_CTX_new(mac) : nullptr;
  if (context == nullptr) std::abort();
  char name[] = "SHA256";
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0), OSSL_PARAM_construct_end()};
  if (EVP_MAC_CTX_set_params(context, params) != 1) std::abort();
  return context;
}

}  // namespace

std::string HmacSha256(std::string_view key, std::string_view message) {
  thread_local const std::unique_ptr<EVP_MAC_CTX, FreeMac> context(NewContext());
  static constexpr unsigned char kEmpty = 0;  // A null key would mean "the one before".
  const auto* bytes = key.empty() ? &kEmpty : reinterpret_cast<const unsigned char*>(key.data());
  std::string out(32, '\0');
  std::size_t size = 0;
  const bool fine = EVP_MAC_init(context.get(), bytes, key.size(), nullptr) == 1 &&
                    EVP_MAC_update(context.get(), reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1 &&
                    EVP_MAC_final(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, out.size()) == 1;
  if (!fine || size != out.size()) std::abort();  // Without it every proof would be worth nothing.
  return out;
}

}  // namespace hanse::crypto
