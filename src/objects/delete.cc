#include "model/arn.h"
#include "model/wrong_region.h"
#include "objects/conditions.h"
#include "objects/objects.h"

namespace hanse::objects {
namespace {

constexpr std::size_t kKeysMax = 1000;

// What became of one key.
struct Deleted {
  std::optional<std::string> version_id;  // The version removed, or the marker made.
  bool marker = false;                    // Whether that is a delete marker.
};

struct DeleteConditions {
  std::optional<std::string> if_match;
  std::optional<wire::Timestamp> modified;
  std::optional<std::int64_t> size;
  bool any() const { return if_match || modified || size; }
  Result<void> Check(const std::optional<Version>& there) const {
    if (!any()) return {};
    if (!there) return NoSuchKey();
    if (if_match && !ListsTag(*if_match, there->etag)) return PreconditionFailed("If-Match");
    if (modified && modified->ms / 1000 != there->modified_ms / 1000)
      return PreconditionFailed("x-amz-if-match-last-modified-time");
    if (size && *size != there->size) return PreconditionFailed("x-amz-if-match-size");
    return {};
  }
};

// A named version goes for good. Without a name the object is hidden by a marker where the bucket keeps versions, else it goes.
Result<Deleted> DeleteOne(const gate::Call& call, Random& random, const Bucket& bucket, const std::string& key,
                          const std::optional<std::string>& version, const DeleteConditions& conditions) {
  store::Transaction& tx = call.tx();
  Deleted deleted;
  if (version) {
    TRY_ASSIGN(std::optional<Version> there, LookForVersion(tx, bucket.id, key, *version));
    TRY(conditions.Check(there));
    if (there) TRY(Remove(tx, *there, call.now_ms()));
    deleted.version_id = *version;
    deleted.marker = there && there->marker;
    return deleted;
  }
  TRY_ASSIGN(std::optional<Version> there, LookForVisible(tx, bucket.id, key));
  TRY(conditions.Check(there));
  if (bucket.versioning.empty()) {
    if (there) TRY(Remove(tx, *there, call.now_ms()));
    return deleted;
  }
  Version marker;
  marker.key = key;
  marker.marker = true;
  marker.modified_ms = call.now_ms() / 1000 * 1000;
  TRY(PutOnTop(tx, bucket, random, call.now_ms(), &marker));
  return Deleted{marker.version, true};
}

}  // namespace

Result<s3::DeleteObjectOutput> Objects::Do(const gate::Authorized<DeleteObject>& call) {
  const s3::DeleteObjectRequest& in = call->in;
  TRY_ASSIGN(Bucket bucket, FindBucket(call.tx(), in.bucket));
  DeleteConditions conditions{in.if_match, in.if_match_last_modified_time, in.if_match_size};
  TRY_ASSIGN(Deleted deleted, DeleteOne(call, parts_.random, bucket, *in.key, in.version_id, conditions));
  call.NoteResource("AWS::S3::Object", S3Arn(bucket.name, *in.key));
  s3::DeleteObjectOutput out;
  out.version_id = deleted.version_id;
  if (deleted.marker) out.delete_marker = true;
  return out;
}

Result<s3::DeleteObjectsOutput> Objects::Do(const gate::Authorized<DeleteObjects>& call) {
  const s3::DeleteObjectsRequest& in = call->in;
  const auto keys =
      in.delete_ ? in.delete_->objects.value_or(std::vector<s3::ObjectIdentifier>()) : std::vector<s3::ObjectIdentifier>();
  if (keys.empty() || keys.size() > kKeysMax) {
    return Refuse(ErrorCode::kInvalidArgument, "MalformedXML", "A batch names 1 to 1000 keys.");
  }
  TRY_ASSIGN(std::optional<Bucket> bucket, LookForBucket(call.tx(), in.bucket.value_or("")));
  s3::DeleteObjectsOutput out{.deleted = std::vector<s3::DeletedObject>(), .errors = std::vector<s3::Error>()};
  for (const s3::ObjectIdentifier& one : keys) {
    auto deleted = [&]() -> Result<Deleted> {
      TRY_ASSIGN(gate::Need need, NeedOnObject(call.tx(), one.version_id ? "s3:DeleteObjectVersion" : "s3:DeleteObject", in.bucket,
                                               one.key, one.version_id, ExpectedBy(call.context(), in)));
      TRY(call.Require(need));
      if (!bucket) return NoSuchBucket(in.bucket.value_or(""));
      return DeleteOne(call, parts_.random, *bucket, *one.key, one.version_id, {one.e_tag, one.last_modified_time, one.size});
    }();
    if (!deleted) {
      const Error& error = deleted.error();
      if (error.name == "NoSuchBucket" || !HomeRegionOf(error).empty() || error.code == ErrorCode::kUnavailable ||
          error.code == ErrorCode::kInternal) {
        return std::unexpected(error);  // Of the whole batch: nothing was changed.
      }
      out.errors->push_back({.key = one.key,
                             .version_id = one.version_id,
                             .code = error.name.empty() ? "AccessDenied" : error.name,
                             .message = error.message});
      continue;
    }
    if (in.delete_->quiet.value_or(false)) continue;
    s3::DeletedObject told{.key = one.key, .version_id = one.version_id};
    if (deleted->marker) {
      told.delete_marker = true;
      told.delete_marker_version_id = deleted->version_id;
    }
    out.deleted->push_back(std::move(told));
  }
  return out;
}

}  // namespace hanse::objects
