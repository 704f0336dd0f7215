#include "doors/http/chunked_body.h"

#include <algorithm>
#include <cstring>

namespace hanse::http {
namespace {

constexpr int kSizeDigitsMax = 15;
constexpr std::size_t kOverheadBytesMax = 8 * 1024;

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Result<ChunkedBody::Step> ChunkedBody::Decode(std::string_view in, std::span<char> out) {
  Step step{0, 0};
  while (step.read < in.size() && !done()) {
    if (state_ != State::kData) {
      TRY(Take(in[step.read++]));
      continue;
    }
    const std::size_t count = std::min<std::uint64_t>({left_, in.size() - step.read, out.size() - step.written});
    if (count == 0) break;
    std::memcpy(out.data() + step.written, in.data() + step.read, count);
    step.read += count;
    step.written += count;
    left_ -= count;
    if (left_ == 0) state_ = State::kDataReturn;
  }
  return step;
}

Result<void> ChunkedBody::Take(char c) {
  const auto broken = [] { return Fail(ErrorCode::kInvalidArgument, "the body is not chunked as declared"); };
  const auto expect = [&](char wanted, State next) -> Result<void> {
    if (c != wanted) return broken();
    state_ = next;
    return {};
  };
  switch (state_) {
    case State::kSize:
      if (const int digit = HexValue(c); digit >= 0) {
        left_ = left_ * 16 + static_cast<unsigned>(digit);
        return ++digits_ <= kSizeDigitsMax ? Result<void>() : broken();
      }
      overhead_ = 0;
      if (digits_ == 0) return broken();
      if (c == ';') {
        state_ = State::kExtension;
        return {};
      }
      return expect('\r', State::kSizeEnd);
    case State::kExtension:
      if (c == '\r') state_ = State::kSizeEnd;
      return c != '\n' && ++overhead_ <= kOverheadBytesMax ? Result<void>() : broken();
    case State::kSizeEnd: digits_ = 0; return expect('\n', left_ > 0 ? State::kData : State::kTrailer);
    case State::kDataReturn: return expect('\r', State::kDataEnd);
    case State::kDataEnd: return expect('\n', State::kSize);
    case State::kTrailer:  // At the first byte of a line.
      if (c == '\r') return expect('\r', State::kLastReturn);
      state_ = State::kTrailerEnd;
      return c != '\n' && ++overhead_ <= kOverheadBytesMax ? Result<void>() : broken();
    case State::kTrailerEnd:
      if (c == '\n') state_ = State::kTrailer;
      return ++overhead_ <= kOverheadBytesMax ? Result<void>() : broken();
    case State::kLastReturn: return expect('\n', State::kDone);
    case State::kData:
    case State::kDone: break;
  }
  return broken();
}

}  // namespace hanse::http
