// The demonstration's story end to end, and what the server takes of memory when it is idle.
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include <fmt/format.h>

#include "bench/report.h"
#include "bench/running_server.h"
#include "demo/demo.h"

namespace hanse::bench {
namespace {

// Resident memory of a process in MB; 0 where it is gone.
double ResidentMb(const std::string& pid) {
  std::ifstream status("/proc/" + pid + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
  }
  return 0;
}

std::vector<std::string> ChildrenOf(pid_t pid) {
  std::vector<std::string> children;
  std::ifstream list(fmt::format("/proc/{0}/task/{0}/children", pid));
  for (std::string child; list >> child;) children.push_back(child);
  return children;
}

}  // namespace

Result<Metrics> Story() {
  demo::DemoOptions options;
  options.data = (std::filesystem::temp_directory_path() / fmt::format("hanse-bench-story-{}", getpid())).string();
  options.quiet = true;
  int exit_code = 1;
  double seconds = Seconds([&] { exit_code = demo::RunDemo(options); });
  std::error_code error;
  std::filesystem::remove_all(options.data, error);
  if (exit_code != 0) return Fail(ErrorCode::kInternal, "the demonstration failed");
  return Metrics{{"story_s", seconds}};
}

Result<Metrics> Memory() {
  TRY_ASSIGN(auto server, RunningServer::Start());
  std::this_thread::sleep_for(std::chrono::seconds(2));
  Metrics metrics = {{"idle_server_mb", ResidentMb(std::to_string(server->pid()))}};
  std::vector<std::string> workers = ChildrenOf(server->pid());
  for (const std::string& worker : workers) metrics.emplace_back("warm_worker_mb", ResidentMb(worker));
  if (workers.empty()) return Fail(ErrorCode::kInternal, "the server has no warm worker");
  return metrics;
}

}  // namespace hanse::bench
