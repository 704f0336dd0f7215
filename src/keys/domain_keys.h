#pragma once
#include <functional>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "crypto/key.h"
#include "model/caller.h"
#include "store/store.h"

namespace hanse::keys {

// The alias of the key under which an account's objects lie unless somebody says otherwise.
inline constexpr std::string_view kDomainAlias = "alias/domain";

struct DomainKey {
  Id id = 0;
  std::string key_id;  // A UUID.
  AccountId account;
  std::string region, arn;
  std::string state;  // "Enabled", "Disabled", "PendingDeletion"
};

// The keys of the accounts and what lies under them. Material is kept sealed under the root key in the store and opened into
// memory on first use; whether a key may be used now is read in the caller's transaction every time, so that a disabled key
// shuts at once. Any thread; the root key is the only secret that it needs from outside.
class DomainKeys {
 public:
  DomainKeys(const crypto::Key& root, Random& random) : root_(root), random_(random) {}

  // alias/domain of the account in the region; made where there is none yet, for which `tx` must write.
  Result<DomainKey> Domain(store::Transaction& tx, std::string_view account, std::string_view region, TimeMs now_ms);
  // The same, without making it.
  Result<std::optional<DomainKey>> FindDomain(store::Transaction& tx, std::string_view account, std::string_view region);
  // A key by its id, ARN, alias ("alias/x") or alias ARN, as seen from an account and region; nothing where there is none.
  Result<std::optional<DomainKey>> Find(store::Transaction& tx, std::string_view name, std::string_view account,
                                        std::string_view region);

  // Seals a data key under a domain key; `context` (account and object) must be given again to open it. Text. A key that is not
  // enabled is kConflict, with the name that S3 gives it ("KMS.DisabledException"); one that is gone kNotFound.
  Result<std::string> Wrap(store::Transaction& tx, std::string_view arn, const crypto::Key& data_key, std::string_view context);
  // kInternal where it was not wrapped by this key for this context.
  Result<crypto::Key> Unwrap(store::Transaction& tx, std::string_view arn, std::string_view wrapped, std::string_view context);

 private:
  struct Usable {
    Id key = 0;
    std::int64_t version = 0;
    std::string sealed;
  };
  // The key's newest material, or that of `version`.
  Result<Usable> Find(store::Transaction& tx, std::string_view arn, std::optional<std::int64_t> version);
  Result<crypto::Key> Open(const Usable& usable);

  const crypto::Key root_;
  Random& random_;
  std::shared_mutex mutex_;
  // Opened material by its sealed text, not by the key's id: the id of a transaction that was rolled back comes again.
  std::map<std::string, crypto::Key, std::less<>> opened_;  // At most kOpenedMax.
};

}  // namespace hanse::keys
