#include "doors/http/connection.h"

#include <algorithm>

#include "doors/http/body_stream.h"

namespace hanse::http {
namespace {

constexpr std::size_t kBufferBytes = 4 * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

Connection::Connection(Core& core, Channel::Tcp::socket socket, boost::asio::ssl::context* tls, const Handler& handler)
    : core_(core), channel_(std::move(socket), tls), handler_(handler) {
  Channel::Failure error;
  const auto peer = channel_.socket().remote_endpoint(error).address();
  remote_address_ = peer.to_string();
  loopback_ =
      !error && (peer.is_loopback() || (peer.is_v6() && peer.to_v6().is_v4_mapped() &&
                                        boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, peer.to_v6()).is_loopback()));
}

Connection::~Connection() {
  core_.Remove(this);
  channel_.Close();
}

void Connection::Start() {
  SetDeadline(core_.limits.head_timeout_ms);
  if (!channel_.tls()) return ReadHead();
  channel_.Handshake([self = shared_from_this()](const Channel::Failure& error) {
    if (!error) self->ReadHead();
  });
}

void Connection::TellTooMany(std::string_view answer) {
  Channel::Failure ignored;
  channel_.socket().non_blocking(true, ignored);
  channel_.socket().write_some(boost::asio::buffer(answer), ignored);
}

void Connection::CutIfLate(std::int64_t now_ticks) {
  const std::int64_t deadline = deadline_.load(std::memory_order_relaxed);
  if (deadline != 0 && now_ticks > deadline) Cut();
}

void Connection::CutIfIdle() {
  if (idle_.load()) Cut();
}

// Looks for a whole head in what is buffered; reads on until there is one.
void Connection::ReadHead() {
  while (Buffered().starts_with("\r\n")) Consume(2);  // RFC 9112, section 2.2.
  const std::size_t end = Buffered().find("\r\n\r\n");
  if (end != std::string_view::npos && end + 4 <= core_.limits.head_bytes_max) {
    auto head = ParseHead(Buffered().substr(0, end + 4), core_.limits);
    if (!head) return Refuse(head.error().status, head.error().reason);
    Consume(end + 4);
    return OnHead(*std::move(head));
  }
  if (Buffered().size() >= core_.limits.head_bytes_max) {
    const bool in_target = Buffered().find("\r\n") >= core_.limits.target_bytes_max;
    return in_target ? Refuse(414, "the target is too long") : Refuse(431, "the headers are too long");
  }
  if (begin_ == end_) {
    begin_ = end_ = 0;
    if (buffer_.size() > 4 * kBufferBytes) buffer_ = {};  // An idle client keeps little memory.
    SetDeadline(core_.limits.idle_timeout_ms);
    idle_.store(true);
    if (core_.stopping.load()) return;
  }
  if (buffer_.size() - end_ < kBufferBytes / 2) {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), buffer_.begin() + static_cast<std::ptrdiff_t>(end_),
              buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
    if (buffer_.size() - end_ < kBufferBytes / 2) buffer_.resize(std::max(kBufferBytes, 2 * buffer_.size()));
  }
  channel_.AsyncRead(boost::asio::buffer(buffer_.data() + end_, buffer_.size() - end_),
                     [self = shared_from_this()](const Channel::Failure& error, std::size_t count) {
                       if (error) return;
                       if (self->idle_.load(std::memory_order_relaxed)) {
                         self->idle_.store(false);
                         self->SetDeadline(self->core_.limits.head_timeout_ms);
                       }
                       self->end_ += count;
                       self->ReadHead();
                     });
}

void Connection::OnHead(RequestHead head) {
  idle_.store(false);
  head_ = std::move(head);
  head_.request.remote_address = remote_address_;
  head_.request.loopback = loopback_;
  head_.request.tls = channel_.tls();
  core_.requests.fetch_add(1, std::memory_order_relaxed);
  close_ = !head_.keep_alive;
  continue_due_ = head_.expects_continue && Buffered().empty();
  body_left_ = head_.content_length;
  body_seen_ = 0;
  body_ = head_.body == BodyKind::kNone ? Body::kNone : Body::kUnread;
  if (body_ == Body::kNone) return OnRequest();
  if (head_.body == BodyKind::kLength && head_.content_length <= core_.limits.buffered_body_bytes_max) return ReadBody();
  chunks_ = {};
  moved_ = 0;
  window_ticks_ = 0;
  NoDeadline();
  head_.request.stream = std::make_unique<BodyStream>(*this, head_.body == BodyKind::kLength ? &head_.content_length : nullptr);
  if (!core_.streams.Run([self = shared_from_this()] { self->Finish(self->Call()); })) Refuse(503, "too many bodies are under way");
}

// A small body: taken whole before the handler runs, so that a slow client holds no thread.
void Connection::ReadBody() {
  SetDeadline(core_.limits.body_timeout_ms);
  const std::size_t count = std::min<std::uint64_t>(body_left_, Buffered().size());
  head_.request.body.assign(Buffered().substr(0, count));
  Consume(count);
  body_left_ -= count;
  if (body_left_ == 0) return OnRequest();
  continue_due_ ? SayContinue(&Connection::ReadBodyPart) : ReadBodyPart();
}

void Connection::ReadBodyPart() {
  std::string& body = head_.request.body;
  const std::size_t filled = head_.content_length - body_left_;
  // Grows with what has come, not with what was declared.
  body.resize(std::min<std::uint64_t>(head_.content_length, std::max<std::size_t>(64 * 1024, 2 * filled)));
  channel_.AsyncRead(boost::asio::buffer(body.data() + filled, body.size() - filled),
                     [self = shared_from_this()](const Channel::Failure& error, std::size_t count) {
                       if (error) return;
                       self->body_left_ -= count;
                       self->body_left_ == 0 ? self->OnRequest() : self->ReadBodyPart();
                     });
}

void Connection::SayContinue(void (Connection::*next)()) {
  continue_due_ = false;
  channel_.AsyncWrite(boost::asio::buffer(kContinue),
                      [self = shared_from_this(), next](const Channel::Failure& error, std::size_t) {
                        if (!error) ((*self).*next)();
                      });
}

void Connection::OnRequest() {
  if (body_ != Body::kNone) body_ = Body::kRead;
  NoDeadline();
  core_.RunHandler([self = shared_from_this()] { self->Finish(self->Call()); });
}

void Connection::Refuse(int status, std::string_view reason) {
  close_ = true;
  body_ = Body::kUnread;  // Whatever follows is not read as a request.
  Response response;
  response.status = status;
  response.headers.Add("Content-Type", "text/plain");
  response.body.append(reason).append("\n");
  Send(std::move(response));
}

}  // namespace hanse::http
