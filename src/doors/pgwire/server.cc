#include "doors/pgwire/server.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include <fmt/format.h>

#include "base/log.h"

namespace hanse::pgwire {
namespace {

constexpr int kTickMs = 250;

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

Result<Address> AddressOf(const Endpoint& endpoint) {
  Address address;
  const std::string host = endpoint.address == "localhost" ? "127.0.0.1" : endpoint.address;
  auto* four = reinterpret_cast<sockaddr_in*>(&address.storage);
  auto* six = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (inet_pton(AF_INET, host.c_str(), &four->sin_addr) == 1) {
    four->sin_family = AF_INET;
    four->sin_port = htons(endpoint.port);
    address.size = sizeof *four;
  } else if (inet_pton(AF_INET6, host.c_str(), &six->sin6_addr) == 1) {
    six->sin6_family = AF_INET6;
    six->sin6_port = htons(endpoint.port);
    address.size = sizeof *six;
  } else {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("not an IP address: {}", endpoint.address));
  }
  return address;
}

std::string TextOf(const sockaddr_storage& storage) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = storage.ss_family == AF_INET6
                          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(storage).sin6_addr)
                          : &reinterpret_cast<const sockaddr_in&>(storage).sin_addr;
  return inet_ntop(storage.ss_family, bytes, text.data(), text.size()) == nullptr ? "" : text.data();
}

}  // namespace

Server::~Server() { Stop(); }

Result<std::uint16_t> Server::Listen(const Endpoint& endpoint) {
  if (!endpoint.tls_certificate_file.empty()) {
    TRY_ASSIGN(tls_, Tls::Open(endpoint.tls_certificate_file, endpoint.tls_key_file));
  }
  TRY_ASSIGN(Address address, AddressOf(endpoint));
  listening_ = socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  if (listening_ >= 0) setsockopt(listening_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  auto* generic = reinterpret_cast<sockaddr*>(&address.storage);
  if (listening_ < 0 || bind(listening_, generic, address.size) != 0 || listen(listening_, 128) != 0 ||
      getsockname(listening_, generic, &address.size) != 0) {
    return Fail(ErrorCode::kUnavailable,
                fmt::format("cannot listen on {}:{}: {}", endpoint.address, endpoint.port, strerror(errno)));
  }
  return ntohs(reinterpret_cast<const sockaddr_in&>(address.storage).sin_port);
}

void Server::Start() {
  acceptor_ = std::thread([this] { Accept(); });
}

void Server::Accept() {
  while (!stopping_) {
    pollfd wait{listening_, POLLIN, 0};
    const bool ready = poll(&wait, 1, kTickMs) > 0;
    Tend();
    if (!ready || stopping_) continue;
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    const int fd = accept4(listening_, reinterpret_cast<sockaddr*>(&storage), &size, SOCK_CLOEXEC);
    if (fd >= 0) Welcome(fd, TextOf(storage));
  }
}

void Server::Welcome(int fd, std::string address) {
  const int yes = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
  const std::lock_guard lock(mutex_);
  if (Crowded(address)) {
    Writer out;
    PutRefusal(out, {"53300", "sorry, too many clients already", true});
    const std::string bytes = out.Take();
    send(fd, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);  // Nobody waits for who does not read it.
    close(fd);
    return;
  }
  Client& client = clients_.emplace_back();
  const Connection::Host host{parts_, tls_.get(), room_,
                              [this](std::uint32_t process, std::uint32_t secret) { Cancel(process, secret); },
                              [this](const std::string& access_key) { return Admit(access_key); }};
  client.connection = std::make_unique<Connection>(host, fd, std::move(address));
  client.thread = std::thread([&client] {
    client.connection->Run();
    client.ended = true;
  });
}

bool Server::Crowded(const std::string& address) {
  std::size_t strangers = 0, from_there = 0;
  for (const Client& client : clients_) {
    if (client.ended || !client.connection->access_key().empty()) continue;
    ++strangers;
    from_there += client.connection->address() == address;
  }
  return strangers >= kStrangersMax || from_there >= kStrangersOfAddressMax;
}

bool Server::Admit(const std::string& access_key) {
  const std::lock_guard lock(mutex_);
  std::size_t all = 0, same = 0;
  for (const Client& client : clients_) {
    const std::string key = client.ended ? std::string() : client.connection->access_key();
    all += !key.empty();
    same += key == access_key;
  }
  return all < kClientsMax && same < kClientsOfKeyMax;
}

void Server::Tend() {
  const std::lock_guard lock(mutex_);
  for (auto client = clients_.begin(); client != clients_.end();) {
    if (!client->ended) {
      client->connection->StopIfGone();
      ++client;
      continue;
    }
    client->thread.join();
    client = clients_.erase(client);
  }
}

void Server::Cancel(std::uint32_t process, std::uint32_t secret) {
  const std::lock_guard lock(mutex_);
  for (Client& client : clients_) client.connection->Cancel(process, secret);
}

void Server::Stop() {
  if (listening_ < 0) return;
  stopping_ = true;
  if (acceptor_.joinable()) acceptor_.join();
  close(listening_);
  listening_ = -1;
  // No more come: nobody else touches the list.
  for (Client& client : clients_) client.connection->Cut();
  for (Client& client : clients_) client.thread.join();
  clients_.clear();
}

}  // namespace hanse::pgwire
