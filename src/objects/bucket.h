#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/caller.h"
#include "store/store.h"

namespace hanse::objects {

// Block Public Access, as a bucket has it.
struct PublicAccess {
  bool block_acls = true, ignore_acls = true, block_policy = true, restrict_buckets = true;
};

struct Bucket {
  Id id = 0;
  std::string name;
  AccountId account;
  std::string region;
  TimeMs created_ms = 0;
  std::string versioning;                     // "", "Enabled" or "Suspended".
  std::optional<PublicAccess> public_access;  // Nothing: its owner took the configuration away.
  std::string key_arn;                        // What seals new objects; "" for the account's own.
  std::string policy;                         // As it is kept: principals by their unique ids. "" where there is none.

  bool versioned() const { return versioning == "Enabled"; }
};

Result<std::optional<Bucket>> LookForBucket(store::Transaction& tx, std::string_view name);
// NoSuchBucket where there is none.
Result<Bucket> FindBucket(store::Transaction& tx, const std::optional<std::string>& name);
// In the order of names, after `after`, at most `limit`.
Result<std::vector<Bucket>> BucketsOf(store::Transaction& tx, std::string_view account, std::string_view prefix,
                                      std::string_view after, std::int64_t limit);
Result<void> InsertBucket(store::Transaction& tx, const Bucket& bucket);
// Writes all but id, name, account and creation.
Result<void> UpdateBucket(store::Transaction& tx, const Bucket& bucket);
// With everything that hangs on it.
Result<void> DeleteBucketRow(store::Transaction& tx, Id bucket);

// Further configurations, JSON by kind ("tagging"); "" where there is none.
Result<std::string> ReadSetting(store::Transaction& tx, Id bucket, std::string_view kind);
Result<void> WriteSetting(store::Transaction& tx, Id bucket, std::string_view kind, std::string_view json);
Result<void> DeleteSetting(store::Transaction& tx, Id bucket, std::string_view kind);

// InvalidBucketName where it breaks the rules for names (Amazon S3 User Guide, "General purpose bucket naming rules").
Result<void> CheckBucketName(std::string_view name);

}  // namespace hanse::objects
