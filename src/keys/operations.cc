#include "keys/operations.h"

#include "keys/aliases.h"
#include "keys/ciphertext.h"
#include "keys/errors.h"

namespace hanse::keys {
namespace {

gate::Need NeedOnAlias(const gate::Context& context, std::string_view action, const std::string& alias) {
  return {.action = std::string(action), .resource = AliasArn(context.info.region, context.caller.account, alias), .owner = {}};
}

}  // namespace

Result<Needs> CreateKey::On(const gate::Context& context, store::Transaction&) const {
  ConditionKeys keys = KeysOf(in);
  keys["kms:keyspec"] = {in.key_spec.value_or("SYMMETRIC_DEFAULT")};
  keys["kms:keyusage"] = {in.key_usage.value_or("ENCRYPT_DECRYPT")};
  keys["kms:keyorigin"] = {in.origin.value_or("AWS_KMS")};
  keys["kms:multiregion"] = {in.multi_region.value_or(false) ? "true" : "false"};
  keys["kms:calleraccount"] = {context.caller.account};
  Needs needs{{.action = "kms:CreateKey", .resource = "*", .owner = {}, .context = keys}};
  if (in.tags && !in.tags->empty()) {
    needs.push_back({.action = "kms:TagResource",
                     .resource = KeyArn(context.info.region, context.caller.account, "*"),
                     .owner = {},
                     .context = keys});
  }
  return needs;
}

Result<Needs> CreateAlias::On(const gate::Context& context, store::Transaction& tx) const {
  TRY_ASSIGN(gate::Need key, NeedOnKey(context, tx, "kms:CreateAlias", *in.target_key_id, Reach::kOwnAccount));
  return Needs{NeedOnAlias(context, "kms:CreateAlias", *in.alias_name), std::move(key)};
}

Result<Needs> UpdateAlias::On(const gate::Context& context, store::Transaction& tx) const {
  Needs needs{NeedOnAlias(context, "kms:UpdateAlias", *in.alias_name)};
  TRY_ASSIGN(auto alias, FindAlias(tx, context.caller.account, context.info.region, *in.alias_name));
  for (const std::string& name : {alias ? alias->key_id : std::string(), *in.target_key_id}) {
    if (name.empty()) continue;
    TRY_ASSIGN(gate::Need key, NeedOnKey(context, tx, "kms:UpdateAlias", name, Reach::kOwnAccount));
    needs.push_back(std::move(key));
  }
  return needs;
}

Result<Needs> DeleteAlias::On(const gate::Context& context, store::Transaction& tx) const {
  Needs needs{NeedOnAlias(context, "kms:DeleteAlias", *in.alias_name)};
  TRY_ASSIGN(auto alias, FindAlias(tx, context.caller.account, context.info.region, *in.alias_name));
  if (alias) {
    TRY_ASSIGN(gate::Need key, NeedOnKey(context, tx, "kms:DeleteAlias", alias->key_id, Reach::kOwnAccount));
    needs.push_back(std::move(key));
  }
  return needs;
}

Result<Needs> Decrypt::On(const gate::Context& context, store::Transaction& tx) const {
  TRY_ASSIGN(Ciphertext blob, ParseCiphertext(in.ciphertext_blob.value_or("")));
  TRY_ASSIGN(gate::Need need,
             NeedOnKey(context, tx, "kms:Decrypt", in.key_id.value_or(blob.key_arn), Reach::kAnyAccount, KeysOf(in)));
  return Needs{std::move(need)};
}

Result<Needs> ReEncrypt::On(const gate::Context& context, store::Transaction& tx) const {
  TRY_ASSIGN(Ciphertext blob, ParseCiphertext(in.ciphertext_blob.value_or("")));
  const std::string from = in.source_key_id.value_or(blob.key_arn);
  ConditionKeys keys;
  TRY_ASSIGN(Named source, Resolve(context, tx, from));
  TRY_ASSIGN(Named destination, Resolve(context, tx, *in.destination_key_id));
  keys["kms:reencryptonsamekey"] = {source.arn == destination.arn ? "true" : "false"};
  ConditionKeys to_keys = keys;
  AddEncryptionContext(in.source_encryption_context, &keys);
  AddEncryptionContext(in.destination_encryption_context, &to_keys);
  TRY_ASSIGN(gate::Need source_need, NeedOnKey(context, tx, "kms:ReEncryptFrom", from, Reach::kAnyAccount, std::move(keys)));
  TRY_ASSIGN(gate::Need destination_need,
             NeedOnKey(context, tx, "kms:ReEncryptTo", *in.destination_key_id, Reach::kAnyAccount, std::move(to_keys)));
  return Needs{std::move(source_need), std::move(destination_need)};
}

}  // namespace hanse::keys
