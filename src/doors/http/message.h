#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/stream.h"

// Requests and responses of HTTP/1.1 (RFC 9112) as a door sees them.
namespace hanse::http {

struct Header {
  std::string name;  // As it was sent; comparisons ignore the case of ASCII letters.
  std::string value;
};

// Headers in the order in which they came, doubles kept.
class Headers {
 public:
  void Add(std::string name, std::string value) { all_.push_back({std::move(name), std::move(value)}); }
  // Takes the place of every header of that name.
  void Set(std::string_view name, std::string value);
  void Remove(std::string_view name);
  // The first of that name; null where there is none. Valid until the headers change.
  const std::string* Find(std::string_view name) const;
  // The first of that name, or nothing.
  std::string_view Get(std::string_view name) const;
  std::size_t Count(std::string_view name) const;

  bool empty() const { return all_.empty(); }
  std::size_t size() const { return all_.size(); }
  auto begin() const { return all_.begin(); }
  auto end() const { return all_.end(); }

 private:
  std::vector<Header> all_;
};

struct Request {
  std::string method;  // As sent: "GET".
  std::string target;  // Path and query exactly as sent, nothing decoded: "/bucket/a%20b?list-type=2".
  Headers headers;
  std::string remote_address;  // The peer's IP address without its port.
  bool tls = false;
  bool loopback = false;  // The peer is this machine.
  // The body: whole in `body` where it was declared and small (Limits::buffered_body_bytes_max), else to be read from `stream`,
  // by the thread of the handler and before the handler returns.
  std::string body;
  std::unique_ptr<ByteSource> stream;

  std::string_view path() const;   // Of the target, undecoded.
  std::string_view query() const;  // Of the target, without '?', undecoded.
};

struct Response {
  int status = 200;
  // Without Content-Length, Transfer-Encoding, Connection and Date, which the server writes; but the Content-Length of an answer to
  // HEAD is the handler's.
  Headers headers;
  std::string body;
  std::shared_ptr<ByteSource> stream;  // Instead of `body`. Of unknown size: sent chunked. An error in it cuts the connection.
};

// All of a stream, where it is not longer than `bytes_max`: kLimitExceeded otherwise, and before anything is read where its size is
// declared.
Result<std::string> ReadWhole(ByteSource& stream, std::uint64_t bytes_max);
// A stream over bytes in memory.
std::unique_ptr<ByteSource> SourceOf(std::string bytes);

}  // namespace hanse::http
