#include <set>

#include <fmt/format.h>

#include "secrets/secret_policy.h"
#include "secrets/secrets.h"

// What secrets are labelled and ruled by.
namespace hanse::secrets {
namespace {

constexpr std::size_t kTagsMax = 50;

template <class In>
Result<void> CheckOnePolicy(const In& in) {
  if (in.policy_name) return Fail(ErrorCode::kUnsupported, "PolicyName");
  return {};
}

}  // namespace

Result<void> AddTags(const std::vector<ws::Tag>& more, std::optional<std::vector<ws::Tag>>* tags) {
  if (!*tags) tags->emplace();
  std::set<std::string> seen;
  for (const ws::Tag& tag : more) {
    const std::string key = tag.key.value_or("");
    if (key.empty() || Lower(key).starts_with("aws:")) {
      return Fail(ErrorCode::kInvalidArgument, fmt::format("Tag key '{}' is not to be given.", key));
    }
    if (!seen.insert(key).second) return Fail(ErrorCode::kInvalidArgument, fmt::format("Duplicate tag key {}.", key));
    std::erase_if(**tags, [&](const ws::Tag& old) { return old.key == key; });
    (*tags)->push_back({.key = key, .value = tag.value.value_or("")});
  }
  if ((*tags)->size() <= kTagsMax) return {};
  return Fail(ErrorCode::kInvalidArgument, fmt::format("A secret has at most {} tags.", kTagsMax));
}

Result<TagResource::Answer> Secrets::Do(const gate::Authorized<TagResource>& call) const {
  TRY_ASSIGN(Secret secret, AskedAlive(call, call->in.secret_id));
  TRY(AddTags(*call->in.tags, &secret.details.tags));
  TRY(UpdateSecretRow(call.tx(), secret));
  return TagResource::Answer();
}

Result<UntagResource::Answer> Secrets::Do(const gate::Authorized<UntagResource>& call) const {
  TRY_ASSIGN(Secret secret, AskedAlive(call, call->in.secret_id));
  if (secret.details.tags) {
    std::erase_if(*secret.details.tags, [&](const ws::Tag& tag) { return Contains(*call->in.tag_keys, tag.key.value_or("")); });
  }
  TRY(UpdateSecretRow(call.tx(), secret));
  return UntagResource::Answer();
}

Result<PutResourcePolicy::Answer> Secrets::Do(const gate::Authorized<PutResourcePolicy>& call) const {
  const auto& in = call->in;
  TRY(CheckOnePolicy(in));
  TRY_ASSIGN(Secret secret, AskedAlive(call, in.secret_id));
  TRY_ASSIGN(bool everybody, IsPublicPolicy(*in.resource_policy));
  if (everybody && in.block_public_policy.value_or(false)) {
    return FailAs(
        ErrorCode::kInvalidArgument, "PublicPolicyException",
        "The BlockPublicPolicy parameter is set to true, and the resource policy didn't prevent broad access to the secret.");
  }
  TRY_ASSIGN(secret.policy, KeptPolicy(call.tx(), *in.resource_policy));
  TRY(UpdateSecretRow(call.tx(), secret));
  return PutResourcePolicy::Answer{.arn = secret.arn, .name = secret.name};
}

Result<GetResourcePolicy::Answer> Secrets::Do(const gate::Authorized<GetResourcePolicy>& call) const {
  TRY(CheckOnePolicy(call->in));
  TRY_ASSIGN(Secret secret, AskedAlive(call, call->in.secret_id));
  GetResourcePolicy::Answer answer{.arn = secret.arn, .name = secret.name};
  if (secret.policy.empty()) return answer;
  TRY_ASSIGN(answer.resource_policy, ShownPolicy(call.tx(), secret.policy));
  return answer;
}

Result<DeleteResourcePolicy::Answer> Secrets::Do(const gate::Authorized<DeleteResourcePolicy>& call) const {
  TRY(CheckOnePolicy(call->in));
  TRY_ASSIGN(Secret secret, AskedAlive(call, call->in.secret_id));
  secret.policy.clear();
  TRY(UpdateSecretRow(call.tx(), secret));
  return DeleteResourcePolicy::Answer{.arn = secret.arn, .name = secret.name};
}

Result<ValidateResourcePolicy::Answer> Secrets::Do(const gate::Authorized<ValidateResourcePolicy>& call) const {
  if (call->in.secret_id) TRY(Asked(call, call->in.secret_id));
  TRY_ASSIGN(bool everybody, IsPublicPolicy(*call->in.resource_policy));
  TRY(KeptPolicy(call.tx(), *call->in.resource_policy));
  ValidateResourcePolicy::Answer answer{.policy_validation_passed = !everybody,
                                        .validation_errors = std::vector<ws::ValidationErrorsEntry>()};
  if (everybody) {
    answer.validation_errors->push_back(
        {.check_name = "PUBLIC_ACCESS", .error_message = "The resource policy grants broad access to the secret."});
  }
  return answer;
}

}  // namespace hanse::secrets
