#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

struct ssl_st;
struct ssl_ctx_st;

namespace hanse::pgwire {

// The server's certificate and key, for TLS 1.2 and later. Any thread.
class Tls {
 public:
  // kInvalidArgument for files that are none.
  static Result<std::unique_ptr<Tls>> Open(const std::string& certificate_file, const std::string& key_file);
  ~Tls();
  Tls(const Tls&) = delete;

  ssl_ctx_st* context() const { return context_; }
  // tls-server-end-point: the certificate's digest (RFC 5929, section 4.1).
  const std::string& certificate_digest() const { return certificate_digest_; }

 private:
  explicit Tls(ssl_ctx_st* context) : context_(context) {}
  ssl_ctx_st* context_;
  std::string certificate_digest_;
};

// A client's connection: whole reads with deadlines, plain or TLS. Owns its descriptor. One thread; Cut() and gone() any.
class Socket {
 public:
  explicit Socket(int fd);
  ~Socket();
  Socket(const Socket&) = delete;

  // The first byte that comes, without taking it; kTimeout after `timeout_ms` (negative: never), kUnavailable at the end.
  Result<char> Peek(int timeout_ms);
  // Exactly `size` bytes; each wait of at most `timeout_ms`.
  Result<std::string> Read(std::size_t size, int timeout_ms);
  Result<void> Write(std::string_view bytes, int timeout_ms);
  // The server's side of the handshake. What came in plain before it is refused (CVE-2021-23214).
  Result<void> Secure(const Tls& tls, int timeout_ms);
  // All waits together: what is not done by then is kTimeout, however busy the client looks. Negative: no such end.
  void EndIn(int all_ms);
  bool secure() const { return ssl_ != nullptr; }
  bool pending() const { return at_ < buffer_.size(); }

  // Ends what is under way with an error.
  void Cut();
  // Whether the client has hung up.
  bool gone() const;

 private:
  Result<void> Fill(int timeout_ms);
  Result<void> Wait(short events, int timeout_ms);

  const int fd_;
  ssl_st* ssl_ = nullptr;
  std::string buffer_;
  std::size_t at_ = 0;
  std::optional<std::chrono::steady_clock::time_point> end_;
};

}  // namespace hanse::pgwire
