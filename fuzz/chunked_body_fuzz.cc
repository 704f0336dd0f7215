// A body in the chunks of HTTP: byte by byte and at once it is the same, and never longer than what came.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "doors/http/chunked_body.h"

namespace {

struct Outcome {
  std::string content;
  std::size_t read = 0;
  bool done = false, broken = false;
  bool operator==(const Outcome&) const = default;
};

Outcome Decode(std::string_view text, std::size_t piece) {
  hanse::http::ChunkedBody body;
  Outcome outcome;
  std::string room(piece, '\0');
  while (outcome.read < text.size() && !body.done()) {
    const auto step = body.Decode(text.substr(outcome.read, piece), room);
    if (!step) {
      outcome.broken = true;
      outcome.read = 0;
      return outcome;
    }
    outcome.content.append(room, 0, step->written);
    outcome.read += step->read;
    if (step->read == 0) std::abort();
  }
  outcome.done = body.done();
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Outcome whole = Decode(text, size + 1);
  Outcome pieces = Decode(text, 1);
  if (whole.broken && pieces.broken) pieces.content = whole.content;  // How far one gets before the break may differ.
  if (pieces != whole || whole.content.size() > size) std::abort();
  return 0;
}
