#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "crypto/aead.h"
#include "crypto/key.h"

namespace hanse::crypto {

// The format of bytes at rest (design, section 7): AES-256-GCM in chunks under a data key that seals one file only.
//
//   header   "HNSC" | version 1 | log2 of the chunk size (14) | 7 random bytes of nonce | 3 zero bytes
//   chunk i  ciphertext of 16384 bytes (the last one: 0 to 16384) | tag of 16 bytes
//   nonce i  the header's 7 bytes | i as 4 bytes, big endian | 1 for the last chunk, else 0
//
// The header is associated data of every chunk. The number in the nonce forbids reordering, the last flag truncation and
// appending (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015), the key of its own swapping of files.
// Every file has a last chunk, an empty one a chunk of no bytes.
//
// 16 KiB: a columnar scan reads in small ranges, and what it reads beyond them costs more than the tags do (64 KiB chunks
// amplified bytes 1.05 to 1.47 times); the tags add a thousandth.
inline constexpr std::size_t kChunkBytes = 16 * 1024;
inline constexpr std::size_t kChunkTagBytes = kTagBytes;
inline constexpr std::size_t kChunkedHeaderBytes = 16;

// How long a file of `plain_bytes` is, and the other way round; kInternal where no file of this format has that length.
std::uint64_t ChunkedFileBytes(std::uint64_t plain_bytes);
Result<std::uint64_t> ChunkedPlainBytes(std::uint64_t file_bytes);

// Writes a file front to back into `fd` (borrowed; not synced). One thread. Nothing is readable before Finish().
class ChunkedWriter {
 public:
  ChunkedWriter(int fd, const Key& key, Random& random);
  ~ChunkedWriter();
  ChunkedWriter(const ChunkedWriter&) = delete;
  ChunkedWriter& operator=(const ChunkedWriter&) = delete;

  // kUnavailable where the disk does not take it; the writer is then of no more use.
  Result<void> Append(std::string_view plain);
  Result<void> Finish();
  std::uint64_t plain_bytes() const { return plain_bytes_; }

 private:
  enum class Chunk { kInner, kLast };
  Result<void> Seal(std::string_view plain, Chunk chunk);
  Result<void> Flush();

  int fd_;
  Key key_;
  std::array<char, kChunkedHeaderBytes> header_;
  std::vector<char> pending_;  // Plain bytes of a chunk that may yet be the last.
  std::vector<char> sealed_;   // Sealed bytes on their way to the file.
  std::uint64_t chunks_ = 0;
  std::uint64_t plain_bytes_ = 0;
};

// Reads ranges of a file. `fd` is borrowed and only read with pread(2). Any thread, several at once.
class ChunkedReader {
 public:
  // Authenticates the header and the last chunk: a file that was cut or is sealed by another key does not open (kInternal).
  static Result<ChunkedReader> Open(int fd, const Key& key);

  std::uint64_t size() const { return plain_bytes_; }
  // Fills `into` from `offset` on; a range beyond the end is kInvalidArgument. kInternal where a chunk is not authentic: no
  // byte of such a chunk is given out.
  Result<void> ReadAt(std::uint64_t offset, std::span<char> into) const;

 private:
  ChunkedReader(int fd, const Key& key) : fd_(fd), key_(key) {}
  std::size_t PlainBytesOf(std::uint64_t chunk) const;
  Result<void> OpenChunk(std::uint64_t chunk, const char* sealed, std::span<char> plain) const;

  int fd_;
  Key key_;
  std::array<char, kChunkedHeaderBytes> header_{};
  std::uint64_t plain_bytes_ = 0;
  std::uint64_t chunks_ = 1;
  std::shared_ptr<const std::vector<char>> last_;  // The last chunk, opened: what small files and Parquet footers are read from.
};

}  // namespace hanse::crypto
