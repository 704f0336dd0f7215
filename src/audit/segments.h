#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "audit/checkpoint.h"
#include "audit/durable_file.h"
#include "audit/frame.h"
#include "base/clock.h"
#include "base/result.h"

namespace hanse::audit {

struct Record {
  std::string json;
  std::int64_t outbox_row = 0;  // 0: it came straight from the gate.
};

// The writing end of the segments in one folder: carries the chain on, starts new segments, mends after a crash. One thread at a
// time.
class Segments {
 public:
  static constexpr std::uint64_t kSegmentBytes = 64ull << 20;

  // Where the chain stands; also how far it is durable, once synced.
  struct Position {
    std::int64_t segment = 0, records = 0;
    std::uint64_t bytes = 0;
    Hash last;
  };

  // Makes the folder where there is none. What a crash left half written behind the checkpoint is cut off, and the journal says so
  // in a record of its own; what is damaged before it stays as it is for `verify` to name, and a new segment is begun.
  static Result<Segments> Open(const std::string& folder, const Clock& clock, std::uint64_t segment_bytes = kSegmentBytes);

  // All of `records`, or none of them. Not yet durable.
  Result<void> Append(std::span<const Record> records);
  // Takes away what was appended after `to`, in the same segment; where the disk refuses, no Append is taken until it obeys.
  Result<void> Rewind(const Position& to);
  // Whether the next Append begins a new segment. Begin() first makes the old one durable; without effect where it fails.
  bool full() const { return position_.bytes >= segment_bytes_; }
  Result<void> Begin();

  const Position& position() const { return position_; }
  std::shared_ptr<const DurableFile> file() const { return file_; }
  const std::string& folder() const { return folder_; }

 private:
  Segments(std::string folder, const Clock& clock, std::uint64_t segment_bytes)
      : folder_(std::move(folder)), clock_(&clock), segment_bytes_(segment_bytes) {}
  Result<void> Recover();
  Result<void> CutOff();
  Result<void> NoteRecovery(const std::string& problem, std::uint64_t cut_bytes);

  std::string folder_;
  const Clock* clock_;
  std::uint64_t segment_bytes_;
  Position position_;
  std::shared_ptr<DurableFile> file_;
  bool cut_off_ = false;  // The file has bytes after position_ that are no part of the chain.
};

}  // namespace hanse::audit
