#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// How the parts of an ORC file are compressed (ORC specification v1, "Compression"): in chunks of at most the file's block size,
// each after a header of three bytes. Pure; takes any bytes.
namespace hanse::orc {

enum class Codec : std::uint8_t { kNone = 0, kZlib = 1, kSnappy = 2, kLzo = 3, kLz4 = 4, kZstd = 5, kBrotli = 6 };

inline constexpr std::size_t kBlockBytesMax = 8u << 20;  // What a header can say.
inline constexpr std::size_t kChunkHeaderBytes = 3;

// LZO and Brotli, which are hardly ever met, are not read.
bool IsKnown(Codec codec);

struct ChunkHeader {
  std::size_t bytes = 0;  // That follow.
  bool original = false;  // They are not compressed.
};
// `bytes`: kChunkHeaderBytes of them, and what follows.
ChunkHeader ReadChunkHeader(std::string_view bytes);

// What a compressed chunk holds, which is no more than `block_bytes`; false where it is broken.
bool Expand(Codec codec, std::string_view chunk, std::size_t block_bytes, std::string* expanded);
// Chunk after chunk of the whole of `bytes`, of a file that may be uncompressed; false where it is broken or has more than
// `bytes_max`.
bool ExpandAll(Codec codec, std::string_view bytes, std::size_t block_bytes, std::size_t bytes_max, std::string* expanded);

// Chunks of `block_bytes` each; one that would not become smaller is left as it is. `codec`: a known one.
std::string CompressAll(Codec codec, std::string_view bytes, std::size_t block_bytes);

}  // namespace hanse::orc
