#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/caller.h"
#include "store/store.h"

namespace hanse::keys {

inline constexpr std::string_view kEnabled = "Enabled", kDisabled = "Disabled", kPendingDeletion = "PendingDeletion";

// What a key is beyond its columns: keys.definition, as JSON.
struct KeyDetails {
  std::string description;
  std::map<std::string, std::string> tags;
  TimeMs deletion_ms = 0;  // 0: it is not to be deleted.
  std::int32_t window_days = 0;
  std::int32_t rotation_days = 0;  // 0: it does not rotate by itself.
  TimeMs rotates_ms = 0;
  std::vector<std::int64_t> on_demand;  // Versions of its material that somebody asked for.

  std::string ToJson() const;
  static KeyDetails FromJson(std::string_view json);  // Ours: what is not there has its default.
};

// A symmetric key that encrypts and decrypts. A row of `keys`.
struct KmsKey {
  Id id = 0;
  std::string key_id;  // A UUID.
  AccountId account;
  std::string region, arn;
  std::string state;
  TimeMs created_ms = 0;
  std::string policy;  // As it is kept: principals by their unique ids.
  KeyDetails details = {};
};

std::string KeyArn(std::string_view region, std::string_view account, std::string_view key_id);
std::string AliasArn(std::string_view region, std::string_view account, std::string_view alias);

// A key by its id, ARN, alias ("alias/x") or alias ARN, as seen from an account and region; nothing where there is none.
Result<std::optional<KmsKey>> FindKey(store::Transaction& tx, std::string_view name, std::string_view account,
                                      std::string_view region);
// In the order of ids, after `after`, at most `limit`.
Result<std::vector<KmsKey>> KeysOf(store::Transaction& tx, std::string_view account, std::string_view region,
                                   std::string_view after, std::int64_t limit);
Result<void> InsertKey(store::Transaction& tx, const KmsKey& key);
// Writes state, policy and details.
Result<void> UpdateKey(store::Transaction& tx, const KmsKey& key);

// DisabledException or KMSInvalidStateException where a key in that state may not be used.
Result<void> CheckUsable(std::string_view state, std::string_view arn);

}  // namespace hanse::keys
