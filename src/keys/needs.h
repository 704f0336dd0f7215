#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "gate/gate.h"
#include "keys/kms_key.h"

// What an operation on a key asks its caller's policies for: actions, ARNs and condition keys (Service Authorization Reference,
// "Actions, resources, and condition keys for AWS Key Management Service").
namespace hanse::keys {

using ConditionKeys = std::map<std::string, std::vector<std::string>>;
using Needs = std::vector<gate::Need>;

// From where a key may be reached.
enum class Reach { kOwnAccount, kAnyAccount };

// What a request means by the name of a key. Without `key` there is none; `arn` is then what it would be.
struct Named {
  std::optional<KmsKey> key;
  std::string arn;
  std::string alias;  // Where it was named by one.
  AccountId account;
};
// InvalidArnException where it is an ARN of something else, NotFoundException where it lies in another region.
Result<Named> Resolve(const gate::Context& context, store::Transaction& tx, std::string_view name);

// The need for `action` on that key. AccessDenied where it lies in another account and the action does not reach there.
Result<gate::Need> NeedOnKey(const gate::Context& context, store::Transaction& tx, std::string_view action, std::string_view name,
                             Reach reach, ConditionKeys keys = {});

// kms:EncryptionContext:…, kms:EncryptionContextKeys.
void AddEncryptionContext(const std::optional<std::map<std::string, std::string>>& context, ConditionKeys* keys);

// The request's own condition keys: whichever the input has.
template <class In>
ConditionKeys KeysOf(const In& in) {
  ConditionKeys keys;
  if constexpr (requires { in.encryption_context; }) AddEncryptionContext(in.encryption_context, &keys);
  if constexpr (requires { in.tags->front().tag_key; }) {
    if (in.tags) {
      for (const auto& tag : *in.tags) {
        keys["aws:requesttag/" + Lower(tag.tag_key.value_or(""))] = {tag.tag_value.value_or("")};
        keys["aws:tagkeys"].push_back(tag.tag_key.value_or(""));
      }
    }
  }
  if constexpr (requires { in.tag_keys->front(); }) {
    if (in.tag_keys) keys["aws:tagkeys"] = *in.tag_keys;
  }
  if constexpr (requires { in.bypass_policy_lockout_safety_check; }) {
    keys["kms:bypasspolicylockoutsafetycheck"] = {in.bypass_policy_lockout_safety_check.value_or(false) ? "true" : "false"};
  }
  if constexpr (requires { in.pending_window_in_days; }) {
    keys["kms:scheduledeletionpendingwindowindays"] = {std::to_string(in.pending_window_in_days.value_or(30))};
  }
  if constexpr (requires { in.rotation_period_in_days; }) {
    keys["kms:rotationperiodindays"] = {std::to_string(in.rotation_period_in_days.value_or(365))};
  }
  if constexpr (requires { in.encryption_algorithm; }) {
    keys["kms:encryptionalgorithm"] = {in.encryption_algorithm.value_or("SYMMETRIC_DEFAULT")};
  }
  return keys;
}

}  // namespace hanse::keys
