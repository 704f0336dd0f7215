// What a connection does with the answer of a handler.
#include <array>
#include <exception>

#include <fmt/format.h>

#include "base/log.h"
#include "doors/http/connection.h"

namespace hanse::http {
namespace {

constexpr std::size_t kPieceBytes = 256 * 1024;
constexpr std::size_t kOneWriteBytes = 16 * 1024;
constexpr std::uint64_t kLingerBytesMax = 16 * 1024 * 1024;
constexpr int kLingerMs = 5000;

Response PlainText(int status, std::string_view text) {
  Response response;
  response.status = status;
  response.headers.Add("Content-Type", "text/plain");
  response.body = text;
  return response;
}

// The size that an answer to HEAD tells and does not send.
std::optional<std::uint64_t> ToldSize(const Response& response) {
  if (response.stream) return response.stream->size();
  const std::string_view told = response.headers.Get("Content-Length");
  if (told.empty() || told.size() > 19 || told.find_first_not_of("0123456789") != told.npos) return response.body.size();
  return std::stoull(std::string(told));
}

}  // namespace

Response Connection::Call() {
  try {
    return handler_(head_.request);
  } catch (const std::exception& error) {
    spdlog::error("a request handler threw: {}", error.what());
  } catch (...) {
    spdlog::error("a request handler threw");
  }
  return PlainText(500, "internal error\n");
}

// On the thread of the handler. A small stream is read here and sent like any other answer; a large one goes to a stream's thread.
void Connection::Finish(Response response) {
  head_.request.stream.reset();
  if (head_.request.method == "HEAD" || !response.stream) return Send(std::move(response));
  const std::optional<std::uint64_t> size = response.stream->size();
  if (size && *size <= core_.limits.buffered_body_bytes_max) {
    Result<std::string> whole = ReadWhole(*response.stream, *size);
    if (!whole || whole->size() != *size) return Send(PlainText(500, "internal error\n"));
    response.body = *std::move(whole);
    response.stream.reset();
    return Send(std::move(response));
  }
  const auto shared = std::make_shared<Response>(std::move(response));
  if (!core_.streams.Run([self = shared_from_this(), shared] { self->SendStream(std::move(*shared)); })) {
    Send(PlainText(503, "too many answers are under way\n"));
  }
}

void Connection::Send(Response response) {
  response_ = std::move(response);
  const bool head_only = head_.request.method == "HEAD";
  close_ |= body_ == Body::kUnread || body_ == Body::kUnderWay || core_.stopping.load(std::memory_order_relaxed);
  ResponseHead head{response_, Framing::kLength, {}, close_ ? After::kClose : After::kKeepAlive};
  if (HasBody(response_.status)) {
    head.content_length = head_only ? ToldSize(response_) : response_.body.size();
  }
  response_head_ = WriteHead(head, core_.clock.NowMs());
  if (head_only || !HasBody(response_.status)) response_.body.clear();
  SetDeadline(core_.limits.body_timeout_ms);
  const auto done = [self = shared_from_this()](const Channel::Failure& error, std::size_t) {
    if (!error) self->AfterAnswer();
  };
  if (response_.body.size() <= kOneWriteBytes) {
    response_head_.append(response_.body);
    boost::asio::const_buffer rest = boost::asio::buffer(response_head_);
    if (begin_ == end_) rest += channel_.WriteNow(rest);  // Else the next request would be answered further up this stack.
    return rest.size() == 0 ? AfterAnswer() : channel_.AsyncWrite(rest, done);
  }
  channel_.AsyncWrite(std::array{boost::asio::const_buffer(boost::asio::buffer(response_head_)),
                                 boost::asio::const_buffer(boost::asio::buffer(response_.body))},
                      done);
}

void Connection::AfterAnswer() {
  response_ = {};
  head_ = {};
  if (!close_) return ReadHead();
  if (body_ == Body::kUnread || body_ == Body::kUnderWay) {
    channel_.EndSending();
    SetDeadline(kLingerMs);
    lingered_ = 0;
    return Linger();
  }
}

// Reads on for a while: closing on a client that still sends would take our answer from it (RFC 9112, section 9.6).
void Connection::Linger() {
  if (lingered_ > kLingerBytesMax) return;
  begin_ = end_ = 0;
  buffer_.resize(64 * 1024);
  channel_.AsyncRead(boost::asio::buffer(buffer_), [self = shared_from_this()](const Channel::Failure& error, std::size_t count) {
    if (error) return;
    self->lingered_ += count;
    self->Linger();
  });
}

// On a stream's thread.
void Connection::SendStream(Response response) {
  const std::optional<std::uint64_t> size = response.stream->size();
  const Framing framing = size ? Framing::kLength : head_.knows_chunks ? Framing::kChunked : Framing::kUntilClose;
  close_ |= body_ == Body::kUnread || body_ == Body::kUnderWay || framing == Framing::kUntilClose || core_.stopping.load();
  const std::string head = WriteHead({response, framing, size, close_ ? After::kClose : After::kKeepAlive}, core_.clock.NowMs());
  if (!Write(head) || !Pump(response, framing, size.value_or(0))) return Cut();
  response.stream.reset();
  boost::asio::post(channel_.socket().get_executor(), [self = shared_from_this()] { self->AfterAnswer(); });
}

// False where the stream or the client failed: the body's length then tells the client that it has not all of it.
bool Connection::Pump(const Response& response, Framing framing, std::uint64_t declared) {
  std::vector<char> piece(kPieceBytes);
  for (std::uint64_t sent = 0;;) {
    const Result<std::size_t> count = response.stream->Read(piece);
    if (!count) return false;
    if (*count == 0) return framing == Framing::kChunked ? Write("0\r\n\r\n") : framing == Framing::kUntilClose || sent == declared;
    sent += *count;
    if (framing == Framing::kLength && sent > declared) return false;
    if (framing == Framing::kChunked && !Write(fmt::format("{:x}\r\n", *count))) return false;
    if (!Write({piece.data(), *count})) return false;
    if (framing == Framing::kChunked && !Write("\r\n")) return false;
  }
}

// In steps of which each must go within the time for progress.
bool Connection::Write(std::string_view bytes) {
  const std::size_t step = std::max<std::size_t>(64 * 1024, core_.limits.progress_bytes_min);
  for (; !bytes.empty(); bytes.remove_prefix(std::min(step, bytes.size()))) {
    SetDeadline(core_.limits.progress_timeout_ms);
    Channel::Failure error;
    channel_.Write(boost::asio::buffer(bytes.substr(0, step)), &error);
    NoDeadline();
    if (error) return false;
  }
  return true;
}

}  // namespace hanse::http
