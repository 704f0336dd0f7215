#include "audit/index.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fmt/format.h>

#include "audit/index_database.h"
#include "audit/segment_file.h"
#include "base/log.h"

namespace hanse::audit {
namespace {

constexpr std::size_t kLineBytesMax = kRecordBytesMax + 128;
constexpr std::size_t kCatchUpBytes = 2 * kLineBytesMax;  // Always has a whole line.
constexpr int kFollowEveryMs = 250;
constexpr int kNice = 5;

}  // namespace

Result<std::unique_ptr<Index>> Index::Open(const std::string& folder) {
  TRY_ASSIGN(sqlite3 * database, index_database::Open(folder));
  std::unique_ptr<Index> index(new Index(folder, database));
  index->thread_ = std::thread([raw = index.get()] { raw->Run(); });
  return index;
}

Index::~Index() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
  index_database::Close(database_);
}

Result<std::vector<Found>> Index::Search(const Lookup& lookup, int wait_ms) {
  {
    std::unique_lock lock(mutex_);
    const std::uint64_t mine = ++asked_;
    wake_.notify_one();
    caught_up_.wait_for(lock, std::chrono::milliseconds(wait_ms), [&] { return answered_ >= mine; });
  }
  std::vector<index_database::Hit> hits;
  {
    std::lock_guard lock(database_mutex_);
    TRY_ASSIGN(hits, index_database::Search(database_, lookup));
  }
  std::vector<Found> all;
  for (index_database::Hit& hit : hits) {
    TRY_ASSIGN(std::string line, ReadAt(SegmentPath(folder_, hit.segment), hit.offset, hit.bytes));
    auto frame = ReadFrame(line);
    if (!frame) return Fail(ErrorCode::kUnavailable, fmt::format("the journal is damaged: {}", SegmentName(hit.segment)));
    hit.found.json = frame->json;
    all.push_back(std::move(hit.found));
  }
  return all;
}

void Index::Run() {
  // Requests come first on a busy machine (Linux takes this for the thread alone); who searches waits for it.
  (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice);
  while (true) {
    std::uint64_t asked = 0;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, std::chrono::milliseconds(kFollowEveryMs), [&] { return stopping_ || asked_ > answered_; });
      if (stopping_) return;
      asked = asked_;
    }
    // In batches, so that searches come in between and the end need not wait.
    Result<bool> more = true;
    while (more && *more) {
      more = CatchUp();
      std::lock_guard lock(mutex_);
      if (stopping_) return;
    }
    std::unique_lock lock(mutex_);
    if (more) {
      answered_ = asked;
      caught_up_.notify_all();
    } else {
      spdlog::error("journal: the index is behind: {}", more.error().message);
      wake_.wait_for(lock, std::chrono::seconds(1), [&] { return stopping_; });
    }
  }
}

// One chunk; false where there was nothing more when it was read. What comes while it is taken in waits for the next batch.
Result<bool> Index::CatchUp() {
  index_database::Progress at;
  {
    std::lock_guard lock(database_mutex_);
    TRY_ASSIGN(at, index_database::ReadProgress(database_));
  }
  auto text = ReadAt(SegmentPath(folder_, at.segment), at.offset, kCatchUpBytes);
  if (!text && text.error().code != ErrorCode::kNotFound) return std::unexpected(std::move(text).error());
  std::uint64_t taken = 0;
  if (text) {
    TRY_ASSIGN(taken, TakeIn(at.segment, at.offset, *text));
    if (taken > 0 && text->size() == kCatchUpBytes) return true;
    at.offset += taken;
  }
  // The end of this segment so far. Where there is a newer one, it is the end for good.
  TRY_ASSIGN(std::vector<std::int64_t> numbers, ListSegments(folder_));
  for (std::int64_t number : numbers) {
    if (number <= at.segment) continue;
    // Written between our reading and our listing?
    auto rest = ReadAt(SegmentPath(folder_, at.segment), at.offset, kLineBytesMax);
    if (rest && ReadFrame(*rest)) return true;
    std::lock_guard lock(database_mutex_);
    TRY(index_database::Add(database_, {}, {number, 0}));
    return true;
  }
  return false;
}

// Answers how many bytes it took: whole lines only. What is no frame is `verify`'s business; it is passed over line by line.
Result<std::uint64_t> Index::TakeIn(std::int64_t segment, std::uint64_t offset, const std::string& text) {
  std::vector<index_database::Located> events;
  std::size_t done = 0;
  while (done < text.size()) {
    std::string_view rest = std::string_view(text).substr(done);
    std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) break;
    if (auto frame = ReadFrame(rest)) {
      auto event = ReadEvent(frame->json);
      // LookupEvents shows management events; data events are far more, and read in bulk.
      if (event && event->category == "Management") events.push_back({std::move(*event), segment, offset + done, frame->bytes});
    }
    done += end + 1;
  }
  if (done == 0) return 0;
  std::lock_guard lock(database_mutex_);
  TRY(index_database::Add(database_, events, {segment, offset + done}));
  return done;
}

}  // namespace hanse::audit
