#include "engine/in_process_engine.h"

#include <sys/socket.h>

#include "engine/codec.h"
#include "engine/conversation.h"
#include "engine/query_run.h"

namespace hanse::engine {

namespace {

void ServeThread(Channel& channel, Instance& instance) {
  ServerLink server(channel);
  while (auto message = channel.Receive()) {
    auto job = DecodeJob(message->payload);
    if (!job || !server.Send(MessageType::kOutcome, Encode(RunQuery(instance, server, *job)))) return;
  }
}

}  // namespace

Result<std::unique_ptr<InProcessEngine>> InProcessEngine::Start(std::uint32_t threads) {
  TRY_ASSIGN(auto instance, Instance::Prepare(threads));
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) return Fail(ErrorCode::kUnavailable, "no socket pair");
  return std::unique_ptr<InProcessEngine>(new InProcessEngine(std::move(instance), pair[0], pair[1]));
}

InProcessEngine::InProcessEngine(std::unique_ptr<Instance> instance, int ours, int theirs)
    : instance_(std::move(instance)),
      ours_(std::make_unique<Channel>(ours)),
      theirs_(std::make_unique<Channel>(theirs)),
      worker_([this] { ServeThread(*theirs_, *instance_); }) {}

InProcessEngine::~InProcessEngine() {
  shutdown(ours_->fd(), SHUT_RDWR);
  worker_.join();
}

QueryOutcome InProcessEngine::Run(const QueryJob& job, TableResolver& tables, ResultSink& sink, std::stop_token stop) {
  std::lock_guard lock(mutex_);
  bool usable = false;
  return Converse(*ours_, job, tables, sink, std::move(stop), &usable);
}

}  // namespace hanse::engine
