#pragma once
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/key.h"

// AES-256-GCM (NIST SP 800-38D). A nonce is used once under a key: who seals more than 2^32 things with drawn nonces under one key
// derives a key for each first (Key::Derive). Any thread.
namespace hanse::crypto {

inline constexpr std::size_t kNonceBytes = 12;
inline constexpr std::size_t kTagBytes = 16;

// `nonce` is kNonceBytes long. Writes plain.size() + kTagBytes bytes to `sealed`, the tag last; it may be where `plain` is.
void SealInto(const Key& key, std::string_view nonce, std::string_view associated, std::string_view plain, std::span<char> sealed);
// Writes sealed.size() - kTagBytes bytes to `plain`, which may be where `sealed` is. kInvalidArgument, and `plain` zeroed, where
// anything was changed: key, nonce, associated data, content, tag.
Result<void> OpenInto(const Key& key, std::string_view nonce, std::string_view associated, std::string_view sealed,
                      std::span<char> plain);

std::string Seal(const Key& key, std::string_view nonce, std::string_view associated, std::string_view plain);
Result<std::string> Open(const Key& key, std::string_view nonce, std::string_view associated, std::string_view sealed);

}  // namespace hanse::crypto
