#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace hanse::pgwire {

// The server's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677; PostgreSQL 15, "SASL Authentication"): one
// exchange. The secret never crosses the wire and the client learns that the server knows it too. Who has no such key goes through
// the same steps with a drawn secret, and fails at the end as a wrong secret does. One thread.
class Scram {
 public:
  struct Parts {
    std::string salt, nonce;  // Drawn for this exchange.
    std::string certificate;  // tls-server-end-point (RFC 5929); empty without TLS.
    int iterations = 4096;
  };
  explicit Scram(Parts parts) : parts_(std::move(parts)) {}

  // The server's first message. kInvalidArgument for what is no SCRAM; kUnauthenticated for a binding that was taken away on the
  // way.
  Result<std::string> First(bool plus, std::string_view client_first);
  // The server's final message, where the proof is of `secret`; else kUnauthenticated.
  Result<std::string> Final(std::string_view client_final, std::string_view secret);

 private:
  Parts parts_;
  std::string header_, bare_, first_, nonce_;
  bool plus_ = false;
};

inline constexpr std::string_view kScram = "SCRAM-SHA-256";
inline constexpr std::string_view kScramPlus = "SCRAM-SHA-256-PLUS";

}  // namespace hanse::pgwire
