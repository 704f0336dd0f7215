#include "audit/segments.h"

#include <unistd.h>

#include <filesystem>

#include <fmt/format.h>

#include "audit/event.h"
#include "audit/segment_file.h"
#include "base/log.h"
#include "base/random.h"

namespace hanse::audit {

Result<Segments> Segments::Open(const std::string& folder, const Clock& clock, std::uint64_t segment_bytes) {
  std::error_code error;
  bool made = std::filesystem::create_directories(folder, error);
  if (error) return Fail(ErrorCode::kUnavailable, fmt::format("the journal cannot be opened: {}: {}", folder, error.message()));
  if (made) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  Segments segments(folder, clock, segment_bytes);
  TRY(segments.Recover());
  TRY(segments.file_->Sync());
  const Position& at = segments.position_;
  TRY(WriteCheckpoint(folder, {at.segment, at.records, at.bytes, at.last, clock.NowMs()}));
  return segments;
}

Result<void> Segments::Recover() {
  TRY_ASSIGN(std::vector<std::int64_t> numbers, ListSegments(folder_));
  auto read = ReadCheckpoint(folder_);
  if (!read && read.error().code != ErrorCode::kConflict) return std::unexpected(std::move(read).error());
  if (!read) spdlog::error("journal: the checkpoint in {} is damaged", folder_);
  Checkpoint checkpoint = read && *read ? **read : Checkpoint{0, 0, 0, FirstHash(), 0};
  position_ = {checkpoint.segment, checkpoint.records, checkpoint.bytes, checkpoint.last};
  if (numbers.empty() || numbers.back() < checkpoint.segment) {
    if (checkpoint.segment > 0) spdlog::error("journal: {} is missing", SegmentPath(folder_, checkpoint.segment));
    return Begin();
  }

  const std::int64_t number = numbers.back();
  TRY_ASSIGN(SegmentScan scan, ScanSegment(folder_, number));
  Hash before = FirstHash();
  if (!scan.has_header && numbers.size() > 1) {
    TRY_ASSIGN(SegmentScan older, ScanSegment(folder_, numbers[numbers.size() - 2]));
    before = older.last;
  }
  position_ = {number, scan.records, scan.bytes, scan.has_header ? scan.last : before};
  const bool acknowledged = number == checkpoint.segment && scan.bytes < checkpoint.bytes;
  if (acknowledged) {
    spdlog::error("journal: {}: {}; it was whole once", SegmentPath(folder_, number), scan.problem);
    position_ = {number, checkpoint.records, checkpoint.bytes, checkpoint.last};
    return Begin();
  }
  TRY_ASSIGN(DurableFile file, DurableFile::Open(SegmentPath(folder_, number), DurableFile::Start::kAsItIs));
  file_ = std::make_shared<DurableFile>(std::move(file));
  if (scan.problem.empty()) return {};
  spdlog::warn("journal: {}: {}; {} bytes that were never acknowledged are cut off", SegmentPath(folder_, number), scan.problem,
               scan.file_bytes - scan.bytes);
  TRY(file_->Truncate(scan.bytes));
  if (!scan.has_header) {
    std::string line;
    position_.last = AppendFrame(&line, before, 0, HeaderJson(number, before, clock_->NowMs()));
    TRY(file_->Append(line));
    position_.bytes = line.size();
  }
  return NoteRecovery(scan.problem, scan.file_bytes - scan.bytes);
}

Result<void> Segments::NoteRecovery(const std::string& problem, std::uint64_t cut_bytes) {
  SystemRandom random;
  Event event;
  event.id = random.Uuid();
  event.time_ms = clock_->NowMs();
  event.source = "hanse.audit";
  event.name = "JournalMended";
  event.read_only = false;
  event.identity = R"({"type":"AWSService","invokedBy":"hanse.audit"})";
  event.additional =
      fmt::format(R"({{"segment":"{}","problem":"{}","cutBytes":{}}})", SegmentName(position_.segment), problem, cut_bytes);
  return Append({{Record{event.ToJson()}}});
}

Result<void> Segments::Append(std::span<const Record> records) {
  TRY(CutOff());
  std::string lines;
  Hash last = position_.last;
  for (const Record& record : records) last = AppendFrame(&lines, last, record.outbox_row, record.json);
  file_->KeepRoom();
  if (auto appended = file_->Append(lines); !appended) {
    // What was written of it would break the chain; what cannot be cut off now is cut off before the next record.
    cut_off_ = true;
    (void)CutOff();
    return appended;
  }
  position_.last = std::move(last);
  position_.bytes += lines.size();
  position_.records += static_cast<std::int64_t>(records.size());
  return {};
}

Result<void> Segments::Rewind(const Position& to) {
  position_ = to;
  cut_off_ = true;
  return CutOff();
}

Result<void> Segments::CutOff() {
  if (!cut_off_) return {};
  TRY(file_->Truncate(position_.bytes));
  cut_off_ = false;
  return {};
}

Result<void> Segments::Begin() {
  if (file_) {
    TRY(CutOff());
    TRY(file_->Truncate(position_.bytes));  // The room that was kept is the next one's.
    TRY(file_->Sync());
  }
  const std::int64_t number = position_.segment + 1;
  const std::string path = SegmentPath(folder_, number);
  std::string line;
  Hash last = AppendFrame(&line, position_.last, 0, HeaderJson(number, position_.last, clock_->NowMs()));
  TRY_ASSIGN(DurableFile file, DurableFile::Open(path, DurableFile::Start::kEmpty));
  auto written = file.Append(line);
  if (written) written = file.Sync();
  if (written) written = SyncFolder(folder_);
  if (!written) {
    ::unlink(path.c_str());  // No record is in it.
    return written;
  }
  file_ = std::make_shared<DurableFile>(std::move(file));
  position_ = {number, 0, line.size(), std::move(last)};
  return {};
}

}  // namespace hanse::audit
