#include "engine/row_stream.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "engine/codec.h"

namespace hanse::engine {

namespace {

constexpr int kRowPollMs = 50;
constexpr std::size_t kGatheredBytes = 256 << 10;
constexpr std::size_t kFrameHead = 5;

}  // namespace

std::string EncodeTypes(const std::vector<unsigned>& types) {
  Encoder out;
  for (unsigned type : types) out.Number(type);
  return out.Take();
}

Result<std::vector<unsigned>> DecodeTypes(std::string_view bytes) {
  Decoder in(bytes);
  std::vector<unsigned> types;
  while (!in.AtEnd() && in.ok()) types.push_back(static_cast<unsigned>(in.Number()));
  if (!in.ok()) return Fail(ErrorCode::kInternal, "the types of a row stream do not parse");
  return types;
}

Result<std::pair<RowStreamWriter, int>> RowStreamWriter::Open(std::stop_token stop) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return Fail(ErrorCode::kUnavailable, "the server has no descriptors left");
  }
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return std::pair(RowStreamWriter(ends[0], std::move(stop)), ends[1]);
}

RowStreamWriter::RowStreamWriter(RowStreamWriter&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), stop_(std::move(other.stop_)), gathered_(std::move(other.gathered_)) {}

RowStreamWriter::~RowStreamWriter() {
  if (fd_ >= 0) close(fd_);
}

Result<void> RowStreamWriter::Types(const std::vector<unsigned>& types) { return Send(RowFrame::kTypes, EncodeTypes(types)); }

Result<void> RowStreamWriter::Bytes(std::string_view bytes) {
  gathered_ += bytes;
  if (gathered_.size() < kGatheredBytes) return {};
  return Send(RowFrame::kBytes, std::exchange(gathered_, {}));
}

void RowStreamWriter::Ended(const Result<void>& how) {
  // Who reads may be gone: then nobody asks how it ended.
  if (!how) {
    (void)Send(RowFrame::kFailed, how.error().message).has_value();
  } else if (gathered_.empty() || Send(RowFrame::kBytes, gathered_)) {
    (void)Send(RowFrame::kEnd, {}).has_value();
  }
}

Result<void> RowStreamWriter::Send(RowFrame frame, std::string_view payload) {
  if (payload.size() > kRowFrameBytesMax) return Fail(ErrorCode::kLimitExceeded, "a row of the warehouse is too large");
  char head[kFrameHead];
  const auto size = static_cast<std::uint32_t>(payload.size());
  std::memcpy(head, &size, sizeof size);
  head[4] = static_cast<char>(frame);
  TRY(SendAll({head, sizeof head}));
  return SendAll(payload);
}

Result<void> RowStreamWriter::SendAll(std::string_view bytes) {
  while (!bytes.empty()) {
    if (stop_.stop_requested()) return Fail(ErrorCode::kTimeout, "the query has ended");
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (sent < 0 && errno == EAGAIN) {
      pollfd room{fd_, POLLOUT, 0};
      poll(&room, 1, kRowPollMs);
    } else if (errno != EINTR) {
      return Fail(ErrorCode::kUnavailable, "nobody reads the rows any more");
    }
  }
  return {};
}

RowStreamReader::~RowStreamReader() {
  if (fd_ >= 0) close(fd_);
}

Result<RowStreamReader::Frame> RowStreamReader::Next(const std::function<bool()>& ended) {
  char head[kFrameHead];
  TRY(ReadAll(head, sizeof head, ended));
  std::uint32_t size = 0;
  std::memcpy(&size, head, sizeof size);
  const auto kind = static_cast<std::uint8_t>(head[4]);
  if (size > kRowFrameBytesMax || kind > static_cast<std::uint8_t>(RowFrame::kFailed)) {
    return Fail(ErrorCode::kInternal, "a row stream does not parse");
  }
  Frame frame{static_cast<RowFrame>(kind), std::string(size, '\0')};
  TRY(ReadAll(frame.payload.data(), size, ended));
  return frame;
}

Result<void> RowStreamReader::ReadAll(char* bytes, std::size_t size, const std::function<bool()>& ended) {
  while (size > 0) {
    pollfd ready{fd_, POLLIN, 0};
    if (poll(&ready, 1, kRowPollMs) <= 0) {
      if (ended()) return Fail(ErrorCode::kTimeout, "the query has ended");
      continue;
    }
    const ssize_t got = read(fd_, bytes, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Fail(ErrorCode::kUnavailable, "the rows of the warehouse broke off");
    bytes += got;
    size -= static_cast<std::size_t>(got);
  }
  return {};
}

}  // namespace hanse::engine
