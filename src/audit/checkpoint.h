#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "audit/frame.h"
#include "base/clock.h"
#include "base/result.h"

namespace hanse::audit {

// How far the journal is durable, kept beside the segments (FOLDER/checkpoint): what it covers cannot vanish unseen, and a restart
// may only cut off what lies behind it. Written by the journal alone, when it opens, every second in which it grew, and when it
// closes.
struct Checkpoint {
  std::int64_t segment = 0;
  std::int64_t records = 0;  // Of that segment.
  std::uint64_t bytes = 0;   // Of that segment.
  Hash last;
  TimeMs time_ms = 0;
  bool operator==(const Checkpoint&) const = default;
};

// Nothing where there is none; kConflict where it cannot be understood.
Result<std::optional<Checkpoint>> ReadCheckpoint(const std::string& folder);
// Replaces the one before it; durable when it returns.
Result<void> WriteCheckpoint(const std::string& folder, const Checkpoint& checkpoint);

}  // namespace hanse::audit
