#include "blob/local/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace hanse::blob {

File& File::operator=(File&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

File::~File() {
  if (fd_ >= 0) close(fd_);
}

std::unexpected<Error> DiskFailed(const char* what) {
  return Fail(ErrorCode::kUnavailable, fmt::format("{}: {}", what, std::strerror(errno)));
}

Result<void> MakeDirectory(const std::string& path) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return DiskFailed("cannot make a directory");
  return {};
}

Result<void> SyncDirectory(const std::string& path) {
  File directory(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory || fsync(directory.fd()) != 0) return DiskFailed("cannot store bytes");
  return {};
}

}  // namespace hanse::blob
