#include "keys/root_key.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include <fmt/format.h>
#include <openssl/crypto.h>

namespace hanse::keys {
namespace {

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

std::unexpected<Error> Cannot(const std::string& path) {
  return Fail(ErrorCode::kUnavailable, fmt::format("{}: {}", path, std::strerror(errno)));
}

Result<void> WriteDurably(const std::string& directory, const std::string& path, std::string_view bytes) {
  std::string fresh = path + ".new";
  unlink(fresh.c_str());
  File file(open(fresh.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (file.fd() < 0) return Cannot(fresh);
  if (write(file.fd(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) return Cannot(fresh);
  if (fsync(file.fd()) != 0 || rename(fresh.c_str(), path.c_str()) != 0) return Cannot(path);
  File parent(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (parent.fd() < 0 || fsync(parent.fd()) != 0) return Cannot(directory);
  return {};
}

}  // namespace

Result<crypto::Key> LoadRootKey(const std::string& directory, Random& random, MissingRoot missing) {
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) return Cannot(directory);
  std::string path = directory + "/root";
  File file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.fd() < 0 && errno != ENOENT) return Cannot(path);
  if (file.fd() < 0) {
    if (missing == MissingRoot::kRefuse) {
      return Fail(ErrorCode::kConflict,
                  fmt::format("{} is missing: without it nothing stored here can be read; put it back", path));
    }
    crypto::Key drawn = crypto::Key::Draw(random);
    TRY(WriteDurably(directory, path, drawn.bytes()));
    return drawn;
  }
  struct stat status{};
  if (fstat(file.fd(), &status) != 0) return Cannot(path);
  if ((status.st_mode & 077) != 0) {
    return Fail(ErrorCode::kConflict, fmt::format("{} may be read by others: chmod 600 it", path));
  }
  std::string bytes(crypto::Key::kBytes + 1, '\0');
  ssize_t got = read(file.fd(), bytes.data(), bytes.size());
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  auto key = crypto::Key::FromBytes(bytes);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  if (!key) return Fail(ErrorCode::kConflict, fmt::format("{} does not hold a key of {} bytes", path, crypto::Key::kBytes));
  return key;
}

}  // namespace hanse::keys
