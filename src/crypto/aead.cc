#include "crypto/aead.h"

#include <algorithm>
#include <cassert>
#include <climits>
#include <cstdlib>
#include <memory>

#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace hanse::crypto {
namespace {

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

const unsigned char* In(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

// One context a thread, its cipher set once: a call sets only key and nonce.
EVP_CIPHER_CTX* Context() {
  thread_local const std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> context = [] {
    static EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> made(EVP_CIPHER_CTX_new());
    if (!made || !cipher || EVP_CipherInit_ex2(made.get(), cipher, nullptr, nullptr, 1, nullptr) != 1) std::abort();
    return made;
  }();
  return context.get();
}

// The context keeps the last key; whoever comes after on this thread must not find it.
class Keyed {
 public:
  Keyed(const Key& key, std::string_view nonce, int encrypt) : context_(Context()) {
    assert(nonce.size() == kNonceBytes);
    if (EVP_CipherInit_ex2(context_, nullptr, In(key.bytes()), In(nonce), encrypt, nullptr) != 1) std::abort();
  }
  ~Keyed() {
    static constexpr unsigned char kZero[Key::kBytes] = {};
    EVP_CipherInit_ex2(context_, nullptr, kZero, kZero, 1, nullptr);
  }
  Keyed(const Keyed&) = delete;
  EVP_CIPHER_CTX* get() const { return context_; }

 private:
  EVP_CIPHER_CTX* context_;
};

bool Run(EVP_CIPHER_CTX* context, std::string_view associated, std::string_view in, char* out) {
  int count = 0;
  assert(in.size() <= INT_MAX && associated.size() <= INT_MAX);
  if (!associated.empty() && EVP_CipherUpdate(context, nullptr, &count, In(associated), static_cast<int>(associated.size())) != 1) {
    return false;
  }
  return in.empty() ||
         EVP_CipherUpdate(context, reinterpret_cast<unsigned char*>(out), &count, In(in), static_cast<int>(in.size())) == 1;
}

}  // namespace

void SealInto(const Key& key, std::string_view nonce, std::string_view associated, std::string_view plain, std::span<char> sealed) {
  assert(sealed.size() == plain.size() + kTagBytes);
  const Keyed keyed(key, nonce, 1);
  unsigned char rest[16];
  int count = 0;
  const bool fine = Run(keyed.get(), associated, plain, sealed.data()) && EVP_CipherFinal_ex(keyed.get(), rest, &count) == 1 &&
                    EVP_CIPHER_CTX_ctrl(keyed.get(), EVP_CTRL_AEAD_GET_TAG, kTagBytes, sealed.data() + plain.size()) == 1;
  if (!fine) std::abort();  // Never hand out what is half sealed.
}

Result<void> OpenInto(const Key& key, std::string_view nonce, std::string_view associated, std::string_view sealed,
                      std::span<char> plain) {
  if (nonce.size() != kNonceBytes || sealed.size() < kTagBytes) return Fail(ErrorCode::kInvalidArgument, "not sealed by this key");
  assert(plain.size() == sealed.size() - kTagBytes);
  const std::string_view content = sealed.substr(0, plain.size());
  unsigned char tag[kTagBytes];
  std::copy_n(sealed.data() + plain.size(), kTagBytes, tag);
  const Keyed keyed(key, nonce, 0);
  unsigned char rest[16];
  int count = 0;
  const bool fine = EVP_CIPHER_CTX_ctrl(keyed.get(), EVP_CTRL_AEAD_SET_TAG, kTagBytes, tag) == 1 &&
                    Run(keyed.get(), associated, content, plain.data()) && EVP_CipherFinal_ex(keyed.get(), rest, &count) == 1;
  if (fine) return {};
  OPENSSL_cleanse(plain.data(), plain.size());
  return Fail(ErrorCode::kInvalidArgument, "not sealed by this key");
}

std::string Seal(const Key& key, std::string_view nonce, std::string_view associated, std::string_view plain) {
  std::string sealed(plain.size() + kTagBytes, '\0');
  SealInto(key, nonce, associated, plain, sealed);
  return sealed;
}

Result<std::string> Open(const Key& key, std::string_view nonce, std::string_view associated, std::string_view sealed) {
  if (sealed.size() < kTagBytes) return Fail(ErrorCode::kInvalidArgument, "not sealed by this key");
  std::string plain(sealed.size() - kTagBytes, '\0');
  TRY(OpenInto(key, nonce, associated, sealed, plain));
  return plain;
}

}  // namespace hanse::crypto
