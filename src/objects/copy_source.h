#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "gate/gate.h"
#include "objects/needs.h"
#include "objects/received.h"
#include "objects/version.h"

namespace hanse::objects {

// The header x-amz-copy-source: "[/]BUCKET/KEY[?versionId=ID]", percent-encoded.
struct CopySource {
  std::string bucket, key;
  std::optional<std::string> version;
};
Result<CopySource> ParseCopySource(const std::optional<std::string>& header);

// What whoever copies needs on the source: to read it, which its key must allow too, and its tags where they come along; and to
// list the bucket where it is not there, so that the copy tells no stranger which keys exist.
Result<Needs> NeedsOnSource(const gate::Context& context, store::Transaction& tx, const CopySource& source,
                            const std::optional<std::string>& expected_owner, bool with_tags);

// The bytes of a copy, and what they were copied from.
struct CopiedBytes {
  Received bytes;
  Version source;
  Bucket source_bucket;
};
// What was copied may lie under another key than what was there when On() was asked: the right to open it is that of its own.
Result<void> RequireCopied(const gate::Call& call, const CopiedBytes& copied);

}  // namespace hanse::objects
