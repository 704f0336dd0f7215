#include "audit/verify.h"

#include <filesystem>

#include <fmt/format.h>

#include "audit/checkpoint.h"
#include "audit/json_text.h"
#include "audit/segment_file.h"

namespace hanse::audit {
namespace {

constexpr std::string_view kFolder = "journal";

// Walks the segments in order and keeps what the next one must follow.
class Walk {
 public:
  Walk(std::string folder, std::optional<Checkpoint> checkpoint) : folder_(std::move(folder)), checkpoint_(std::move(checkpoint)) {}

  Result<void> Take(std::int64_t number, bool newest) {
    for (std::int64_t missing = next_; missing < number; ++missing) Bad(missing, "it is missing");
    if (missing_before(number)) sound_ = false;
    next_ = number + 1;
    std::int64_t records = 0;
    Hash at_checkpoint;
    auto seen = [&](const Frame& frame, std::uint64_t) {
      ++records;
      if (checkpoint_ && number == checkpoint_->segment && records == checkpoint_->records) at_checkpoint = frame.hash;
    };
    TRY_ASSIGN(SegmentScan scan, ScanSegment(folder_, number, seen));
    found.segments.push_back({Path(number), scan.records});
    if (sound_ && scan.has_header && scan.previous != last_) Bad(previous_, "its end is missing, or its last records were changed");
    sound_ = Judge(number, newest, scan, at_checkpoint);
    last_ = scan.last;
    previous_ = number;
    return {};
  }

  void End() {
    if (!checkpoint_) return;
    for (std::int64_t missing = next_; missing <= checkpoint_->segment; ++missing) Bad(missing, "it is missing");
  }

  void Bad(std::int64_t number, std::string reason) { found.bad.push_back({Path(number), std::move(reason)}); }

  Verification found;

 private:
  static std::string Path(std::int64_t number) { return fmt::format("{}/{}", kFolder, SegmentName(number)); }
  bool missing_before(std::int64_t number) const { return next_ < number; }

  // Whether the next segment must follow this one's last record.
  bool Judge(std::int64_t number, bool newest, const SegmentScan& scan, const Hash& at_checkpoint) {
    const bool covered = checkpoint_ && number == checkpoint_->segment;
    const bool unfinished = newest && (scan.torn || scan.file_bytes == 0) && !(covered && scan.bytes < checkpoint_->bytes);
    if (!scan.problem.empty() && !unfinished) {
      Bad(number, scan.problem);
      return false;
    }
    if (covered && (scan.records < checkpoint_->records || scan.bytes < checkpoint_->bytes)) {
      Bad(number, fmt::format("it has {} records, and had {} once", scan.records, checkpoint_->records));
      return false;
    }
    if (covered && checkpoint_->records > 0 && at_checkpoint != checkpoint_->last) {
      Bad(number, "it is not what the checkpoint covers");
      return false;
    }
    return true;
  }

  std::string folder_;
  std::optional<Checkpoint> checkpoint_;
  std::int64_t next_ = 1, previous_ = 0;
  Hash last_ = FirstHash();
  bool sound_ = true;
};

}  // namespace

std::int64_t Verification::records() const {
  std::int64_t sum = 0;
  for (const Segment& segment : segments) sum += segment.records;
  return sum;
}

std::string Verification::ToJson() const {
  std::string json = fmt::format(R"({{"ok":{},"records":{},"segments":[)", ok(), records());
  for (const Segment& segment : segments) {
    if (&segment != &segments.front()) json += ',';
    json += R"({"path":)";
    AppendJsonString(&json, segment.path);
    json += fmt::format(R"(,"records":{}}})", segment.records);
  }
  json += R"(],"bad":[)";
  for (const Bad& one : bad) {
    if (&one != &bad.front()) json += ',';
    json += R"({"path":)";
    AppendJsonString(&json, one.path);
    json += R"(,"reason":)";
    AppendJsonString(&json, one.reason);
    json += '}';
  }
  return json + "]}";
}

Result<Verification> Verify(const std::string& directory) {
  const std::string folder = fmt::format("{}/{}", directory, kFolder);
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) return Fail(ErrorCode::kNotFound, "there is no journal in " + directory);
  // The checkpoint first: a server that runs moves both on, the segments ahead of it.
  auto checkpoint = ReadCheckpoint(folder);
  if (!checkpoint && checkpoint.error().code != ErrorCode::kConflict) return std::unexpected(std::move(checkpoint).error());
  TRY_ASSIGN(std::vector<std::int64_t> numbers, ListSegments(folder));
  Walk walk(folder, checkpoint ? *checkpoint : std::nullopt);
  if (!checkpoint || !*checkpoint) {
    walk.found.bad.push_back({fmt::format("{}/checkpoint", kFolder), checkpoint ? "it is missing" : "it is damaged"});
  }
  for (std::int64_t number : numbers) TRY(walk.Take(number, number == numbers.back()));
  walk.End();
  return std::move(walk.found);
}

}  // namespace hanse::audit
