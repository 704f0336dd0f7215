#pragma once
#include <memory>
#include <string>

#include "base/random.h"
#include "base/result.h"
#include "blob/blobs.h"

namespace hanse::blob {

// Blobs as sealed files: DIR/ab/ab…, where "ab" are the first two digits of the id. The 256 directories are made at the first
// start, so that a write syncs its file and one directory and never a path of them. What is being written lies in DIR/incoming,
// which is emptied at start. Files are 0600, directories 0700. Any thread.
class LocalBlobs final : public Blobs {
 public:
  // `directory` is made where it is missing; its parent must be there. `random` outlives the store.
  static Result<std::unique_ptr<LocalBlobs>> Open(const std::string& directory, Random& random);

  Result<std::unique_ptr<Writer>> Create(const crypto::Key& key) override;
  Result<std::shared_ptr<Reader>> Open(const BlobId& id, const crypto::Key& key) override;
  Result<void> Delete(const BlobId& id) override;
  Result<void> List(const std::function<bool(const BlobId& id, TimeMs made_ms)>& visit) override;

 private:
  LocalBlobs(std::string directory, Random& random) : directory_(std::move(directory)), random_(random) {}
  Result<void> Prepare();

  const std::string directory_;
  Random& random_;
};

}  // namespace hanse::blob
