#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/caller.h"
#include "store/store.h"
#include "wire/secretsmanager.h"

// Secrets and the versions of their values, as rows.
namespace hanse::secrets {

namespace ws = wire::secretsmanager;

inline constexpr std::string_view kCurrent = "AWSCURRENT", kPrevious = "AWSPREVIOUS";

struct Secret {
  Id id = 0;
  AccountId account;
  std::string region, name, arn;
  std::string policy;  // Principals by their unique ids; "": none.
  TimeMs created_ms = 0;
  TimeMs deletion_ms = 0;       // When it goes for good; 0: it was not deleted.
  ws::SecretListEntry details;  // What clients are shown beyond the above.
};

// A value under its id; sealed, as sealing.h says.
struct SecretVersion {
  Id number = 0, secret = 0;
  std::string version;
  std::string key_arn, wrapped_key, sealed;
  std::vector<std::string> stages;  // None: deprecated.
  TimeMs created_ms = 0;
};

// "arn:aws:secretsmanager:REGION:ACCOUNT:secret:" + name.
std::string SecretArnStart(std::string_view region, std::string_view account, std::string_view name);

// A secret by its name, its ARN or its ARN without the six characters at the end, as seen from an account and region; nothing where
// there is none.
Result<std::optional<Secret>> FindSecret(store::Transaction& tx, std::string_view id, std::string_view account,
                                         std::string_view region);
// The next of an account in the order of names or of their making, one after another.
enum class Order { kName, kNameDown, kMade, kMadeDown };
struct SecretCursor {
  std::string name;
  Id id = 0;  // 0: from the first.
};
Result<std::vector<Secret>> NextSecrets(store::Transaction& tx, std::string_view account, std::string_view region, Order order,
                                        const SecretCursor& after, std::int64_t limit);
Result<void> InsertSecret(store::Transaction& tx, Secret* secret);  // Gives it an id.
Result<void> UpdateSecretRow(store::Transaction& tx, const Secret& secret);

// The newest first.
Result<std::vector<SecretVersion>> VersionsOf(store::Transaction& tx, Id secret);
Result<void> InsertVersion(store::Transaction& tx, SecretVersion* version);
Result<void> UpdateVersion(store::Transaction& tx, const SecretVersion& version);
Result<void> DeleteVersion(store::Transaction& tx, Id number);

}  // namespace hanse::secrets
