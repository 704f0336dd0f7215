#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "model/caller.h"
#include "objects/bucket.h"
#include "store/store.h"

namespace hanse::objects {

inline constexpr std::string_view kNullVersion = "null";  // What a bucket without versioning writes.

// What has the bytes of an object or part: a blob, and its data key wrapped under a domain key.
struct Sealed {
  std::string blob, key_arn, data_key;
};

// A version of an object, or a delete marker, as it is stored.
struct Version {
  Id id = 0;
  Id bucket = 0;
  std::string key, version;
  bool visible = false;  // The newest of its key, and no marker: what is meant where nobody names a version.
  bool marker = false;
  std::int64_t size = 0;
  std::string etag;  // Quoted.
  TimeMs modified_ms = 0;
  Sealed sealed;
  std::string details = "{}";  // JSON of wire HeadObjectOutput: headers, metadata, checksums.
  std::string tags = "{}";     // JSON of wire Tagging.
  std::string parts = "{}";    // JSON of wire GetObjectAttributesParts; of what came in parts.
};

// What a data key is bound to.
std::string KeyContext(const AccountId& account, const std::string& blob);

Result<std::optional<Version>> LookForVisible(store::Transaction& tx, Id bucket, std::string_view key);
Result<std::optional<Version>> LookForVersion(store::Transaction& tx, Id bucket, std::string_view key, std::string_view version);
// The version that a reader means: the visible one, or the one named. Nothing where there is none; a marker is given as one.
Result<std::optional<Version>> LookFor(store::Transaction& tx, Id bucket, std::string_view key,
                                       const std::optional<std::string>& version);

// The JSON of its tags alone; "{}" where there is no such version.
Result<std::string> TagsOf(store::Transaction& tx, Id bucket, std::string_view key, const std::optional<std::string>& version);

// Puts a version on top of its key, as the bucket's versioning says: what it replaces goes, with its bytes. Sets `id`, `version`
// and `visible`; the caller set the rest.
Result<void> PutOnTop(store::Transaction& tx, const Bucket& bucket, Random& random, TimeMs now_ms, Version* version);
// Takes one version away for good; the one below it shows again.
Result<void> Remove(store::Transaction& tx, const Version& version, TimeMs now_ms);
Result<void> UpdateTags(store::Transaction& tx, Id version, std::string_view tags);

// A blob that no row names any more: deleted later, when those who were reading the row have opened it.
Result<void> Discard(store::Transaction& tx, std::string_view blob, TimeMs now_ms);

// For listings: at most `limit` versions of a bucket, in the order of keys (newest first within one), from `from` on (with its own
// versions, where `below` is 0, else those of `from` with an id below it) and before `before` ("" for no end).
Result<std::vector<Version>> VisibleFrom(store::Transaction& tx, Id bucket, std::string_view from, std::string_view before,
                                         std::int64_t limit);
Result<std::vector<Version>> AllFrom(store::Transaction& tx, Id bucket, std::string_view from, Id below, std::string_view before,
                                     std::int64_t limit);
Result<bool> HasVersions(store::Transaction& tx, Id bucket);

// KeyTooLongError and its like where a key cannot be stored.
Result<void> CheckKey(std::string_view key);

}  // namespace hanse::objects
