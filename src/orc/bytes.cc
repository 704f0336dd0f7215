#include "orc/bytes.h"

#include <algorithm>
#include <cstring>

namespace hanse::orc {
namespace {

constexpr std::size_t kReadBytes = 256 * 1024;

}  // namespace

// Has at least `size` bytes in raw_, if the stream has.
bool Bytes::FillRaw(std::size_t size) {
  if (raw_.size() - raw_at_ >= size) return true;
  raw_.erase(0, raw_at_);
  raw_at_ = 0;
  const std::size_t have = raw_.size();
  const auto more = static_cast<std::size_t>(std::min<std::uint64_t>(left_, std::max(size - have, kReadBytes)));
  raw_.resize(have + more);
  if (auto read = input_.Read(offset_, more, raw_.data() + have); !read) {
    error_ = std::move(read).error();
    return false;
  }
  offset_ += more;
  left_ -= more;
  return raw_.size() >= size;
}

bool Bytes::Fill() {
  piece_.clear();
  at_ = 0;
  while (!failed_ && piece_.empty()) {
    if (left_ == 0 && raw_at_ == raw_.size()) return false;
    if (codec_ == Codec::kNone) {
      failed_ = !FillRaw(1);
      piece_.swap(raw_);
      raw_.clear();
      continue;
    }
    failed_ = !FillRaw(kChunkHeaderBytes);
    if (failed_) break;
    const ChunkHeader header = ReadChunkHeader(std::string_view(raw_).substr(raw_at_));
    failed_ = header.bytes > block_bytes_ || !FillRaw(kChunkHeaderBytes + header.bytes);
    if (failed_) break;
    const std::string_view chunk = std::string_view(raw_).substr(raw_at_ + kChunkHeaderBytes, header.bytes);
    raw_at_ += kChunkHeaderBytes + header.bytes;
    if (header.original) {
      piece_ = chunk;
    } else {
      failed_ = !Expand(codec_, chunk, block_bytes_, &piece_);
    }
  }
  if (failed_) piece_.clear();
  return !failed_;
}

bool Bytes::Next(char* into, std::size_t size) {
  while (size > 0) {
    if (at_ == piece_.size() && !Fill()) return false;
    const std::size_t taken = std::min(size, piece_.size() - at_);
    std::memcpy(into, piece_.data() + at_, taken);
    at_ += taken;
    into += taken;
    size -= taken;
  }
  return true;
}

}  // namespace hanse::orc
