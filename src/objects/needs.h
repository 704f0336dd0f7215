#pragma once
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/text.h"
#include "gate/gate.h"
#include "objects/bucket.h"
#include "store/store.h"
#include "wire/s3.h"

// What an operation of S3 asks its caller's policies for: actions, ARNs and condition keys (Service Authorization Reference,
// "Actions, resources, and condition keys for Amazon S3").
namespace hanse::objects {

// A text as a template's argument.
template <std::size_t N>
struct Literal {
  constexpr Literal(const char (&chars)[N]) {  // NOLINT: meant to convert.
    for (std::size_t i = 0; i < N; ++i) text[i] = chars[i];
  }
  constexpr std::string_view view() const { return {text, N - 1}; }
  char text[N];
};

using ConditionKeys = std::map<std::string, std::vector<std::string>>;
using Needs = std::vector<gate::Need>;

// Tags of the header x-amz-tagging ("a=b&c=d"), in their order. InvalidArgument where it is none of that; InvalidTag where there
// are too many, too long or doubled ones.
Result<wire::s3::Tagging> ParseTagging(std::string_view header);
inline constexpr std::size_t kObjectTagsMax = 10, kBucketTagsMax = 50;
Result<void> CheckTags(const wire::s3::Tagging& tags, std::size_t count_max);

// What a request takes for granted about the bucket that it names.
struct Expected {
  std::optional<std::string> owner;  // The header x-amz-expected-bucket-owner: AccessDenied where it is another account.
  std::string region = {};           // That of the signature: WrongRegion() where the bucket lies elsewhere. Empty: wherever.
};

// A bucket that is not there is asked about as the caller's own, so that only who may do it anywhere learns that it is missing.
Result<gate::Need> NeedOnBucket(store::Transaction& tx, std::string_view action, const std::optional<std::string>& bucket,
                                const Expected& expected, ConditionKeys keys = {});
Result<gate::Need> NeedOnObject(store::Transaction& tx, std::string_view action, const std::optional<std::string>& bucket,
                                const std::optional<std::string>& key, const std::optional<std::string>& version,
                                const Expected& expected, ConditionKeys keys = {});

// The request's own condition keys.
template <class Input>
Result<ConditionKeys> KeysOf(const Input& in) {
  ConditionKeys keys;
  auto add = [&](const char* name, const auto& value) {
    if (value) keys[name] = {*value};
  };
  if constexpr (requires { in.acl; }) add("s3:x-amz-acl", in.acl);
  if constexpr (requires { in.version_id; }) add("s3:versionid", in.version_id);
  if constexpr (requires { in.storage_class; }) add("s3:x-amz-storage-class", in.storage_class);
  if constexpr (requires { in.copy_source; }) add("s3:x-amz-copy-source", in.copy_source);
  if constexpr (requires { in.metadata_directive; }) add("s3:x-amz-metadata-directive", in.metadata_directive);
  if constexpr (requires { in.server_side_encryption; }) add("s3:x-amz-server-side-encryption", in.server_side_encryption);
  if constexpr (requires { in.ssekms_key_id; }) add("s3:x-amz-server-side-encryption-aws-kms-key-id", in.ssekms_key_id);
  if constexpr (requires { in.object_ownership; }) add("s3:x-amz-object-ownership", in.object_ownership);
  if constexpr (requires {
                  in.if_match;
                  in.body;
                }) {
    add("s3:if-match", in.if_match);
    add("s3:if-none-match", in.if_none_match);
  }
  if constexpr (requires { in.prefix; }) {
    keys["s3:prefix"] = {in.prefix.value_or("")};
    if constexpr (requires { in.delimiter; }) keys["s3:delimiter"] = {in.delimiter.value_or("")};
    if constexpr (requires { in.max_keys; }) keys["s3:max-keys"] = {std::to_string(in.max_keys.value_or(1000))};
  }
  auto tag = [&](const wire::s3::Tagging& tags) {
    for (const wire::s3::Tag& one : tags.tag_set.value_or(std::vector<wire::s3::Tag>())) {
      keys["s3:requestobjecttag/" + Lower(one.key.value_or(""))] = {one.value.value_or("")};
      keys["s3:requestobjecttagkeys"].push_back(one.key.value_or(""));
    }
  };
  if constexpr (requires {
                  in.tagging->tag_set;
                  in.key;
                }) {
    if (in.tagging) tag(*in.tagging);
  } else if constexpr (requires {
                         in.tagging;
                         in.key;
                       }) {
    if (in.tagging) {
      TRY_ASSIGN(wire::s3::Tagging tags, ParseTagging(*in.tagging));
      tag(tags);
    }
  }
  return keys;
}

// Strangers sign for no region, and the server's own work reaches every one.
template <class Input>
Expected ExpectedBy(const gate::Context& context, const Input& in) {
  Expected expected;
  if constexpr (requires { in.expected_bucket_owner; }) expected.owner = in.expected_bucket_owner;
  const bool from_outside = context.caller.kind != CallerKind::kAnonymous && context.caller.invoked_by.empty();
  if (from_outside) expected.region = context.info.region;
  return expected;
}

// An operation on a bucket: one action on the bucket's ARN.
template <class WireOp, Literal kAction, gate::Record kRecord>
struct OnBucket {
  static constexpr gate::Rule kRule{"s3", WireOp::kName, kRecord};
  using Wire = WireOp;
  using Answer = typename WireOp::Output;
  typename WireOp::Input in;

  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const {
    TRY_ASSIGN(ConditionKeys keys, KeysOf(in));
    TRY_ASSIGN(gate::Need need, NeedOnBucket(tx, kAction.view(), in.bucket, ExpectedBy(context, in), std::move(keys)));
    return Needs{std::move(need)};
  }
};

// An operation on an object: one action on its ARN, another one where a version is named.
template <class WireOp, Literal kAction, Literal kVersionAction, gate::Record kRecord>
struct OnObject {
  static constexpr gate::Rule kRule{"s3", WireOp::kName, kRecord, "Data"};
  using Wire = WireOp;
  using Answer = typename WireOp::Output;
  typename WireOp::Input in;

  Result<Needs> On(const gate::Context& context, store::Transaction& tx) const {
    std::optional<std::string> version;
    if constexpr (requires { in.version_id; }) version = in.version_id;
    TRY_ASSIGN(ConditionKeys keys, KeysOf(in));
    std::string_view action = version ? kVersionAction.view() : kAction.view();
    TRY_ASSIGN(gate::Need need, NeedOnObject(tx, action, in.bucket, in.key, version, ExpectedBy(context, in), std::move(keys)));
    return Needs{std::move(need)};
  }
};

}  // namespace hanse::objects
