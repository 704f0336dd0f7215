#pragma once
#include <string>
#include <string_view>

namespace hanse::crypto {

// RFC 2104 with SHA-256: 32 raw bytes. A key of any length. Any thread.
std::string HmacSha256(std::string_view key, std::string_view message);

}  // namespace hanse::crypto
