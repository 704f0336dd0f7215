#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/frame.h"
#include "base/clock.h"
#include "base/result.h"

// The files of the journal: FOLDER/NNNNNNNNNN.log, counted from 1, never reused. The first line of each is its header, a frame like
// every other whose JSON says {"hanseJournal":1,"segment":N,"previous":"hash of the last record before","createdTime":"…"}.
namespace hanse::audit {

std::string SegmentName(std::int64_t number);  // "0000000001.log"
std::string SegmentPath(const std::string& folder, std::int64_t number);
// The numbers of the segments that exist, in order.
Result<std::vector<std::int64_t>> ListSegments(const std::string& folder);

std::string HeaderJson(std::int64_t number, const Hash& previous, TimeMs created_ms);
// False where `json` is no header of the segment `number`.
bool ReadHeader(std::string_view json, std::int64_t number, Hash* previous);

// What a walk over a segment found. The chain holds for `bytes` bytes; where that is not all of the file, `problem` says why.
struct SegmentScan {
  Hash previous, last;
  std::int64_t records = 0;  // Without the header.
  std::uint64_t bytes = 0, file_bytes = 0;
  bool has_header = false;
  bool torn = false;    // What follows has no line end: a write that was cut short, or one on its way.
  std::string problem;  // Empty: every byte is part of the chain.
};
// `seen` gets every record and its place in the file.
Result<SegmentScan> ScanSegment(const std::string& folder, std::int64_t number,
                                const std::function<void(const Frame&, std::uint64_t offset)>& seen = {});

// Reads `bytes` at `offset`; fewer where the file ends. kUnavailable where it cannot be read, kNotFound where it is gone.
Result<std::string> ReadAt(const std::string& path, std::uint64_t offset, std::size_t bytes);

}  // namespace hanse::audit
