#include "secrets/operations.h"

#include "model/arn.h"

namespace hanse::secrets {
namespace {

// The six characters that nobody knows yet.
constexpr std::string_view kAnyTail = "-??????";

}  // namespace

Result<gate::Need> NeedOnSecret(const gate::Context& context, store::Transaction& tx, std::string_view action,
                                const std::string& id, ConditionKeys keys) {
  const AccountId& own = context.caller.account;
  TRY_ASSIGN(auto secret, FindSecret(tx, id, own, context.info.region));
  gate::Need need{.action = std::string(action), .owner = own, .shown = id};
  if (secret) {
    need.resource = secret->arn;
    need.owner = secret->account;
    for (const ws::Tag& tag : secret->details.tags.value_or(std::vector<ws::Tag>())) {
      keys["aws:resourcetag/" + Lower(tag.key.value_or(""))] = {tag.value.value_or("")};
      keys["secretsmanager:resourcetag/" + Lower(tag.key.value_or(""))] = {tag.value.value_or("")};
    }
  } else if (std::optional<Arn> arn = ParseArn(id); arn) {
    need.resource = id;
    need.owner = arn->account;
  } else {
    need.resource = SecretArnStart(context.info.region, own, id) + std::string(kAnyTail);
  }
  keys["secretsmanager:secretid"] = {need.resource};
  need.context = std::move(keys);
  return need;
}

Result<Needs> CreateSecret::On(const gate::Context& context, store::Transaction& tx) const {
  const std::string name = in.name.value_or("");
  TRY_ASSIGN(gate::Need need, NeedOnSecret(context, tx, "secretsmanager:CreateSecret", name, KeysOf(in)));
  Needs needs{need};
  if (in.tags && !in.tags->empty()) {
    need.action = "secretsmanager:TagResource";
    needs.push_back(std::move(need));
  }
  return needs;
}

Result<Needs> BatchGetSecretValue::On(const gate::Context&, store::Transaction&) const {
  Needs needs{{.action = "secretsmanager:BatchGetSecretValue", .resource = "*"}};
  if (in.filters && !in.filters->empty()) needs.push_back({.action = "secretsmanager:ListSecrets", .resource = "*"});
  return needs;
}

Result<Needs> ValidateResourcePolicy::On(const gate::Context& context, store::Transaction& tx) const {
  constexpr std::string_view kAction = "secretsmanager:ValidateResourcePolicy";
  if (!in.secret_id) return Needs{{.action = std::string(kAction), .resource = "*"}};
  TRY_ASSIGN(gate::Need need, NeedOnSecret(context, tx, kAction, *in.secret_id));
  return Needs{std::move(need)};
}

}  // namespace hanse::secrets
