// A request that nobody signed: first line the target, then headers "name:value", then after an empty line the body. It is refused,
// or comes from nobody; no input is a proof.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/text.h"
#include "doors/aws/sigv4_verifier.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::size_t body = text.find("\n\n");
  hanse::http::Request request;
  request.method = "PUT";
  request.loopback = true;
  bool first = true;
  for (const std::string& line : hanse::Split(text.substr(0, body), '\n')) {
    const std::size_t colon = line.find(':');
    if (first) {
      request.target = line;
    } else if (colon != line.npos) {
      request.headers.Add(line.substr(0, colon), line.substr(colon + 1));
    }
    first = false;
  }
  if (body != text.npos) request.body = text.substr(body + 2);
  const hanse::ManualClock clock(1'440'938'160'000);
  hanse::aws::SigningKeys signing_keys;
  auto presented = hanse::aws::ParsePresented(request);
  if (!presented) return 0;
  const auto signed_in = hanse::aws::VerifySignature(
      request, *std::move(presented), clock,
      [](const std::string&, const std::string&) -> hanse::Result<std::string> { return "a secret that no input knows"; },
      signing_keys);
  if (signed_in && !signed_in->anonymous()) std::abort();
  if (!signed_in && signed_in.error().name.empty()) std::abort();
  return 0;
}
