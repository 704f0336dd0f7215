#include "doors/http/body_stream.h"

#include <algorithm>
#include <cstring>

#include "doors/http/connection.h"

namespace hanse::http {

Result<std::size_t> BodyStream::Read(std::span<char> into) { return connection_.ReadStream(into); }

Result<std::size_t> Connection::ReadStream(std::span<char> into) {
  if (body_ == Body::kRead || into.empty()) return 0;
  body_ = Body::kUnderWay;
  if (continue_due_) {
    continue_due_ = false;
    if (!Write("HTTP/1.1 100 Continue\r\n\r\n")) return Fail(ErrorCode::kUnavailable, "the client is gone");
  }
  if (head_.body == BodyKind::kLength) {
    TRY_ASSIGN(const std::size_t count, ReadRaw(into.first(std::min<std::uint64_t>(into.size(), body_left_))));
    body_left_ -= count;
    if (body_left_ == 0) body_ = Body::kRead;
    return count;
  }
  // Chunks: decoded out of the buffer, which is filled when it is empty.
  for (;;) {
    TRY_ASSIGN(const ChunkedBody::Step step, chunks_.Decode(Buffered(), into));
    Consume(step.read);
    body_seen_ += step.written;
    if (body_seen_ > core_.limits.body_bytes_max) return Fail(ErrorCode::kLimitExceeded, "the body is too large");
    if (chunks_.done()) body_ = Body::kRead;
    if (step.written > 0 || chunks_.done()) return step.written;
    begin_ = end_ = 0;
    buffer_.resize(std::max<std::size_t>(buffer_.size(), 64 * 1024));
    TRY_ASSIGN(const std::size_t count, ReadRaw(buffer_));
    end_ = count;
  }
}

// Bytes of the connection, those buffered first; never none.
Result<std::size_t> Connection::ReadRaw(std::span<char> into) {
  if (const std::size_t count = std::min(into.size(), Buffered().size()); count > 0 && into.data() != buffer_.data()) {
    std::memcpy(into.data(), buffer_.data() + begin_, count);
    Consume(count);
    return count;
  }
  // The time waited counts until enough has come: a client that trickles loses, one whose reader is slow does not.
  const std::int64_t before = core_.Tick();
  const std::int64_t left = std::max<std::int64_t>(1, core_.TicksOf(core_.limits.progress_timeout_ms) - window_ticks_);
  deadline_.store(before + left, std::memory_order_relaxed);
  Channel::Failure error;
  const std::size_t count = channel_.Read(boost::asio::buffer(into.data(), into.size()), &error);
  NoDeadline();
  if (error || count == 0) return Fail(ErrorCode::kUnavailable, "the client went away before the end of the body");
  window_ticks_ += core_.Tick() - before;
  moved_ += count;
  if (moved_ >= core_.limits.progress_bytes_min) moved_ = 0, window_ticks_ = 0;
  return count;
}

}  // namespace hanse::http
