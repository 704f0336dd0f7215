#include "doors/http/server.h"

#include <cassert>
#include <thread>

#include "base/log.h"
#include "doors/http/connection.h"
#include "doors/http/core.h"
#include "doors/http/listener.h"

namespace hanse::http {

class Server::State {
 public:
  State(const Clock& clock, const Limits& limits) : core_(clock, limits), ticker_(core_.lanes.first()) {}
  ~State() { Stop(0); }

  Result<std::uint16_t> Listen(const Endpoint& endpoint, Handler handler) {
    assert(!started_);
    auto listener = std::make_unique<Listener>(core_, std::move(handler));
    TRY_ASSIGN(const std::uint16_t port, listener->Open(endpoint));
    listeners_.push_back(std::move(listener));
    return port;
  }

  void Start() {
    for (const auto& listener : listeners_) listener->Accept();
    ArmTicker();
    core_.lanes.Start();
    started_ = true;
  }

  void Stop(int deadline_ms) {
    core_.stopping.store(true);
    for (const auto& listener : listeners_) listener->Close();
    core_.ForEach([](Connection& connection) { connection.CutIfIdle(); });
    if (started_ && !core_.WaitUntilEmpty(deadline_ms)) {
      core_.ForEach([](Connection& connection) { connection.Cut(); });
      core_.WaitUntilEmpty(1000);
    }
    core_.streams.Join();
    core_.lanes.Stop();
    started_ = false;
  }

  Counts counts() const { return {core_.connections(), core_.streams.busy(), core_.requests.load()}; }

 private:
  void ArmTicker() {
    ticker_.expires_after(std::chrono::milliseconds(Core::kTickMs));
    ticker_.async_wait([this](const boost::system::error_code& error) {
      if (error) return;
      core_.Advance();
      ArmTicker();
    });
  }

  Core core_;  // Goes last: the others use its io.
  std::vector<std::unique_ptr<Listener>> listeners_;
  boost::asio::steady_timer ticker_;
  bool started_ = false;
};

Server::Server(const Clock& clock, Limits limits) : state_(std::make_unique<State>(clock, limits)) {}
Server::~Server() = default;

Result<std::uint16_t> Server::Listen(const Endpoint& endpoint, Handler handler) {
  return state_->Listen(endpoint, std::move(handler));
}
void Server::Start() { state_->Start(); }
void Server::Stop(int deadline_ms) { state_->Stop(deadline_ms); }
Server::Counts Server::counts() const { return state_->counts(); }

}  // namespace hanse::http
