#pragma once
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "objects/version.h"
#include "wire/value.h"

namespace hanse::objects {

// The conditions of a read (RFC 9110, section 13): PreconditionFailed or NotModified where one does not hold.
struct ReadConditions {
  std::optional<std::string> if_match, if_none_match;
  std::optional<wire::Timestamp> if_modified_since, if_unmodified_since;
  Result<void> Check(const Version& version) const;
  // Of a copy's source, where "not modified" is a failed precondition too.
  Result<void> CheckSource(const Version& version) const;
};

// The conditions of a write on what is there now (`there` is nothing where the key is free): "If-None-Match: *" and "If-Match:
// ETAG". Source: S3 User Guide, "How to prevent object overwrites with conditional writes".
Result<void> CheckWrite(const std::optional<std::string>& if_match, const std::optional<std::string>& if_none_match,
                        const std::optional<Version>& there);

// Whether a header's list of tags holds this one (or "*").
bool ListsTag(const std::string& header, const std::string& etag);

}  // namespace hanse::objects
