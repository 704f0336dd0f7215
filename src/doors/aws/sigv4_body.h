#pragma once
#include <memory>
#include <string>

#include "base/stream.h"
#include "doors/aws/sigv4_verifier.h"

// The body of a request whose head is proven: held against what was signed.
namespace hanse::aws {

enum class PayloadMode {
  kLiteral,              // The SHA-256 of the whole.
  kUnsigned,             // UNSIGNED-PAYLOAD
  kSignedChunks,         // STREAMING-AWS4-HMAC-SHA256-PAYLOAD
  kSignedChunksTrailer,  // STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER
  kUnsignedTrailer,      // STREAMING-UNSIGNED-PAYLOAD-TRAILER
};

// kUnknownPayload for every other word. Unsigned bodies come over TLS, or from this machine.
Result<PayloadMode> PayloadModeOf(const http::Request& request, const Presented& presented);

// Puts the checked body in the place of the one that came. `signing_key` is that of the scope.
Result<void> CheckBody(http::Request& request, const Presented& presented, PayloadMode mode, const std::string& signing_key);

// A stream that fails, before it gives its last byte away, where its SHA-256 is another one.
std::unique_ptr<ByteSource> CheckedByHash(std::unique_ptr<ByteSource> source, std::string sha256_hex, ErrorStyle style);

}  // namespace hanse::aws
