#include "audit/segment_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>
#include <boost/json.hpp>

#include "base/text.h"

namespace hanse::audit {
namespace {

constexpr std::size_t kNumberDigits = 10;
constexpr std::size_t kChunkBytes = 4 << 20;

}  // namespace

std::string SegmentName(std::int64_t number) { return fmt::format("{:010}.log", number); }

std::string SegmentPath(const std::string& folder, std::int64_t number) { return folder + "/" + SegmentName(number); }

Result<std::vector<std::int64_t>> ListSegments(const std::string& folder) {
  std::error_code error;
  std::vector<std::int64_t> numbers;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::string name = at->path().filename().string();
    std::int64_t number = 0;
    auto [rest, wrong] = std::from_chars(name.data(), name.data() + std::min(name.size(), kNumberDigits), number);
    if (wrong == std::errc() && number > 0 && name == SegmentName(number)) numbers.push_back(number);
  }
  if (error) return Fail(ErrorCode::kUnavailable, fmt::format("the journal cannot be read: {}: {}", folder, error.message()));
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

std::string HeaderJson(std::int64_t number, const Hash& previous, TimeMs created_ms) {
  return fmt::format(R"({{"hanseJournal":1,"segment":{},"previous":"{}","createdTime":"{}"}})", number, Hex(previous),
                     FormatIso8601(created_ms));
}

bool ReadHeader(std::string_view json, std::int64_t number, Hash* previous) {
  boost::system::error_code error;
  boost::json::value header = boost::json::parse({json.data(), json.size()}, error);
  if (error || !header.is_object()) return false;
  const boost::json::object& members = header.as_object();
  const auto* version = members.if_contains("hanseJournal");
  const auto* segment = members.if_contains("segment");
  const auto* hash = members.if_contains("previous");
  if (!version || !segment || !hash || *version != 1 || *segment != number || !hash->is_string()) return false;
  return UnHex({hash->as_string().data(), hash->as_string().size()}, previous) && previous->size() == kHashBytes;
}

Result<SegmentScan> ScanSegment(const std::string& folder, std::int64_t number,
                                const std::function<void(const Frame&, std::uint64_t)>& seen) {
  const std::string path = SegmentPath(folder, number);
  SegmentScan scan;
  std::string text;      // What was read and is not yet part of the chain.
  std::size_t done = 0;  // Of `text`.
  while (scan.problem.empty()) {
    TRY_ASSIGN(std::string chunk, ReadAt(path, scan.file_bytes, kChunkBytes));
    text.erase(0, std::exchange(done, 0));
    if (chunk.empty()) break;
    scan.file_bytes += chunk.size();
    text += chunk;
    while (auto frame = ReadFrame(std::string_view(text).substr(done))) {
      if (!scan.has_header) {
        if (!ReadHeader(frame->json, number, &scan.previous) || !Follows(*frame, scan.previous)) {
          scan.problem = "the header is damaged";
          break;
        }
        scan.has_header = true;
      } else if (!Follows(*frame, scan.last)) {
        scan.problem = fmt::format("record {} is damaged", scan.records + 1);
        break;
      } else {
        ++scan.records;
        if (seen) seen(*frame, scan.bytes);
      }
      scan.last = std::move(frame->hash);
      scan.bytes += frame->bytes;
      done += frame->bytes;
    }
    if (scan.problem.empty() && text.find('\n', done) != std::string::npos) {
      scan.problem = scan.has_header ? fmt::format("record {} is damaged", scan.records + 1) : "the header is damaged";
    }
  }
  if (scan.problem.empty() && scan.bytes < scan.file_bytes) {
    scan.torn = true;
    scan.problem = fmt::format("record {} has no end", scan.records + 1);
  }
  if (scan.problem.empty() && !scan.has_header) scan.problem = "it is empty";
  struct stat found{};
  if (::stat(path.c_str(), &found) == 0) scan.file_bytes = static_cast<std::uint64_t>(found.st_size);
  return scan;
}

Result<std::string> ReadAt(const std::string& path, std::uint64_t offset, std::size_t bytes) {
  int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return Fail(errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kUnavailable,
                fmt::format("the journal cannot be read: {}: {}", path, std::strerror(errno)));
  }
  struct stat found{};
  if (::fstat(file, &found) == 0) {  // No room for what is not there.
    const auto file_bytes = static_cast<std::uint64_t>(found.st_size);
    bytes = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, file_bytes - std::min(file_bytes, offset)));
  }
  std::string text;
  ssize_t got = 1;
  text.resize_and_overwrite(bytes, [&](char* into, std::size_t) {
    std::size_t have = 0;
    while (have < bytes && got > 0) {
      got = ::pread(file, into + have, bytes - have, static_cast<off_t>(offset + have));
      if (got < 0 && errno == EINTR)
        got = 1;
      else if (got > 0)
        have += static_cast<std::size_t>(got);
    }
    return have;
  });
  int wrong = errno;
  ::close(file);
  if (got < 0) return Fail(ErrorCode::kUnavailable, fmt::format("the journal cannot be read: {}: {}", path, std::strerror(wrong)));
  return text;
}

}  // namespace hanse::audit
