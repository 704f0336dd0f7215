#pragma once
#include <string>

#include "duckdb.hpp"
#include "engine/file_selection.h"
#include "engine/sealed_files.h"
#include "engine/session.h"

namespace hanse::engine {

// The only file system that the engine has left: objects that the server hands over one by one, by the names that ObjectPath()
// makes for one query. An object is opened by asking the server, and metered.
class ObjectFiles final : public SealedFiles {
 public:
  using SealedFiles::Read;
  std::string GetName() const override { return "hanse objects"; }
  bool CanHandleFile(const std::string& path) override;
  duckdb::unique_ptr<duckdb::FileHandle> OpenFile(const std::string& path, duckdb::FileOpenFlags flags,
                                                  duckdb::optional_ptr<duckdb::FileOpener> opener) override;
  void Read(duckdb::FileHandle& handle, void* buffer, int64_t bytes, duckdb::idx_t location) override;
};

// Tells that a scan will open these files, in their order. Objects are then asked for a few at a time: one at first, each time
// twice as many, so that a scan that ends early has asked for few that it did not read.
void ExpectFiles(Session& session, const FileSelection& files);

inline constexpr const char* kObjectScheme = "hanse://";
// hanse://NONCE/FILE/OBJECT: the nonce of the query, the file's place in its table, the object's number.
std::string ObjectPath(const std::string& nonce, duckdb::idx_t file, std::uint64_t object);
// The file's place in its table; false where `path` is none of these names.
bool FileOfPath(const std::string& path, duckdb::idx_t* file);

}  // namespace hanse::engine
