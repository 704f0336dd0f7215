#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "doors/http/message.h"

namespace hanse::http {

// What a server bears of its clients. Beyond a limit it answers with the status named here, or cuts the connection.
struct Limits {
  std::size_t target_bytes_max = 16 * 1024;             // 414
  std::size_t head_bytes_max = 64 * 1024;               // 431
  std::size_t headers_max = 200;                        // 431
  std::uint64_t body_bytes_max = 6ull << 30;            // 413, by the declared size; of a chunked body when it gets there.
  std::uint64_t buffered_body_bytes_max = 1024 * 1024;  // Larger ones are streams.
  std::size_t connections_max = 2000;                   // 503, then cut.
  std::size_t streams_max = 64;                         // Bodies under way at once, each on a thread of its own while it lasts.
  std::size_t waiting_streams_max = 256;                // 503
  int workers = 16;                                     // Threads for all the rest; handlers run on them.
  int idle_timeout_ms = 60'000;                         // Between requests.
  int head_timeout_ms = 20'000;                         // For a head, from its first byte; for a handshake.
  int body_timeout_ms = 60'000;      // For a body that is read before its handler runs, and for sending an answer.
  int progress_timeout_ms = 30'000;  // A stream must move by `progress_bytes_min` in that time.
  std::uint64_t progress_bytes_min = 16 * 1024;
};

struct Endpoint {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;                          // 0: any free one.
  std::string tls_certificate_file, tls_key_file;  // PEM; TLS 1.2 and later. Both empty: plain.
};

// Answers one request. Called from many threads at once; may block. What it throws becomes a 500.
using Handler = std::function<Response(Request&)>;

// An HTTP/1.1 server (RFC 9110, RFC 9112) for several endpoints: keep-alive, pipelining (answers in order, one request of a
// connection at a time), chunked bodies, Expect, HEAD. The road of a request: doors/http/README.md. Listen, Start and Stop are for
// one thread; `clock` and the handlers' world outlive the server.
class Server {
 public:
  explicit Server(const Clock& clock, Limits limits = {});
  ~Server();  // Stops at once.
  Server(const Server&) = delete;

  // Binds and gives back the port; connections are accepted from Start on. kInvalidArgument for an address, a certificate or a key
  // that is none; kUnavailable where the port is taken.
  Result<std::uint16_t> Listen(const Endpoint& endpoint, Handler handler);
  void Start();
  // Takes no more connections, ends the idle ones, lets requests under way finish, and cuts what is left after `deadline_ms`.
  void Stop(int deadline_ms);

  struct Counts {
    std::size_t connections, streams;
    std::uint64_t requests;
  };
  Counts counts() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace hanse::http
