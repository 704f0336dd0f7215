#include "objects/writing.h"

#include <fmt/format.h>

#include "base/text.h"
#include "objects/key_use.h"
#include "objects/needs.h"

namespace hanse::objects {
namespace {

constexpr std::size_t kMetadataBytesMax = 2048;

// What the ARN of a key that is not there would be.
std::string ArnOf(std::string_view name, std::string_view account, std::string_view region) {
  if (name.starts_with("arn:")) return std::string(name);
  return fmt::format("arn:aws:kms:{}:{}:{}{}", region, account, name.starts_with("alias/") ? "" : "key/", name);
}

}  // namespace

Result<void> CheckMetadata(const std::map<std::string, std::string>& metadata) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : metadata) bytes += name.size() + value.size();
  if (bytes <= kMetadataBytesMax) return {};
  return Refuse(ErrorCode::kInvalidArgument, "MetadataTooLarge",
                fmt::format("Your metadata headers exceed the maximum allowed metadata size of {} bytes", kMetadataBytesMax));
}

std::optional<std::string> WithoutChunking(const std::optional<std::string>& content_encoding) {
  if (!content_encoding) return std::nullopt;
  std::vector<std::string> kept;
  for (const std::string& one : Split(*content_encoding, ',')) {
    if (!EqualsIgnoreCase(Trim(one), "aws-chunked") && !Trim(one).empty()) kept.emplace_back(Trim(one));
  }
  return kept.empty() ? std::nullopt : std::optional(Join(kept, ","));
}

Result<std::string> SealingKey(DataKeys& keys, const gate::Call& call, const Bucket& bucket,
                               const std::optional<std::string>& named) {
  const std::string name = named.value_or(bucket.key_arn);
  std::string arn;
  if (name.empty()) {
    TRY_ASSIGN(arn, keys.Domain(call.tx(), bucket.account, bucket.region, call.now_ms()));
  } else {
    TRY_ASSIGN(std::optional<std::string> found, keys.Find(call.tx(), name, call.caller().account, bucket.region));
    arn = found ? *std::move(found) : ArnOf(name, call.caller().account, bucket.region);
  }
  TRY(RequireKey(call, kSealKey, arn, bucket, name));
  return arn;
}

Result<Sealed> SealBytes(DataKeys& keys, const gate::Call& call, const Bucket& bucket, const std::string& key_arn,
                         const Received& received) {
  TRY_ASSIGN(std::string wrapped, keys.Wrap(call.tx(), key_arn, received.key(), KeyContext(bucket.account, received.blob())));
  return Sealed{received.blob(), key_arn, std::move(wrapped)};
}

Result<std::string> KeptTags(const std::optional<std::string>& header) {
  if (!header) return std::string("{}");
  TRY_ASSIGN(wire::s3::Tagging tags, ParseTagging(*header));
  return tags.tag_set->empty() ? std::string("{}") : wire::ToJson(tags);
}

}  // namespace hanse::objects
