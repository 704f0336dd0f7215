#include "engine/worker.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <malloc.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "base/log.h"
#include "base/text.h"
#include "crypto/aead.h"
#include "engine/codec.h"
#include "engine/confine.h"
#include "engine/query_run.h"

namespace hanse::engine {

namespace {

constexpr std::uint32_t kThreads = 2;
constexpr std::uint64_t kSpillFileBytesMax = 1ull << 40;  // Whatever a job's limits say.

// Where the server's output is a file, a worker must not be able to write into it: what it says is lost then.
void LetGoOfFiles() {
  for (int fd : {STDOUT_FILENO, STDERR_FILENO}) {
    struct stat is{};
    if (fstat(fd, &is) != 0 || !S_ISREG(is.st_mode)) continue;
    int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, fd);
    close(nowhere);
  }
}

// Ends the process when the server is gone, also in the middle of a query that computes and says nothing.
void WatchServer(int fd) {
  std::thread([fd] {
    while (true) {
      pollfd wait{fd, 0, 0};
      if (poll(&wait, 1, 1000) > 0 && (wait.revents & (POLLHUP | POLLERR | POLLNVAL))) _exit(0);
    }
  }).detach();
}

// Loads what the cryptography and the engine load on first use, while files can still be opened.
void WarmUp(Instance& instance) {
  SystemRandom random;
  crypto::Seal(crypto::Key::Draw(random), std::string(crypto::kNonceBytes, '\0'), "", "warm");
  duckdb::Connection connection(instance.database());
  auto result =
      connection.Query("SELECT CAST(now() AS VARCHAR), regexp_matches('a', 'b'), 'a' LIKE 'b', CAST('2024-01-01' AS TIMESTAMP)");
  if (result->HasError()) spdlog::debug("warm-up: {}", result->GetError());
}

int Serve(Channel& channel, Instance& instance) {
  ServerLink server(channel);
  while (true) {
    auto message = channel.Receive();
    if (!message) return 0;
    if (message->fd >= 0) close(message->fd);
    auto job = message->type == MessageType::kJob ? DecodeJob(message->payload) : Fail(ErrorCode::kInternal, "not a job");
    if (!job) return 1;
    if (!server.Send(MessageType::kOutcome, Encode(RunQuery(instance, server, *job)))) return 0;
    malloc_trim(0);  // What a query left behind goes back before the next.
  }
}

}  // namespace

int RunWorker(int control_fd) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // A spill file that grows too large is a query's error, not the worker's end.
  std::signal(SIGINT, SIG_IGN);   // The server's terminal is not ours: it ends us by closing the channel.
  LetGoOfFiles();
  Confinement confinement = ConfineEarly(control_fd, 0, kSpillFileBytesMax);
  Channel channel(control_fd);
  WatchServer(control_fd);
  auto instance = Instance::Prepare(kThreads);
  if (!instance) {
    spdlog::error("worker: {}", instance.error().message);
    return 1;
  }
  WarmUp(**instance);
  if (auto confined = ConfineCalls(confinement); !confined) {
    spdlog::error("worker: {}", confined.error().message);
    return 1;
  }
  std::string told = fmt::format("{} functions kept, {} dropped; confined by {}; not available: {}", (*instance)->sweep().kept,
                                 (*instance)->sweep().dropped, Join(confinement.applied, ", "), Join(confinement.missing, ", "));
  if (!channel.Send(MessageType::kReady, told)) return 0;
  int code = Serve(channel, **instance);
  // Threads of the engine need calls to end that the filter does not allow.
  _exit(code);
}

}  // namespace hanse::engine
