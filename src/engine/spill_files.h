#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "duckdb.hpp"
#include "duckdb/common/file_system.hpp"
#include "engine/spill.h"

namespace hanse::engine {

inline constexpr const char* kSpillDirectory = "hanse-spill://query";

// The engine's temporary files as pieces of a Spill: what was written at a place is read from there, whole or the beginning of it.
// The engine writes blocks and reads the same blocks (duckdb/storage/temporary_file_manager.hpp). `spill` outlives this.
class SpillFiles final : public duckdb::FileSystem {
 public:
  explicit SpillFiles(Spill& spill) : spill_(spill) {}
  std::string GetName() const override { return "hanse spill"; }
  bool CanHandleFile(const std::string& path) override { return path.starts_with(kSpillDirectory); }
  duckdb::unique_ptr<duckdb::FileHandle> OpenFile(const std::string& path, duckdb::FileOpenFlags flags,
                                                  duckdb::optional_ptr<duckdb::FileOpener> opener) override;
  void Read(duckdb::FileHandle& handle, void* buffer, int64_t bytes, duckdb::idx_t location) override;
  void Write(duckdb::FileHandle& handle, void* buffer, int64_t bytes, duckdb::idx_t location) override;
  int64_t GetFileSize(duckdb::FileHandle& handle) override;
  void Truncate(duckdb::FileHandle& handle, int64_t new_size) override;
  bool Trim(duckdb::FileHandle& handle, duckdb::idx_t offset, duckdb::idx_t bytes) override;
  void FileSync(duckdb::FileHandle&) override {}
  bool FileExists(const std::string& path, duckdb::optional_ptr<duckdb::FileOpener> opener) override;
  void RemoveFile(const std::string& path, duckdb::optional_ptr<duckdb::FileOpener> opener) override;
  bool TryRemoveFile(const std::string& path, duckdb::optional_ptr<duckdb::FileOpener> opener) override;
  bool DirectoryExists(const std::string& path, duckdb::optional_ptr<duckdb::FileOpener> opener) override;
  void RemoveDirectory(const std::string& path, duckdb::optional_ptr<duckdb::FileOpener> opener) override;
  bool ListFiles(const std::string& directory, const std::function<void(const std::string&, bool)>& callback,
                 duckdb::FileOpener* opener) override;
  bool CanSeek() override { return true; }
  bool OnDiskFile(duckdb::FileHandle&) override { return true; }
  bool IsPipe(const std::string&, duckdb::optional_ptr<duckdb::FileOpener>) override { return false; }

 private:
  struct File;
  struct Handle;
  Spill& spill_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<File>> files_;
};

}  // namespace hanse::engine
