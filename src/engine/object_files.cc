#include "engine/object_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "duckdb/common/file_opener.hpp"
#include "engine/output_files.h"
#include "engine/session.h"

namespace hanse::engine {

namespace {

struct ObjectHandle final : SealedHandle {
  ObjectHandle(duckdb::FileSystem& files, const std::string& path, duckdb::FileOpenFlags flags, duckdb::shared_ptr<Session> session,
               std::uint64_t object, std::shared_ptr<const SealedObject> sealed)
      : SealedHandle(files, path, flags, std::move(sealed)), session(std::move(session)), object(object) {}
  duckdb::shared_ptr<Session> session;
  std::uint64_t object;
};

constexpr std::size_t kObjectsAtOnceMax = 16;

std::shared_ptr<const SealedObject> Known(Session& session, std::uint64_t object) {
  std::lock_guard lock(session.objects_mutex);
  auto known = session.objects.find(object);
  return known == session.objects.end() ? nullptr : known->second;
}

// `object`, and those that are expected after it as far as they may be kept.
std::vector<std::uint64_t> Wanted(Session& session, std::uint64_t object) {
  std::lock_guard lock(session.objects_mutex);
  std::size_t room = Session::kObjectsKeptOpen - std::min(Session::kObjectsKeptOpen, session.objects.size());
  std::vector<std::uint64_t> wanted{object};
  for (auto at = session.following.find(object); at != session.following.end(); at = session.following.find(at->second)) {
    if (wanted.size() >= std::min(room, session.objects_at_once) || session.objects.contains(at->second)) break;
    wanted.push_back(at->second);
  }
  session.objects_at_once = std::min(2 * session.objects_at_once, kObjectsAtOnceMax);
  return wanted;
}

// A scan opens an object three times: for its columns, its counts and its rows. The server is asked once.
std::shared_ptr<const SealedObject> SealedOf(Session& session, std::uint64_t object) {
  if (auto known = Known(session, object)) return known;
  std::lock_guard asking(session.asking_mutex);
  if (auto known = Known(session, object)) return known;
  const auto wanted = Wanted(session, object);
  auto opened = session.server.Open(wanted);
  Result<std::shared_ptr<const SealedObject>> asked = Fail(ErrorCode::kInternal, "an object was not opened");
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    Result<std::shared_ptr<const SealedObject>> sealed = Fail(ErrorCode::kInternal, "an object was not opened");
    if (opened[i]) {
      sealed = SealedObject::TryOpen(*std::move(opened[i]));
    } else {
      sealed = std::unexpected(opened[i].error());
    }
    if (sealed) {
      std::lock_guard lock(session.objects_mutex);
      if (session.objects.size() < Session::kObjectsKeptOpen) session.objects.emplace(wanted[i], *sealed);
    }
    if (i == 0) asked = std::move(sealed);  // What fails of the others is asked for again, and fails then, where it is really read.
  }
  if (!asked) throw duckdb::IOException("%s", asked.error().message);
  return *std::move(asked);
}

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

void ExpectFiles(Session& session, const FileSelection& files) {
  const duckdb::idx_t count = files.size();  // Before the lock: to know it, the manifests of an Iceberg table are read.
  std::lock_guard lock(session.objects_mutex);
  for (duckdb::idx_t i = 1; i < count; ++i) {
    session.following.insert_or_assign(session.following.end(), files.ObjectAt(i - 1), files.ObjectAt(i));
  }
}

bool ObjectFiles::CanHandleFile(const std::string& path) { return path.starts_with(kObjectScheme) && !IsOutputPath(path); }

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
  auto sealed = SealedOf(*session, object);
  return duckdb::make_uniq<ObjectHandle>(*this, path, flags, std::move(session), object, std::move(sealed));
}

void ObjectFiles::Read(duckdb::FileHandle& handle, void* buffer, int64_t bytes, duckdb::idx_t location) {
  auto& object = handle.Cast<ObjectHandle>();
  if (bytes < 0) throw duckdb::IOException("an object is read backwards");
  if (!object.session->meter->Add(object.object, location, static_cast<std::uint64_t>(bytes))) throw duckdb::InterruptException();
  SealedFiles::Read(handle, buffer, bytes, location);
}

}  // namespace hanse::engine
