#include "objects/writing.h"

#include <fmt/format.h>

#include "base/text.h"
#include "objects/needs.h"

namespace hanse::objects {
namespace {

constexpr std::size_t kMetadataBytesMax = 2048;

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
  if (named) {
    TRY_ASSIGN(std::optional<std::string> found, keys.Find(call.tx(), *named, call.caller().account, bucket.region));
    if (!found) return Refuse(ErrorCode::kNotFound, "KMS.NotFoundException", fmt::format("Key '{}' does not exist", *named));
    return *std::move(found);
  }
  if (!bucket.key_arn.empty()) return bucket.key_arn;
  return keys.Domain(call.tx(), bucket.account, bucket.region, call.now_ms());
}

Result<Sealed> SealBytes(DataKeys& keys, const gate::Call& call, const Bucket& bucket, const std::string& key_arn,
                         const Received& received) {
  TRY_ASSIGN(std::string wrapped,
             keys.Wrap(call.tx(), call.caller(), key_arn, received.key(), KeyContext(bucket.account, received.blob())));
  return Sealed{received.blob(), key_arn, std::move(wrapped)};
}

Result<std::string> KeptTags(const std::optional<std::string>& header) {
  if (!header) return std::string("{}");
  TRY_ASSIGN(wire::s3::Tagging tags, ParseTagging(*header));
  return tags.tag_set->empty() ? std::string("{}") : wire::ToJson(tags);
}

}  // namespace hanse::objects
