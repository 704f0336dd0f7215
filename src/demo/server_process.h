#pragma once
#include <sys/types.h>

#include <memory>
#include <string>

#include "base/result.h"

namespace hanse::demo {

// A `hanse serve` of its own on free ports of the loopback interface, as another process. Stopped (SIGTERM) at the end
// of its life, unless it was told to stay.
class ServerProcess {
 public:
  // Waits until it listens, at most 30 s. Its log goes to DIR.log.
  static Result<std::unique_ptr<ServerProcess>> Start(const std::string& directory);
  ~ServerProcess();
  void Stay() { stays_ = true; }
  pid_t pid() const { return pid_; }

 private:
  explicit ServerProcess(pid_t pid) : pid_(pid) {}
  pid_t pid_;
  bool stays_ = false;
};

}  // namespace hanse::demo
