#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.h"

namespace hanse::http {

// Takes the chunks of a body apart (RFC 9112, section 7.1) as its bytes come in; extensions and trailers are dropped, within
// limits. One thread at a time.
class ChunkedBody {
 public:
  struct Step {
    std::size_t read, written;
  };
  // Reads of `in` as far as there is room in `out`. Neither moves when more of `in` is needed. kInvalidArgument where it is no
  // chunked body; the end of the body is told by done().
  Result<Step> Decode(std::string_view in, std::span<char> out);
  bool done() const { return state_ == State::kDone; }

 private:
  enum class State { kSize, kExtension, kSizeEnd, kData, kDataReturn, kDataEnd, kTrailer, kTrailerEnd, kLastReturn, kDone };
  Result<void> Take(char c);

  State state_ = State::kSize;
  std::uint64_t left_ = 0;  // Of this chunk.
  int digits_ = 0;
  std::size_t overhead_ = 0;  // Bytes of extensions of this chunk, or of all trailers.
};

}  // namespace hanse::http
