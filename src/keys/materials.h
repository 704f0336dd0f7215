#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "crypto/key.h"
#include "keys/kms_key.h"
#include "store/store.h"

namespace hanse::keys {

// What a key is made of: 256 bits, and 256 more each time it was rotated. Kept sealed under the root key in the store and opened
// into memory on first use; whether the key may be used now is read in the caller's transaction every time, so that a disabled key
// shuts at once. Any thread; the root key is the only secret that it needs from outside.
class Materials {
 public:
  Materials(const crypto::Key& root, Random& random) : root_(root), random_(random) {}

  struct Material {
    std::int64_t version = 0;
    crypto::Key key;
  };
  // The newest material of the key with that ARN, which seals; or that of `version`, which still opens. NotFoundException,
  // DisabledException or KMSInvalidStateException where there is none to be used now.
  Result<Material> Usable(store::Transaction& tx, std::string_view arn, std::optional<std::int64_t> version = {});
  // A first material, or a further one; its version.
  Result<std::int64_t> Add(store::Transaction& tx, Id key, TimeMs now_ms);

  struct Made {
    std::int64_t version = 0;
    TimeMs created_ms = 0;
  };
  // All of them, in the order of versions.
  static Result<std::vector<Made>> Of(store::Transaction& tx, Id key);

 private:
  Result<crypto::Key> Open(Id key, std::int64_t version, const std::string& sealed);

  const crypto::Key root_;
  Random& random_;
  std::shared_mutex mutex_;
  // Opened material by its sealed text, not by the key's id: the id of a transaction that was rolled back comes again.
  std::map<std::string, crypto::Key, std::less<>> opened_;  // At most kOpenedMax.
};

}  // namespace hanse::keys
