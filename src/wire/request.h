#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/stream.h"

// HTTP as the interpreter sees it. Values, but for streams.
namespace hanse::wire {

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct RawRequest {
  std::string method;
  std::string path;  // As sent, percent-encoded, without the query.
  Pairs query;       // Decoded; a name without '=' has the value "".
  Pairs headers;     // Names in lower case.
  std::string body;
  std::shared_ptr<ByteSource> stream;  // Instead of `body`, where an operation takes one.

  // The first value of that name, or nullptr.
  const std::string* Header(std::string_view lower_name) const;
  const std::string* Query(std::string_view name) const;
};

struct RawResponse {
  int status = 200;
  Pairs headers;
  std::string body;
  std::shared_ptr<ByteSource> stream;  // Instead of `body`.
};

// Splits "a=1&b=%20+" into decoded pairs: at most kParametersMax. False where it is broken or too long.
inline constexpr std::size_t kParametersMax = 10'000;
bool ParseForm(std::string_view text, Pairs* pairs);

}  // namespace hanse::wire
