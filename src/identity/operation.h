#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "gate/gate.h"
#include "wire/iam.h"

// How operations of IAM say what a caller needs: the action on the ARN of the user, role, group or policy, with the condition keys
// that the request brings (IAM and STS condition context keys).
namespace hanse::identity {

enum class Target { kUser, kRole, kGroup, kPolicy, kAccount };

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

// What every operation here is made of. W: wire::iam::op::…
template <class W, gate::Record kHow, Target kTarget>
struct IamOperation {
  static constexpr gate::Rule kRule{W::kService, W::kName, kHow};
  using Wire = W;
  using Answer = typename W::Output;
  typename W::Input in;

  Result<std::vector<gate::Need>> On(const gate::Context& context, store::Transaction& tx) const {
    std::optional<std::string> name, path;
    if constexpr (kTarget == Target::kUser) {
      if constexpr (requires { in.user_name; }) name = in.user_name;
    } else if constexpr (kTarget == Target::kRole) {
      if constexpr (requires { in.role_name; }) name = in.role_name;
    } else if constexpr (kTarget == Target::kGroup) {
      if constexpr (requires { in.group_name; }) name = in.group_name;
    } else if constexpr (kTarget == Target::kPolicy) {
      if constexpr (requires { in.policy_arn; })
        name = in.policy_arn;
      else if constexpr (requires { in.policy_name; })
        name = in.policy_name;
    }
    if constexpr (requires { in.path; }) path = in.path ? in.path : std::optional<std::string>("/");
    return NeedOn(context, tx, std::string("iam:") + std::string(W::kName), kTarget, name, path, KeysOf(in));
  }
};

template <class W>
using OnUser = IamOperation<W, gate::Record::kRead, Target::kUser>;
template <class W>
using ChangeUser = IamOperation<W, gate::Record::kWrite, Target::kUser>;
template <class W>
using OnRole = IamOperation<W, gate::Record::kRead, Target::kRole>;
template <class W>
using ChangeRole = IamOperation<W, gate::Record::kWrite, Target::kRole>;
template <class W>
using OnGroup = IamOperation<W, gate::Record::kRead, Target::kGroup>;
template <class W>
using ChangeGroup = IamOperation<W, gate::Record::kWrite, Target::kGroup>;
template <class W>
using OnPolicy = IamOperation<W, gate::Record::kRead, Target::kPolicy>;
template <class W>
using ChangePolicy = IamOperation<W, gate::Record::kWrite, Target::kPolicy>;
template <class W>
using OnAccount = IamOperation<W, gate::Record::kRead, Target::kAccount>;
template <class W>
using ChangeAccount = IamOperation<W, gate::Record::kWrite, Target::kAccount>;

}  // namespace hanse::identity
