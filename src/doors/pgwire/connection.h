#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "doors/pgwire/session.h"
#include "doors/pgwire/socket.h"

namespace hanse::pgwire {

// One client's connection: TLS, sign-in by SCRAM with an access key, then messages to its Session. Order: length under a limit, the
// packet, TLS where the server has it, the proof, and only then anything that the client asks. One thread runs it; Cancel, Cut and
// StopIfGone are for any.
class Connection {
 public:
  struct Host {
    const Parts& parts;
    const Tls* tls;  // nullptr: plain, on this machine alone.
    AnswerRoom& room;
    std::function<void(std::uint32_t process, std::uint32_t secret)> cancel;
    std::function<bool(const std::string& access_key)> admit;  // Whether there is room for one more of this key's sessions.
  };
  Connection(Host host, int fd, std::string address) : host_(std::move(host)), socket_(fd), address_(std::move(address)) {}

  void Run();
  // Stops the running statement, where process and secret are this session's.
  void Cancel(std::uint32_t process, std::uint32_t secret);
  void Cut();
  void StopIfGone();
  const std::string& address() const { return address_; }
  std::string access_key() const;  // Of who has signed in; empty before.

 private:
  // Who wants in, as the startup packet says.
  struct Wanted {
    std::string access_key, session_token, database;
    Settings settings;
  };
  Result<std::optional<Startup>> Greet();  // Nothing where the connection was for a cancel.
  Result<Wanted> Read(const Startup& startup) const;
  Result<void> SignIn(const Wanted& wanted);
  Result<std::string> Exchange(const Wanted& wanted, std::string* secret);
  Result<std::string> AskPassword(std::uint32_t kind, std::string_view data);
  Result<void> Welcome(Wanted wanted, const Startup& startup);
  Result<void> Serve();
  Result<std::pair<char, std::string>> ReadMessage(std::size_t bytes_max, int first_timeout_ms);
  void Tell(const Refusal& refusal);
  Result<void> Send(std::string_view bytes);

  const Host host_;
  Socket socket_;
  const std::string address_;
  mutable std::mutex mutex_;  // Of what follows: others cancel.
  std::unique_ptr<Session> session_;
  std::string secret_, access_key_;
};

}  // namespace hanse::pgwire
