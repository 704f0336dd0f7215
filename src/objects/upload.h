#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "objects/checksum.h"
#include "objects/version.h"
#include "store/store.h"

namespace hanse::objects {

inline constexpr std::int32_t kPartNumberMax = 10'000;

// An upload in parts that is neither completed nor aborted.
struct Upload {
  std::string id;
  Id bucket = 0;
  std::string key;
  TimeMs begun_ms = 0;
  std::string initiator;  // The ARN of whoever began it.
  std::string key_arn;    // What seals its parts and the object.
  std::string checksum;   // "SHA256"; "" where none was asked for.
  std::string checksum_type;
  std::string details, tags;
};

struct UploadedPart {
  std::int32_t number = 0;
  std::int64_t size = 0;
  std::string etag;  // Quoted.
  TimeMs modified_ms = 0;
  Sealed sealed;
  std::optional<Checksum> checksum;
};

// NoSuchUpload where the key has none of this id.
Result<Upload> FindUpload(store::Transaction& tx, Id bucket, std::string_view key, const std::optional<std::string>& id);
Result<void> InsertUpload(store::Transaction& tx, const Upload& upload);
// With its parts' rows.
Result<void> DeleteUpload(store::Transaction& tx, const std::string& id);
// In the order of keys, then ids; those after (key, id), keys before `before` ("" for no end).
Result<std::vector<Upload>> UploadsFrom(store::Transaction& tx, Id bucket, std::string_view from, std::string_view after_id,
                                        std::string_view before, std::int64_t limit);

// In the order of numbers, those above `after`.
Result<std::vector<UploadedPart>> PartsOf(store::Transaction& tx, const std::string& upload, std::int32_t after,
                                          std::int64_t limit);
// Replaces a part of the same number, whose bytes go.
Result<void> PutPart(store::Transaction& tx, const std::string& upload, const UploadedPart& part, TimeMs now_ms);

}  // namespace hanse::objects
