#include "engine/sealed_files.h"

#include <unistd.h>

#include <algorithm>

namespace hanse::engine {

namespace {
SealedHandle& Sealed(duckdb::FileHandle& handle) { return handle.Cast<SealedHandle>(); }
}  // namespace

Result<std::shared_ptr<const SealedObject>> SealedObject::TryOpen(OpenObject open) {
  std::shared_ptr<SealedObject> object(new SealedObject(open.fd));
  TRY_ASSIGN(object->reader_, crypto::ChunkedReader::Open(open.fd, open.key));
  return std::shared_ptr<const SealedObject>(std::move(object));
}

std::shared_ptr<const SealedObject> SealedObject::Open(OpenObject open) {
  auto object = TryOpen(std::move(open));
  if (!object) throw duckdb::IOException("%s", object.error().message);
  return *std::move(object);
}

SealedObject::~SealedObject() {
  reader_.reset();
  if (fd_ >= 0) ::close(fd_);
}

void SealedFiles::Read(duckdb::FileHandle& handle, void* buffer, int64_t bytes, duckdb::idx_t location) {
  auto& object = Sealed(handle);
  if (bytes < 0 || !object.sealed) throw duckdb::IOException("an object is read that is not open");
  auto read = object.sealed->reader().ReadAt(location, {static_cast<char*>(buffer), static_cast<std::size_t>(bytes)});
  if (!read) throw duckdb::IOException("%s", read.error().message);
}

int64_t SealedFiles::Read(duckdb::FileHandle& handle, void* buffer, int64_t bytes) {
  auto& object = Sealed(handle);
  duckdb::idx_t size = object.sealed ? object.sealed->reader().size() : 0;
  int64_t take = std::min<int64_t>(bytes, static_cast<int64_t>(size - std::min(size, object.position)));
  if (take > 0) Read(handle, buffer, take, object.position);
  object.position += static_cast<duckdb::idx_t>(take);
  return take;
}

int64_t SealedFiles::GetFileSize(duckdb::FileHandle& handle) {
  return Sealed(handle).sealed ? static_cast<int64_t>(Sealed(handle).sealed->reader().size()) : 0;
}

void SealedFiles::Seek(duckdb::FileHandle& handle, duckdb::idx_t location) { Sealed(handle).position = location; }
duckdb::idx_t SealedFiles::SeekPosition(duckdb::FileHandle& handle) { return Sealed(handle).position; }

duckdb::vector<duckdb::OpenFileInfo> SealedFiles::Glob(const std::string& path, duckdb::FileOpener*) {
  duckdb::vector<duckdb::OpenFileInfo> only;
  only.emplace_back(path);
  return only;
}

}  // namespace hanse::engine
