#pragma once
#include <cstdint>
#include <string_view>

// CRCs as numbers, to be continued: Crc32(Crc32(0, a), b) is that of a followed by b. Pure; any thread.
namespace hanse::crypto {

std::uint32_t Crc32(std::uint32_t crc, std::string_view bytes);   // IEEE 802.3, as zlib counts it.
std::uint32_t Crc32c(std::uint32_t crc, std::string_view bytes);  // Castagnoli (RFC 3720); by SSE 4.2 where the processor has it.
std::uint64_t Crc64Nvme(std::uint64_t crc, std::string_view bytes);  // Of the NVM Express specification (Rocksoft).

}  // namespace hanse::crypto
