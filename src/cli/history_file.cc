#include "cli/history_file.h"

#include <sys/file.h>
#include <unistd.h>

#include <fcntl.h>

#include <algorithm>

#include "base/text.h"

namespace hanse::cli {
namespace {

// The file, ours alone until it is closed.
class LockedFile {
 public:
  explicit LockedFile(const std::string& path) {
    fd_ = path.empty() ? -1 : open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (fd_ >= 0) (void)flock(fd_, LOCK_EX);
  }
  ~LockedFile() {
    if (fd_ >= 0) close(fd_);
  }
  LockedFile(const LockedFile&) = delete;
  LockedFile& operator=(const LockedFile&) = delete;

  std::string Text() const {
    std::string text;
    char piece[16384];
    for (ssize_t count = 1; fd_ >= 0 && count > 0;) {
      count = pread(fd_, piece, sizeof piece, static_cast<off_t>(text.size()));
      if (count > 0) text.append(piece, static_cast<std::size_t>(count));
    }
    return text;
  }
  void Add(std::string_view text) const {
    if (fd_ >= 0) (void)!write(fd_, text.data(), text.size());
  }
  void Clear() const {
    if (fd_ >= 0) (void)!ftruncate(fd_, 0);
  }

 private:
  int fd_;
};

}  // namespace

std::vector<std::string> HistoryFile::Read() const {
  constexpr auto kMax = static_cast<std::size_t>(kLinesMax);
  LockedFile file(path_);
  std::vector<std::string> lines = Split(file.Text(), '\n');
  std::erase(lines, "");
  const bool rewrite = lines.size() > 2 * kMax;
  if (lines.size() > kMax) lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(kMax));
  if (rewrite) {
    file.Clear();
    file.Add(Join(lines, "\n") + "\n");
  }
  return lines;
}

void HistoryFile::Append(std::string_view line) const { LockedFile(path_).Add(std::string(line) + "\n"); }

}  // namespace hanse::cli
