#include "objects/objects.h"
#include "objects/reading.h"

namespace hanse::objects {
namespace {

std::optional<std::string> Told(const Version& version) {
  return version.version == kNullVersion ? std::nullopt : std::optional(version.version);
}

}  // namespace

Result<s3::PutObjectTaggingOutput> Objects::Do(const gate::Authorized<PutObjectTagging>& call) {
  const s3::PutObjectTaggingRequest& in = call->in;
  s3::Tagging tags = in.tagging.value_or(s3::Tagging());
  TRY(CheckTags(tags, kObjectTagsMax));
  TRY_ASSIGN(Asked asked, FindAsked(call, in.bucket, in.key, in.version_id));
  bool none = !tags.tag_set || tags.tag_set->empty();
  TRY(UpdateTags(call.tx(), asked.version.id, none ? "{}" : wire::ToJson(tags)));
  return s3::PutObjectTaggingOutput{.version_id = Told(asked.version)};
}

Result<s3::GetObjectTaggingOutput> Objects::Do(const gate::Authorized<GetObjectTagging>& call) {
  TRY_ASSIGN(Asked asked, FindAsked(call, call->in.bucket, call->in.key, call->in.version_id));
  TRY_ASSIGN(auto tags, wire::FromJson<s3::Tagging>(asked.version.tags));
  s3::GetObjectTaggingOutput out;
  out.version_id = Told(asked.version);
  out.tag_set = tags.tag_set.value_or(std::vector<s3::Tag>());
  return out;
}

Result<s3::DeleteObjectTaggingOutput> Objects::Do(const gate::Authorized<DeleteObjectTagging>& call) {
  TRY_ASSIGN(Asked asked, FindAsked(call, call->in.bucket, call->in.key, call->in.version_id));
  TRY(UpdateTags(call.tx(), asked.version.id, "{}"));
  return s3::DeleteObjectTaggingOutput{.version_id = Told(asked.version)};
}

}  // namespace hanse::objects
