#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// How a record stands in a segment: one line of
//   SHA-256 of (the hash before, as 32 bytes, and the rest of this line) in 64 hexadecimal digits, blank,
//   row of the store's outbox that it came from (0: none), blank, the record's JSON, line feed.
// So no record can be changed, left out, added or moved without breaking every hash after it.
namespace hanse::audit {

inline constexpr std::size_t kHashBytes = 32;
inline constexpr std::size_t kRecordBytesMax = 1 << 20;

// The hash of the last record; that of no record is 32 zeros.
using Hash = std::string;
Hash FirstHash();

struct Frame {
  std::int64_t outbox_row = 0;
  std::string_view json;  // Into the text that was read.
  std::string_view body;  // What the hash covers, beside the hash before.
  Hash hash;              // As the line claims it.
  std::size_t bytes = 0;  // Of the whole line.
};

// Appends the line to `out` and answers its hash. `json` has no line feed.
Hash AppendFrame(std::string* out, const Hash& before, std::int64_t outbox_row, std::string_view json);
// The line at the start of `text`, whatever its hash; nothing where it has no end or is no frame.
std::optional<Frame> ReadFrame(std::string_view text);
// Whether the frame is what was written after the record of the hash `before`.
bool Follows(const Frame& frame, const Hash& before);

}  // namespace hanse::audit
