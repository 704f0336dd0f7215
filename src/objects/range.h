#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hanse::objects {

// The part of an object that a reader asked for.
struct Part {
  std::uint64_t offset = 0, size = 0;
  bool whole = true;  // Else it is answered as 206 with ContentRange().

  std::string ContentRange(std::uint64_t object_bytes) const;  // "bytes 2-4/10"
};

// RFC 9110, section 14.2: one range of bytes. What is no such range is ignored, as S3 does; one that begins beyond the end is
// InvalidRange.
Result<Part> ReadRange(const std::optional<std::string>& header, std::uint64_t object_bytes);
// The stricter form of x-amz-copy-source-range: "bytes=first-last", within the object.
Result<Part> ReadCopyRange(const std::optional<std::string>& header, std::uint64_t object_bytes);

}  // namespace hanse::objects
