#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace hanse::audit {

// A file that only grows. Errors: kUnavailable, which say what the disk said; after one of Append the file may have grown, see
// Truncate. Sync may run beside Append in another thread; all else is for one thread at a time.
class DurableFile {
 public:
  enum class Start { kAsItIs, kEmpty };

  // Makes the file (mode 0600) where there is none.
  static Result<DurableFile> Open(const std::string& path, Start start);
  DurableFile(DurableFile&& other) noexcept
      : file_(std::exchange(other.file_, -1)),
        path_(std::move(other.path_)),
        bytes_(other.bytes_),
        roomy_until_(other.roomy_until_) {}
  DurableFile& operator=(DurableFile&& other) noexcept {
    std::swap(file_, other.file_);
    std::swap(path_, other.path_);
    std::swap(bytes_, other.bytes_);
    std::swap(roomy_until_, other.roomy_until_);
    return *this;
  }
  ~DurableFile();

  // Takes room on the disk for what is appended next, where the disk has it, so that others who fill it leave some: whoever may
  // only do what is recorded can go on a while.
  void KeepRoom();
  Result<void> Append(std::string_view bytes);
  Result<void> Truncate(std::uint64_t bytes);
  Result<void> Sync() const;

 private:
  static constexpr std::uint64_t kRoomBytes = 1 << 20;

  DurableFile(int file, std::string path, std::uint64_t bytes) : file_(file), path_(std::move(path)), bytes_(bytes) {}
  int file_;
  std::string path_;
  std::uint64_t bytes_;
  std::uint64_t roomy_until_ = 0;  // Bytes of the file for which room is kept.
};

// Makes the names in a folder durable.
Result<void> SyncFolder(const std::string& folder);

}  // namespace hanse::audit
