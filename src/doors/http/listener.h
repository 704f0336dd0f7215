#pragma once
#include <memory>

#include "doors/http/asio.h"
#include "doors/http/core.h"

// Asio stands here: for the .cc files of this folder only.
namespace hanse::http {

// One endpoint: takes connections until it is closed. Its callbacks run on the threads of `core`.
class Listener {
 public:
  Listener(Core& core, Handler handler)
      : core_(core), handler_(std::move(handler)), acceptor_(core.lanes.first()), again_(core.lanes.first()) {}

  Result<std::uint16_t> Open(const Endpoint& endpoint);
  void Accept();
  void Close();

 private:
  void OnConnection(boost::asio::ip::tcp::socket socket);

  Core& core_;
  const Handler handler_;
  std::unique_ptr<boost::asio::ssl::context> tls_;
  std::mutex mutex_;  // Of the acceptor: Close is called from outside.
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer again_;
};

}  // namespace hanse::http
