#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "crypto/key.h"
#include "keys/kms_key.h"
#include "keys/materials.h"
#include "store/store.h"

namespace hanse::keys {

// The alias of the key under which an account's objects lie unless somebody says otherwise.
inline constexpr std::string_view kDomainAlias = "alias/domain";

// The domain keys of the accounts, and the data keys that lie under any key. Any thread.
class DomainKeys {
 public:
  DomainKeys(Materials& materials, Random& random) : materials_(materials), random_(random) {}

  // alias/domain of the account in the region; made where there is none yet, for which `tx` must write.
  Result<KmsKey> Domain(store::Transaction& tx, std::string_view account, std::string_view region, TimeMs now_ms);
  // The same, without making it.
  Result<std::optional<KmsKey>> FindDomain(store::Transaction& tx, std::string_view account, std::string_view region);

  // Seals a data key under a key; `context` (account and object) must be given again to open it. Text. Fails as
  // Materials::Usable().
  Result<std::string> Wrap(store::Transaction& tx, std::string_view arn, const crypto::Key& data_key, std::string_view context);
  // kInternal where it was not wrapped by this key for this context.
  Result<crypto::Key> Unwrap(store::Transaction& tx, std::string_view arn, std::string_view wrapped, std::string_view context);

 private:
  Materials& materials_;
  Random& random_;
};

}  // namespace hanse::keys
