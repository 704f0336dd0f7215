#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/result.h"

namespace hanse {

// Bytes that are read once, front to back: the body of an upload, an object on its way out. One thread at a time.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // How many bytes there are in all, where that is known before they are read.
  virtual std::optional<std::uint64_t> size() const = 0;
  // Fills as much of `into` as there is at hand (at least one byte); 0 at the end. An error ends the stream.
  virtual Result<std::size_t> Read(std::span<char> into) = 0;
};

}  // namespace hanse
