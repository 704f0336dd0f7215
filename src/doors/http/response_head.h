#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "doors/http/message.h"

namespace hanse::http {

enum class After { kKeepAlive, kClose };
// How the end of the body is told.
enum class Framing { kLength, kChunked, kUntilClose };

struct ResponseHead {
  const Response& response;
  Framing framing = Framing::kLength;
  std::optional<std::uint64_t> content_length;  // Left out where there is none.
  After after = After::kKeepAlive;
};

// The status line and the headers with their empty line; no line break of a header's value gets through.
std::string WriteHead(const ResponseHead& head, TimeMs now);
// Whether answers of that status have a body at all (RFC 9110, section 6.4.1).
bool HasBody(int status);
std::string_view ReasonOf(int status);

}  // namespace hanse::http
