#include "engine/spill_files.h"

#include <cstring>

namespace hanse::engine {

// Pieces by their place in the file.
struct SpillFiles::File {
  explicit File(Spill& where) : spill(where) {}
  ~File() {
    for (const auto& [at, piece] : pieces) spill.Free(piece);
  }
  void ForgetFrom(std::uint64_t begin, std::uint64_t end) {
    for (auto piece = pieces.lower_bound(begin); piece != pieces.end() && piece->first < end; piece = pieces.erase(piece)) {
      spill.Free(piece->second);
    }
  }
  Spill& spill;
  std::mutex mutex;
  std::map<std::uint64_t, SpilledPiece> pieces;
};

struct SpillFiles::Handle final : duckdb::FileHandle {
  Handle(SpillFiles& files, const std::string& path, duckdb::FileOpenFlags flags, std::shared_ptr<File> opened)
      : FileHandle(files, path, flags), file(std::move(opened)) {}
  void Close() override { file.reset(); }
  std::shared_ptr<File> file;
};

duckdb::unique_ptr<duckdb::FileHandle> SpillFiles::OpenFile(const std::string& path, duckdb::FileOpenFlags flags,
                                                            duckdb::optional_ptr<duckdb::FileOpener>) {
  std::lock_guard lock(mutex_);
  auto found = files_.find(path);
  if (found == files_.end()) {
    if (!flags.CreateFileIfNotExists() && !flags.OverwriteExistingFile()) throw duckdb::IOException("no such spill file");
    found = files_.emplace(path, std::make_shared<File>(spill_)).first;
  }
  return duckdb::make_uniq<Handle>(*this, path, flags, found->second);
}

void SpillFiles::Read(duckdb::FileHandle& handle, void* buffer, int64_t bytes, duckdb::idx_t location) {
  File& file = *handle.Cast<Handle>().file;
  SpilledPiece piece;
  {
    std::lock_guard lock(file.mutex);
    auto found = file.pieces.find(location);
    if (found == file.pieces.end() || static_cast<std::uint64_t>(bytes) > found->second.bytes) {
      throw duckdb::IOException("a spill file is read where nothing was written");
    }
    piece = found->second;
  }
  if (static_cast<std::uint64_t>(bytes) == piece.bytes) {
    spill_.Read(piece, {static_cast<char*>(buffer), piece.bytes});
    return;
  }
  std::string whole(piece.bytes, '\0');
  spill_.Read(piece, whole);
  std::memcpy(buffer, whole.data(), static_cast<std::size_t>(bytes));
}

void SpillFiles::Write(duckdb::FileHandle& handle, void* buffer, int64_t bytes, duckdb::idx_t location) {
  File& file = *handle.Cast<Handle>().file;
  const auto size = static_cast<std::uint64_t>(bytes);
  SpilledPiece piece = spill_.Write({static_cast<const char*>(buffer), size});
  std::lock_guard lock(file.mutex);
  file.ForgetFrom(location, location + size);
  file.pieces.emplace(location, std::move(piece));
}

int64_t SpillFiles::GetFileSize(duckdb::FileHandle& handle) {
  File& file = *handle.Cast<Handle>().file;
  std::lock_guard lock(file.mutex);
  if (file.pieces.empty()) return 0;
  const auto& [at, last] = *file.pieces.rbegin();
  return static_cast<int64_t>(at + last.bytes);
}

void SpillFiles::Truncate(duckdb::FileHandle& handle, int64_t new_size) {
  File& file = *handle.Cast<Handle>().file;
  std::lock_guard lock(file.mutex);
  file.ForgetFrom(static_cast<std::uint64_t>(new_size), UINT64_MAX);
}

bool SpillFiles::Trim(duckdb::FileHandle& handle, duckdb::idx_t offset, duckdb::idx_t bytes) {
  File& file = *handle.Cast<Handle>().file;
  std::lock_guard lock(file.mutex);
  file.ForgetFrom(offset, offset + bytes);
  return true;
}

bool SpillFiles::FileExists(const std::string& path, duckdb::optional_ptr<duckdb::FileOpener>) {
  std::lock_guard lock(mutex_);
  return files_.contains(path);
}

void SpillFiles::RemoveFile(const std::string& path, duckdb::optional_ptr<duckdb::FileOpener> opener) {
  TryRemoveFile(path, opener);
}

bool SpillFiles::TryRemoveFile(const std::string& path, duckdb::optional_ptr<duckdb::FileOpener>) {
  std::lock_guard lock(mutex_);
  return files_.erase(path) > 0;
}

bool SpillFiles::DirectoryExists(const std::string& path, duckdb::optional_ptr<duckdb::FileOpener>) {
  return path == kSpillDirectory;
}

void SpillFiles::RemoveDirectory(const std::string&, duckdb::optional_ptr<duckdb::FileOpener>) {
  std::lock_guard lock(mutex_);
  files_.clear();
}

bool SpillFiles::ListFiles(const std::string& directory, const std::function<void(const std::string&, bool)>& callback,
                           duckdb::FileOpener*) {
  std::lock_guard lock(mutex_);
  for (const auto& [path, file] : files_) callback(path.substr(directory.size() + 1), false);
  return true;
}

}  // namespace hanse::engine
