#pragma once
#include <cstdint>
#include <string>

#include "duckdb.hpp"
#include "duckdb/common/file_system.hpp"

namespace hanse::engine {

// Where the engine's writers put bytes: each file is a stream to the server over the conversation's channel, a piece at a time;
// a full channel holds the writer back. By the names of OutputPath() alone, for the query that they were made for; nothing can be
// read back. The beginning and the end of a file are told by who writes it (output_run.h).
class OutputFiles final : public duckdb::FileSystem {
 public:
  std::string GetName() const override { return "hanse output"; }
  bool CanHandleFile(const std::string& path) override;
  duckdb::unique_ptr<duckdb::FileHandle> OpenFile(const std::string& path, duckdb::FileOpenFlags flags,
                                                  duckdb::optional_ptr<duckdb::FileOpener> opener) override;
  int64_t Write(duckdb::FileHandle& handle, void* buffer, int64_t bytes) override;
  int64_t GetFileSize(duckdb::FileHandle& handle) override;
  duckdb::idx_t SeekPosition(duckdb::FileHandle& handle) override;
  void FileSync(duckdb::FileHandle&) override {}
  bool CanSeek() override { return false; }
  bool OnDiskFile(duckdb::FileHandle&) override { return false; }
  bool IsPipe(const std::string&, duckdb::optional_ptr<duckdb::FileOpener>) override { return false; }
  bool FileExists(const std::string&, duckdb::optional_ptr<duckdb::FileOpener>) override { return false; }
};

// hanse://out/NONCE/FILE
std::string OutputPath(const std::string& nonce, std::uint64_t file);
bool IsOutputPath(const std::string& path);

}  // namespace hanse::engine
