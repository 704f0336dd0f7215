#pragma once
#include <atomic>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/clock.h"
#include "base/random.h"
#include "doors/pgwire/connection.h"
#include "doors/pgwire/socket.h"

namespace hanse::pgwire {

struct Endpoint {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;                          // 0: any free one.
  std::string tls_certificate_file, tls_key_file;  // Both empty: no TLS.
};

// The PostgreSQL wire on one address: a thread a client. Who has not signed in takes no place of those who have, and no key and no
// address takes every place: beyond that, 53300. Listen, Start and Stop are for one thread; what `parts` names outlives the server.
class Server {
 public:
  static constexpr std::size_t kClientsMax = 200;            // Signed in.
  static constexpr std::size_t kClientsOfKeyMax = 100;       // Of them with one access key.
  static constexpr std::size_t kStrangersMax = 100;          // Not signed in yet.
  static constexpr std::size_t kStrangersOfAddressMax = 50;  // Of them from one address.

  explicit Server(Parts parts) : parts_(parts) {}
  ~Server();
  Server(const Server&) = delete;

  // Binds and gives back the port. kInvalidArgument for an address, certificate or key that is none; kUnavailable where it is
  // taken.
  Result<std::uint16_t> Listen(const Endpoint& endpoint);
  void Start();
  // Ends every session: what runs is stopped.
  void Stop();

 private:
  struct Client {
    std::unique_ptr<Connection> connection;
    std::atomic<bool> ended = false;
    std::thread thread;
  };
  void Accept();
  void Welcome(int fd, std::string address);
  void Tend();  // Joins whose client has gone, stops what runs for nobody.
  void Cancel(std::uint32_t process, std::uint32_t secret);
  bool Admit(const std::string& access_key);
  bool Crowded(const std::string& address);

  Parts parts_;
  std::unique_ptr<Tls> tls_;
  AnswerRoom room_;
  int listening_ = -1;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::list<Client> clients_;
  std::thread acceptor_;
};

}  // namespace hanse::pgwire
