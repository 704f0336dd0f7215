#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "doors/aws/sigv4_verifier.h"

// How a request that is not proven is refused: the service's own name and HTTP status for each reason.
namespace hanse::aws {

enum class Reason {
  kMissing,          // No proof at all.
  kMalformedHeader,  // An Authorization header, or what belongs to it, that is none.
  kMalformedQuery,   // A presigned address that is none.
  kTwoProofs,
  kOldMechanism,  // Signature Version 2, which S3 no longer takes for new buckets.
  kUnknownKey,
  kExpiredToken,
  kInvalidToken,
  kWrongSignature,
  kSkewed,          // Signed too long ago or too far ahead.
  kExpiredAddress,  // A presigned address whose time is over or has not come.
  kUnsignedHeader,  // Something that must be signed is not.
  kMissingHash,     // S3 without x-amz-content-sha256.
  kUnknownPayload,  // An x-amz-content-sha256 that means nothing here.
  kWrongBody,       // The body is not the one that was hashed.
  kIncompleteBody,  // Not the length or the framing that was declared.
  kBadDigest,       // A checksum in a trailer is not that of the body.
  kMalformedTrailer,
  kTooLarge,
};
inline constexpr int kReasons = static_cast<int>(Reason::kTooLarge) + 1;

std::unexpected<Error> RefuseAs(ErrorStyle style, Reason reason, std::string message);
std::string_view NameOf(ErrorStyle style, Reason reason);

}  // namespace hanse::aws
