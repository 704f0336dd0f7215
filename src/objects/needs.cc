#include "objects/needs.h"

#include <set>

#include "base/text.h"
#include "base/utf8.h"
#include "model/arn.h"
#include "model/wrong_region.h"
#include "objects/errors.h"
#include "objects/version.h"
#include "wire/json.h"

namespace hanse::objects {
namespace {

constexpr std::size_t kTagKeyMax = 128, kTagValueMax = 256;

// Of application/x-www-form-urlencoded.
bool DecodeForm(std::string text, std::string* decoded) {
  for (char& c : text) {
    if (c == '+') c = ' ';
  }
  return PercentDecode(text, decoded) && IsUtf8(*decoded);
}

Result<AccountId> OwnerOf(const std::optional<Bucket>& bucket, const Expected& expected) {
  if (!bucket) return AccountId();
  if (!expected.region.empty() && expected.region != bucket->region) return WrongRegion(expected.region, bucket->region);
  if (expected.owner && *expected.owner != bucket->account) return AccessDenied();
  return bucket->account;
}

}  // namespace

Result<wire::s3::Tagging> ParseTagging(std::string_view header) {
  wire::s3::Tagging tags;
  tags.tag_set.emplace();
  for (const std::string& pair : header.empty() ? std::vector<std::string>() : Split(header, '&')) {
    std::size_t equals = pair.find('=');
    wire::s3::Tag tag;
    bool fine = DecodeForm(pair.substr(0, equals), &tag.key.emplace()) &&
                DecodeForm(equals == std::string::npos ? std::string() : pair.substr(equals + 1), &tag.value.emplace());
    if (!fine) return InvalidArgument("The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters.");
    tags.tag_set->push_back(std::move(tag));
  }
  TRY(CheckTags(tags, kObjectTagsMax));
  return tags;
}

Result<void> CheckTags(const wire::s3::Tagging& tags, std::size_t count_max) {
  std::set<std::string> seen;
  const auto& all = tags.tag_set.value_or(std::vector<wire::s3::Tag>());
  if (all.size() > count_max) {
    return Refuse(ErrorCode::kInvalidArgument, count_max == kObjectTagsMax ? "BadRequest" : "InvalidTag",
                  "Tags cannot be more than " + std::to_string(count_max));
  }
  for (const wire::s3::Tag& tag : all) {
    const std::string key = tag.key.value_or("");
    bool fine = !key.empty() && key.size() <= kTagKeyMax * 4 && tag.value.value_or("").size() <= kTagValueMax * 4 &&
                !Lower(key).starts_with("aws:");
    if (!fine) return Refuse(ErrorCode::kInvalidArgument, "InvalidTag", "The TagKey or TagValue you have provided is invalid");
    if (!seen.insert(key).second) {
      return Refuse(ErrorCode::kInvalidArgument, "InvalidTag", "Cannot provide multiple Tags with the same key");
    }
  }
  return {};
}

Result<gate::Need> NeedOnBucket(store::Transaction& tx, std::string_view action, const std::optional<std::string>& bucket,
                                const Expected& expected, ConditionKeys keys) {
  TRY_ASSIGN(std::optional<Bucket> found, LookForBucket(tx, bucket.value_or("")));
  TRY_ASSIGN(AccountId owner, OwnerOf(found, expected));
  if (!owner.empty()) keys["s3:resourceaccount"] = {owner};
  return gate::Need{std::string(action), S3Arn(bucket.value_or("")), owner, std::move(keys)};
}

Result<gate::Need> NeedOnObject(store::Transaction& tx, std::string_view action, const std::optional<std::string>& bucket,
                                const std::optional<std::string>& key, const std::optional<std::string>& version,
                                const Expected& expected, ConditionKeys keys) {
  TRY(CheckKey(key.value_or("")));
  TRY_ASSIGN(std::optional<Bucket> found, LookForBucket(tx, bucket.value_or("")));
  TRY_ASSIGN(AccountId owner, OwnerOf(found, expected));
  if (found) {
    keys["s3:resourceaccount"] = {owner};
    TRY_ASSIGN(std::string tags, TagsOf(tx, found->id, *key, version));
    if (tags.size() > 2) {  // Most have none.
      TRY_ASSIGN(auto existing, wire::FromJson<wire::s3::Tagging>(tags));
      for (const wire::s3::Tag& tag : existing.tag_set.value_or(std::vector<wire::s3::Tag>())) {
        keys["s3:existingobjecttag/" + Lower(tag.key.value_or(""))] = {tag.value.value_or("")};
      }
    }
  }
  return gate::Need{std::string(action), S3Arn(bucket.value_or(""), *key), owner, std::move(keys)};
}

}  // namespace hanse::objects
