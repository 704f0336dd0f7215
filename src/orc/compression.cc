#include "orc/compression.h"

#include <algorithm>

#include <lz4.h>
#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

namespace hanse::orc {
namespace {

bool Inflate(std::string_view chunk, std::string* expanded) {
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return false;  // Without zlib's own header.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(chunk.data()));
  stream.avail_in = static_cast<uInt>(chunk.size());
  stream.next_out = reinterpret_cast<Bytef*>(expanded->data());
  stream.avail_out = static_cast<uInt>(expanded->size());
  const int state = inflate(&stream, Z_FINISH);
  expanded->resize(expanded->size() - stream.avail_out);
  inflateEnd(&stream);
  return state == Z_STREAM_END;
}

// Without zlib's own header; nothing where it would not become smaller.
std::string Deflate(std::string_view block) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string chunk(block.size(), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(block.data()));
  stream.avail_in = static_cast<uInt>(block.size());
  stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
  stream.avail_out = static_cast<uInt>(chunk.size());
  const int state = deflate(&stream, Z_FINISH);
  chunk.resize(state == Z_STREAM_END ? chunk.size() - stream.avail_out : 0);
  deflateEnd(&stream);
  return chunk;
}

std::string Compress(Codec codec, std::string_view block) {
  std::string chunk;
  if (codec == Codec::kZlib) return Deflate(block);
  if (codec == Codec::kSnappy) {
    snappy::Compress(block.data(), block.size(), &chunk);
  } else if (codec == Codec::kLz4) {
    chunk.resize(block.size());
    const int size =
        LZ4_compress_default(block.data(), chunk.data(), static_cast<int>(block.size()), static_cast<int>(chunk.size()));
    chunk.resize(static_cast<std::size_t>(size));
  } else {
    chunk.resize(ZSTD_compressBound(block.size()));
    const std::size_t size = ZSTD_compress(chunk.data(), chunk.size(), block.data(), block.size(), ZSTD_CLEVEL_DEFAULT);
    chunk.resize(ZSTD_isError(size) ? 0 : size);
  }
  return chunk;
}

}  // namespace

bool IsKnown(Codec codec) {
  return codec == Codec::kNone || codec == Codec::kZlib || codec == Codec::kSnappy || codec == Codec::kLz4 || codec == Codec::kZstd;
}

ChunkHeader ReadChunkHeader(std::string_view bytes) {
  std::size_t value = 0;
  for (std::size_t i = 0; i < kChunkHeaderBytes; ++i) {
    value |= static_cast<std::size_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return {.bytes = value >> 1, .original = (value & 1) != 0};
}

bool Expand(Codec codec, std::string_view chunk, std::size_t block_bytes, std::string* expanded) {
  std::size_t size = 0;
  switch (codec) {
    case Codec::kZlib: expanded->resize(block_bytes); return Inflate(chunk, expanded);
    case Codec::kSnappy:
      if (!snappy::GetUncompressedLength(chunk.data(), chunk.size(), &size) || size > block_bytes) return false;
      expanded->resize(size);
      return snappy::RawUncompress(chunk.data(), chunk.size(), expanded->data());
    case Codec::kLz4: {
      expanded->resize(block_bytes);
      const int got =
          LZ4_decompress_safe(chunk.data(), expanded->data(), static_cast<int>(chunk.size()), static_cast<int>(block_bytes));
      if (got < 0) return false;
      expanded->resize(static_cast<std::size_t>(got));
      return true;
    }
    case Codec::kZstd:
      expanded->resize(block_bytes);
      size = ZSTD_decompress(expanded->data(), expanded->size(), chunk.data(), chunk.size());
      if (ZSTD_isError(size)) return false;
      expanded->resize(size);
      return true;
    default: return false;
  }
}

bool ExpandAll(Codec codec, std::string_view bytes, std::size_t block_bytes, std::size_t bytes_max, std::string* expanded) {
  expanded->clear();
  if (codec == Codec::kNone) {
    *expanded = bytes;
    return bytes.size() <= bytes_max;
  }
  std::string block;
  while (!bytes.empty()) {
    if (bytes.size() < kChunkHeaderBytes) return false;
    const ChunkHeader header = ReadChunkHeader(bytes);
    bytes.remove_prefix(kChunkHeaderBytes);
    if (header.bytes > bytes.size()) return false;
    const std::string_view chunk = bytes.substr(0, header.bytes);
    bytes.remove_prefix(header.bytes);
    if (header.original) {
      *expanded += chunk;
    } else {
      if (!Expand(codec, chunk, block_bytes, &block)) return false;
      *expanded += block;
    }
    if (expanded->size() > bytes_max) return false;
  }
  return true;
}

std::string CompressAll(Codec codec, std::string_view bytes, std::size_t block_bytes) {
  if (codec == Codec::kNone) return std::string(bytes);
  std::string compressed;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(block_bytes, bytes.size()))) {
    const std::string_view block = bytes.substr(0, block_bytes);
    const std::string chunk = Compress(codec, block);
    const bool original = chunk.empty() || chunk.size() >= block.size();
    const std::size_t header = (original ? block.size() : chunk.size()) << 1 | (original ? 1 : 0);
    for (std::size_t i = 0; i < kChunkHeaderBytes; ++i) compressed += static_cast<char>((header >> (8 * i)) & 0xff);
    compressed += original ? block : std::string_view(chunk);
  }
  return compressed;
}

}  // namespace hanse::orc
