#include "audit/durable_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/log.h"

namespace hanse::audit {
namespace {

std::unexpected<Error> Failed(std::string_view what, const std::string& path) {
  int wrong = errno;
  spdlog::error("journal: cannot {} {}: {}", what, path, std::strerror(wrong));
  return Fail(ErrorCode::kUnavailable, wrong == ENOSPC || wrong == EDQUOT ? "the journal cannot be written: the disk is full"
                                                                          : "the journal cannot be written");
}

}  // namespace

Result<DurableFile> DurableFile::Open(const std::string& path, Start start) {
  int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (start == Start::kEmpty ? O_TRUNC : 0);
  int file = ::open(path.c_str(), flags, 0600);
  if (file < 0) return Failed("open", path);
  const off_t bytes = ::lseek(file, 0, SEEK_END);
  return DurableFile(file, path, bytes > 0 ? static_cast<std::uint64_t>(bytes) : 0);
}

DurableFile::~DurableFile() {
  if (file_ >= 0) ::close(file_);
}

void DurableFile::KeepRoom() {
  if (bytes_ + kRoomBytes / 2 < roomy_until_) return;
  const auto from = static_cast<off_t>(bytes_);
  if (::fallocate(file_, FALLOC_FL_KEEP_SIZE, from, kRoomBytes) == 0) roomy_until_ = bytes_ + kRoomBytes;
}

Result<void> DurableFile::Append(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t written = ::write(file_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Failed("write", path_);
    bytes.remove_prefix(static_cast<std::size_t>(written));
    bytes_ += static_cast<std::uint64_t>(written);
  }
  return {};
}

Result<void> DurableFile::Truncate(std::uint64_t bytes) {
  if (::ftruncate(file_, static_cast<off_t>(bytes)) != 0) return Failed("cut", path_);
  bytes_ = bytes;
  roomy_until_ = 0;
  return {};
}

Result<void> DurableFile::Sync() const {
  if (::fdatasync(file_) != 0) return Failed("sync", path_);
  return {};
}

Result<void> SyncFolder(const std::string& folder) {
  int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return Failed("open", folder);
  int synced = ::fsync(directory);
  ::close(directory);
  if (synced != 0) return Failed("sync", folder);
  return {};
}

}  // namespace hanse::audit
