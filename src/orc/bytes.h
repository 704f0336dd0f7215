#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "orc/file.h"

namespace hanse::orc {

// The bytes of one stream of a stripe, front to back, expanded a chunk at a time. One thread; the input outlives it.
// Once a read fails, all do: ask error() why.
class Bytes {
 public:
  Bytes(Input& input, const Tail& tail, const Stream& stream)
      : input_(input), codec_(tail.codec), block_bytes_(tail.block_bytes), offset_(stream.offset), left_(stream.bytes) {}
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;

  bool Next(std::uint8_t* byte) {
    if (at_ == piece_.size() && !Fill()) return false;
    *byte = static_cast<std::uint8_t>(piece_[at_++]);
    return true;
  }
  // Exactly `size` bytes.
  bool Next(char* into, std::size_t size);
  // Why a read failed where the input did; nothing where the stream is broken or at its end.
  const std::optional<Error>& error() const { return error_; }

 private:
  bool Fill();
  bool FillRaw(std::size_t size);

  Input& input_;
  Codec codec_;
  std::size_t block_bytes_;
  std::uint64_t offset_, left_;  // What has not been read of the file.
  std::string raw_;              // Read, not expanded.
  std::size_t raw_at_ = 0;
  std::string piece_;  // Expanded.
  std::size_t at_ = 0;
  bool failed_ = false;
  std::optional<Error> error_;
};

}  // namespace hanse::orc
