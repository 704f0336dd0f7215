#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "keys/aliases.h"
#include "keys/errors.h"
#include "keys/key_policy.h"
#include "keys/kms.h"
#include "keys/tags.h"

// What keys are called, labelled and ruled by.
namespace hanse::keys {
namespace {

constexpr std::size_t kTagsMax = 50;
constexpr std::int64_t kTagsShown = 50, kNamesShown = 50;
constexpr std::string_view kAliasStart = "alias/", kAwsAliasStart = "alias/aws/";

Result<void> CheckAliasName(std::string_view name) {
  if (name.starts_with(kAwsAliasStart)) {
    return Refuse(ErrorCode::kInvalidArgument, "InvalidAliasNameException", "Aliases cannot begin with alias/aws/");
  }
  if (name.starts_with(kAliasStart) && name.size() > kAliasStart.size() && name.find(':') == std::string_view::npos) return {};
  return Refuse(ErrorCode::kInvalidArgument, "InvalidAliasNameException",
                "Alias must start with the prefix \"alias/\", and be a name of letters, digits, '/', '_' and '-'.");
}

// The key that an alias is to name: one of the account and region, by its id or ARN.
Result<KmsKey> TargetOf(const gate::Call& call, const std::string& name) {
  if (name.starts_with(kAliasStart) || name.find(":alias/") != std::string::npos) {
    return Invalid("Aliases must refer to keys, not to aliases.");
  }
  TRY_ASSIGN(KmsKey key, Asked(call, name));
  TRY(CheckAlive(key));
  return key;
}

}  // namespace

Result<void> AddTags(const std::vector<wk::Tag>& more, std::map<std::string, std::string>* tags) {
  std::set<std::string> seen;
  for (const wk::Tag& tag : more) {
    const std::string key = tag.tag_key.value_or("");
    if (Lower(key).starts_with("aws:")) {
      return Refuse(ErrorCode::kInvalidArgument, "TagException",
                    fmt::format("Tag key {} begins with aws:, which is reserved.", key));
    }
    if (!seen.insert(key).second) {
      return Refuse(ErrorCode::kInvalidArgument, "TagException", fmt::format("Duplicate tag key {}", key));
    }
    (*tags)[key] = tag.tag_value.value_or("");
  }
  if (tags->size() <= kTagsMax) return {};
  return Refuse(ErrorCode::kLimitExceeded, "LimitExceededException", fmt::format("A key has at most {} tags.", kTagsMax));
}

Result<void> CheckPolicyName(const std::optional<std::string>& name) {
  if (name.value_or(std::string(kPolicyName)) == kPolicyName) return {};
  return Refuse(ErrorCode::kNotFound, "NotFoundException", "No such policy exists");
}

Result<TagResource::Answer> Kms::Do(const gate::Authorized<TagResource>& call) {
  TRY_ASSIGN(KmsKey key, Asked(call, *call->in.key_id));
  TRY(CheckAlive(key));
  TRY(AddTags(call->in.tags.value_or(std::vector<wk::Tag>()), &key.details.tags));
  TRY(UpdateKey(call.tx(), key));
  return TagResource::Answer{};
}

Result<UntagResource::Answer> Kms::Do(const gate::Authorized<UntagResource>& call) {
  TRY_ASSIGN(KmsKey key, Asked(call, *call->in.key_id));
  TRY(CheckAlive(key));
  for (const std::string& name : *call->in.tag_keys) key.details.tags.erase(name);
  TRY(UpdateKey(call.tx(), key));
  return UntagResource::Answer{};
}

Result<ListResourceTags::Answer> Kms::Do(const gate::Authorized<ListResourceTags>& call) {
  TRY_ASSIGN(KmsKey key, Asked(call, *call->in.key_id));
  TRY_ASSIGN(auto page, markers_.Begin("ListResourceTags " + key.arn, call->in.marker, call->in.limit, kTagsShown));
  ListResourceTags::Answer answer;
  std::vector<wk::Tag> tags;
  for (const auto& [name, value] : key.details.tags) {
    if (name > page.after) tags.push_back({.tag_key = name, .tag_value = value});
  }
  markers_.End(page, &tags, [](const wk::Tag& tag) { return *tag.tag_key; }, &answer);
  answer.tags = std::move(tags);
  return answer;
}

Result<GetKeyPolicy::Answer> Kms::Do(const gate::Authorized<GetKeyPolicy>& call) {
  TRY(CheckPolicyName(call->in.policy_name));
  TRY_ASSIGN(KmsKey key, Asked(call, *call->in.key_id));
  TRY_ASSIGN(std::string shown, ShownPolicy(call.tx(), key.policy));
  return GetKeyPolicy::Answer{.policy = std::move(shown), .policy_name = std::string(kPolicyName)};
}

Result<ListKeyPolicies::Answer> Kms::Do(const gate::Authorized<ListKeyPolicies>& call) {
  TRY(Asked(call, *call->in.key_id));
  return ListKeyPolicies::Answer{.policy_names = std::vector{std::string(kPolicyName)}, .truncated = false};
}

Result<CreateAlias::Answer> Kms::Do(const gate::Authorized<CreateAlias>& call) {
  const std::string& name = *call->in.alias_name;
  TRY(CheckAliasName(name));
  TRY_ASSIGN(KmsKey key, TargetOf(call, *call->in.target_key_id));
  TRY_ASSIGN(auto there, FindAlias(call.tx(), key.account, key.region, name));
  if (there) {
    return Refuse(ErrorCode::kAlreadyExists, "AlreadyExistsException",
                  fmt::format("An alias with the name {} already exists", AliasArn(key.region, key.account, name)));
  }
  TRY(InsertAlias(call.tx(), {.account = key.account, .region = key.region, .name = name, .created_ms = call.now_ms()}, key.id));
  return CreateAlias::Answer{};
}

Result<UpdateAlias::Answer> Kms::Do(const gate::Authorized<UpdateAlias>& call) {
  const std::string& name = *call->in.alias_name;
  TRY(CheckAliasName(name));
  TRY_ASSIGN(KmsKey key, TargetOf(call, *call->in.target_key_id));
  TRY_ASSIGN(std::int64_t changed,
             call.tx().Execute("UPDATE key_aliases SET key = ?, updated_ms = ? WHERE account = ? AND region = ? AND name = ?",
                               {key.id, call.now_ms(), key.account, key.region, name}));
  if (changed == 0) return NoSuchAlias(AliasArn(key.region, key.account, name));
  return UpdateAlias::Answer{};
}

Result<DeleteAlias::Answer> Kms::Do(const gate::Authorized<DeleteAlias>& call) {
  const std::string& name = *call->in.alias_name;
  const AccountId& account = call.caller().account;
  const std::string& region = call.info().region;
  TRY_ASSIGN(std::int64_t gone,
             call.tx().Execute("DELETE FROM key_aliases WHERE account = ? AND region = ? AND name = ?", {account, region, name}));
  if (gone == 0) return NoSuchAlias(AliasArn(region, account, name));
  return DeleteAlias::Answer{};
}

Result<ListAliases::Answer> Kms::Do(const gate::Authorized<ListAliases>& call) {
  const AccountId& account = call.caller().account;
  const std::string& region = call.info().region;
  Id of_key = 0;
  if (call->in.key_id) {
    TRY_ASSIGN(Named named, Resolve(call.context(), call.tx(), *call->in.key_id));
    if (!named.key || named.account != account) return NoSuchKey(*call->in.key_id);
    of_key = named.key->id;
  }
  TRY_ASSIGN(auto page, markers_.Begin(fmt::format("ListAliases {} {} {}", account, region, of_key), call->in.marker,
                                       call->in.limit, kNamesShown));
  TRY_ASSIGN(auto rows, AliasesOf(call.tx(), account, region, of_key, page.after, page.limit + 1));
  ListAliases::Answer answer;
  markers_.End(page, &rows, [](const Alias& alias) { return alias.name; }, &answer);
  answer.aliases.emplace();
  for (const Alias& alias : rows) {
    answer.aliases->push_back({.alias_name = alias.name,
                               .alias_arn = AliasArn(region, account, alias.name),
                               .target_key_id = alias.key_id,
                               .creation_date = wire::Timestamp{alias.created_ms},
                               .last_updated_date = wire::Timestamp{alias.updated_ms != 0 ? alias.updated_ms : alias.created_ms}});
  }
  return answer;
}

}  // namespace hanse::keys
