#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "engine/worker_pool.h"

namespace hanse::engine {

namespace {

constexpr int kReadyTimeoutMs = 60'000;
constexpr int kChildFd = 3;
constexpr int kBackgroundNice = 10;

int Spawn(const std::vector<std::string>& command, int fd) {
  std::vector<std::string> words = command;
  words.push_back(std::to_string(kChildFd));
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::string locale = "LC_ALL=C.UTF-8";
  char* environment[] = {locale.data(), nullptr};  // None of the server's.
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, 2, 1);
  posix_spawn_file_actions_adddup2(&actions, fd, kChildFd);
  pid_t pid = -1;
  int failed = posix_spawn(&pid, words[0].c_str(), &actions, nullptr, arguments.data(), environment);
  posix_spawn_file_actions_destroy(&actions);
  return failed ? -1 : pid;
}

}  // namespace

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::Start(const std::vector<std::string>& command) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
    return Fail(ErrorCode::kUnavailable, "no socket pair for a worker");
  // dup2 onto itself would leave close-on-exec set; a descriptor above 3 never meets that.
  int child = fcntl(pair[1], F_DUPFD_CLOEXEC, 10);
  close(pair[1]);
  int pid = child >= 0 ? Spawn(command, child) : -1;
  if (child >= 0) close(child);
  if (pid < 0) {
    close(pair[0]);
    return Fail(ErrorCode::kUnavailable, "a worker process cannot be started");
  }
  // A worker that stops in the middle of a message must not hold a thread of the server.
  timeval stall{30, 0};
  setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &stall, sizeof stall);
  setsockopt(pair[0], SOL_SOCKET, SO_SNDTIMEO, &stall, sizeof stall);
  auto worker = std::unique_ptr<WorkerProcess>(new WorkerProcess(pid, pair[0]));
  auto ready = worker->channel_.Receive(kReadyTimeoutMs);
  if (!ready || ready->type != MessageType::kReady) return Fail(ErrorCode::kUnavailable, "a worker process did not get ready");
  worker->told_ = std::move(ready->payload);
  return worker;
}

// Each thread has a niceness of its own; threads made later inherit it.
void WorkerProcess::GoToBackground() {
  in_background_ = true;
  std::error_code gone;
  std::filesystem::directory_iterator thread(fmt::format("/proc/{}/task", pid_), gone);
  for (; !gone && thread != std::filesystem::directory_iterator(); thread.increment(gone)) {
    setpriority(PRIO_PROCESS, static_cast<id_t>(std::atoi(thread->path().filename().c_str())), kBackgroundNice);
  }
}

WorkerProcess::~WorkerProcess() {
  kill(pid_, SIGKILL);
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace hanse::engine
