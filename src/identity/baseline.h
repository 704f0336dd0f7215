#pragma once
#include <string>
#include <string_view>

#include "base/random.h"
#include "crypto/key.h"
#include "identity/access_keys.h"
#include "store/store.h"

// What the server makes itself, as the organisation's service role: the first administrator and the door of each new account.
namespace hanse::identity {

inline constexpr std::string_view kAccessRole = "OrganizationAccountAccessRole";

// A user with AdministratorAccess and an access key, in the management account at the first start. `key`: the server's.
Result<NewAccessKey> CreateFirstAdministrator(store::Transaction& tx, const crypto::Key& key, Random& random,
                                              std::string_view account, std::string_view user_name, TimeMs now_ms);

// The role by which the management account enters a new one.
Result<void> CreateAccessRole(store::Transaction& tx, Random& random, std::string_view account, std::string_view management_account,
                              std::string_view role_name, TimeMs now_ms);

// A role that a service of this server takes on, path /hanse/, with one inline policy.
Result<std::string> CreateServiceRole(store::Transaction& tx, Random& random, std::string_view account, std::string_view name,
                                      std::string_view service, std::string_view document, TimeMs now_ms);

}  // namespace hanse::identity
