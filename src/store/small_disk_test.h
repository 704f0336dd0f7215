#pragma once
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>

namespace hanse::store {

// For tests: a disk of a few megabytes that can be filled. missing() says why there is none (mounting needs root).
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& size) {
    std::string name = "/tmp/hanse-disk-XXXXXX";
    path_ = ::mkdtemp(name.data());
    mounted_ = ::mount("tmpfs", path_.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
    if (!mounted_) missing_ = std::string("no small disk can be mounted here: ") + std::strerror(errno);
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
    ::rmdir(path_.c_str());
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  const std::string& path() const { return path_; }
  const std::string& missing() const { return missing_; }
  // Takes all the room that is left, and gives it back.
  void Fill() const { (void)!std::system(("cat /dev/zero > " + path_ + "/filler 2>/dev/null").c_str()); }
  void MakeRoom() const { std::filesystem::remove(path_ + "/filler"); }

 private:
  std::string path_, missing_;
  bool mounted_ = false;
};

}  // namespace hanse::store
