#pragma once
#include <memory>
#include <optional>
#include <string>

#include "crypto/chunked.h"
#include "duckdb.hpp"
#include "duckdb/common/file_system.hpp"
#include "engine/query_job.h"

namespace hanse::engine {

// An open sealed object. Closes its descriptor; its key is wiped with the reader. Immutable; any thread.
class SealedObject {
 public:
  // Takes `open` over. Fails (Open() throws) where it is not a sealed object of that key.
  static Result<std::shared_ptr<const SealedObject>> TryOpen(OpenObject open);
  static std::shared_ptr<const SealedObject> Open(OpenObject open);
  ~SealedObject();
  SealedObject(const SealedObject&) = delete;
  SealedObject& operator=(const SealedObject&) = delete;
  const crypto::ChunkedReader& reader() const { return *reader_; }

 private:
  explicit SealedObject(int fd) : fd_(fd) {}
  int fd_;
  std::optional<crypto::ChunkedReader> reader_;
};

// A reader's place in such an object.
class SealedHandle : public duckdb::FileHandle {
 public:
  SealedHandle(duckdb::FileSystem& files, const std::string& path, duckdb::FileOpenFlags flags,
               std::shared_ptr<const SealedObject> sealed)
      : FileHandle(files, path, flags), sealed(std::move(sealed)) {}
  void Close() override { sealed.reset(); }

  std::shared_ptr<const SealedObject> sealed;  // Nothing once it is closed.
  duckdb::idx_t position = 0;
};

// The engine's files that are sealed objects, decrypted here chunk by chunk. Read-only. Who opens them, by what names, is the
// derived class's.
class SealedFiles : public duckdb::FileSystem {
 public:
  void Read(duckdb::FileHandle& handle, void* buffer, int64_t bytes, duckdb::idx_t location) override;
  int64_t Read(duckdb::FileHandle& handle, void* buffer, int64_t bytes) override;
  int64_t GetFileSize(duckdb::FileHandle& handle) override;
  // Objects are immutable under their name, so the name is all that a cache could ask for.
  duckdb::timestamp_t GetLastModifiedTime(duckdb::FileHandle&) override { return duckdb::timestamp_t(0); }
  std::string GetVersionTag(duckdb::FileHandle& handle) override { return handle.path; }
  duckdb::FileType GetFileType(duckdb::FileHandle&) override { return duckdb::FileType::FILE_TYPE_REGULAR; }
  void Seek(duckdb::FileHandle& handle, duckdb::idx_t location) override;
  void Reset(duckdb::FileHandle& handle) override { Seek(handle, 0); }
  duckdb::idx_t SeekPosition(duckdb::FileHandle& handle) override;
  bool CanSeek() override { return true; }
  // False: what is read is then read in ranges that the reader chose, and neither memory-mapped nor read twice.
  bool OnDiskFile(duckdb::FileHandle&) override { return false; }
  bool FileExists(const std::string& path, duckdb::optional_ptr<duckdb::FileOpener>) override { return CanHandleFile(path); }
  bool IsPipe(const std::string&, duckdb::optional_ptr<duckdb::FileOpener>) override { return false; }
  duckdb::vector<duckdb::OpenFileInfo> Glob(const std::string& path, duckdb::FileOpener*) override;
};

}  // namespace hanse::engine
