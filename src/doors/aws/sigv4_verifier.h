#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "doors/aws/signing_keys.h"
#include "doors/http/message.h"

// Who signed a request, proven: AWS Signature Version 4 of requests with an Authorization header or a presigned address, and of
// bodies in every mode (General Reference, "AWS Signature Version 4"; S3 API Reference, "sigv4-streaming").
//
// Rules, each of which a test breaks: exactly one proof; host and every x-amz-* header that is there must be signed; scope and date
// agree; a quarter of an hour of skew at most; a presigned address ends; the body is what was signed, down to the last chunk and
// trailer, before the reader sees its end; everything unknown is refused; secrets are compared in constant time.
namespace hanse::aws {

// How a service writes the names of its errors.
enum class ErrorStyle { kS3, kQuery, kJson };

enum class Proof { kAnonymous, kHeader, kPresigned };

// What a request presents of itself.
struct Presented {
  Proof proof = Proof::kAnonymous;
  ErrorStyle style = ErrorStyle::kS3;  // Of errors about it.
  std::string access_key, session_token;
  std::string date, region, service;        // The credential's scope; date as "20260102".
  std::vector<std::string> signed_headers;  // Lower case, in the order given.
  std::string signature;                    // 64 lower-case hexadecimal digits.
  std::string amz_date;                     // "20260102T030405Z", as signed.
  TimeMs signed_at_ms = 0;
  std::optional<std::int64_t> expires_s;  // Presigned only.
  std::string payload;                    // The hash or word in the last line of the canonical request.
};

// A request whose signature was right. Anonymous: S3 alone, where a request presented nothing.
struct SignedIn {
  Presented presented;
  bool anonymous() const { return presented.proof == Proof::kAnonymous; }
};

// The secret of an access key. The session token is what the request presents ("" for none); the callee checks that it belongs to
// the key. Errors: named "ExpiredToken", "InvalidToken", or anything else for a key that is unknown or switched off.
using SecretOf = std::function<Result<std::string>(const std::string& access_key, const std::string& session_token)>;

inline constexpr std::uint64_t kUnstreamedBodyBytesMax = 16 * 1024 * 1024;  // Of every service but S3.

// Which style a request's errors take: that of the service of its scope, else what its headers look like.
ErrorStyle StyleOf(const http::Request& request);

// Whether a request has no proof at all, neither a header nor a word of one in its address.
bool PresentsNothing(const http::Request& request);

// Reads what a request presents; errors are named in the request's style.
Result<Presented> ParsePresented(const http::Request& request);

// Verifies it all; `presented` is what ParsePresented has read of this request. Afterwards the request carries its true body:
// `body` checked and decoded, or `stream` replaced by one that checks as it is read and whose last Read fails where anything is
// wrong: nothing may be made of a stream that did not end well. "aws-chunked" is gone from Content-Encoding, Content-Length is that
// of the content, and trailers of a buffered body are headers. A body of another service than S3 is always in `body` afterwards.
// The service of the scope is for the caller to know or to refuse.
Result<SignedIn> VerifySignature(http::Request& request, Presented presented, const Clock& clock, const SecretOf& secret_of,
                                 SigningKeys& signing_keys);

// The HTTP status that goes with the name of an error made here; 0 for other names.
int SignatureErrorStatus(ErrorStyle style, std::string_view name);

}  // namespace hanse::aws
