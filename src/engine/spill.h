#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/key.h"
#include "engine/server_link.h"

namespace hanse::engine {

// A piece that was put aside: by which query, where it lies, what it was sealed with, and the tag that shows whether it is what was
// written.
struct SpilledPiece {
  std::uint64_t query = 0, offset = 0, bytes = 0, nonce = 0;
  std::string tag;
};

// What one query's memory does not hold, in a file without a name that the server hands over at the first need. Every piece is
// sealed (AES-256-GCM) under a key that is drawn for the query and never leaves this process, each writing with a nonce of its
// own; key, nonces and tags are in memory alone, so what lies on the disk is noise to everybody else and to every later query.
// Any thread.
class Spill {
 public:
  // Between these two a query runs. Throwing members throw duckdb::IOException.
  void Begin(ServerLink& server, std::uint64_t bytes_max);
  void End();
  ~Spill() { End(); }

  // Throws where the limit is reached ("EXCEEDED_SPILL_LIMIT: …") and where the disk is full.
  SpilledPiece Write(std::string_view plain);
  // `plain` is piece.bytes long. Throws where the piece is of another query, or was changed.
  void Read(const SpilledPiece& piece, std::span<char> plain);
  void Free(const SpilledPiece& piece);
  std::uint64_t bytes() const;  // In the file, used and free.

 private:
  std::uint64_t Place(std::uint64_t bytes);  // With mutex_ held.

  mutable std::mutex mutex_;
  ServerLink* server_ = nullptr;
  int fd_ = -1;
  std::optional<crypto::Key> key_;
  std::uint64_t query_ = 0, bytes_max_ = 0, end_ = 0, nonces_ = 0;
  std::map<std::uint64_t, std::vector<std::uint64_t>> free_;  // Places by their size.
};

}  // namespace hanse::engine
