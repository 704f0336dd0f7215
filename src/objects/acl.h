#pragma once
#include <string>
#include <string_view>

#include "model/caller.h"
#include "objects/errors.h"
#include "wire/s3.h"

// Object Ownership is BucketOwnerEnforced everywhere: the bucket's owner owns every object, and access lists are off.
namespace hanse::objects {

inline constexpr std::string_view kOwnerEnforced = "BucketOwnerEnforced";

// AccessControlListNotSupported where a request asks for more than what holds anyway.
template <class Input>
Result<void> CheckNoAcl(const Input& in) {
  bool granted = in.grant_full_control || in.grant_read || in.grant_read_acp || in.grant_write_acp;
  bool plain = !in.acl || *in.acl == "bucket-owner-full-control" || *in.acl == "private";
  if (plain && !granted) return {};
  return Refuse(ErrorCode::kInvalidArgument, "AccessControlListNotSupported", "The bucket does not allow ACLs");
}

// How S3 names an owner: 64 hexadecimal digits that say nothing.
std::string CanonicalId(const AccountId& account);
wire::s3::Owner OwnerOf(const AccountId& account);

}  // namespace hanse::objects
