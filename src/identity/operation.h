#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "gate/wire_operation.h"
#include "wire/iam.h"

// How operations of IAM say what a caller needs: the action on the ARN of the user, role, group or policy, with the condition keys
// that the request brings (IAM and STS condition context keys).
namespace hanse::identity {

enum class Target { kUser, kRole, kGroup, kPolicy, kSamlProvider, kAccount };

using Keys = std::map<std::string, std::vector<std::string>>;

// The need for `action` on the thing of that name; `path` is that of a thing which is to be made. Without a name: the caller's own
// user.
Result<std::vector<gate::Need>> NeedOn(const gate::Context& context, store::Transaction& tx, std::string_view action, Target target,
                                       const std::optional<std::string>& name, const std::optional<std::string>& path, Keys keys);

// aws:RequestTag/…, aws:TagKeys, iam:PolicyARN, iam:PermissionsBoundary: whichever the input has.
template <class In>
Keys KeysOf(const In& in) {
  Keys keys;
  if constexpr (requires { in.tags->front().key; }) {
    if (in.tags) {
      for (const auto& tag : *in.tags) {
        keys["aws:requesttag/" + Lower(tag.key.value_or(""))] = {tag.value.value_or("")};
        keys["aws:tagkeys"].push_back(tag.key.value_or(""));
      }
    }
  }
  if constexpr (requires { in.tag_keys->front(); }) {
    if (in.tag_keys) keys["aws:tagkeys"] = *in.tag_keys;
  }
  if constexpr (requires { in.policy_arn; }) {
    if (in.policy_arn) keys["iam:policyarn"] = {*in.policy_arn};
  }
  if constexpr (requires { in.permissions_boundary; }) {
    if (in.permissions_boundary) keys["iam:permissionsboundary"] = {*in.permissions_boundary};
  }
  return keys;
}

// Where an input names its target. A policy goes by its ARN, and by its name where it is to be made.
inline constexpr auto kUserName = [](const auto& in) -> decltype(in.user_name) { return in.user_name; };
inline constexpr auto kRoleName = [](const auto& in) -> decltype(in.role_name) { return in.role_name; };
inline constexpr auto kGroupName = [](const auto& in) -> decltype(in.group_name) { return in.group_name; };
inline constexpr auto kPolicyArn = [](const auto& in) -> decltype(in.policy_arn) { return in.policy_arn; };
inline constexpr auto kPolicyName = [](const auto& in) -> decltype(in.policy_name) { return in.policy_name; };

inline constexpr auto kSamlProviderArn = [](const auto& in) -> decltype(in.saml_provider_arn) { return in.saml_provider_arn; };
inline constexpr auto kName = [](const auto& in) -> decltype(in.name) { return in.name; };

// What every operation here is made of. W: wire::iam::op::…
template <class W, gate::Record kHow, Target kTarget, auto... kNames>
struct IamOperation : gate::WireOperation<W, kHow> {
  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const {
    const typename W::Input& in = this->in;
    std::optional<std::string> path;
    if constexpr (requires { in.path; }) path = in.path.value_or("/");
    return NeedOn(context, tx, std::string("iam:") + std::string(W::kName), kTarget, gate::FirstOf(in, kNames...), path,
                  KeysOf(in));
  }
};

template <class W, gate::Record kHow>
using UserOperation = IamOperation<W, kHow, Target::kUser, kUserName>;
template <class W, gate::Record kHow>
using RoleOperation = IamOperation<W, kHow, Target::kRole, kRoleName>;
template <class W, gate::Record kHow>
using GroupOperation = IamOperation<W, kHow, Target::kGroup, kGroupName>;
template <class W, gate::Record kHow>
using PolicyOperation = IamOperation<W, kHow, Target::kPolicy, kPolicyArn, kPolicyName>;
template <class W, gate::Record kHow>
using SamlProviderOperation = IamOperation<W, kHow, Target::kSamlProvider, kSamlProviderArn, kName>;
template <class W, gate::Record kHow>
using AccountOperation = IamOperation<W, kHow, Target::kAccount>;

}  // namespace hanse::identity
