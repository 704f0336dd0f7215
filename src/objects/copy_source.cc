#include "objects/copy_source.h"

#include "base/text.h"
#include "objects/errors.h"
#include "objects/key_use.h"

namespace hanse::objects {

Result<CopySource> ParseCopySource(const std::optional<std::string>& header) {
  std::string_view text = header ? std::string_view(*header) : std::string_view();
  CopySource source;
  constexpr std::string_view kVersion = "?versionId=";
  if (std::size_t at = text.rfind(kVersion); at != std::string_view::npos) {
    source.version = std::string(text.substr(at + kVersion.size()));
    text = text.substr(0, at);
  }
  std::string decoded;
  bool fine = PercentDecode(text, &decoded);
  if (decoded.starts_with("/")) decoded.erase(0, 1);
  std::size_t slash = decoded.find('/');
  if (!fine || slash == std::string::npos || slash == 0 || slash + 1 == decoded.size()) {
    return InvalidArgument("Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
  }
  source.bucket = decoded.substr(0, slash);
  source.key = decoded.substr(slash + 1);
  return source;
}

Result<Needs> NeedsOnSource(const gate::Context& context, store::Transaction& tx, const CopySource& source,
                            const std::optional<std::string>& expected_owner, bool with_tags) {
  std::string_view read = source.version ? "s3:GetObjectVersion" : "s3:GetObject";
  TRY_ASSIGN(gate::Need need, NeedOnObject(tx, read, source.bucket, source.key, source.version, {.owner = expected_owner}));
  Needs needs{need};
  if (with_tags) {
    needs.push_back(need);
    needs.back().action = source.version ? "s3:GetObjectVersionTagging" : "s3:GetObjectTagging";
  }
  TRY_ASSIGN(std::optional<Bucket> bucket, LookForBucket(tx, source.bucket));
  if (!bucket) return needs;
  TRY_ASSIGN(std::optional<Version> there, LookFor(tx, bucket->id, source.key, source.version));
  if (!there) {
    TRY_ASSIGN(gate::Need list, NeedOnBucket(tx, "s3:ListBucket", source.bucket, {}));
    needs.push_back(std::move(list));
  } else if (!there->marker) {
    needs.push_back(NeedOnKey(kOpenKey, there->sealed.key_arn, *bucket, context.caller.account));
  }
  return needs;
}

Result<void> RequireCopied(const gate::Call& call, const CopiedBytes& copied) {
  return RequireKey(call, kOpenKey, copied.source.sealed.key_arn, copied.source_bucket);
}

}  // namespace hanse::objects
