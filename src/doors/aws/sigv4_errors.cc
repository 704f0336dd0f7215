#include "doors/aws/sigv4_errors.h"

#include <array>
#include <iterator>

namespace hanse::aws {
namespace {

struct Name {
  std::string_view name;
  int status;
};

struct Row {
  Reason reason;
  ErrorCode code;
  Name s3, query, json;
};

constexpr Name kQueryMismatch{"SignatureDoesNotMatch", 403}, kJsonMismatch{"InvalidSignatureException", 400};
constexpr Name kQueryIncomplete{"IncompleteSignature", 400}, kJsonIncomplete{"IncompleteSignatureException", 400};

constexpr Row kRows[] = {
    {Reason::kMissing,
     ErrorCode::kUnauthenticated,
     {"AccessDenied", 403},
     {"MissingAuthenticationToken", 403},
     {"MissingAuthenticationTokenException", 400}},
    {Reason::kMalformedHeader,
     ErrorCode::kUnauthenticated,
     {"AuthorizationHeaderMalformed", 400},
     kQueryIncomplete,
     kJsonIncomplete},
    {Reason::kMalformedQuery,
     ErrorCode::kUnauthenticated,
     {"AuthorizationQueryParametersError", 400},
     kQueryIncomplete,
     kJsonIncomplete},
    {Reason::kTwoProofs, ErrorCode::kUnauthenticated, {"InvalidArgument", 400}, kQueryIncomplete, kJsonIncomplete},
    {Reason::kOldMechanism, ErrorCode::kInvalidArgument, {"InvalidRequest", 400}, kQueryIncomplete, kJsonIncomplete},
    {Reason::kUnknownKey,
     ErrorCode::kUnauthenticated,
     {"InvalidAccessKeyId", 403},
     {"InvalidClientTokenId", 403},
     {"UnrecognizedClientException", 400}},
    {Reason::kExpiredToken,
     ErrorCode::kUnauthenticated,
     {"ExpiredToken", 400},
     {"ExpiredToken", 403},
     {"ExpiredTokenException", 400}},
    {Reason::kInvalidToken,
     ErrorCode::kUnauthenticated,
     {"InvalidToken", 400},
     {"InvalidClientTokenId", 403},
     {"UnrecognizedClientException", 400}},
    {Reason::kWrongSignature, ErrorCode::kUnauthenticated, {"SignatureDoesNotMatch", 403}, kQueryMismatch, kJsonMismatch},
    {Reason::kSkewed, ErrorCode::kUnauthenticated, {"RequestTimeTooSkewed", 403}, kQueryMismatch, kJsonMismatch},
    {Reason::kExpiredAddress, ErrorCode::kUnauthenticated, {"AccessDenied", 403}, kQueryMismatch, kJsonMismatch},
    {Reason::kUnsignedHeader, ErrorCode::kUnauthenticated, {"AccessDenied", 403}, kQueryMismatch, kJsonMismatch},
    {Reason::kMissingHash, ErrorCode::kInvalidArgument, {"InvalidRequest", 400}, kQueryIncomplete, kJsonIncomplete},
    {Reason::kUnknownPayload, ErrorCode::kInvalidArgument, {"InvalidArgument", 400}, kQueryMismatch, kJsonMismatch},
    {Reason::kWrongBody, ErrorCode::kInvalidArgument, {"XAmzContentSHA256Mismatch", 400}, kQueryMismatch, kJsonMismatch},
    {Reason::kIncompleteBody, ErrorCode::kInvalidArgument, {"IncompleteBody", 400}, kQueryIncomplete, kJsonIncomplete},
    {Reason::kBadDigest, ErrorCode::kInvalidArgument, {"BadDigest", 400}, kQueryMismatch, kJsonMismatch},
    {Reason::kMalformedTrailer, ErrorCode::kInvalidArgument, {"MalformedTrailerError", 400}, kQueryMismatch, kJsonMismatch},
    {Reason::kTooLarge,
     ErrorCode::kLimitExceeded,
     {"EntityTooLarge", 400},
     {"RequestEntityTooLarge", 413},
     {"RequestEntityTooLargeException", 413}},
};
static_assert(std::size(kRows) == kReasons);

const Name& Of(const Row& row, ErrorStyle style) {
  return style == ErrorStyle::kS3 ? row.s3 : style == ErrorStyle::kQuery ? row.query : row.json;
}

}  // namespace

std::string_view NameOf(ErrorStyle style, Reason reason) { return Of(kRows[static_cast<int>(reason)], style).name; }

std::unexpected<Error> RefuseAs(ErrorStyle style, Reason reason, std::string message) {
  const Row& row = kRows[static_cast<int>(reason)];
  return FailAs(row.code, std::string(Of(row, style).name), std::move(message));
}

int SignatureErrorStatus(ErrorStyle style, std::string_view name) {
  for (const Row& row : kRows) {
    if (Of(row, style).name == name) return Of(row, style).status;
  }
  return 0;
}

}  // namespace hanse::aws
