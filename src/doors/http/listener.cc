#include "doors/http/listener.h"

#include <fmt/format.h>

#include "base/log.h"
#include "doors/http/connection.h"

namespace hanse::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr std::string_view kTooMany = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

Result<std::unique_ptr<asio::ssl::context>> TlsOf(const Endpoint& endpoint) {
  auto tls = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  boost::system::error_code error;
  SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_mode(tls->native_handle(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_options(tls->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  if (tls->use_certificate_chain_file(endpoint.tls_certificate_file, error)) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("no certificate in {}: {}", endpoint.tls_certificate_file, error.message()));
  }
  if (tls->use_private_key_file(endpoint.tls_key_file, asio::ssl::context::pem, error)) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("no key for the certificate in {}: {}", endpoint.tls_key_file, error.message()));
  }
  return tls;
}

}  // namespace

Result<std::uint16_t> Listener::Open(const Endpoint& endpoint) {
  if (endpoint.tls_certificate_file.empty() != endpoint.tls_key_file.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "TLS needs both a certificate and a key");
  }
  if (!endpoint.tls_certificate_file.empty()) {
    TRY_ASSIGN(tls_, TlsOf(endpoint));
  }
  boost::system::error_code error;
  const auto address = asio::ip::make_address(endpoint.address == "localhost" ? "127.0.0.1" : endpoint.address, error);
  if (error) return Fail(ErrorCode::kInvalidArgument, fmt::format("not an IP address: {}", endpoint.address));
  const tcp::endpoint where(address, endpoint.port);
  acceptor_.open(where.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(where, error);
  if (!error) acceptor_.listen(1024, error);
  if (error) {
    return Fail(ErrorCode::kUnavailable,
                fmt::format("cannot listen on {}:{}: {}", endpoint.address, endpoint.port, error.message()));
  }
  return acceptor_.local_endpoint(error).port();
}

void Listener::Accept() {
  const std::lock_guard lock(mutex_);
  if (!acceptor_.is_open()) return;
  acceptor_.async_accept(core_.lanes.Next(), [this](const boost::system::error_code& error, tcp::socket socket) {
    if (!error) {
      OnConnection(std::move(socket));
      return Accept();
    }
    if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) return;
    spdlog::warn("cannot take a connection: {}", error.message());  // No descriptors left, perhaps: some may come back.
    again_.expires_after(std::chrono::milliseconds(100));
    again_.async_wait([this](const boost::system::error_code& stopped) {
      if (!stopped) Accept();
    });
  });
}

void Listener::OnConnection(tcp::socket socket) {
  boost::system::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  const auto connection = std::make_shared<Connection>(core_, std::move(socket), tls_.get(), handler_);
  if (core_.Add(connection.get())) return connection->Start();
  if (!tls_) connection->TellTooMany(kTooMany);
}

void Listener::Close() {
  const std::lock_guard lock(mutex_);
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  again_.cancel();
}

}  // namespace hanse::http
