#pragma once
#include <string>

#include "duckdb.hpp"
#include "duckdb/common/file_system.hpp"

namespace hanse::engine {

// The only file system that the engine has left: objects that the server hands over one by one, by the names that ObjectPath()
// makes for one query. Read-only. An object is opened by asking the server, decrypted here chunk by chunk, and metered.
class ObjectFiles final : public duckdb::FileSystem {
 public:
  std::string GetName() const override { return "hanse objects"; }
  bool CanHandleFile(const std::string& path) override;
  duckdb::unique_ptr<duckdb::FileHandle> OpenFile(const std::string& path, duckdb::FileOpenFlags flags,
                                                  duckdb::optional_ptr<duckdb::FileOpener> opener) override;
  void Read(duckdb::FileHandle& handle, void* buffer, int64_t bytes, duckdb::idx_t location) override;
  int64_t Read(duckdb::FileHandle& handle, void* buffer, int64_t bytes) override;
  int64_t GetFileSize(duckdb::FileHandle& handle) override;
  duckdb::timestamp_t GetLastModifiedTime(duckdb::FileHandle& handle) override;
  std::string GetVersionTag(duckdb::FileHandle& handle) override;
  duckdb::FileType GetFileType(duckdb::FileHandle& handle) override;
  void Seek(duckdb::FileHandle& handle, duckdb::idx_t location) override;
  void Reset(duckdb::FileHandle& handle) override;
  duckdb::idx_t SeekPosition(duckdb::FileHandle& handle) override;
  bool CanSeek() override { return true; }
  // False: what is read is then read in ranges that the reader chose, and neither memory-mapped nor read twice.
  bool OnDiskFile(duckdb::FileHandle&) override { return false; }
  bool FileExists(const std::string& path, duckdb::optional_ptr<duckdb::FileOpener>) override { return CanHandleFile(path); }
  bool IsPipe(const std::string&, duckdb::optional_ptr<duckdb::FileOpener>) override { return false; }
  duckdb::vector<duckdb::OpenFileInfo> Glob(const std::string& path, duckdb::FileOpener*) override;
};

inline constexpr const char* kObjectScheme = "hanse://";
// hanse://NONCE/FILE/OBJECT: the nonce of the query, the file's place in its table, the object's number.
std::string ObjectPath(const std::string& nonce, duckdb::idx_t file, std::uint64_t object);
// The file's place in its table; false where `path` is none of these names.
bool FileOfPath(const std::string& path, duckdb::idx_t* file);

}  // namespace hanse::engine
