#include "identity/baseline.h"

#include <fmt/format.h>

#include "identity/attaching.h"
#include "identity/managed.h"
#include "identity/principal_names.h"
#include "identity/roles.h"
#include "model/arn.h"
#include "model/ids.h"
#include "policy/document.h"

namespace hanse::identity {

Result<NewAccessKey> CreateFirstAdministrator(store::Transaction& tx, const crypto::Key& key, Random& random,
                                              std::string_view account, std::string_view user_name, TimeMs now_ms) {
  store::Principal user{.account = AccountId(account), .kind = "user", .name = std::string(user_name), .path = "/"};
  user.arn = UserArn(account, user.path, user.name);
  user.unique_id = NewIamId(random, "AIDA");
  user.created_ms = now_ms;
  user.definition = Definition{}.ToJson();
  TRY_ASSIGN(user, InsertPrincipal(tx, std::move(user)));
  TRY(Attach(tx, user, kAdministratorAccess));
  return InsertAccessKey(tx, key.Derive("identity/access-keys"), random, user.id, now_ms);
}

Result<void> CreateAccessRole(store::Transaction& tx, Random& random, std::string_view account, std::string_view management_account,
                              std::string_view role_name, TimeMs now_ms) {
  NewRole role{.account = AccountId(account), .name = std::string(role_name)};
  role.trust = fmt::format(
      R"({{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{}"}},"Action":"sts:AssumeRole"}}]}})",
      RootArn(management_account));
  TRY_ASSIGN(store::Principal made, InsertRole(tx, random, std::move(role), now_ms));
  return Attach(tx, made, kAdministratorAccess);
}

Result<std::string> CreateServiceRole(store::Transaction& tx, Random& random, std::string_view account, std::string_view name,
                                      std::string_view service, std::string_view document, TimeMs now_ms) {
  NewRole role{.account = AccountId(account), .name = std::string(name), .path = "/hanse/"};
  role.trust = fmt::format(
      R"({{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"{}"}},"Action":"sts:AssumeRole"}}]}})",
      service);
  TRY_ASSIGN(store::Principal made, InsertRole(tx, random, std::move(role), now_ms));
  TRY(policy::ParseDocument(document, policy::DocumentKind::kIdentity));
  TRY(tx.Execute("INSERT INTO iam_inline_policies (principal, name, document) VALUES (?, 'baseline', ?)",
                 {made.id, std::string(document)}));
  return made.arn;
}

}  // namespace hanse::identity
