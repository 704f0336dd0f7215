#include "crypto/chunked.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <openssl/crypto.h>

namespace hanse::crypto {
namespace {

constexpr char kMagic[] = {'H', 'N', 'S', 'C', 1, 14};
constexpr std::size_t kPrefixAt = sizeof kMagic, kPrefixBytes = 7;
constexpr std::size_t kSealedChunkBytes = kChunkBytes + kChunkTagBytes;
constexpr std::uint64_t kChunksMax = std::uint64_t{1} << 32;
constexpr std::size_t kBatchChunks = 16;  // 256 KiB a system call.
static_assert(kChunkBytes == 1 << kMagic[5]);

std::unexpected<Error> Damaged() { return Fail(ErrorCode::kInternal, "stored bytes are damaged"); }

std::unexpected<Error> DiskFailed(const char* what) {
  return Fail(ErrorCode::kUnavailable, fmt::format("{}: {}", what, std::strerror(errno)));
}

using Header = std::array<char, kChunkedHeaderBytes>;

std::string_view Text(const Header& header) { return {header.data(), header.size()}; }

class Nonce {
 public:
  Nonce(const Header& header, std::uint64_t chunk, bool last) {
    std::memcpy(bytes_, header.data() + kPrefixAt, kPrefixBytes);
    for (int i = 0; i < 4; ++i) bytes_[kPrefixBytes + i] = static_cast<char>(chunk >> (24 - 8 * i));
    bytes_[kPrefixBytes + 4] = last ? 1 : 0;
  }
  std::string_view view() const { return {bytes_, sizeof bytes_}; }

 private:
  char bytes_[kNonceBytes];
};
static_assert(kPrefixBytes + 5 == kNonceBytes);

Result<void> ReadWhole(int fd, std::uint64_t offset, char* into, std::size_t size) {
  while (size > 0) {
    ssize_t got = pread(fd, into, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return DiskFailed("cannot read stored bytes");
    if (got == 0) return Damaged();
    into += got;
    offset += static_cast<std::uint64_t>(got);
    size -= static_cast<std::size_t>(got);
  }
  return {};
}

}  // namespace

std::uint64_t ChunkedFileBytes(std::uint64_t plain_bytes) {
  std::uint64_t chunks = std::max<std::uint64_t>(1, (plain_bytes + kChunkBytes - 1) / kChunkBytes);
  return kChunkedHeaderBytes + plain_bytes + chunks * kChunkTagBytes;
}

Result<std::uint64_t> ChunkedPlainBytes(std::uint64_t file_bytes) {
  if (file_bytes < kChunkedHeaderBytes + kChunkTagBytes) return Damaged();
  std::uint64_t sealed = file_bytes - kChunkedHeaderBytes;
  std::uint64_t full = sealed / kSealedChunkBytes, rest = sealed % kSealedChunkBytes;
  // A last chunk of no bytes stands only in an empty file.
  if (rest != 0 && (rest < kChunkTagBytes || (rest == kChunkTagBytes && full > 0))) return Damaged();
  if (full + (rest != 0 ? 1 : 0) > kChunksMax) return Damaged();
  return full * kChunkBytes + (rest != 0 ? rest - kChunkTagBytes : 0);
}

ChunkedWriter::ChunkedWriter(int fd, const Key& key, Random& random) : fd_(fd), key_(key), header_{} {
  std::memcpy(header_.data(), kMagic, sizeof kMagic);
  random.Fill(header_.data() + kPrefixAt, kPrefixBytes);
  sealed_.assign(header_.begin(), header_.end());
}

ChunkedWriter::~ChunkedWriter() { OPENSSL_cleanse(pending_.data(), pending_.size()); }

Result<void> ChunkedWriter::Append(std::string_view plain) {
  plain_bytes_ += plain.size();
  while (!plain.empty()) {
    if (pending_.empty() && plain.size() > kChunkBytes) {  // Whole chunks are sealed where they lie.
      TRY(Seal(plain.substr(0, kChunkBytes), Chunk::kInner));
      plain.remove_prefix(kChunkBytes);
      continue;
    }
    if (pending_.size() == kChunkBytes) {
      TRY(Seal({pending_.data(), pending_.size()}, Chunk::kInner));
      pending_.clear();
      continue;
    }
    if (pending_.capacity() == 0) pending_.reserve(kChunkBytes);  // Never moved: no copy is left behind unwiped.
    std::size_t taken = std::min(plain.size(), kChunkBytes - pending_.size());
    pending_.insert(pending_.end(), plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(taken));
    plain.remove_prefix(taken);
  }
  return {};
}

Result<void> ChunkedWriter::Finish() {
  TRY(Seal({pending_.data(), pending_.size()}, Chunk::kLast));
  return Flush();
}

Result<void> ChunkedWriter::Seal(std::string_view plain, Chunk chunk) {
  if (chunks_ >= kChunksMax) return Fail(ErrorCode::kLimitExceeded, "too many bytes for one stored object");
  std::size_t at = sealed_.size();
  sealed_.resize(at + plain.size() + kChunkTagBytes);
  SealInto(key_, Nonce(header_, chunks_, chunk == Chunk::kLast).view(), Text(header_), plain, std::span(sealed_).subspan(at));
  ++chunks_;
  return sealed_.size() >= kBatchChunks * kSealedChunkBytes ? Flush() : Result<void>{};
}

Result<void> ChunkedWriter::Flush() {
  const char* at = sealed_.data();
  std::size_t left = sealed_.size();
  while (left > 0) {
    ssize_t put = write(fd_, at, left);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return DiskFailed("cannot store bytes");
    at += put;
    left -= static_cast<std::size_t>(put);
  }
  sealed_.clear();
  return {};
}

Result<ChunkedReader> ChunkedReader::Open(int fd, const Key& key) {
  struct stat file{};
  if (fstat(fd, &file) != 0) return DiskFailed("cannot read stored bytes");
  ChunkedReader reader(fd, key);
  TRY_ASSIGN(reader.plain_bytes_, ChunkedPlainBytes(static_cast<std::uint64_t>(file.st_size)));
  reader.chunks_ = std::max<std::uint64_t>(1, (reader.plain_bytes_ + kChunkBytes - 1) / kChunkBytes);
  TRY(ReadWhole(fd, 0, reader.header_.data(), kChunkedHeaderBytes));
  const auto& header = reader.header_;
  bool zeros = std::all_of(header.begin() + kPrefixAt + kPrefixBytes, header.end(), [](char c) { return c == 0; });
  if (std::memcmp(header.data(), kMagic, sizeof kMagic) != 0 || !zeros) return Damaged();

  std::uint64_t last = reader.chunks_ - 1;
  auto plain = std::make_shared<std::vector<char>>(reader.PlainBytesOf(last));
  std::vector<char> sealed(plain->size() + kChunkTagBytes);
  TRY(ReadWhole(fd, kChunkedHeaderBytes + last * kSealedChunkBytes, sealed.data(), sealed.size()));
  TRY(reader.OpenChunk(last, sealed.data(), *plain));
  reader.last_ = std::move(plain);
  return reader;
}

std::size_t ChunkedReader::PlainBytesOf(std::uint64_t chunk) const {
  return static_cast<std::size_t>(std::min<std::uint64_t>(kChunkBytes, plain_bytes_ - chunk * kChunkBytes));
}

Result<void> ChunkedReader::OpenChunk(std::uint64_t chunk, const char* sealed, std::span<char> plain) const {
  Nonce nonce(header_, chunk, chunk + 1 == chunks_);
  if (!OpenInto(key_, nonce.view(), Text(header_), {sealed, plain.size() + kChunkTagBytes}, plain)) return Damaged();
  return {};
}

Result<void> ChunkedReader::ReadAt(std::uint64_t offset, std::span<char> into) const {
  if (offset > plain_bytes_ || into.size() > plain_bytes_ - offset) {
    return Fail(ErrorCode::kInvalidArgument, "range is beyond the end of the stored bytes");
  }
  thread_local std::vector<char> sealed;
  thread_local std::array<char, kChunkBytes> partial;
  std::uint64_t fetched_from = 0, fetched_to = 0;  // Chunks whose sealed bytes are at hand.
  while (!into.empty()) {
    std::uint64_t chunk = offset / kChunkBytes;
    std::size_t skip = static_cast<std::size_t>(offset % kChunkBytes), size = PlainBytesOf(chunk);
    std::size_t taken = std::min(size - skip, into.size());
    if (chunk + 1 == chunks_) {
      std::memcpy(into.data(), last_->data() + skip, taken);
    } else {
      if (chunk >= fetched_to) {
        std::uint64_t wanted = (offset + into.size() - 1) / kChunkBytes + 1;
        fetched_from = chunk;
        fetched_to = std::min({wanted, chunk + kBatchChunks, chunks_ - 1});  // The last one is here already.
        std::size_t bytes = static_cast<std::size_t>(fetched_to - fetched_from) * kSealedChunkBytes;
        if (sealed.size() < bytes) sealed.resize(bytes);
        TRY(ReadWhole(fd_, kChunkedHeaderBytes + chunk * kSealedChunkBytes, sealed.data(), bytes));
      }
      const char* at = sealed.data() + (chunk - fetched_from) * kSealedChunkBytes;
      bool whole = taken == size;
      TRY(OpenChunk(chunk, at, whole ? into.first(size) : std::span<char>(partial)));
      if (!whole) std::memcpy(into.data(), partial.data() + skip, taken);
    }
    into = into.subspan(taken);
    offset += taken;
  }
  OPENSSL_cleanse(partial.data(), partial.size());
  return {};
}

}  // namespace hanse::crypto
