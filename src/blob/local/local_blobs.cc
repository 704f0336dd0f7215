#include "blob/local/local_blobs.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include <fmt/format.h>

#include "base/text.h"
#include "blob/local/files.h"
#include "crypto/chunked.h"

namespace hanse::blob {
namespace {

std::string Incoming(const std::string& directory) { return directory + "/incoming"; }
std::string Shard(const std::string& directory, const BlobId& id) { return directory + "/" + id.substr(0, 2); }

class LocalWriter final : public Writer {
 public:
  LocalWriter(const std::string& directory, BlobId id, File file, const crypto::Key& key, Random& random)
      : directory_(directory),
        id_(std::move(id)),
        path_(Incoming(directory) + "/" + id_),
        file_(std::move(file)),
        sealing_(file_.fd(), key, random) {}
  ~LocalWriter() override {
    if (!finished_) unlink(path_.c_str());
  }

  const BlobId& id() const override { return id_; }
  std::uint64_t plain_bytes() const override { return sealing_.plain_bytes(); }
  Result<void> Append(std::string_view plain) override { return sealing_.Append(plain); }

  Result<void> Finish() override {
    TRY(sealing_.Finish());
    // Named before it is synced: a file system with a log then writes both down at once, and the folder has nothing left to sync.
    // What a crash leaves of it no row names.
    std::string shard = Shard(directory_, id_), path = shard + "/" + id_;
    if (rename(path_.c_str(), path.c_str()) != 0) return DiskFailed("cannot store bytes");
    path_ = std::move(path);
    if (fsync(file_.fd()) != 0) return DiskFailed("cannot store bytes");
    TRY(SyncDirectory(shard));
    finished_ = true;
    return {};
  }

 private:
  const std::string& directory_;
  const BlobId id_;
  std::string path_;  // Where it is now.
  File file_;
  crypto::ChunkedWriter sealing_;
  bool finished_ = false;
};

class LocalReader final : public Reader {
 public:
  LocalReader(File file, crypto::ChunkedReader opened) : file_(std::move(file)), opened_(std::move(opened)) {}
  std::uint64_t size() const override { return opened_.size(); }
  Result<void> ReadAt(std::uint64_t offset, std::span<char> into) const override { return opened_.ReadAt(offset, into); }
  int sealed_fd() const override { return file_.fd(); }

 private:
  File file_;
  crypto::ChunkedReader opened_;
};

}  // namespace

Result<std::unique_ptr<LocalBlobs>> LocalBlobs::Open(const std::string& directory, Random& random) {
  std::unique_ptr<LocalBlobs> blobs(new LocalBlobs(directory, random));
  TRY(blobs->Prepare());
  return blobs;
}

Result<void> LocalBlobs::Prepare() {
  TRY(MakeDirectory(directory_));
  TRY(MakeDirectory(Incoming(directory_)));
  for (int shard = 0; shard < 256; ++shard) TRY(MakeDirectory(fmt::format("{}/{:02x}", directory_, shard)));
  TRY(SyncDirectory(directory_));
  TRY(SyncDirectory(std::filesystem::path(directory_).parent_path()));
  // What a crash left half written: no row can name it.
  std::error_code error;
  for (std::filesystem::directory_iterator at(Incoming(directory_), error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    std::filesystem::remove(at->path(), ignored);
  }
  if (error) return Fail(ErrorCode::kUnavailable, fmt::format("cannot read {}: {}", Incoming(directory_), error.message()));
  return {};
}

Result<std::unique_ptr<Writer>> LocalBlobs::Create(const crypto::Key& key) {
  BlobId id = Hex(random_.Bytes(16));
  std::string path = Incoming(directory_) + "/" + id;
  File file(open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return DiskFailed("cannot store bytes");
  return std::unique_ptr<Writer>(std::make_unique<LocalWriter>(directory_, std::move(id), std::move(file), key, random_));
}

Result<std::shared_ptr<Reader>> LocalBlobs::Open(const BlobId& id, const crypto::Key& key) {
  if (!IsBlobId(id)) return Fail(ErrorCode::kNotFound, "no such blob");
  File file(open((Shard(directory_, id) + "/" + id).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file && errno == ENOENT) return Fail(ErrorCode::kNotFound, "no such blob");
  if (!file) return DiskFailed("cannot read stored bytes");
  TRY_ASSIGN(crypto::ChunkedReader opened, crypto::ChunkedReader::Open(file.fd(), key));
  return std::shared_ptr<Reader>(std::make_shared<LocalReader>(std::move(file), std::move(opened)));
}

Result<void> LocalBlobs::Delete(const BlobId& id) {
  if (!IsBlobId(id)) return Fail(ErrorCode::kNotFound, "no such blob");
  if (unlink((Shard(directory_, id) + "/" + id).c_str()) != 0 && errno != ENOENT) return DiskFailed("cannot delete stored bytes");
  return {};
}

Result<void> LocalBlobs::List(const std::function<bool(const BlobId& id, TimeMs made_ms)>& visit) {
  for (int shard = 0; shard < 256; ++shard) {
    std::error_code error;
    std::filesystem::directory_iterator at(fmt::format("{}/{:02x}", directory_, shard), error), end;
    for (; !error && at != end; at.increment(error)) {
      BlobId id = at->path().filename();
      struct stat file{};
      if (!IsBlobId(id) || stat(at->path().c_str(), &file) != 0) continue;  // Not ours, or just deleted.
      if (!visit(id, static_cast<TimeMs>(file.st_mtim.tv_sec) * 1000 + file.st_mtim.tv_nsec / 1'000'000)) return {};
    }
    if (error) return Fail(ErrorCode::kUnavailable, fmt::format("cannot list stored bytes: {}", error.message()));
  }
  return {};
}

}  // namespace hanse::blob
