#include "server/directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

namespace hanse::server {
namespace {

std::unexpected<Error> Failed(const std::string& what, const std::string& path) {
  return Fail(ErrorCode::kUnavailable, fmt::format("{} {}: {}", what, path, std::strerror(errno)));
}

}  // namespace

Result<Directory> Directory::Open(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return Fail(ErrorCode::kUnavailable, fmt::format("cannot make the data directory {}: {}", path, error.message()));
  if (chmod(path.c_str(), 0700) != 0) return Failed("cannot protect the data directory", path);
  std::string lock_path = path + "/lock";
  int lock = open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return Failed("cannot open", lock_path);
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    close(lock);
    return Fail(ErrorCode::kConflict, fmt::format("{} is in use by another server: stop it first, or choose another --data", path));
  }
  return Directory(path, lock);
}

Directory::~Directory() {
  if (lock_ >= 0) close(lock_);
}

Directory::Directory(Directory&& other) noexcept : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

Result<void> WritePrivateFile(const std::string& path, const std::string& content) {
  std::string temporary = path + ".new";
  int file = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return Failed("cannot write", temporary);
  bool written = write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()) && fsync(file) == 0;
  close(file);
  if (!written || rename(temporary.c_str(), path.c_str()) != 0) return Failed("cannot write", path);
  return {};
}

}  // namespace hanse::server
