#include "engine/object_files.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <mutex>
#include <optional>
#include <vector>

#include "base/text.h"
#include "crypto/chunked.h"
#include "duckdb/common/file_opener.hpp"
#include "engine/session.h"

namespace hanse::engine {

namespace {

// An open object. Closes its descriptor; its key is wiped with the reader.
class ObjectHandle final : public duckdb::FileHandle {
 public:
  ObjectHandle(duckdb::FileSystem& files, const std::string& path, duckdb::FileOpenFlags flags, duckdb::shared_ptr<Session> session,
               std::uint64_t object, int fd, crypto::ChunkedReader reader)
      : FileHandle(files, path, flags), session(std::move(session)), object(object), fd(fd), reader(std::move(reader)) {}
  ~ObjectHandle() override { ObjectHandle::Close(); }
  void Close() override {
    reader.reset();
    if (fd >= 0) ::close(fd);
    fd = -1;
  }

  duckdb::shared_ptr<Session> session;
  std::uint64_t object;
  int fd;
  std::optional<crypto::ChunkedReader> reader;
  duckdb::idx_t position = 0;
};

ObjectHandle& Of(duckdb::FileHandle& handle) { return handle.Cast<ObjectHandle>(); }

bool Parse(const std::string& path, std::string* nonce, duckdb::idx_t* file, std::uint64_t* object) {
  if (!path.starts_with(kObjectScheme)) return false;
  auto parts = Split(std::string_view(path).substr(std::string_view(kObjectScheme).size()), '/');
  if (parts.size() != 3) return false;
  *nonce = parts[0];
  auto number = [](const std::string& text, std::uint64_t* value) {
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
    return error == std::errc() && end == text.data() + text.size();
  };
  std::uint64_t at = 0;
  if (!number(parts[1], &at) || !number(parts[2], object)) return false;
  *file = at;
  return true;
}

}  // namespace

std::string ObjectPath(const std::string& nonce, duckdb::idx_t file, std::uint64_t object) {
  return fmt::format("{}{}/{}/{}", kObjectScheme, nonce, file, object);
}

bool FileOfPath(const std::string& path, duckdb::idx_t* file) {
  std::string nonce;
  std::uint64_t object = 0;
  return Parse(path, &nonce, file, &object);
}

bool ObjectFiles::CanHandleFile(const std::string& path) { return path.starts_with(kObjectScheme); }

duckdb::unique_ptr<duckdb::FileHandle> ObjectFiles::OpenFile(const std::string& path, duckdb::FileOpenFlags flags,
                                                             duckdb::optional_ptr<duckdb::FileOpener> opener) {
  if (flags.OpenForWriting()) throw duckdb::PermissionException("objects are read only");
  auto context = duckdb::FileOpener::TryGetClientContext(opener);
  auto session = context ? Session::Of(*context) : nullptr;
  std::string nonce;
  duckdb::idx_t file = 0;
  std::uint64_t object = 0;
  if (!session || !Parse(path, &nonce, &file, &object) || nonce != session->nonce) {
    throw duckdb::PermissionException("no such object");
  }
  auto open = session->server.Open(object);
  if (!open) throw duckdb::IOException("%s", open.error().message);
  auto reader = crypto::ChunkedReader::Open(open->fd, open->key);
  if (!reader) {
    ::close(open->fd);
    throw duckdb::IOException("%s", reader.error().message);
  }
  return duckdb::make_uniq<ObjectHandle>(*this, path, flags, std::move(session), object, open->fd, *std::move(reader));
}

void ObjectFiles::Read(duckdb::FileHandle& handle, void* buffer, int64_t bytes, duckdb::idx_t location) {
  auto& object = Of(handle);
  if (bytes < 0 || !object.reader) throw duckdb::IOException("an object is read that is not open");
  if (!object.session->meter.Add(object.object, location, static_cast<std::uint64_t>(bytes))) {
    throw duckdb::InterruptException();
  }
  auto read = object.reader->ReadAt(location, {static_cast<char*>(buffer), static_cast<std::size_t>(bytes)});
  if (!read) throw duckdb::IOException("%s", read.error().message);
}

int64_t ObjectFiles::Read(duckdb::FileHandle& handle, void* buffer, int64_t bytes) {
  auto& object = Of(handle);
  duckdb::idx_t size = object.reader ? object.reader->size() : 0;
  int64_t take = std::min<int64_t>(bytes, static_cast<int64_t>(size - std::min(size, object.position)));
  if (take > 0) Read(handle, buffer, take, object.position);
  object.position += static_cast<duckdb::idx_t>(take);
  return take;
}

int64_t ObjectFiles::GetFileSize(duckdb::FileHandle& handle) {
  return Of(handle).reader ? static_cast<int64_t>(Of(handle).reader->size()) : 0;
}

// Objects are immutable under their number, so the number is all that a cache could ask for.
duckdb::timestamp_t ObjectFiles::GetLastModifiedTime(duckdb::FileHandle&) { return duckdb::timestamp_t(0); }
std::string ObjectFiles::GetVersionTag(duckdb::FileHandle& handle) { return std::to_string(Of(handle).object); }
duckdb::FileType ObjectFiles::GetFileType(duckdb::FileHandle&) { return duckdb::FileType::FILE_TYPE_REGULAR; }
void ObjectFiles::Seek(duckdb::FileHandle& handle, duckdb::idx_t location) { Of(handle).position = location; }
void ObjectFiles::Reset(duckdb::FileHandle& handle) { Of(handle).position = 0; }
duckdb::idx_t ObjectFiles::SeekPosition(duckdb::FileHandle& handle) { return Of(handle).position; }

duckdb::vector<duckdb::OpenFileInfo> ObjectFiles::Glob(const std::string& path, duckdb::FileOpener*) {
  duckdb::vector<duckdb::OpenFileInfo> only;
  only.emplace_back(path);
  return only;
}

}  // namespace hanse::engine
