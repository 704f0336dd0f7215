#pragma once
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "crypto/key.h"

namespace hanse::keys {

// One key sealed under another, as base64: 16 drawn bytes of salt, then the key under AES-256-GCM by a key derived from the outer
// one with that salt, so that no number of sealed keys wears the outer key out. Any thread.
std::string SealKey(const crypto::Key& outer, Random& random, std::string_view context, const crypto::Key& inner);
// kInternal where `outer` did not seal it for `context`.
Result<crypto::Key> OpenKey(const crypto::Key& outer, std::string_view context, std::string_view sealed);

}  // namespace hanse::keys
