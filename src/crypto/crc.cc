#include "crypto/crc.h"

#include <array>
#include <cstddef>
#include <cstring>
#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace hanse::crypto {
namespace {

// Tables for eight bytes a step ("slicing by 8"); table[k][b] is the CRC of byte b followed by k zero bytes.
template <class Word>
using Tables = std::array<std::array<Word, 256>, 8>;

template <class Word, Word kReversedPolynomial>
constexpr Tables<Word> MakeTables() {
  Tables<Word> tables{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    Word crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) ? kReversedPolynomial : 0);
    tables[0][byte] = crc;
  }
  for (unsigned byte = 0; byte < 256; ++byte) {
    for (std::size_t k = 1; k < 8; ++k) tables[k][byte] = (tables[k - 1][byte] >> 8) ^ tables[0][tables[k - 1][byte] & 0xff];
  }
  return tables;
}

constexpr Tables<std::uint32_t> kCrc32Tables = MakeTables<std::uint32_t, 0xedb88320u>();
constexpr Tables<std::uint32_t> kCrc32cTables = MakeTables<std::uint32_t, 0x82f63b78u>();
constexpr Tables<std::uint64_t> kCrc64NvmeTables = MakeTables<std::uint64_t, 0x9a6c9329ac4bc9b5ull>();

template <class Word>
Word Slice(const Tables<Word>& tables, Word crc, std::string_view bytes) {
  crc = ~crc;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);  // Little-endian machines only, as the rest of the server.
    word ^= crc;
    crc = tables[7][word & 0xff] ^ tables[6][(word >> 8) & 0xff] ^ tables[5][(word >> 16) & 0xff] ^ tables[4][(word >> 24) & 0xff] ^
          tables[3][(word >> 32) & 0xff] ^ tables[2][(word >> 40) & 0xff] ^ tables[1][(word >> 48) & 0xff] ^ tables[0][word >> 56];
  }
  for (; left > 0; ++at, --left) crc = (crc >> 8) ^ tables[0][(crc ^ static_cast<unsigned char>(*at)) & 0xff];
  return ~crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t Crc32cBySse(std::uint32_t crc, std::string_view bytes) {
  std::uint64_t state = static_cast<std::uint32_t>(~crc);
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    state = _mm_crc32_u64(state, word);
  }
  auto tail = static_cast<std::uint32_t>(state);
  for (; left > 0; ++at, --left) tail = _mm_crc32_u8(tail, static_cast<unsigned char>(*at));
  return ~tail;
}
#endif

}  // namespace

std::uint32_t Crc32(std::uint32_t crc, std::string_view bytes) { return Slice(kCrc32Tables, crc, bytes); }

std::uint32_t Crc32c(std::uint32_t crc, std::string_view bytes) {
#if defined(__x86_64__)
  static const bool sse = __builtin_cpu_supports("sse4.2");
  if (sse) return Crc32cBySse(crc, bytes);
#endif
  return Slice(kCrc32cTables, crc, bytes);
}

std::uint64_t Crc64Nvme(std::uint64_t crc, std::string_view bytes) { return Slice(kCrc64NvmeTables, crc, bytes); }

}  // namespace hanse::crypto
