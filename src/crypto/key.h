#pragma once
#include <array>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"

namespace hanse::crypto {

// 256 secret bits. Wiped when it goes; never printed, never compared but by SameSecret.
class Key {
 public:
  static constexpr std::size_t kBytes = 32;

  static Key Draw(Random& random);
  // kInvalidArgument where it is not exactly 32 bytes.
  static Result<Key> FromBytes(std::string_view bytes);

  Key(const Key&) = default;
  Key& operator=(const Key&) = default;
  ~Key();

  std::string_view bytes() const { return {bytes_.data(), bytes_.size()}; }
  // Another key for one purpose, from which this one cannot be found: HMAC-SHA-256 over the purpose and the salt.
  Key Derive(std::string_view purpose, std::string_view salt = {}) const;

 private:
  Key() = default;
  std::array<char, kBytes> bytes_{};
};

// Overwrites what was secret and empties it.
void Wipe(std::string* secret);

}  // namespace hanse::crypto
