#include "blob/memory_blobs.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace hanse::blob {
namespace {

class MemoryWriter final : public Writer {
 public:
  MemoryWriter(std::shared_ptr<MemoryBlobs::Kept> kept, BlobId id, const crypto::Key& key)
      : kept_(std::move(kept)), id_(std::move(id)), content_(std::make_shared<MemoryBlobs::Content>()) {
    content_->key = key.bytes();
  }
  const BlobId& id() const override { return id_; }
  std::uint64_t plain_bytes() const override { return content_->bytes.size(); }
  Result<void> Append(std::string_view plain) override {
    content_->bytes += plain;
    return {};
  }
  Result<void> Finish() override {
    std::lock_guard lock(kept_->mutex);
    if (kept_->disk == MemoryBlobs::Disk::kFull)
      return Fail(ErrorCode::kUnavailable, "cannot store bytes: No space left on device");
    kept_->blobs[id_] = content_;
    return {};
  }

 private:
  std::shared_ptr<MemoryBlobs::Kept> kept_;
  const BlobId id_;
  std::shared_ptr<MemoryBlobs::Content> content_;
};

class MemoryReader final : public Reader {
 public:
  explicit MemoryReader(std::shared_ptr<const MemoryBlobs::Content> content) : content_(std::move(content)) {}
  std::uint64_t size() const override { return content_->bytes.size(); }
  Result<void> ReadAt(std::uint64_t offset, std::span<char> into) const override {
    if (offset > size() || into.size() > size() - offset) return Fail(ErrorCode::kInvalidArgument, "range is beyond the end");
    std::copy_n(content_->bytes.data() + offset, into.size(), into.data());
    return {};
  }

 private:
  std::shared_ptr<const MemoryBlobs::Content> content_;
};

}  // namespace

Result<std::unique_ptr<Writer>> MemoryBlobs::Create(const crypto::Key& key) {
  return std::unique_ptr<Writer>(std::make_unique<MemoryWriter>(kept_, Hex(random_.Bytes(16)), key));
}

Result<std::shared_ptr<Reader>> MemoryBlobs::Open(const BlobId& id, const crypto::Key& key) {
  std::lock_guard lock(kept_->mutex);
  auto at = kept_->blobs.find(id);
  if (at == kept_->blobs.end()) return Fail(ErrorCode::kNotFound, "no such blob");
  if (at->second->key != key.bytes()) return Fail(ErrorCode::kInternal, "stored bytes are damaged");
  return std::shared_ptr<Reader>(std::make_shared<MemoryReader>(at->second));
}

Result<void> MemoryBlobs::Delete(const BlobId& id) {
  std::lock_guard lock(kept_->mutex);
  kept_->blobs.erase(id);
  return {};
}

Result<void> MemoryBlobs::List(const std::function<bool(const BlobId& id, TimeMs made_ms)>& visit) {
  std::vector<BlobId> ids;
  {
    std::lock_guard lock(kept_->mutex);
    for (const auto& [id, content] : kept_->blobs) ids.push_back(id);
  }
  for (const BlobId& id : ids) {
    if (!visit(id, 0)) break;
  }
  return {};
}

std::size_t MemoryBlobs::count() const {
  std::lock_guard lock(kept_->mutex);
  return kept_->blobs.size();
}

void MemoryBlobs::SetDisk(Disk disk) {
  std::lock_guard lock(kept_->mutex);
  kept_->disk = disk;
}

}  // namespace hanse::blob
