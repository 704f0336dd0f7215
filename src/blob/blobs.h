#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/key.h"

namespace hanse::blob {

// The name of a blob: 32 hexadecimal digits, drawn, never used again.
using BlobId = std::string;
bool IsBlobId(std::string_view text);

// A blob on its way in. One thread. Destroyed before Finish() it leaves nothing behind.
class Writer {
 public:
  virtual ~Writer() = default;
  virtual const BlobId& id() const = 0;
  virtual std::uint64_t plain_bytes() const = 0;
  // kUnavailable where the store cannot take more (disk full); the writer is then of no more use.
  virtual Result<void> Append(std::string_view plain) = 0;
  // Returns when the blob is durable under its id: only then may a row that names it be committed.
  virtual Result<void> Finish() = 0;
};

// An open blob: readable to its end although it may be deleted meanwhile. Any thread.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual std::uint64_t size() const = 0;  // Of the plain bytes.
  virtual Result<void> ReadAt(std::uint64_t offset, std::span<char> into) const = 0;
  // The sealed file (crypto/chunked.h), where the store has one on this machine: what a confined worker may be handed. Stays the
  // reader's; -1 where there is none.
  virtual int sealed_fd() const { return -1; }
};

// Immutable bytes by id, each blob sealed under a data key of its own, which whoever calls keeps wrapped. Any thread.
class Blobs {
 public:
  virtual ~Blobs() = default;
  virtual Result<std::unique_ptr<Writer>> Create(const crypto::Key& key) = 0;
  // kNotFound where there is no such blob; kInternal where its bytes are not those that `key` sealed.
  virtual Result<std::shared_ptr<Reader>> Open(const BlobId& id, const crypto::Key& key) = 0;
  // Missing already is fine.
  virtual Result<void> Delete(const BlobId& id) = 0;
  // Every durable blob once, in no order, with the time it was made. Ends at the first false.
  virtual Result<void> List(const std::function<bool(const BlobId& id, TimeMs made_ms)>& visit) = 0;
};

}  // namespace hanse::blob
