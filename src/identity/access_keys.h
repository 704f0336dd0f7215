#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "crypto/key.h"
#include "store/store.h"

// Access keys as they are kept: the secret sealed, tied to its id, so that a row that was moved or copied opens for nobody.
namespace hanse::identity {

struct AccessKeyRow {
  std::string access_key;
  Id principal = 0;
  std::string sealed_secret;
  std::string status;
  TimeMs created_ms = 0;
};

struct NewAccessKey {
  std::string access_key, secret;
};

// `key`: the server's key, derived for "identity/access-keys".
Result<NewAccessKey> InsertAccessKey(store::Transaction& tx, const crypto::Key& key, Random& random, Id principal, TimeMs now_ms);
Result<std::optional<AccessKeyRow>> FindAccessKey(store::Transaction& tx, std::string_view access_key);
Result<std::string> OpenSecret(const crypto::Key& key, const AccessKeyRow& row);

}  // namespace hanse::identity
