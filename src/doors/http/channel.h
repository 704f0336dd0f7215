#pragma once
#include <mutex>
#include <optional>

#include "doors/http/asio.h"

// Asio stands here: for the .cc files of this folder only.
namespace hanse::http {

// A TCP connection with or without TLS. One operation at a time, by any thread; Cut from any thread at any time.
class Channel {
 public:
  using Tcp = boost::asio::ip::tcp;
  using Failure = boost::system::error_code;

  Channel(Tcp::socket socket, boost::asio::ssl::context* tls) : socket_(std::move(socket)) {
    if (tls != nullptr) tls_.emplace(socket_, *tls);
  }

  bool tls() const { return tls_.has_value(); }
  Tcp::socket& socket() { return socket_; }

  template <class Done>
  void Handshake(Done&& done) {
    tls_->async_handshake(boost::asio::ssl::stream_base::server, std::forward<Done>(done));
  }
  template <class Done>
  void AsyncRead(boost::asio::mutable_buffer into, Done&& done) {
    tls_ ? tls_->async_read_some(into, std::forward<Done>(done)) : socket_.async_read_some(into, std::forward<Done>(done));
  }
  template <class Buffers, class Done>
  void AsyncWrite(const Buffers& from, Done&& done) {
    tls_ ? boost::asio::async_write(*tls_, from, std::forward<Done>(done))
         : boost::asio::async_write(socket_, from, std::forward<Done>(done));
  }
  // How many bytes the socket takes without waiting: often all of a small answer, and then nobody need be told later.
  std::size_t WriteNow(boost::asio::const_buffer from) {
    Failure ignored;  // Whoever writes the rest hears of it.
    if (tls_ || !socket_.native_non_blocking()) return 0;
    return socket_.write_some(from, ignored);
  }
  // These two wait, for as long as Cut lets them.
  std::size_t Read(boost::asio::mutable_buffer into, Failure* error) {
    return tls_ ? tls_->read_some(into, *error) : socket_.read_some(into, *error);
  }
  void Write(boost::asio::const_buffer from, Failure* error) {
    tls_ ? boost::asio::write(*tls_, from, *error) : boost::asio::write(socket_, from, *error);
  }

  void EndSending() {
    Failure ignored;
    socket_.shutdown(Tcp::socket::shutdown_send, ignored);
  }
  // Ends what is under way with an error; the socket stays, so that its number cannot become another's.
  void Cut() {
    const std::lock_guard lock(mutex_);
    if (socket_.is_open()) ::shutdown(socket_.native_handle(), SHUT_RDWR);
  }
  void Close() {
    const std::lock_guard lock(mutex_);
    Failure ignored;
    socket_.close(ignored);
  }

 private:
  std::mutex mutex_;
  Tcp::socket socket_;
  std::optional<boost::asio::ssl::stream<Tcp::socket&>> tls_;
};

}  // namespace hanse::http
