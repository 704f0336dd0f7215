#pragma once
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "doors/http/channel.h"
#include "doors/http/chunked_body.h"
#include "doors/http/core.h"
#include "doors/http/request_head.h"
#include "doors/http/response_head.h"

// Asio stands here: for the .cc files of this folder only.
namespace hanse::http {

// One client, its requests one after the other: wait -> head -> (body) -> handler -> answer -> wait. At every moment one thread or
// one pending operation of Asio has it, and holds a shared_ptr to it; the only call from outside that is Cut, by time or by Stop.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Core& core, Channel::Tcp::socket socket, boost::asio::ssl::context* tls, const Handler& handler);
  ~Connection();

  void Start();
  // Instead of Start: an answer without a request, as far as it goes without waiting.
  void TellTooMany(std::string_view answer);
  // Any thread.
  void CutIfLate(std::int64_t now_ticks);
  void CutIfIdle();
  void Cut() { channel_.Cut(); }

 private:
  friend class BodyStream;
  enum class Body { kNone, kUnread, kUnderWay, kRead };

  // connection.cc: requests in.
  void ReadHead();
  void OnHead(RequestHead head);
  void ReadBody();
  void ReadBodyPart();
  void SayContinue(void (Connection::*next)());
  void OnRequest();
  void Refuse(int status, std::string_view reason);

  // answer.cc: responses out.
  Response Call();
  void Finish(Response response);
  void Send(Response response);
  void AfterAnswer();
  void Linger();
  void SendStream(Response response);
  bool Write(std::string_view bytes);
  bool Pump(const Response& response, Framing framing, std::uint64_t declared);

  // body_stream.cc, on a stream's thread.
  Result<std::size_t> ReadStream(std::span<char> into);
  Result<std::size_t> ReadRaw(std::span<char> into);

  void SetDeadline(int ms) { deadline_.store(core_.Tick() + core_.TicksOf(ms), std::memory_order_relaxed); }
  void NoDeadline() { deadline_.store(0, std::memory_order_relaxed); }
  std::string_view Buffered() const { return {buffer_.data() + begin_, end_ - begin_}; }
  void Consume(std::size_t count) { begin_ += count; }

  Core& core_;
  Channel channel_;
  const Handler& handler_;
  std::string remote_address_;
  bool loopback_ = false;

  std::atomic<std::int64_t> deadline_{0};  // In ticks; 0 for none.
  std::atomic<bool> idle_{true};           // Waits for the first byte of a request.

  std::vector<char> buffer_;  // Bytes read and not taken yet: [begin_, end_).
  std::size_t begin_ = 0, end_ = 0;

  RequestHead head_;
  Body body_ = Body::kNone;
  std::uint64_t body_left_ = 0;  // Of a body of declared length.
  std::uint64_t body_seen_ = 0;
  ChunkedBody chunks_;
  bool continue_due_ = false;      // The client waits for "100 Continue".
  std::uint64_t moved_ = 0;        // Bytes of a stream since `window_start_`.
  std::int64_t window_ticks_ = 0;  // Time waited for them.

  Response response_;  // While it is being sent.
  std::string response_head_;
  bool close_ = false;  // After this answer.
  std::uint64_t lingered_ = 0;
};

}  // namespace hanse::http
