#pragma once
#include <optional>

#include "base/stream.h"

namespace hanse::http {

class Connection;

// The body of a request on its way in, read by the thread of its handler. Belongs to the request; dead once the handler has
// returned.
class BodyStream final : public ByteSource {
 public:
  BodyStream(Connection& connection, const std::uint64_t* declared_bytes) : connection_(connection) {
    if (declared_bytes != nullptr) size_ = *declared_bytes;
  }
  std::optional<std::uint64_t> size() const override { return size_; }
  Result<std::size_t> Read(std::span<char> into) override;

 private:
  Connection& connection_;
  std::optional<std::uint64_t> size_;
};

}  // namespace hanse::http
