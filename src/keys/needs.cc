#include "keys/needs.h"

#include <fmt/format.h>

#include "keys/aliases.h"
#include "keys/errors.h"
#include "model/arn.h"

namespace hanse::keys {
namespace {

constexpr std::int64_t kAliasesShown = 50;

}  // namespace

Result<Named> Resolve(const gate::Context& context, store::Transaction& tx, std::string_view name) {
  const AccountId& own = context.caller.account;
  const std::string& region = context.info.region;
  Named named;
  named.account = own;
  if (name.starts_with("arn:")) {
    std::optional<Arn> arn = ParseArn(name);
    const bool fits = arn && arn->service == "kms" && (arn->resource.starts_with("key/") || arn->resource.starts_with("alias/"));
    if (!fits) return Refuse(ErrorCode::kInvalidArgument, "InvalidArnException", fmt::format("Invalid arn {}", name));
    if (arn->region != region) return Refuse(ErrorCode::kNotFound, "NotFoundException", fmt::format("Invalid arn {}", arn->region));
    named.account = arn->account;
    named.arn = name;
    if (arn->resource.starts_with("alias/")) named.alias = arn->resource;
  } else if (name.starts_with("alias/")) {
    named.alias = name;
    named.arn = AliasArn(region, own, name);
  } else {
    named.arn = KeyArn(region, own, name);
  }
  TRY_ASSIGN(named.key, FindKey(tx, name, own, region));
  if (named.key) named.arn = named.key->arn;
  return named;
}

Result<gate::Need> NeedOnKey(const gate::Context& context, store::Transaction& tx, std::string_view action, std::string_view name,
                             Reach reach, ConditionKeys keys) {
  TRY_ASSIGN(Named named, Resolve(context, tx, name));
  if (reach == Reach::kOwnAccount && named.account != context.caller.account) {
    return Fail(ErrorCode::kAccessDenied,
                fmt::format("User: {} is not authorized to perform: {} on resource: {}", context.caller.arn, action, name));
  }
  if (!context.caller.account.empty()) keys["kms:calleraccount"] = {context.caller.account};
  if (!named.alias.empty()) keys["kms:requestalias"] = {named.alias};
  if (named.key) {
    keys["kms:keyspec"] = {"SYMMETRIC_DEFAULT"};
    keys["kms:keyusage"] = {"ENCRYPT_DECRYPT"};
    keys["kms:keyorigin"] = {"AWS_KMS"};
    keys["kms:multiregion"] = {"false"};
    for (const auto& [tag, value] : named.key->details.tags) keys["aws:resourcetag/" + Lower(tag)] = {value};
    TRY_ASSIGN(auto aliases, AliasesOf(tx, named.key->account, named.key->region, named.key->id, "", kAliasesShown));
    for (const Alias& alias : aliases) keys["kms:resourcealiases"].push_back(alias.name);
  }
  gate::Need need{.action = std::string(action), .resource = named.arn, .owner = named.account, .context = std::move(keys)};
  // Whoever may not use a key of another account does not learn which one an alias of it names.
  if (named.account != context.caller.account) need.shown = name;
  return need;
}

void AddEncryptionContext(const std::optional<std::map<std::string, std::string>>& context, ConditionKeys* keys) {
  if (!context) return;
  for (const auto& [name, value] : *context) {
    (*keys)["kms:encryptioncontext:" + Lower(name)].push_back(value);
    (*keys)["kms:encryptioncontextkeys"].push_back(name);
  }
}

}  // namespace hanse::keys
