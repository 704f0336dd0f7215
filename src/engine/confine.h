#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace hanse::engine {

// What a worker process has given up, for the log ("seccomp", "landlock", "network namespace", "no new privileges").
struct Confinement {
  std::vector<std::string> applied, missing;
};

// Before anything of a query is near: resource limits, no core dumps, no new privileges, all descriptors closed but `keep_fd` and
// the standard ones (which must be no regular files: they could be written), no file over `file_bytes_max`, a network namespace of
// its own and no file system where the kernel has that.
Confinement ConfineEarly(int keep_fd, std::uint64_t address_bytes_max, std::uint64_t file_bytes_max);
// After the engine is prepared: a system call filter for all threads. No file can be opened, no socket made, no program run, no
// process signalled; threads, memory and the descriptors at hand remain. kInternal where the filter cannot be set: the worker must
// then not serve.
Result<void> ConfineCalls(Confinement& confinement);

}  // namespace hanse::engine
