#pragma once
#include <string>

#include "base/result.h"

namespace hanse::blob {

// A file descriptor that closes itself.
class File {
 public:
  File() = default;
  explicit File(int fd) : fd_(fd) {}
  File(File&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  File& operator=(File&& other) noexcept;
  ~File();
  int fd() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// kUnavailable, with the system's reason: "cannot store bytes: No space left on device".
std::unexpected<Error> DiskFailed(const char* what);

// Makes one directory (0700) where it is missing. Does not sync its parent.
Result<void> MakeDirectory(const std::string& path);
// Makes what happened to the names in a directory durable.
Result<void> SyncDirectory(const std::string& path);

}  // namespace hanse::blob
