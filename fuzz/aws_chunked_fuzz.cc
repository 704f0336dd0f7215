// A body in AWS's pieces: the first byte chooses how it was declared, the second its length. Signed ones are never believed, and
// what is read does not depend on how it comes.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "doors/aws/aws_chunked.h"
#include "doors/http/message.h"

namespace {

using hanse::aws::AwsChunkedRules;
using hanse::aws::AwsChunkedSource;

// The content, or "!" and the name of the error.
std::string Decode(const AwsChunkedRules& rules, std::string_view body, std::size_t room) {
  AwsChunkedSource source(hanse::http::SourceOf(std::string(body)), rules);
  std::string content, buffer(room, '\0');
  for (;;) {
    const auto count = source.Read(buffer);
    if (!count) return "!" + count.error().name;
    if (*count == 0) return content;
    content.append(buffer, 0, *count);
    if (content.size() > rules.decoded_bytes) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  AwsChunkedRules rules;
  rules.chunks = data[0] & 1 ? AwsChunkedRules::Chunks::kSigned : AwsChunkedRules::Chunks::kUnsigned;
  if (data[0] & 2) {
    rules.trailer = AwsChunkedRules::Trailer::kExpected;
    rules.trailer_names = {data[0] & 4 ? "x-amz-checksum-crc32" : "x-amz-checksum-sha256"};
  }
  rules.decoded_bytes = data[1];
  rules.signing_key = "a key that no input knows";
  rules.seed_signature = std::string(64, '0');
  const std::string_view body(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::string whole = Decode(rules, body, 4096), bytes = Decode(rules, body, 1);
  if (whole != bytes) std::abort();
  if ((data[0] & 1) && !whole.starts_with('!')) std::abort();
  return 0;
}
