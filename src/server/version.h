#pragma once

namespace hanse::server {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace hanse::server
