#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace hanse::audit {

enum class Durability {
  kSynced,   // On disk when Append returns, by group commit: denials, data access, changes.
  kWritten,  // Handed to the operating system when Append returns, on disk within a second: allowed reads.
};

// The organisation's journal: append-only segments under DIR/journal with a SHA-256 chain (design.md, section 7). Any thread.
// An error means that the record is not there: what cannot be recorded is refused.
class Journal {
 public:
  virtual ~Journal() = default;
  virtual Result<void> Append(std::string_view record_json, Durability durability) = 0;
  // A committed change has rows in the store's outbox: the mover takes them from there. Never blocks.
  virtual void OutboxHasRows() = 0;
};

}  // namespace hanse::audit
