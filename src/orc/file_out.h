#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "orc/file.h"

namespace hanse::orc {

// A file as it is written, stripe after stripe, to a sink that takes its bytes in order. One thread; throws what the sink throws.
class FileOut {
 public:
  using Sink = std::function<void(std::string_view)>;
  struct Piece {
    StreamKind kind;
    std::uint32_t column;
    std::string bytes;  // Not compressed.
  };
  struct Counts {
    std::uint64_t values = 0;
    bool nulls = false;
  };

  FileOut(std::vector<Type> types, Codec codec, Sink sink);
  // All values are encoded directly, numbers in the second version; timestamps are of UTC. Empty streams are left out.
  void Stripe(std::uint64_t rows, std::vector<Piece> pieces);
  // `counts`: a column each, of the whole file.
  void Finish(const std::vector<Counts>& counts);

 private:
  void Put(std::string_view bytes);
  std::string Compressed(std::string_view bytes) const;

  const std::vector<Type> types_;
  const Codec codec_;
  Sink sink_;
  std::vector<orc::Stripe> stripes_;
  std::uint64_t offset_ = 0;
};

}  // namespace hanse::orc
