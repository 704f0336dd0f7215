#pragma once
#include <string>

#include "base/result.h"

namespace hanse::server {

// The data directory DIR of one server: made with mode 0700, held by an exclusive lock on DIR/lock while this object lives (the
// kernel lets go of it when the process ends, however it ends).
class Directory {
 public:
  // kConflict, naming DIR, where another server holds it.
  static Result<Directory> Open(const std::string& path);
  ~Directory();
  Directory(Directory&& other) noexcept;
  Directory& operator=(Directory&&) = delete;

  std::string Path(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  Directory(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::string path_;
  int lock_;
};

// Writes a file that only its owner may read (0600), as a whole: a temporary file, fsync, rename.
Result<void> WritePrivateFile(const std::string& path, const std::string& content);

}  // namespace hanse::server
