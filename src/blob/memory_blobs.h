#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/random.h"
#include "blob/blobs.h"

namespace hanse::blob {

// Blobs that live as long as the process: for tests of what stands above. As strict as a driver: a blob opens under its own key
// alone and is not there before Finish(). Any thread.
class MemoryBlobs final : public Blobs {
 public:
  explicit MemoryBlobs(Random& random) : random_(random), kept_(std::make_shared<Kept>()) {}

  Result<std::unique_ptr<Writer>> Create(const crypto::Key& key) override;
  Result<std::shared_ptr<Reader>> Open(const BlobId& id, const crypto::Key& key) override;
  Result<void> Delete(const BlobId& id) override;
  Result<void> List(const std::function<bool(const BlobId& id, TimeMs made_ms)>& visit) override;

  std::size_t count() const;
  // Storing fails from now on, or works again: a full disk.
  enum class Disk { kFree, kFull };
  void SetDisk(Disk disk);

  struct Content {
    std::string bytes, key;
  };
  struct Kept {
    std::mutex mutex;
    std::map<BlobId, std::shared_ptr<const Content>> blobs;
    Disk disk = Disk::kFree;
  };

 private:
  Random& random_;
  std::shared_ptr<Kept> kept_;
};

}  // namespace hanse::blob
