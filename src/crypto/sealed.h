#pragma once
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "crypto/key.h"

// Tokens that the server hands out and need not remember: session tokens, page tokens. A holder can neither read nor change one,
// nor use it for another purpose. They do not end by themselves: put the end into the payload. Any thread.
namespace hanse::crypto {

inline constexpr std::size_t kSealedPayloadBytesMax = 64 * 1024;

// Text of A-Z a-z 0-9 - _ : version, salt, nonce, sealed payload. A key of its own is derived for every token, so that there is no
// number of tokens after which the server's key wears out.
std::string SealToken(const Key& key, Random& random, std::string_view purpose, std::string_view payload);
// kInvalidArgument for all that this key did not seal for this purpose.
Result<std::string> OpenToken(const Key& key, std::string_view purpose, std::string_view token);

}  // namespace hanse::crypto
